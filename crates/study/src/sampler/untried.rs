//! Points that no trial has: what was trained once is not trained again, whoever did it.

use std::collections::HashSet;

use super::{SearchState, random};
use crate::space::{Parameter, Point, Space};
use crate::trial::{State, Trial};

/// Draws of a sampler before the nearest point is taken instead.
const DRAWS: u64 = 16;
/// From the seed of one draw to that of the next: far from what people choose.
const ANOTHER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The points that need no further trial, by their keys: trained, being trained, or waiting with their values.
pub(crate) struct Taken<'s>(&'s Space, HashSet<Vec<Option<i64>>>);

impl<'s> Taken<'s> {
    /// Of these trials; one that failed has taken nothing.
    pub(crate) fn by(space: &'s Space, trials: &[Trial]) -> Self {
        let live = trials.iter().filter(|trial| trial.state != State::Fail);
        Self(space, live.filter_map(|trial| space.key(&trial.point)).collect())
    }

    /// The same with those that failed: they are tried again when all others were.
    fn with_failed(space: &'s Space, trials: &[Trial]) -> Self {
        Self(space, trials.iter().filter_map(|trial| space.key(&trial.point)).collect())
    }

    pub(crate) fn has(&self, point: &Point) -> bool {
        self.0.key(point).is_some_and(|key| self.1.contains(&key))
    }

    pub(crate) fn take(&mut self, point: &Point) {
        self.1.extend(self.0.key(point));
    }
}

/// The next of these points that nobody has, as near as possible to what is `given`. Nothing where every point is taken, and
/// nothing was given.
pub(crate) fn next(taken: &Taken<'_>, points: &[Point], given: &Point) -> Option<Point> {
    let with_given = |point: &Point| {
        taken.0.draw(given, &mut |parameter| {
            point.get(&parameter.name).copied().unwrap_or_else(|| parameter.domain.first())
        })
    };
    let free = points.iter().map(with_given).find(|point| !taken.has(point));
    // Somebody asked for it.
    free.or_else(|| points.first().filter(|_| !given.is_empty()).map(with_given))
}

/// The next point of a grid: one that failed comes last.
pub(super) fn of_grid(search: &SearchState<'_>, given: &Point) -> Option<Point> {
    let never = Taken::with_failed(search.space, search.trials);
    let untried = || next(&never, search.points, given).filter(|point| !never.has(point));
    untried().or_else(|| next(&Taken::by(search.space, search.trials), search.points, given))
}

/// What is drawn and nobody has; where that does not come and all points are counted, the nearest that is free.
pub(super) fn drawn(
    search: &SearchState<'_>,
    number: u64,
    given: &Point,
    draw: impl Fn(&SearchState<'_>) -> Point,
) -> Option<Point> {
    let first = draw(search);
    // What somebody asked for stays as it is.
    if !given.is_empty() {
        return Some(first);
    }
    let never = Taken::with_failed(search.space, search.trials);
    let reseeded = |k| SearchState { seed: search.seed.wrapping_add(ANOTHER.wrapping_mul(k)), ..*search };
    let again = |k| draw(&reseeded(k));
    let fresh = |point: &Point| !never.has(point);
    let found = std::iter::once(first.clone()).chain((1..DRAWS).map(again)).find(fresh);
    if found.is_some() {
        return found;
    }
    if search.points.is_empty() {
        // A sampler that is sure of a point draws it for ever; somewhere there are others, uncounted.
        let anywhere = |k| random::point(&reseeded(k), number, given);
        return (1..DRAWS).map(anywhere).find(fresh).or(Some(first));
    }
    let near = |point: &&Point| distance(search.space, point, &first);
    let taken = Taken::by(search.space, search.trials);
    let nearest = |but: &Taken<'_>| {
        let free = search.points.iter().filter(|point| !but.has(point));
        free.min_by(|a, b| near(a).total_cmp(&near(b))).cloned()
    };
    nearest(&never).or_else(|| nearest(&taken))
}

/// Over the parameters, as shares of their ranges; another choice, or none, is as far as a range is wide.
fn distance(space: &Space, a: &Point, b: &Point) -> f64 {
    let apart = |parameter: &Parameter| {
        let domain = &parameter.domain;
        match (a.get(&parameter.name), b.get(&parameter.name)) {
            (None, None) => 0.0,
            (Some(a), Some(b)) if a == b => 0.0,
            (Some(&a), Some(&b)) if !domain.is_choice() => (domain.to_unit(a) - domain.to_unit(b)).abs(),
            _ => 1.0,
        }
    };
    space.parameters().iter().map(apart).sum()
}
