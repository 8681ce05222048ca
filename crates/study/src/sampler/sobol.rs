//! Points that fill the space evenly.

use super::SearchState;
use crate::space::Point;

/// Points and dimensions of the sequences there are.
const POINTS: u64 = 1 << 16;
const DIMENSIONS: usize = 256;

pub(super) fn point(search: &SearchState<'_>, number: u64, given: &Point) -> Point {
    search.space.draw(given, &mut |parameter| {
        let dimension = search.space.parameters().iter().position(|p| p == parameter).unwrap_or_default();
        // Beyond its length and width another sequence goes on.
        let sequence = number / POINTS + (dimension / DIMENSIONS) as u64 * 7919;
        let seed = search.seed.wrapping_add(sequence) as u32;
        let u = sobol_burley::sample((number % POINTS) as u32, (dimension % DIMENSIONS) as u32, seed);
        parameter.domain.at_unit(u.into())
    })
}
