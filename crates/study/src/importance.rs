//! Which parameters decide: PED-ANOVA (Watanabe, Bansal & Hutter 2023, arXiv 2304.10255).
//!
//! Where the values of good trials lie elsewhere than those of all trials, the parameter decides. For each parameter, with
//! kernel densities p of the best tenth and q of all that have it:
//!
//! importance = ∫ (p(x) / q(x) − 1)² q(x) dx, the Pearson divergence, as a share of the sum over all parameters.

use crate::space::{Domain, Parameter, Point, Space};
use crate::trial::{Direction, State, Trial};

/// Share of the trials that are the good ones.
const GOOD: f64 = 0.1;
/// Fewer trials tell nothing.
const LEAST: usize = 10;
/// Points at which densities are compared.
const GRID: usize = 100;

/// The share of each parameter, the largest first; nothing from fewer than 10 trials.
///
/// Trials that were given up count as worse than those that came to their end.
pub fn importances(space: &Space, trials: &[Trial], direction: Direction) -> Vec<(String, f64)> {
    let mut judged: Vec<(bool, f64, &Point)> = trials
        .iter()
        .filter(|trial| matches!(trial.state, State::Complete | State::Pruned))
        .map(|trial| {
            let cost = direction.cost(trial.values.first().copied().unwrap_or(f64::NAN));
            (trial.state == State::Pruned, cost, &trial.point)
        })
        .collect();
    if judged.len() < LEAST {
        return Vec::new();
    }
    judged.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let points: Vec<&Point> = judged.into_iter().map(|(_, _, point)| point).collect();
    let good = ((points.len() as f64 * GOOD).ceil() as usize).max(LEAST / 3);
    let raw = space.parameters().iter().map(|parameter| {
        let value = |point: &&Point| point.get(&parameter.name).copied();
        let best: Vec<f64> = points[..good].iter().filter_map(value).collect();
        let all: Vec<f64> = points.iter().filter_map(value).collect();
        (parameter.name.clone(), divergence(parameter, &best, &all))
    });
    let mut shares: Vec<(String, f64)> = raw.collect();
    let total: f64 = shares.iter().map(|(_, share)| share).sum();
    if total > 0.0 {
        shares.iter_mut().for_each(|(_, share)| *share /= total);
    }
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares
}

fn divergence(parameter: &Parameter, best: &[f64], all: &[f64]) -> f64 {
    if best.len() < 2 {
        return 0.0;
    }
    let (p, q) = match &parameter.domain {
        Domain::Choice(labels) => (shares(best, labels.len()), shares(all, labels.len())),
        domain => {
            let units =
                |values: &[f64]| values.iter().map(|&value| domain.to_unit(value)).collect::<Vec<_>>();
            (density(&units(best)), density(&units(all)))
        }
    };
    p.iter().zip(&q).map(|(p, q)| (p / q - 1.0).powi(2) * q).sum()
}

/// The share of each choice; one trial more of each, so that none is 0.
fn shares(values: &[f64], choices: usize) -> Vec<f64> {
    let count = |choice: usize| values.iter().filter(|&&value| value == choice as f64).count() as f64 + 1.0;
    let total = (values.len() + choices) as f64;
    (0..choices).map(|choice| count(choice) / total).collect()
}

/// A normal density around each value, of Scott's width, on [0, 1]; and one that is even, so that it is nowhere 0.
fn density(units: &[f64]) -> Vec<f64> {
    let n = units.len() as f64;
    let mean = units.iter().sum::<f64>() / n;
    let deviation = (units.iter().map(|u| (u - mean).powi(2)).sum::<f64>() / n).sqrt();
    let width = (1.06 * deviation * n.powf(-0.2)).max(0.02);
    let at = |x: f64| units.iter().map(|u| (-0.5 * ((x - u) / width).powi(2)).exp()).sum::<f64>();
    let raw: Vec<f64> = (0..GRID).map(|i| at((i as f64 + 0.5) / GRID as f64)).collect();
    let total: f64 = raw.iter().sum();
    let even = 1.0 / GRID as f64;
    raw.iter().map(|r| (n * r / total + even) / (n + 1.0)).collect()
}
