//! Points that fill the space evenly.

use super::Known;
use crate::space::Point;

/// Points and dimensions of the sequences there are.
const POINTS: u64 = 1 << 16;
const DIMENSIONS: usize = 256;

pub(super) fn point(known: &Known<'_>, number: u64, given: &Point) -> Point {
    known.space.draw(given, &mut |parameter| {
        let dimension = known.space.parameters().iter().position(|p| p == parameter).unwrap_or_default();
        // Beyond its length and width another sequence goes on.
        let sequence = number / POINTS + (dimension / DIMENSIONS) as u64 * 7919;
        let seed = known.seed.wrapping_add(sequence) as u32;
        let u = sobol_burley::sample((number % POINTS) as u32, (dimension % DIMENSIONS) as u32, seed);
        parameter.domain.at_unit(u.into())
    })
}
