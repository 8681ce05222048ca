//! Judging parameters on examples that stay the same: the loss and the predictions, again and again.

use crate::{EngineError, Float, Isa, MatRef, Network, Pass, Targets, Tiles, TilesRef, Workspace};

/// Examples to judge on, laid out once, with room for what the network says of them.
///
/// ```
/// use nablab_engine::{Evaluation, Loss, MatRef, Network};
/// let network = Network::new(1, &[], 1, Loss::SquaredError);
/// let (x, y) = ([1.0, 2.0], [3.0, 3.0]);
/// let mut evaluation = Evaluation::new(&network, MatRef::new(&x, 1, 2), MatRef::new(&y, 1, 2), &[])?;
/// assert_eq!(evaluation.loss(&network, &[2.0, 0.0]), (0.5 + 0.5) / 2.0); // ½ (2 − 3)² and ½ (4 − 3)²
/// assert_eq!(evaluation.predictions(), [2.0, 4.0]);
/// # Ok::<(), nablab_engine::EngineError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Evaluation<F: Float> {
    x: Tiles<F>,
    y: Tiles<F>,
    weights: Option<Tiles<F>>,
    work: Workspace<F>,
    predictions: Vec<F>,
}

impl<F: Float> Evaluation<F> {
    /// X (features, m), Y (outputs, m) and a weight for each example, or none.
    ///
    /// # Errors
    /// [`EngineError::Shape`] and [`EngineError::NotFinite`] as [`crate::Trainer::weighted`].
    pub fn new(
        network: &Network,
        x: MatRef<'_, F>,
        y: MatRef<'_, F>,
        weights: &[f64],
    ) -> Result<Self, EngineError> {
        F::evaluation(network, x, y, weights)
    }

    pub(crate) fn lay_out(
        network: &Network,
        x: MatRef<'_, F>,
        y: MatRef<'_, F>,
        weights: &[f64],
    ) -> Result<Self, EngineError> {
        let (m, weights) = (x.cols(), network.check_examples(x, y, weights)?);
        Ok(Self {
            x: Tiles::from_matrix(x),
            y: Tiles::from_matrix(y),
            weights: (!weights.is_empty()).then(|| Tiles::from_matrix(MatRef::new(&weights, 1, m))),
            work: Workspace::new(network, network.block::<F>(m)),
            predictions: vec![F::ZERO; network.outputs() * m],
        })
    }

    /// The loss at these parameters, averaged over the examples (by their weights), without the penalty. The predictions
    /// are kept.
    pub fn loss(&mut self, network: &Network, params: &[F]) -> f64 {
        F::evaluate(self, network, params)
    }

    pub(crate) fn pass(&mut self, network: &Network, params: &[F]) -> f64 {
        let (isa, outputs, m) = (Isa::best(), network.outputs(), self.x.view().m());
        let capacity = self.work.capacity();
        let mut total = F::ZERO_LINE;
        for first in (0..m).step_by(capacity) {
            let x = self.x.view().examples(first, capacity);
            network.forward(params, x, Pass::Predict, &mut self.work);
            let weights = self.weights.as_ref().map(|weights| weights.view().examples(first, capacity));
            let targets = Targets { y: self.y.view().examples(first, capacity), weights };
            network.loss().add_value(isa, self.work.logits(), targets, &mut total);
            network.predict_block(&self.work, |p: TilesRef<'_, F>| {
                for k in 0..outputs {
                    (0..p.m()).for_each(|j| self.predictions[k * m + first + j] = p.at(k, j));
                }
            });
        }
        F::sum_of_lanes(isa, &total).to_f64() / m as f64
    }

    /// The predictions of the last time, (outputs, m).
    pub fn predictions(&self) -> &[F] {
        &self.predictions
    }
}
