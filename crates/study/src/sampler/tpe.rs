//! The tree-structured Parzen estimator, by the crate of the same name: for each parameter, the value for which trials like
//! it are likelier among the best tenth than among the others.

use ::tpe::{TpeOptimizer, categorical_range, histogram_estimator, parzen_estimator, range};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::ranking::ranked;
use super::{Known, random};
use crate::space::{Domain, Parameter, Point};

pub(super) fn point(known: &Known<'_>, startup: usize, number: u64, given: &Point) -> Point {
    let over = known.trials.iter().filter(|trial| trial.state.is_over() && !trial.point.is_empty()).count();
    if over < startup {
        return random::point(known, number, given);
    }
    let ranked = ranked(known.trials, known.directions);
    let mut rng = known.rng(number);
    known.space.draw(given, &mut |parameter| {
        suggest(parameter, &ranked, &mut rng).unwrap_or_else(|| parameter.domain.at_unit(rng.random()))
    })
}

fn suggest(parameter: &Parameter, ranked: &[&Point], rng: &mut ChaCha8Rng) -> Option<f64> {
    let domain = &parameter.domain;
    let values = ranked.iter().map(|point| {
        // Of a trial that had no such parameter, or of another space, nothing can be learned about it.
        point.get(&parameter.name).copied().filter(|&value| domain.contains(value))
    });
    if let Domain::Choice(labels) = domain {
        let mut optimizer = TpeOptimizer::new(histogram_estimator(), categorical_range(labels.len()).ok()?);
        for (rank, value) in values.enumerate() {
            optimizer.tell(value.unwrap_or(f64::NAN), rank as f64).ok()?;
        }
        return optimizer.ask(rng).ok().map(f64::floor);
    }
    let mut optimizer = TpeOptimizer::new(parzen_estimator(), range(0.0, 1.0).ok()?);
    for (rank, value) in values.enumerate() {
        let u = value.map_or(f64::NAN, |value| domain.to_unit(value).min(1.0 - f64::EPSILON));
        optimizer.tell(u, rank as f64).ok()?;
    }
    optimizer.ask(rng).ok().map(|u| domain.at_unit(u))
}
