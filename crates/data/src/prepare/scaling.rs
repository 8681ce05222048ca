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
        if numbers.is_empty() {
            return (0.0, 1.0);
        }
        match self {
            Self::Standard => {
                let (mean, deviation) = mean_and_deviation(numbers);
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
    pub(super) fn fitted(self, numbers: &[f64]) -> Fitted {
        if numbers.is_empty() {
            return Fitted { center: 0.0, scale: 1.0, fill: 0.0, is_round_off: true };
        }
        let (mean, deviation) = mean_and_deviation(numbers);
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

/// Mean and standard deviation.
fn mean_and_deviation(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    // Each number is divided before it is added, so that no sum overflows.
    let mean: f64 = numbers.iter().map(|v| v / n).sum();
    let deviation = deviation_from(mean, numbers);
    if deviation > round_off(mean) * n {
        return (mean, deviation);
    }
    // What the sum lost may be more than the spread.
    let mean = mean + numbers.iter().map(|v| (v - mean) / n).sum::<f64>();
    (mean, deviation_from(mean, numbers))
}

fn deviation_from(mean: f64, numbers: &[f64]) -> f64 {
    let n = numbers.len() as f64;
    let largest = numbers.iter().map(|v| (v - mean).abs()).fold(0.0, f64::max);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let square: f64 = numbers.iter().map(|v| ((v - mean) / largest).powi(2) / n).sum();
    largest * square.sqrt()
}
