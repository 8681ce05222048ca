//! The tree-structured Parzen estimator over whole points: of some candidates, the one that is likeliest among the good trials
//! compared with the others (Bergstra et al. 2011; joint over all parameters as Falkner et al. 2018, BOHB, arXiv 1807.01774, and
//! Optuna's `multivariate`).
//!
//! Each trial is a kernel, a product over its parameters; what a trial has not, it says nothing of, so its kernel is even there.
//! That is how conditional parameters come in. One more kernel is even everywhere. Half of a density is the mean of these
//! kernels, which sees what goes together; the other half is the product of the parameters' own densities, which is surer
//! where few trials tell of many parameters.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::ranking::ranked;
use super::{SearchState, random};
use crate::space::{Parameter, Point, Space};

/// Share of the trials that are the good ones, and how many at most; points to choose from. Optuna's.
const GOOD: f64 = 0.1;
const MOST_GOOD: usize = 25;
/// Of the others so many are looked at, from the best to the worst: more say nothing new, and take time.
const MOST_OTHERS: usize = 250;
const CANDIDATES: usize = 24;
/// Ends of a kernel's width, as a share of the range.
const WIDTHS: (f64, f64) = (0.03, 0.3);

pub(super) fn point(search: &SearchState<'_>, startup: usize, number: u64, given: &Point) -> Point {
    let over = search.trials.iter().filter(|trial| trial.state.is_over() && !trial.point.is_empty()).count();
    if over < startup {
        return random::point(search, number, given);
    }
    let ranked = ranked(search.trials, search.directions);
    let good = ((GOOD * ranked.len() as f64).ceil() as usize).min(MOST_GOOD);
    let (good, others) = ranked.split_at(good.min(ranked.len()));
    let every = others.len().div_ceil(MOST_OTHERS).max(1);
    let others: Vec<&Point> = others.iter().copied().step_by(every).collect();
    let (good, others) = (Density::new(search.space, good), Density::new(search.space, &others));
    let mut rng = search.rng(number);
    let candidate = |_| {
        let point = good.draw(given, &mut rng);
        let place = coordinates(search.space, &point);
        (good.log(&place) - others.log(&place), point)
    };
    let candidates = (0..CANDIDATES).map(candidate);
    let best = candidates.max_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or_else(|| random::point(search, number, given), |(_, point)| point)
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
    /// Of each parameter, the kernels' factors.
    columns: Vec<Column>,
}

/// The kernels in one parameter.
struct Column {
    /// Of each trial.
    centers: Vec<f64>,
    kernel: Kernel,
}

enum Kernel {
    /// Normal ones of a width; ln of each one's height, which is larger where it is cut off at an end.
    Range { width: f64, heights: Vec<f64> },
    /// Logarithms of probabilities: of the trial's own choice, of another choice, and of each one where the trial has not this parameter.
    Choice { own: f64, other: f64, any: f64 },
}

impl<'s> Density<'s> {
    fn new(space: &'s Space, points: &[&Point]) -> Self {
        let (trials, parameters) = (points.len(), space.parameters());
        let places: Vec<f64> = points.iter().flat_map(|point| coordinates(space, point)).collect();
        let column = |(i, parameter): (usize, &Parameter)| {
            let centers: Vec<f64> = places.iter().skip(i).step_by(parameters.len()).copied().collect();
            let Some(count) = parameter.domain.choices() else {
                let width = width(&centers, parameters.len());
                let height = |u: &f64| {
                    let inside = normal_share((1.0 - u) / width) - normal_share(-u / width);
                    -(inside * width * std::f64::consts::TAU.sqrt()).ln()
                };
                let heights = centers.iter().map(height).collect();
                return Column { centers, kernel: Kernel::Range { width, heights } };
            };
            // One trial's weight is spread over all choices.
            let (count, even) = (count as f64, 1.0 / trials.max(1) as f64);
            let total = 1.0 + count * even;
            let [own, other, any] = [(1.0 + even) / total, even / total, 1.0 / count].map(f64::ln);
            Column { centers, kernel: Kernel::Choice { own, other, any } }
        };
        let columns = parameters.iter().enumerate().map(column).collect();
        Self { space, trials, columns }
    }

    /// A point near one of the trials, or anywhere.
    fn draw(&self, given: &Point, rng: &mut ChaCha8Rng) -> Point {
        let parameters = self.space.parameters();
        let together = rng.random_range(0..=self.trials);
        let alone = rng.random::<bool>();
        self.space.draw(given, &mut |parameter| {
            let i = parameters.iter().position(|p| p.name == parameter.name).unwrap_or_default();
            let (domain, column) = (&parameter.domain, &self.columns[i]);
            let kernel = if alone { rng.random_range(0..=self.trials) } else { together };
            match (column.centers.get(kernel).filter(|u| !u.is_nan()), &column.kernel) {
                (Some(&center), Kernel::Choice { own, .. }) => {
                    let stays = rng.random::<f64>() < own.exp();
                    let other = domain.at_unit(rng.random());
                    // The others share what is left; drawing the own one again is a little more for it.
                    if stays { center } else { other }
                }
                (Some(&center), Kernel::Range { width, .. }) => domain.at_unit(near(center, *width, rng)),
                (None, _) => domain.at_unit(rng.random()),
            }
        })
    }

    /// ln of the density at a place.
    fn log(&self, place: &[f64]) -> f64 {
        let there = || self.columns.iter().zip(place).filter(|(_, at)| !at.is_nan());
        let mut together = vec![0.0; self.trials + 1];
        let mut alone = 0.0;
        for (column, &at) in there() {
            let factors = column.factors(at);
            together.iter_mut().zip(&factors).for_each(|(log, factor)| *log += factor);
            alone += log_of_mean(&factors);
        }
        log_of_mean(&[log_of_mean(&together), alone])
    }
}

/// Silverman's rule for the places that trials have, and for one more trial that says nothing: the closer together, the more of
/// them and the fewer parameters, the narrower.
fn width(centers: &[f64], parameters: usize) -> f64 {
    const EVEN: (f64, f64) = (0.5, 1.0 / 12.0);
    let known = || centers.iter().filter(|u| !u.is_nan());
    let n = known().count() as f64;
    let mean = (known().sum::<f64>() + EVEN.0) / (n + 1.0);
    let variance = (known().map(|u| (u - mean).powi(2)).sum::<f64>() + EVEN.1) / (n + 1.0);
    let width = variance.sqrt() * n.max(1.0).powf(-1.0 / (parameters as f64 + 4.0));
    width.clamp(WIDTHS.0, WIDTHS.1)
}

/// ln of the mean of what these are ln of.
fn log_of_mean(logs: &[f64]) -> f64 {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + logs.iter().map(|log| (log - largest).exp()).sum::<f64>().ln() - (logs.len() as f64).ln()
}

impl Column {
    /// ln of each kernel's factor at a place, the even one last.
    fn factors(&self, at: f64) -> Vec<f64> {
        let centers = self.centers.iter();
        match &self.kernel {
            Kernel::Range { width, heights } => {
                let factor = |(center, height): (&f64, &f64)| {
                    let log = height - 0.5 * ((at - center) / width).powi(2);
                    if log.is_nan() { 0.0 } else { log }
                };
                centers.zip(heights).map(factor).chain([0.0]).collect()
            }
            &Kernel::Choice { own, other, any } => {
                let factor = |&center: &f64| {
                    if center == at {
                        own
                    } else if center.is_nan() {
                        any
                    } else {
                        other
                    }
                };
                centers.map(factor).chain([any]).collect()
            }
        }
    }
}

/// From a normal distribution, cut off at both ends.
fn near(center: f64, width: f64, rng: &mut ChaCha8Rng) -> f64 {
    loop {
        let (a, b): (f64, f64) = (1.0 - rng.random::<f64>(), rng.random());
        let x = center + width * (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
        if (0.0..1.0).contains(&x) {
            return x;
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
