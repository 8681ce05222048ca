//! A network on some rows: how good it is, on which classes, and what its labels are.

use std::num::NonZeroUsize;

use nablab_data::prepare::{Target, Task};
use nablab_diagnosis::{Class, Fit};
use nablab_engine::{Float, Survey};

use super::labels::Labelled;
use crate::Error;
use crate::metrics::{Metrics, OfClass};
use crate::outputs::Outputs;
use crate::prepared::Part;

/// How the parameters that are kept judge all rows.
pub(crate) struct Judgement<F> {
    /// From which probability on the second of two classes is predicted.
    pub(crate) threshold: f64,
    pub(crate) train: Judged<F>,
    pub(crate) validation: Option<Judged<F>>,
}

/// How they judge the rows of a part.
pub(crate) struct Judged<F> {
    pub(crate) metrics: Result<Metrics, Error>,
    pub(crate) fit: Fit,
    pub(crate) classes: Vec<Class>,
    /// Of classes.
    pub(super) labelled: Option<Labelled<F>>,
}

impl<F: Float> Judged<F> {
    /// From what the network says of the rows.
    pub(crate) fn new(
        part: &Part<F>,
        survey: Survey<F>,
        target: &Target,
        threshold: f64,
        are_held_out: bool,
        threads: NonZeroUsize,
    ) -> Self {
        let said = Outputs::new(target.clone(), survey.predictions, part.m, threshold);
        // A diagnosis counts rows.
        let counted = said.metrics(part.y(), &[], threads);
        let metric = counted.as_ref().map_or(f64::NAN, |(metrics, _)| metrics.headline());
        let classes = counted.as_ref().map_or_else(|_| Vec::new(), |(_, sums)| classes(target, sums));
        let metrics = match part.weights.is_empty() {
            true => counted,
            false => said.metrics(part.y(), &part.weights, threads),
        };
        let metrics = metrics.map(|(metrics, _)| metrics);
        let (loss, deviation) = loss(survey.losses, part);
        let fit = Fit { rows: part.m, loss, deviation, metric };
        let are_classes = matches!(target.task(), Task::Binary | Task::Multiclass);
        let labelled = are_classes.then(|| Labelled::new(said, part, are_held_out));
        Self { metrics, fit, classes, labelled }
    }
}

fn classes(target: &Target, sums: &[OfClass]) -> Vec<Class> {
    let Target::Classes { levels, .. } = target else { return Vec::new() };
    let class = |(name, sums): (&String, &OfClass)| Class {
        name: name.clone(),
        rows: sums.support,
        predicted: sums.predicted,
        right: sums.right,
    };
    levels.iter().zip(sums).map(class).collect()
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
