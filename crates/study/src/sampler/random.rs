//! Each point by itself.

use rand::RngExt;

use super::Known;
use crate::space::Point;

pub(super) fn point(known: &Known<'_>, number: u64, given: &Point) -> Point {
    let mut rng = known.rng(number);
    known.space.draw(given, &mut |parameter| parameter.domain.at_unit(rng.random()))
}
