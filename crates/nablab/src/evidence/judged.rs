//! A network on some rows: how good it is, on which classes, and which labels it doubts.

use nablab_data::prepare::Task;
use nablab_diagnosis::{Class, Fit, Suspect, thresholds::IMPROBABLE};
use nablab_engine::{Float, Network};

use crate::model::Predictions;
use crate::prepared::{Part, Prepared};

pub(super) struct Judged {
    pub(super) fit: Fit,
    pub(super) classes: Vec<Class>,
    pub(super) suspects: Vec<Suspect>,
    pub(super) unsure: usize,
}

impl Judged {
    pub(super) fn new<F: Float>(
        network: &Network,
        params: &[F],
        part: &Part<F>,
        prepared: &Prepared<F>,
    ) -> Self {
        let target = &prepared.found.target;
        let m = part.m;
        let predictions = Predictions::new(target, &network.predict(params, part.x()), m, Default::default());
        let metric = predictions.metrics(&part.y, &[]).map_or(f64::NAN, |metrics| metrics.headline());
        let (loss, deviation) = loss(network, params, part);
        let mut judged = Self {
            fit: Fit { rows: m, loss, deviation, metric },
            classes: Vec::new(),
            suspects: Vec::new(),
            unsure: 0,
        };
        if matches!(target.task(), Task::Binary | Task::Multiclass) {
            judged.look_at_classes(&predictions, part);
        }
        judged
    }

    fn look_at_classes<F: Float>(&mut self, predictions: &Predictions, part: &Part<F>) {
        let (names, m) = (predictions.names(), part.m);
        let empty = |name: &String| Class { name: name.clone(), rows: 0.0, predicted: 0.0, right: 0.0 };
        self.classes = names.iter().map(empty).collect();
        for (j, row) in predictions.rows().enumerate() {
            let label = match names.len() {
                2 => usize::from(part.y[j].to_f64() > 0.5),
                n => (0..n).find(|k| part.y[k * m + j].to_f64() > 0.5).unwrap_or_default(),
            };
            let predicted = crate::metrics::argmax(row);
            self.classes[label].rows += 1.0;
            self.classes[predicted].predicted += 1.0;
            self.classes[label].right += f64::from(u8::from(label == predicted));
            self.unsure += usize::from((IMPROBABLE..1.0 - IMPROBABLE).contains(&row[label]));
            if row[label] < IMPROBABLE {
                self.suspects.push(Suspect {
                    row: part.rows[j] + 1,
                    label: names[label].clone(),
                    predicted: names[predicted].clone(),
                    probability: row[label],
                });
            }
        }
    }
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
