//! Each point by itself.

use rand::RngExt;

use super::SearchState;
use crate::space::Point;

pub(super) fn point(search: &SearchState<'_>, number: u64, given: &Point) -> Point {
    let mut rng = search.rng(number);
    search.space.draw(given, &mut |parameter| parameter.domain.at_unit(rng.random()))
}
