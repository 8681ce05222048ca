//! How good predictions are: metrics of classification, of several yes/no outputs, and of regression.
//!
//! Here a row is an example, as in a file. The definitions are scikit-learn's, and the tests compare with its numbers;
//! where a metric is undefined, scikit-learn warns and returns 0, 1 or not-a-number, and this module says `None`.
//!
//! **Weights.** Every sum over examples takes one weight w ≥ 0 each, 1 without weights (scikit-learn's
//! `sample_weight`). An example of weight 0 counts as absent: nothing of it is looked at.
//!
//! **Predictions that are not numbers**, those of a diverged training, are no error. They make a mean over examples not a
//! number and an optional metric `None`; which class they predict is said at each function.
//!
//! **Serialised**, a number that is not finite becomes `null` in JSON, which has no other word for it, and is read back
//! as not-a-number.

mod auc;
mod classification;
mod error;
mod examples;
mod multilabel;
mod of_target;
mod regression;
mod rows;

pub(crate) use auc::{Scored, falling, has_nan, totals};
pub(crate) use classification::OfClass;
pub use classification::{
    CALIBRATION_BINS, ClassMetrics, Classification, MOST_CONFUSED, classification, classification_at,
};
pub use error::MetricsError;
pub use multilabel::{Multilabel, OutputMetrics, multilabel};
pub(crate) use of_target::{class, metrics_of};
pub use regression::{Regression, TargetMetrics, regression};
pub(crate) use rows::{Top, argmax, fold_rows};

use serde::{Deserialize, Deserializer, Serialize};

/// The mean of all values, if there are all.
fn mean_of_all(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    values.collect::<Option<Vec<f64>>>().map(|values| mean(&values))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// −ln p with p kept between ε and 1 − ε (ε = 2⁻⁵², as scikit-learn does), so that one sure mistake is not infinite.
fn negative_log(p: f64) -> f64 {
    -p.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

/// A probability; not-a-number passes.
fn check_probability(p: f64, example: usize) -> Result<(), MetricsError> {
    if !(p.is_nan() || (0.0..=1.0).contains(&p)) {
        return Err(MetricsError::Value {
            what: "probability",
            example,
            expected: "a number from 0 to 1".into(),
            got: p.to_string(),
            hint: "metrics take probabilities, not logits",
        });
    }
    Ok(())
}

/// JSON has no not-a-number: serde_json writes `null` for it.
fn nan_from_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Option::deserialize(deserializer).map(|value| value.unwrap_or(f64::NAN))
}

impl Metrics {
    /// The number that sums them up: the share of right answers, or R².
    pub fn headline(&self) -> f64 {
        match self {
            Self::Classification(metrics) => metrics.accuracy,
            Self::Multilabel(metrics) => metrics.exact_match,
            Self::Regression(metrics) => metrics.r2.unwrap_or(f64::NAN),
        }
    }
}

/// How good predictions are, by their task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Metrics {
    /// Of one class among several.
    Classification(Classification),
    /// Of several labels.
    Multilabel(Multilabel),
    /// Of numbers.
    Regression(Regression),
}
