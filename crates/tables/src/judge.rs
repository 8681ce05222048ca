//! Loss and metric of some rows, again and again while a training goes on.

use nablab_data::prepare::Task;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{EngineError, Evaluation, Float, Network, Trainer};

use crate::prepared::Part;

/// Metric and loss on some rows.
#[derive(Debug)]
pub(crate) struct Judge<F: Float> {
    evaluation: Evaluation<F>,
    y: Vec<F>,
    task: Task,
}

/// Some of the rows, always the same; none of weight 0, which teach nothing.
pub(crate) fn sample<F: Float>(part: &Part<F>, size: usize, rng: &mut NumpyRng) -> Part<F> {
    if part.m <= size {
        return part.clone();
    }
    let mut rows = rng.permutation(part.m);
    rows.retain(|&j| part.loss_weights.get(j).is_none_or(|&w| w > 0.0));
    rows.truncate(size);
    rows.sort_unstable();
    let columns = |all: &[F]| all.chunks_exact(part.m).flat_map(|row| rows.iter().map(|&j| row[j])).collect();
    let loss_weights = rows.iter().filter_map(|&j| part.loss_weights.get(j).copied()).collect();
    let (x, y) = (columns(&part.x), columns(&part.y));
    let of_table = rows.iter().map(|&j| part.rows[j]).collect();
    Part { m: rows.len(), rows: of_table, x, y, weights: Vec::new(), loss_weights }
}

impl<F: Float> Judge<F> {
    pub(crate) fn new(trainer: &Trainer<'_, F>, part: &Part<F>, task: Task) -> Result<Self, EngineError> {
        let evaluation = trainer.evaluation(part.x(), part.y(), &part.loss_weights)?;
        Ok(Self { evaluation, y: part.y.clone(), task })
    }

    /// Loss and metric: the share of right answers, or R².
    pub(crate) fn judge(&mut self, network: &Network, params: &[F]) -> (f64, f64) {
        let loss = self.evaluation.loss(network, params);
        let (p, y) = (self.evaluation.predictions(), &self.y);
        let outputs = network.outputs();
        let m = y.len() / outputs;
        let metric = match self.task {
            Task::Multiclass => {
                let argmax = |of: &[F], j: usize| {
                    let column = (0..outputs).map(|k| of[k * m + j]);
                    column.enumerate().fold((0, F::from_f64(f64::NEG_INFINITY)), |best, (k, v)| {
                        if v > best.1 { (k, v) } else { best }
                    })
                };
                (0..m).filter(|&j| argmax(p, j).0 == argmax(y, j).0).count() as f64 / m as f64
            }
            Task::Binary | Task::Multilabel => {
                let half = F::from_f64(0.5);
                let right = p.iter().zip(y).filter(|(p, y)| (**p > half) == (**y > half)).count();
                right as f64 / y.len() as f64
            }
            Task::Regression => {
                let of_target = |(p, y): (&[F], &[F])| {
                    let mean = y.iter().map(|y| y.to_f64()).sum::<f64>() / m as f64;
                    let square = |a: f64| a * a;
                    let rest: f64 = p.iter().zip(y).map(|(p, y)| square(p.to_f64() - y.to_f64())).sum();
                    1.0 - rest / y.iter().map(|y| square(y.to_f64() - mean)).sum::<f64>()
                };
                p.chunks_exact(m).zip(y.chunks_exact(m)).map(of_target).sum::<f64>() / outputs as f64
            }
        };
        (loss, metric)
    }
}
