//! A network on some rows: how good it is, on which classes, and what its labels are.

use nablab_data::prepare::Task;
use nablab_diagnosis::{Class, Fit};
use nablab_engine::{Float, Survey};

use super::columns::Features;
use super::labels::Labelled;
use crate::Error;
use crate::metrics::Metrics;
use crate::model::Predictions;
use crate::prepared::{Part, Prepared};

/// How the parameters that are kept judge all rows.
pub(crate) struct Judgement {
    /// From which probability on the second of two classes is predicted.
    pub(crate) threshold: f64,
    pub(crate) train: Judged,
    pub(crate) validation: Option<Judged>,
    pub(crate) features: Features,
}

/// How they judge the rows of a part.
pub(crate) struct Judged {
    pub(crate) metrics: Result<Metrics, Error>,
    pub(super) fit: Fit,
    pub(super) classes: Vec<Class>,
    /// Of classes.
    pub(super) labelled: Option<Labelled>,
}

impl Judged {
    /// From what the network says of the rows.
    pub(crate) fn new<F: Float>(
        part: &Part<F>,
        said: Survey<F>,
        prepared: &Prepared<F>,
        threshold: f64,
        are_held_out: bool,
    ) -> Self {
        let target = &prepared.found.target;
        let m = part.m;
        let predictions = Predictions::new(target, &said.predictions, m, Default::default()).at(threshold);
        let metrics = predictions.metrics(&part.y, &part.weights);
        let headline = |metrics: &Result<Metrics, Error>| {
            metrics.as_ref().map_or(f64::NAN, |metrics| metrics.headline())
        };
        let metric = match part.weights.is_empty() {
            true => headline(&metrics),
            // A diagnosis counts rows.
            false => headline(&predictions.metrics(&part.y, &[])),
        };
        let (loss, deviation) = loss(said.losses, part);
        let fit = Fit { rows: m, loss, deviation, metric };
        if !matches!(target.task(), Task::Binary | Task::Multiclass) {
            return Self { metrics, fit, classes: Vec::new(), labelled: None };
        }
        let labelled = Labelled::new(predictions, part, are_held_out);
        Self { metrics, fit, classes: classes(&labelled), labelled: Some(labelled) }
    }
}

fn classes(labelled: &Labelled) -> Vec<Class> {
    let empty = |name| Class { name, rows: 0.0, predicted: 0.0, right: 0.0 };
    let mut classes: Vec<Class> = labelled.predictions.names().into_iter().map(empty).collect();
    for (row, &label) in labelled.predictions.rows().zip(&labelled.labels) {
        let predicted = labelled.predictions.class(row);
        classes[label].rows += 1.0;
        classes[predicted].predicted += 1.0;
        classes[label].right += f64::from(u8::from(label == predicted));
    }
    classes
}

/// Mean loss by the weights of the rows, and how it deviates from row to row. From the logits: a probability may have
/// rounded to 0, and its logarithm would be infinite.
fn loss<F: Float>(mut losses: Vec<f64>, part: &Part<F>) -> (f64, f64) {
    let m = part.m as f64;
    let total: f64 = part.count();
    for (loss, w) in losses.iter_mut().zip(&part.loss_weights) {
        *loss *= w * m / total;
    }
    let mean = losses.iter().sum::<f64>() / m;
    let variance = losses.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / m;
    (mean, variance.sqrt())
}
