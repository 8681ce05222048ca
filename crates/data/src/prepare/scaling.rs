//! Scaling of numbers: (x − center) / scale.

use nablab_statistics::quantile_of_sorted;
use serde::{Deserialize, Serialize};

/// How the numbers of a column are brought to a common size.
///
/// | name | center | scale | as in scikit-learn |
/// | --- | --- | --- | --- |
/// | `standard` | mean | standard deviation (of the population) | `StandardScaler` |
/// | `min-max` | least | greatest − least | `MinMaxScaler` |
/// | `robust` | median | third quartile − first | `RobustScaler` |
/// | `none` | 0 | 1 | |
///
/// A scale of 0 counts as 1, and so does one that is less than what the numbers are rounded by.
///
/// ```
/// use nablab_data::prepare::Scaling;
/// assert_eq!(Scaling::Standard.fit(&[1.0, 3.0]), (2.0, 1.0));
/// assert_eq!(Scaling::MinMax.fit(&[1.0, 3.0]), (1.0, 2.0));
/// assert_eq!(Scaling::Robust.fit(&[1.0, 2.0, 3.0, 4.0, 100.0]), (3.0, 2.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scaling {
    /// Mean 0, standard deviation 1.
    #[default]
    Standard,
    /// From 0 to 1.
    MinMax,
    /// Median 0, distance of the quartiles 1: outliers do not count.
    Robust,
    /// As they are.
    None,
}

impl Scaling {
    /// Center and scale for these finite numbers; (0, 1) without any.
    pub fn fit(self, numbers: &[f64]) -> (f64, f64) {
        self.fit_weighted(numbers, &[])
    }

    /// The same where each number counts as much as its weight says, as in scikit-learn: one of weight k is k such numbers for mean and
    /// standard deviation. Least and greatest, and the quartiles, are those of the numbers. Without weights all count the same.
    ///
    /// ```
    /// use nablab_data::prepare::Scaling;
    /// let twice = Scaling::Standard.fit(&[1.0, 1.0, 5.0, 5.0]);
    /// assert_eq!(Scaling::Standard.fit_weighted(&[1.0, 5.0], &[2.0, 2.0]), twice);
    /// ```
    pub fn fit_weighted(self, numbers: &[f64], weights: &[f64]) -> (f64, f64) {
        if numbers.is_empty() {
            return (0.0, 1.0);
        }
        match self {
            Self::Standard => {
                let (mean, deviation) = mean_and_deviation(numbers, weights);
                settled(mean, deviation)
            }
            Self::MinMax => {
                let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
                let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                settled(low, high - low)
            }
            Self::Robust => {
                let mut sorted = numbers.to_vec();
                sorted.sort_unstable_by(f64::total_cmp);
                let at = |share| quantile_of_sorted(&sorted, share);
                settled(at(0.5), at(0.75) - at(0.25))
            }
            Self::None => (0.0, 1.0),
        }
    }

    /// All that is found out from these finite numbers.
    pub(super) fn fitted(self, numbers: &[f64], weights: &[f64]) -> Fitted {
        if numbers.is_empty() {
            return Fitted { center: 0.0, scale: 1.0, fill: 0.0, is_round_off: true };
        }
        let (mean, deviation) = mean_and_deviation(numbers, weights);
        let (center, scale) = match self {
            Self::Standard => settled(mean, deviation),
            _ => self.fit(numbers),
        };
        let fill = if self == Self::Robust { center } else { mean };
        Fitted { center, scale, fill, is_round_off: deviation <= round_off(mean) }
    }
}

/// What is found out from the numbers of a column.
pub(super) struct Fitted {
    pub(super) center: f64,
    pub(super) scale: f64,
    /// Stands in for a missing number: the median where outliers are not to count, else the mean.
    pub(super) fill: f64,
    /// They differ by no more than they are rounded by.
    pub(super) is_round_off: bool,
}

/// A scale that can be divided by.
fn settled(center: f64, scale: f64) -> (f64, f64) {
    let noise = round_off(center);
    match scale > noise && scale.is_finite() {
        true => (center, scale),
        // Of large numbers round-off alone is thousands; a spread beyond the largest number is none to divide by.
        false => (center, if noise.is_finite() { noise.max(1.0) } else { 1.0 }),
    }
}

/// What numbers of this size are rounded by.
fn round_off(size: f64) -> f64 {
    size.abs() * f64::EPSILON
}

/// Mean and standard deviation, each number with its weight.
fn mean_and_deviation(numbers: &[f64], weights: &[f64]) -> (f64, f64) {
    let weighted = Weighted::of(numbers, weights);
    // Each number is divided before it is added, so that no sum overflows.
    let mean = weighted.mean(|v| v);
    let deviation = weighted.deviation_from(mean);
    if deviation > round_off(mean) * numbers.len() as f64 {
        return (mean, deviation);
    }
    // What the sum lost may be more than the spread.
    let mean = mean + weighted.mean(|v| v - mean);
    (mean, weighted.deviation_from(mean))
}

/// Numbers with a weight each, or none where all count the same.
struct Weighted<'n> {
    numbers: &'n [f64],
    weights: &'n [f64],
    total: f64,
}

impl<'n> Weighted<'n> {
    /// Weights of which none is above 0 say nothing.
    fn of(numbers: &'n [f64], weights: &'n [f64]) -> Self {
        let total: f64 = weights.iter().sum();
        match total > 0.0 {
            true => Self { numbers, weights, total },
            false => Self { numbers, weights: &[], total: numbers.len() as f64 },
        }
    }

    fn mean(&self, of: impl Fn(f64) -> f64) -> f64 {
        let weight = |i: usize| self.weights.get(i).copied().unwrap_or(1.0);
        self.numbers.iter().enumerate().map(|(i, &v)| of(v) / self.total * weight(i)).sum()
    }

    fn deviation_from(&self, mean: f64) -> f64 {
        let largest = self.numbers.iter().map(|v| (v - mean).abs()).fold(0.0, f64::max);
        if largest == 0.0 || !largest.is_finite() {
            return largest;
        }
        largest * self.mean(|v| ((v - mean) / largest).powi(2)).sqrt()
    }
}
