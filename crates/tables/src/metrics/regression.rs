//! Numbers.

use serde::{Deserialize, Serialize};

use super::examples::Examples;
use super::{MetricsError, mean, mean_of_all, nan_from_null};

/// How close predicted numbers are to the targets. Means over targets are uniform: scikit-learn's
/// `multioutput="uniform_average"`. Each field names its function with the same value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    /// Number of examples of positive weight.
    pub examples: usize,
    /// Mean over targets of [`TargetMetrics::rmse`]: `root_mean_squared_error`.
    #[serde(deserialize_with = "nan_from_null")]
    pub rmse: f64,
    /// Mean over targets of [`TargetMetrics::mae`]: `mean_absolute_error`.
    #[serde(deserialize_with = "nan_from_null")]
    pub mae: f64,
    /// Mean over targets of [`TargetMetrics::r2`]: `r2_score`. None where that of any target is.
    pub r2: Option<f64>,
    /// Each target.
    pub per_target: Vec<TargetMetrics>,
}

/// One predicted number p against its target t; sums are over examples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetMetrics {
    /// √(Σ w (p − t)² / Σ w), in the unit of the target. Not a number or infinite where a prediction is.
    #[serde(deserialize_with = "nan_from_null")]
    pub rmse: f64,
    /// Σ w abs(p − t) / Σ w, in the unit of the target. Not a number or infinite where a prediction is.
    #[serde(deserialize_with = "nan_from_null")]
    pub mae: f64,
    /// Coefficient of determination, the share of the variance that is explained:
    ///
    /// 1 − Σ w (p − t)² / Σ w (t − t̄)², with t̄ = Σ w t / Σ w
    ///
    /// 1 is perfect, 0 no better than the mean of these targets, and below 0 worse. None where the target is the same
    /// for all examples, as that of a single one is (scikit-learn returns 1, 0 or not-a-number), and where it is not
    /// finite.
    pub r2: Option<f64>,
}

/// Metrics of predicted numbers: `predictions` and `targets` are both (examples, outputs), with a row for each example.
///
/// # Errors
///
/// [`MetricsError`] if there are no outputs, the lengths disagree, no example has a positive weight, a weight is negative
/// or not finite, or a target is not finite.
///
/// ```
/// use nablab_tables::metrics::regression;
/// let metrics = regression(&[1.0, 2.0, 6.0], &[1.0, 2.0, 3.0], 1, None)?;
/// assert_eq!(metrics.mae, 1.0);
/// assert_eq!(metrics.rmse, 3.0_f64.sqrt());
/// assert_eq!(metrics.r2, Some(1.0 - 9.0 / 2.0));
/// # Ok::<(), nablab_tables::metrics::MetricsError>(())
/// ```
pub fn regression(
    predictions: &[f64],
    targets: &[f64],
    outputs: usize,
    weights: Option<&[f64]>,
) -> Result<Regression, MetricsError> {
    let lengths = [predictions.len(), targets.len()];
    let examples = Examples::of_rows("number of predictions", lengths, outputs, weights)?;
    judge(|i, k| predictions[i * outputs + k], |i, k| targets[i * outputs + k], &examples, outputs)
}

/// The same where `said(i, k)` is number k that is predicted for example i, and `target(i, k)` what it should be.
pub(super) fn judge(
    said: impl Fn(usize, usize) -> f64,
    target: impl Fn(usize, usize) -> f64,
    examples: &Examples<'_>,
    outputs: usize,
) -> Result<Regression, MetricsError> {
    for (example, _) in examples.iter() {
        if let Some(t) = (0..outputs).map(|k| target(example, k)).find(|t| !t.is_finite()) {
            return Err(MetricsError::Value {
                what: "target",
                example,
                expected: "a finite number".into(),
                got: t.to_string(),
                hint: "leave out examples without a target",
            });
        }
    }
    let per_target: Vec<TargetMetrics> = (0..outputs)
        .map(|k| {
            let error = |i: usize| said(i, k) - target(i, k);
            let squared = examples.mean(|i| error(i) * error(i));
            TargetMetrics {
                rmse: squared.sqrt(),
                mae: examples.mean(|i| error(i).abs()),
                r2: r2(examples, squared, |i| target(i, k)),
            }
        })
        .collect();
    let mean_of = |field: fn(&TargetMetrics) -> f64| mean(&per_target.iter().map(field).collect::<Vec<_>>());

    Ok(Regression {
        examples: examples.len(),
        rmse: mean_of(|target| target.rmse),
        mae: mean_of(|target| target.mae),
        r2: mean_of_all(per_target.iter().map(|target| target.r2)),
        per_target,
    })
}

fn r2(examples: &Examples<'_>, squared_error: f64, target: impl Fn(usize) -> f64) -> Option<f64> {
    // Not by a variance of 0: the mean of equal numbers is rounded, and may be another number.
    let mut targets = examples.iter().map(|(i, _)| target(i));
    let first = targets.next()?;
    if targets.all(|t| t == first) {
        return None;
    }
    let centre = examples.mean(&target);
    let variance = examples.mean(|i| (target(i) - centre) * (target(i) - centre));
    Some(1.0 - squared_error / variance).filter(|r2| r2.is_finite())
}
