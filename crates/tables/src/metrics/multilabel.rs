//! Several yes/no outputs, each by itself.

use serde::{Deserialize, Serialize};

use super::auc::{Areas, Scored};
use super::examples::Examples;
use super::{ClassMetrics, MetricsError, check_probability, mean, mean_of_all, nan_from_null, negative_log};

/// How well probabilities of several yes/no outputs fit the targets. Each field names the function of scikit-learn with
/// the same value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Multilabel {
    /// Number of examples of positive weight.
    pub examples: usize,
    /// Share of examples with every output right: `accuracy_score`, the subset accuracy.
    pub exact_match: f64,
    /// Share of outputs that are wrong: `hamming_loss`.
    pub hamming_loss: f64,
    /// Mean over outputs of [`OutputMetrics::log_loss`]. The cost of a training sums over outputs instead: it is as many
    /// times larger as there are outputs.
    #[serde(deserialize_with = "nan_from_null")]
    pub log_loss: f64,
    /// Mean over outputs: `roc_auc_score` with `average="macro"`. None where that of any output is.
    pub roc_auc: Option<f64>,
    /// Mean over outputs: `average_precision_score` with `average="macro"`. None where that of any output is.
    #[serde(default)]
    pub average_precision: Option<f64>,
    /// Mean over all outputs: `f1_score` with `average="macro"`, `zero_division=0`.
    pub f1: f64,
    /// Each output.
    pub per_output: Vec<OutputMetrics>,
}

/// One yes/no output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputMetrics {
    /// As in [`ClassMetrics`], of yes.
    pub precision: f64,
    /// As in [`ClassMetrics`], of yes.
    pub recall: f64,
    /// As in [`ClassMetrics`], of yes.
    pub f1: f64,
    /// Weight of the examples whose target is yes.
    pub support: f64,
    /// Mean of −y ln p − (1 − y) ln(1 − p), with the argument of ln kept within [ε, 1 − ε], ε = 2⁻⁵²: `log_loss`.
    /// Not a number where a probability is none.
    #[serde(deserialize_with = "nan_from_null")]
    pub log_loss: f64,
    /// As [`super::Classification::roc_auc`]: None where all targets are the same or a probability is not a number.
    pub roc_auc: Option<f64>,
    /// As [`super::Classification::average_precision`]: None where no target is yes or a probability is not a number.
    #[serde(default)]
    pub average_precision: Option<f64>,
}

/// Metrics of several yes/no outputs: `probabilities` of yes and `targets`, 0 or 1, are both (examples, outputs), with a
/// row for each example.
///
/// The prediction is yes if p > 0.5; not-a-number is no.
///
/// # Errors
///
/// [`MetricsError`] if there are no outputs, the lengths disagree, no example has a positive weight, a weight is negative
/// or not finite, a target is neither 0 nor 1, or a probability lies outside 0 to 1.
///
/// ```
/// use nablab_tables::metrics::multilabel;
/// // Of four answers about two examples, the last is wrong.
/// let metrics = multilabel(&[0.9, 0.2, 0.1, 0.4], &[1.0, 0.0, 0.0, 1.0], 2, None)?;
/// assert_eq!((metrics.exact_match, metrics.hamming_loss), (0.5, 0.25));
/// assert_eq!(metrics.roc_auc, Some(1.0));
/// assert_eq!((metrics.per_output[0].f1, metrics.per_output[1].f1), (1.0, 0.0));
/// # Ok::<(), nablab_tables::metrics::MetricsError>(())
/// ```
pub fn multilabel(
    probabilities: &[f64],
    targets: &[f64],
    outputs: usize,
    weights: Option<&[f64]>,
) -> Result<Multilabel, MetricsError> {
    let lengths = [probabilities.len(), targets.len()];
    let examples = Examples::of_rows("number of probabilities", lengths, outputs, weights)?;
    judge(|i, k| probabilities[i * outputs + k], |i, k| targets[i * outputs + k], &examples, outputs)
}

/// The same where `said(i, k)` is the probability of yes of output k that example i has, and `target(i, k)` is 0 or 1.
pub(super) fn judge(
    said: impl Fn(usize, usize) -> f64,
    target: impl Fn(usize, usize) -> f64,
    examples: &Examples<'_>,
    outputs: usize,
) -> Result<Multilabel, MetricsError> {
    check(&said, &target, examples, outputs)?;
    let yes = |i: usize, k: usize| said(i, k) > 0.5;
    let actual = |i: usize, k: usize| target(i, k) == 1.0;
    let mistakes = |i: usize| (0..outputs).filter(|&k| yes(i, k) != actual(i, k)).count();
    let per_output: Vec<OutputMetrics> = (0..outputs)
        .map(|k| {
            let weight_of = |wanted: &dyn Fn(usize) -> bool| {
                let chosen = examples.iter().filter(|(i, _)| wanted(*i));
                chosen.fold(0.0, |sum, (_, weight)| sum + weight)
            };
            let ClassMetrics { precision, recall, f1, support } = ClassMetrics::new(
                weight_of(&|i| yes(i, k) && actual(i, k)),
                weight_of(&|i| yes(i, k)),
                weight_of(&|i| actual(i, k)),
            );
            let log_loss =
                examples.mean(|i| negative_log(if actual(i, k) { said(i, k) } else { 1.0 - said(i, k) }));
            let scored = examples.iter().map(|(i, weight)| Scored::new(said(i, k), actual(i, k), weight));
            let Areas { roc: roc_auc, average_precision } = Areas::of(scored.collect());
            OutputMetrics { precision, recall, f1, support, log_loss, roc_auc, average_precision }
        })
        .collect();
    let mean_of = |field: fn(&OutputMetrics) -> f64| mean(&per_output.iter().map(field).collect::<Vec<_>>());

    Ok(Multilabel {
        examples: examples.len(),
        exact_match: examples.mean(|i| f64::from(u8::from(mistakes(i) == 0))),
        hamming_loss: examples.mean(|i| mistakes(i) as f64 / outputs as f64),
        log_loss: mean_of(|output| output.log_loss),
        roc_auc: mean_of_all(per_output.iter().map(|output| output.roc_auc)),
        average_precision: mean_of_all(per_output.iter().map(|output| output.average_precision)),
        f1: mean_of(|output| output.f1),
        per_output,
    })
}

fn check(
    said: impl Fn(usize, usize) -> f64,
    target: impl Fn(usize, usize) -> f64,
    examples: &Examples<'_>,
    outputs: usize,
) -> Result<(), MetricsError> {
    for (example, _) in examples.iter() {
        if let Some(y) = (0..outputs).map(|k| target(example, k)).find(|&y| y != 0.0 && y != 1.0) {
            return Err(MetricsError::Value {
                what: "target",
                example,
                expected: "0 or 1".into(),
                got: y.to_string(),
                hint: "each output is a yes/no question",
            });
        }
        (0..outputs).try_for_each(|k| check_probability(said(example, k), example))?;
    }
    Ok(())
}
