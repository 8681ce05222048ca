//! A network on some rows: how good it is, on which classes, and what its labels are.

use nablab_data::prepare::Task;
use nablab_diagnosis::{Class, Fit};
use nablab_engine::{Float, Network};

use super::labels::Labelled;
use crate::model::Predictions;
use crate::prepared::{Part, Prepared};

pub(super) struct Judged {
    pub(super) fit: Fit,
    pub(super) classes: Vec<Class>,
    /// Of classes.
    pub(super) labelled: Option<Labelled>,
}

impl Judged {
    pub(super) fn new<F: Float>(
        network: &Network,
        params: &[F],
        part: &Part<F>,
        prepared: &Prepared<F>,
        threshold: f64,
        are_held_out: bool,
    ) -> Self {
        let target = &prepared.found.target;
        let m = part.m;
        let p = network.predict(params, part.x());
        let predictions = Predictions::new(target, &p, m, Default::default()).at(threshold);
        let metric = predictions.metrics(&part.y, &[]).map_or(f64::NAN, |metrics| metrics.headline());
        let (loss, deviation) = loss(network, params, part);
        let fit = Fit { rows: m, loss, deviation, metric };
        if !matches!(target.task(), Task::Binary | Task::Multiclass) {
            return Self { fit, classes: Vec::new(), labelled: None };
        }
        let labelled = Labelled::new(predictions, part, are_held_out);
        Self { fit, classes: classes(&labelled), labelled: Some(labelled) }
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
fn loss<F: Float>(network: &Network, params: &[F], part: &Part<F>) -> (f64, f64) {
    let m = part.m as f64;
    let mut losses = network.losses(params, part.x(), part.y());
    let total: f64 = part.count();
    for (loss, w) in losses.iter_mut().zip(&part.loss_weights) {
        *loss *= w * m / total;
    }
    let mean = losses.iter().sum::<f64>() / m;
    let variance = losses.iter().map(|loss| (loss - mean).powi(2)).sum::<f64>() / m;
    (mean, variance.sqrt())
}
