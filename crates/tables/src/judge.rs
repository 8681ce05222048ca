//! Loss and metric of some rows, again and again while a training goes on.

use nablab_data::prepare::Task;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{EngineError, Evaluation, Float, Network, Trainer, Y};

use crate::metrics::fold_rows;
use crate::prepared::Part;

/// Metric and loss on some rows.
#[derive(Debug)]
pub(crate) struct Judge<F: Float> {
    evaluation: Evaluation<F>,
    y: Y<F>,
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
    let (x, y) = (columns(&part.x), part.y.of_examples(part.m, &rows));
    let of_table = rows.iter().map(|&j| part.rows[j]).collect();
    Part { m: rows.len(), rows: of_table, x, y, weights: Vec::new(), loss_weights }
}

impl<F: Float> Judge<F> {
    pub(crate) fn new(trainer: &Trainer<F>, part: &Part<F>, task: Task) -> Result<Self, EngineError> {
        let evaluation = trainer.evaluation(part.x(), part.y(), &part.loss_weights)?;
        Ok(Self { evaluation, y: part.y.clone(), task })
    }

    /// Give back the room of its passes.
    pub(crate) fn release(&mut self) {
        self.evaluation.release();
    }

    /// Loss and metric: the share of right answers, or R².
    pub(crate) fn judge(&mut self, network: &Network, params: &[F]) -> (f64, f64) {
        let loss = self.evaluation.loss(network, params);
        let (p, outputs) = (self.evaluation.predictions(), network.outputs());
        let m = p.len() / outputs;
        let metric = match &self.y {
            Y::OneHot(y) => {
                let start = (0, f64::NEG_INFINITY);
                let larger = |best: &mut (usize, f64), k: usize, v: f64| {
                    if v > best.1 {
                        *best = (k, v);
                    }
                };
                let mut right = 0;
                let said = |j: usize, k: usize| p[k * m + j].to_f64();
                fold_rows([m, outputs], said, start, larger, |j, (k, _)| {
                    right += usize::from(k == y.class(j))
                });
                right as f64 / m as f64
            }
            Y::Matrix(y) if self.task != Task::Regression => {
                let half = F::from_f64(0.5);
                let right = p.iter().zip(y).filter(|(p, y)| (**p > half) == (**y > half)).count();
                right as f64 / y.len() as f64
            }
            Y::Matrix(y) => {
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
