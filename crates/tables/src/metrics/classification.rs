//! One label among several.

use serde::{Deserialize, Serialize};

use super::auc::{Scored, average_precision, falling, roc_auc};
use super::examples::Examples;
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
    judge(probabilities, labels, classes, weights, argmax)
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
    judge(probabilities, labels, 2, weights, |p| usize::from(p[1] > threshold))
}

fn judge(
    probabilities: &[f64],
    labels: &[usize],
    classes: usize,
    weights: Option<&[f64]>,
    class: impl Fn(&[f64]) -> usize,
) -> Result<Classification, MetricsError> {
    let examples = check(probabilities, labels, classes, weights)?;
    let row = |i: usize| &probabilities[i * classes..][..classes];
    let predicted: Vec<usize> = (0..labels.len()).map(|i| class(row(i))).collect();
    let correct = |i: usize| f64::from(u8::from(predicted[i] == labels[i]));

    let kept = if classes > MOST_CONFUSED { 0 } else { classes };
    let mut confusion = vec![vec![0.0; kept]; kept];
    let mut of_class = vec![OfClass::default(); classes];
    let mut bins = [0.0; CALIBRATION_BINS];
    for (i, weight) in examples.iter() {
        of_class[labels[i]].support += weight;
        of_class[predicted[i]].predicted += weight;
        if labels[i] == predicted[i] {
            of_class[labels[i]].right += weight;
        }
        if let Some(row) = confusion.get_mut(labels[i]) {
            row[predicted[i]] += weight;
        }
        let probable = argmax(row(i));
        let (confidence, is_right) = (row(i)[probable], f64::from(u8::from(probable == labels[i])));
        bins[bin(confidence)] += weight * (is_right - confidence);
    }
    let per_class: Vec<ClassMetrics> = of_class.iter().map(OfClass::metrics).collect();
    let recalls: Vec<f64> = per_class.iter().filter(|c| c.support > 0.0).map(|c| c.recall).collect();
    let areas_of = |k: usize| {
        let one = |(i, weight): (usize, f64)| Scored { score: row(i)[k], positive: labels[i] == k, weight };
        let scored = falling(examples.iter().map(one));
        (roc_auc(&scored), average_precision(&scored))
    };
    let (roc_auc, average_precision) = match classes {
        2 => areas_of(1),
        _ => {
            let (roc, precision): (Vec<_>, Vec<_>) = (0..classes).map(areas_of).unzip();
            (mean_of_all(roc.into_iter()), mean_of_all(precision.into_iter()))
        }
    };

    Ok(Classification {
        examples: examples.len(),
        accuracy: examples.mean(correct),
        balanced_accuracy: mean(&recalls),
        log_loss: examples.mean(|i| log_loss(row(i), labels[i])),
        roc_auc,
        average_precision,
        f1: if classes == 2 { per_class[1].f1 } else { macro_f1(&of_class) },
        calibration_error: bins.iter().map(|sum: &f64| sum.abs()).sum::<f64>() / examples.total(),
        confusion,
        per_class,
    })
}

fn check(
    probabilities: &[f64],
    labels: &[usize],
    classes: usize,
    weights: Option<&[f64]>,
) -> Result<Examples, MetricsError> {
    if classes < 2 {
        let expected = "at least two".into();
        return Err(MetricsError::Shape { what: "number of classes", expected, got: classes });
    }
    if labels.len().checked_mul(classes) != Some(probabilities.len()) {
        return Err(MetricsError::Shape {
            what: "number of probabilities",
            expected: format!("{classes} for each of {} labels", labels.len()),
            got: probabilities.len(),
        });
    }
    let examples = Examples::new(labels.len(), weights)?;
    for (example, _) in examples.iter() {
        if labels[example] >= classes {
            return Err(MetricsError::Value {
                what: "label",
                example,
                expected: format!("a class below {classes}"),
                got: labels[example].to_string(),
                hint: "classes are numbered from 0",
            });
        }
        for &p in &probabilities[example * classes..][..classes] {
            check_probability(p, example)?;
        }
    }
    Ok(examples)
}

/// The first largest; not-a-number is larger than any number.
pub(crate) fn argmax(row: &[f64]) -> usize {
    let larger = |a: f64, b: f64| a > b || (a.is_nan() && !b.is_nan());
    (1..row.len()).fold(0, |best, k| if larger(row[k], row[best]) { k } else { best })
}

/// Of one example; one probability that is not a number spoils it, of whichever class.
fn log_loss(row: &[f64], label: usize) -> f64 {
    if row.iter().any(|p| p.is_nan()) { f64::NAN } else { negative_log(row[label]) }
}

/// The place of the bin; not-a-number goes to the first, whose sum it spoils.
fn bin(confidence: f64) -> usize {
    let bins = CALIBRATION_BINS as f64;
    ((confidence * bins).ceil() as usize).clamp(1, CALIBRATION_BINS) - 1
}

/// Weights of the examples of one class.
#[derive(Clone, Copy, Default)]
struct OfClass {
    support: f64,
    predicted: f64,
    right: f64,
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
