//! The tree-structured Parzen estimator over whole points: of some candidates, the one that is likeliest among the good trials
//! compared with the others (Bergstra et al. 2011; joint over all parameters as Falkner et al. 2018, BOHB, arXiv 1807.01774, and
//! Optuna's `multivariate`).
//!
//! Each trial is a kernel, a product over its parameters; what a trial has not, it says nothing of, so its kernel is even there.
//! That is how conditional parameters come in. One more kernel is even everywhere.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::ranking::ranked;
use super::{Known, random};
use crate::space::{Parameter, Point, Space};

/// Share of the trials that are the good ones, and how many at most; points to choose from. Optuna's.
const GOOD: f64 = 0.1;
const MOST_GOOD: usize = 25;
const CANDIDATES: usize = 24;
/// Width of a kernel of a single trial, as a share of each range. Optuna's.
const WIDTH: f64 = 0.2;

pub(super) fn point(known: &Known<'_>, startup: usize, number: u64, given: &Point) -> Point {
    let over = known.trials.iter().filter(|trial| trial.state.is_over() && !trial.point.is_empty()).count();
    if over < startup {
        return random::point(known, number, given);
    }
    let ranked = ranked(known.trials, known.directions);
    let good = ((GOOD * ranked.len() as f64).ceil() as usize).min(MOST_GOOD);
    let (good, others) = ranked.split_at(good.min(ranked.len()));
    let (good, others) = (Density::new(known.space, good), Density::new(known.space, others));
    let mut rng = known.rng(number);
    let candidate = |_| {
        let point = good.draw(given, &mut rng);
        let place = coordinates(known.space, &point);
        (good.log(&place) - others.log(&place), point)
    };
    let candidates = (0..CANDIDATES).map(candidate);
    let best = candidates.max_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or_else(|| random::point(known, number, given), |(_, point)| point)
}

/// Where a point lies: from 0 to 1, or the number of a choice; nowhere in parameters that it has not.
fn coordinates(space: &Space, point: &Point) -> Vec<f64> {
    let coordinate = |parameter: &Parameter| match point.get(&parameter.name) {
        // Of another space, nothing can be learned.
        Some(&value) if !parameter.domain.contains(value) => f64::NAN,
        Some(&value) if parameter.domain.is_choice() => value,
        Some(&value) => parameter.domain.to_unit(value),
        None => f64::NAN,
    };
    space.parameters().iter().map(coordinate).collect()
}

/// A kernel for each trial, and one that is even.
struct Density<'s> {
    space: &'s Space,
    trials: usize,
    width: f64,
    /// Of each parameter, the kernels' factors.
    columns: Vec<Column>,
}

/// The kernels in one parameter.
struct Column {
    /// Of each trial.
    centers: Vec<f64>,
    /// ln of a kernel's height there, which is larger where it is cut off at an end. Of a range only.
    heights: Vec<f64>,
    /// ln of what a kernel says of its own choice, of another one, and of any where it says nothing. Of choices only.
    choices: Option<[f64; 3]>,
}

impl<'s> Density<'s> {
    fn new(space: &'s Space, points: &[&Point]) -> Self {
        let (trials, parameters) = (points.len(), space.parameters());
        // Scott's rule: the more trials and the fewer parameters, the narrower.
        let width = WIDTH * (trials.max(1) as f64).powf(-1.0 / (parameters.len() as f64 + 4.0));
        let places: Vec<f64> = points.iter().flat_map(|point| coordinates(space, point)).collect();
        let height = |u: &f64| {
            let inside = normal_share((1.0 - u) / width) - normal_share(-u / width);
            -(inside * width * std::f64::consts::TAU.sqrt()).ln()
        };
        let column = |(i, parameter): (usize, &Parameter)| {
            let centers: Vec<f64> = places.iter().skip(i).step_by(parameters.len()).copied().collect();
            let Some(count) = parameter.domain.choices() else {
                let heights = centers.iter().map(height).collect();
                return Column { centers, heights, choices: None };
            };
            // One trial's weight is spread over all choices.
            let (count, even) = (count as f64, 1.0 / trials.max(1) as f64);
            let total = 1.0 + count * even;
            let choices = Some([((1.0 + even) / total).ln(), (even / total).ln(), -count.ln()]);
            Column { centers, heights: Vec::new(), choices }
        };
        let columns = parameters.iter().enumerate().map(column).collect();
        Self { space, trials, width, columns }
    }

    /// A point near one of the trials, or anywhere.
    fn draw(&self, given: &Point, rng: &mut ChaCha8Rng) -> Point {
        let parameters = self.space.parameters();
        let kernel = rng.random_range(0..=self.trials);
        self.space.draw(given, &mut |parameter| {
            let i = parameters.iter().position(|p| p.name == parameter.name).unwrap_or_default();
            let (domain, column) = (&parameter.domain, &self.columns[i]);
            match (column.centers.get(kernel).filter(|u| !u.is_nan()), column.choices) {
                (Some(&own), Some([own_share, ..])) => {
                    let stays = rng.random::<f64>() < own_share.exp();
                    let other = domain.at_unit(rng.random());
                    // The others share what is left; drawing the own one again is a little more for it.
                    if stays { own } else { other }
                }
                (Some(&u), None) => domain.at_unit(self.near(u, rng)),
                (None, _) => domain.at_unit(rng.random()),
            }
        })
    }

    /// From a normal distribution, cut off at both ends.
    fn near(&self, u: f64, rng: &mut ChaCha8Rng) -> f64 {
        loop {
            let (a, b): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
            let x = u + self.width * (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
            if (0.0..1.0).contains(&x) {
                return x;
            }
        }
    }

    /// ln of the density at a place.
    fn log(&self, place: &[f64]) -> f64 {
        let mut logs = vec![0.0; self.trials];
        let mut even = 0.0;
        for (column, &at) in self.columns.iter().zip(place).filter(|(_, at)| !at.is_nan()) {
            column.add(at, self.width, &mut logs);
            even += column.choices.map_or(0.0, |[_, _, any]| any);
        }
        logs.push(even);
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        largest + logs.iter().map(|log| (log - largest).exp()).sum::<f64>().ln() - (logs.len() as f64).ln()
    }
}

impl Column {
    /// Add ln of each kernel's factor at a place.
    fn add(&self, at: f64, width: f64, logs: &mut [f64]) {
        match self.choices {
            Some([own, other, any]) => {
                for (log, &center) in logs.iter_mut().zip(&self.centers) {
                    *log += if center == at {
                        own
                    } else if center.is_nan() {
                        any
                    } else {
                        other
                    };
                }
            }
            None => {
                for (log, (center, height)) in logs.iter_mut().zip(self.centers.iter().zip(&self.heights)) {
                    let factor = height - 0.5 * ((at - center) / width).powi(2);
                    *log += if factor.is_nan() { 0.0 } else { factor };
                }
            }
        }
    }
}

/// The share of a normal distribution below x, to 7 digits (Abramowitz & Stegun 1964, 7.1.26).
fn normal_share(x: f64) -> f64 {
    const A: [f64; 5] = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let tail = A.iter().fold(0.0, |sum, a| sum * t + a) * t * (-z * z).exp() / 2.0;
    if x < 0.0 { tail } else { 1.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_sums_to_one() {
        let text = "learning_rate = { low = 1e-3, high = 1.0, log = true }\n\
                    optimizer = { choices = [\"adam\", { momentum = { beta = { low = 0.5, high = 0.9 } } }] }";
        let space = Space::parse(text, "study.toml").unwrap();
        let point = |rate: f64, beta: Option<f64>| {
            let mut point = Point::from([("learning_rate".to_owned(), rate)]);
            point.insert("optimizer".to_owned(), f64::from(u8::from(beta.is_some())));
            point.extend(beta.map(|beta| ("optimizer.momentum.beta".to_owned(), beta)));
            point
        };
        let points = [point(0.001, None), point(0.1, Some(0.8)), point(0.9, Some(0.5))];
        let density = Density::new(&space, &points.iter().collect::<Vec<_>>());
        let n = 100;
        let middle = |i: usize| (i as f64 + 0.5) / n as f64;
        let mut total = 0.0;
        for i in 0..n {
            total += density.log(&[middle(i), 0.0, f64::NAN]).exp() / n as f64;
            total +=
                (0..n).map(|j| density.log(&[middle(i), 1.0, middle(j)]).exp()).sum::<f64>() / (n * n) as f64;
        }
        assert!((total - 1.0).abs() < 1e-3, "{total}");
        assert!(
            (normal_share(1.0) - 0.841_344_746).abs() < 1e-7
                && (normal_share(-1.0) - 0.158_655_254).abs() < 1e-7
        );
    }
}
