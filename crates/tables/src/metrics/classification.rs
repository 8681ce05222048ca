//! One label among several.

use std::convert::Infallible;
use std::num::NonZeroUsize;

use nablab_engine::beside;
use nablab_engine::population::side_by_side;
use serde::{Deserialize, Serialize};

use super::auc::{Areas, Scored};
use super::examples::Examples;
use super::rows::{Top, fold_rows};
use super::{MetricsError, check_probability, mean, mean_of_all, nan_from_null, negative_log};

/// Number of bins of [`Classification::calibration_error`], as in Guo et al. 2017.
pub const CALIBRATION_BINS: usize = 15;

/// Classes up to which there is a [`Classification::confusion`].
pub const MOST_CONFUSED: usize = 256;

/// How well probabilities of classes fit the labels. Each field names the function of scikit-learn with the same value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// Number of examples of positive weight.
    pub examples: usize,
    /// Share of examples whose class was predicted: `accuracy_score`.
    pub accuracy: f64,
    /// Mean recall of the classes that occur: `balanced_accuracy_score` (Brodersen et al. 2010).
    pub balanced_accuracy: f64,
    /// Mean of −ln p(true class), with p kept within [ε, 1 − ε], ε = 2⁻⁵²: `log_loss`. Not a number where a
    /// probability of an example is none.
    #[serde(deserialize_with = "nan_from_null")]
    pub log_loss: f64,
    /// Share of pairs of a positive and a negative example that are in the right order, ties counted half:
    /// `roc_auc_score`. Two classes: of class 1. More: mean over classes, each against the rest (`multi_class="ovr"`).
    /// None where a class does not occur or a probability is not a number.
    pub roc_auc: Option<f64>,
    /// Area under the curve of precision over recall: `average_precision_score`. Two classes: of class 1. More: mean over
    /// classes, each against the rest. It tells more than `roc_auc` where class 1 is rare, and is its share of the examples
    /// where nothing is learned. None where a class does not occur or a probability is not a number.
    #[serde(default)]
    pub average_precision: Option<f64>,
    /// Two classes: F1 of class 1, `f1_score` with `average="binary"`. More: mean F1 of the classes that occur among
    /// labels or predictions, `f1_score` with `average="macro"`.
    pub f1: f64,
    /// Expected calibration error of the predicted class (Naeini et al. 2015; Guo et al. 2017, arXiv 1706.04599):
    ///
    /// Σ_b (n_b / n) abs(accuracy_b − confidence_b)
    ///
    /// over [`CALIBRATION_BINS`] bins of the confidence, bin b = 1, …, B being ((b − 1)/B, b/B]. The confidence is the
    /// probability of the predicted class, n_b the weight in the bin. Not a number where a confidence is none.
    #[serde(deserialize_with = "nan_from_null")]
    pub calibration_error: f64,
    /// Weight of the examples of each true class (row) predicted as each class (column): `confusion_matrix`. Empty beyond
    /// [`MOST_CONFUSED`] classes, whose square would not fit into memory or a file; `per_class` tells of those.
    pub confusion: Vec<Vec<f64>>,
    /// Each class against the rest: `precision_recall_fscore_support` with `zero_division=0`.
    pub per_class: Vec<ClassMetrics>,
}

/// One class against the rest, from the weights of true positives (tp), of predicted and of true members.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassMetrics {
    /// tp / predicted; 0 if it was never predicted.
    pub precision: f64,
    /// tp / support; 0 if it does not occur.
    pub recall: f64,
    /// 2 tp / (predicted + support), the harmonic mean of both; 0 if the class was neither predicted nor occurs.
    pub f1: f64,
    /// Weight of the examples of this class.
    pub support: f64,
}

impl ClassMetrics {
    pub(super) fn new(true_positives: f64, predicted: f64, support: f64) -> Self {
        let ratio = |of: f64| if of == 0.0 { 0.0 } else { true_positives / of };
        let (precision, recall) = (ratio(predicted), ratio(support));
        // Halves, because a sum of huge weights may overflow.
        Self { precision, recall, f1: ratio(predicted / 2.0 + support / 2.0), support }
    }
}

/// Metrics of one label among several: `probabilities` is (examples, classes) with a row for each example, `labels` are
/// below `classes`. Yes/no is two classes, with a probability for each.
///
/// The prediction is the class with the largest probability, the first of them if several are equal; with two classes it
/// is 1 if p₁ > p₀. As in NumPy's `argmax`, not-a-number is larger than any number.
///
/// # Errors
///
/// [`MetricsError`] if there are fewer than two classes, the lengths disagree, no example has a positive weight, a weight
/// is negative or not finite, a label is not below `classes`, or a probability lies outside 0 to 1.
///
/// ```
/// use nablab_tables::metrics::classification;
/// // The second of three examples is taken for a 1.
/// let probabilities = [0.75, 0.25, 0.25, 0.75, 0.0, 1.0];
/// let metrics = classification(&probabilities, &[0, 0, 1], 2, None)?;
/// assert_eq!(metrics.confusion, [[1.0, 1.0], [0.0, 1.0]]);
/// assert_eq!(metrics.accuracy, 2.0 / 3.0);
/// assert_eq!(metrics.balanced_accuracy, 0.75);
/// assert_eq!(metrics.roc_auc, Some(1.0));
/// assert_eq!(metrics.f1, 2.0 / 3.0);
/// // It counts three times.
/// let weighted = classification(&probabilities, &[0, 0, 1], 2, Some(&[1.0, 3.0, 1.0]))?;
/// assert_eq!(weighted.accuracy, 0.4);
/// # Ok::<(), nablab_tables::metrics::MetricsError>(())
/// ```
pub fn classification(
    probabilities: &[f64],
    labels: &[usize],
    classes: usize,
    weights: Option<&[f64]>,
) -> Result<Classification, MetricsError> {
    check_shape(probabilities, labels, classes)?;
    let said = |i: usize, k: usize| probabilities[i * classes + k];
    let label = |i: usize| labels[i];
    Ok(judge(said, label, [labels.len(), classes], weights, None, NonZeroUsize::MIN)?.0)
}

/// The same of two classes, of which 1 is predicted where p₁ > `threshold`. The calibration error stays that of the more probable
/// class.
///
/// ```
/// use nablab_tables::metrics::classification_at;
/// let probabilities = [0.75, 0.25, 0.625, 0.375, 0.0, 1.0];
/// let metrics = classification_at(0.3, &probabilities, &[0, 1, 1], None)?;
/// assert_eq!(metrics.confusion, [[1.0, 0.0], [0.0, 2.0]]);
/// # Ok::<(), nablab_tables::metrics::MetricsError>(())
/// ```
///
/// # Errors
/// As [`classification`].
pub fn classification_at(
    threshold: f64,
    probabilities: &[f64],
    labels: &[usize],
    weights: Option<&[f64]>,
) -> Result<Classification, MetricsError> {
    check_shape(probabilities, labels, 2)?;
    let said = |i: usize, k: usize| probabilities[2 * i + k];
    let label = |i: usize| labels[i];
    Ok(judge(said, label, [labels.len(), 2], weights, Some(threshold), NonZeroUsize::MIN)?.0)
}

/// The same where `said(i, k)` is the probability of class k that example i has, and `label(i)` its class, with the weights
/// by class of which the metrics are made; on so many threads, which change no bit.
pub(crate) fn judge(
    said: impl Fn(usize, usize) -> f64 + Sync,
    label: impl Fn(usize) -> usize + Sync,
    [count, classes]: [usize; 2],
    weights: Option<&[f64]>,
    threshold: Option<f64>,
    threads: NonZeroUsize,
) -> Result<(Classification, Vec<OfClass>), MetricsError> {
    if classes < 2 {
        let expected = "at least two".into();
        return Err(MetricsError::Shape { what: "number of classes", expected, got: classes });
    }
    let examples = Examples::new(count, weights)?;
    let areas = || areas(&said, &label, &examples, classes, threads);
    let sums = || Sums::of(&said, &label, &examples, classes, threshold);
    let (areas, sums) = match threads.get() {
        1 => (areas(), sums()),
        _ => beside::both(areas, sums),
    };
    let Sums { confusion, of_class, bins, right, log_loss } = sums?;
    let per_class: Vec<ClassMetrics> = of_class.iter().map(OfClass::metrics).collect();
    let recalls: Vec<f64> = per_class.iter().filter(|c| c.support > 0.0).map(|c| c.recall).collect();
    let metrics = Classification {
        examples: examples.len(),
        accuracy: right / examples.total(),
        balanced_accuracy: mean(&recalls),
        log_loss: log_loss / examples.total(),
        roc_auc: areas.roc,
        average_precision: areas.average_precision,
        f1: if classes == 2 { per_class[1].f1 } else { macro_f1(&of_class) },
        calibration_error: bins.iter().map(|sum: &f64| sum.abs()).sum::<f64>() / examples.total(),
        confusion,
        per_class,
    };
    Ok((metrics, of_class))
}

/// Sums over the examples.
struct Sums {
    confusion: Vec<Vec<f64>>,
    of_class: Vec<OfClass>,
    bins: [f64; CALIBRATION_BINS],
    right: f64,
    log_loss: f64,
}

impl Sums {
    fn of(
        said: impl Fn(usize, usize) -> f64,
        label: impl Fn(usize) -> usize,
        examples: &Examples<'_>,
        classes: usize,
        threshold: Option<f64>,
    ) -> Result<Self, MetricsError> {
        let kept = if classes > MOST_CONFUSED { 0 } else { classes };
        let mut sums = Self {
            confusion: vec![vec![0.0; kept]; kept],
            of_class: vec![OfClass::default(); classes],
            bins: [0.0; CALIBRATION_BINS],
            right: 0.0,
            log_loss: 0.0,
        };
        let mut wrong = Ok(());
        let add = |row: &mut Row, k: usize, p: f64| {
            row.top.add(k, p);
            row.has_nan |= p.is_nan();
            row.is_wrong |= !(p.is_nan() || (0.0..=1.0).contains(&p));
        };
        fold_rows([examples.count(), classes], &said, Row::default(), add, |i, row| {
            let weight = examples.weight(i);
            if weight > 0.0 && wrong.is_ok() {
                match check(label(i), classes, i, (0..classes).filter(|_| row.is_wrong).map(|k| said(i, k))) {
                    Ok(()) => {
                        let (label, probable) = (label(i), row.top.place);
                        let predicted = threshold.map_or(probable, |at| usize::from(said(i, 1) > at));
                        let log_loss = if row.has_nan { f64::NAN } else { negative_log(said(i, label)) };
                        sums.add(weight, label, predicted, (probable, row.top.value), log_loss);
                    }
                    error => wrong = error,
                }
            }
        });
        wrong.map(|()| sums)
    }

    fn add(
        &mut self,
        weight: f64,
        label: usize,
        predicted: usize,
        (probable, confidence): (usize, f64),
        log_loss: f64,
    ) {
        let is_right = label == predicted;
        self.of_class[label].support += weight;
        self.of_class[predicted].predicted += weight;
        self.of_class[label].right += if is_right { weight } else { 0.0 };
        if let Some(row) = self.confusion.get_mut(label) {
            row[predicted] += weight;
        }
        self.bins[bin(confidence)] += weight * (f64::from(u8::from(probable == label)) - confidence);
        self.right += if is_right { weight } else { 0.0 };
        self.log_loss += weight * log_loss;
    }
}

/// What is found of an example while its probabilities are looked at.
#[derive(Clone, Copy, Default)]
struct Row {
    top: Top,
    /// One that is not a number spoils the logarithmic loss, of whichever class.
    has_nan: bool,
    /// One is neither a probability nor not a number.
    is_wrong: bool,
}

/// A score with its label and weight, sorted, takes so many times the room of a number of single precision.
const SCORED: usize = 8;

/// Of class 1 of two, or the means over more classes, each against the rest.
fn areas(
    said: impl Fn(usize, usize) -> f64 + Sync,
    label: impl Fn(usize) -> usize + Sync,
    examples: &Examples<'_>,
    classes: usize,
    threads: NonZeroUsize,
) -> Areas {
    let of_class = |k: usize| {
        let one = |(i, weight)| Scored::new(said(i, k), label(i) == k, weight);
        Areas::of(examples.iter().map(one).collect())
    };
    if classes == 2 {
        return of_class(1);
    }
    // Of a class that does not occur there is no area, and so no mean.
    let mut occurs = vec![false; classes];
    for (i, _) in examples.iter() {
        // A label that is no class is an error, found elsewhere.
        let class = label(i).min(classes - 1);
        occurs[class] = true;
    }
    if occurs.contains(&false) {
        return Areas::default();
    }
    // The scores of the classes at work are room that nobody has asked for: no more of them than of the numbers judged.
    let at_once = NonZeroUsize::new(classes / SCORED).map_or(NonZeroUsize::MIN, |most| most.min(threads));
    let Ok(all) = side_by_side(classes, at_once, |k| Ok::<_, Infallible>(of_class(k)));
    Areas {
        roc: mean_of_all(all.iter().map(|areas| areas.roc)),
        average_precision: mean_of_all(all.iter().map(|areas| areas.average_precision)),
    }
}

fn check_shape(probabilities: &[f64], labels: &[usize], classes: usize) -> Result<(), MetricsError> {
    if classes >= 2 && labels.len().checked_mul(classes) != Some(probabilities.len()) {
        return Err(MetricsError::Shape {
            what: "number of probabilities",
            expected: format!("{classes} for each of {} labels", labels.len()),
            got: probabilities.len(),
        });
    }
    Ok(())
}

/// Of one example, with some of its probabilities.
fn check(
    label: usize,
    classes: usize,
    example: usize,
    mut probabilities: impl Iterator<Item = f64>,
) -> Result<(), MetricsError> {
    if label >= classes {
        return Err(MetricsError::Value {
            what: "label",
            example,
            expected: format!("a class below {classes}"),
            got: label.to_string(),
            hint: "classes are numbered from 0",
        });
    }
    probabilities.try_for_each(|p| check_probability(p, example))
}

/// The place of the bin; not-a-number goes to the first, whose sum it spoils.
fn bin(confidence: f64) -> usize {
    let bins = CALIBRATION_BINS as f64;
    ((confidence * bins).ceil() as usize).clamp(1, CALIBRATION_BINS) - 1
}

/// Weights of the examples of one class.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OfClass {
    pub(crate) support: f64,
    pub(crate) predicted: f64,
    pub(crate) right: f64,
}

impl OfClass {
    fn metrics(&self) -> ClassMetrics {
        ClassMetrics::new(self.right, self.predicted, self.support)
    }
}

/// The mean over classes that were predicted or occur.
fn macro_f1(of_class: &[OfClass]) -> f64 {
    let met = of_class.iter().filter(|class| class.support > 0.0 || class.predicted > 0.0);
    let f1: Vec<f64> = met.map(|class| class.metrics().f1).collect();
    mean(&f1)
}
