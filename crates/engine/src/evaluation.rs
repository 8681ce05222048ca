//! Judging parameters on examples that stay the same: the loss and the predictions, again and again.

use crate::survey::{predict, take_start};
use crate::threads::Threads;
use crate::y::Laid;
use crate::{EngineError, Float, Isa, MatRef, Network, Pass, Targets, Tiles, Trainer, Workspace, YRef};

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
    y: Laid<F>,
    weights: Option<Tiles<F>>,
    threads: Threads,
    /// Examples of a block, and blocks that go through side by side.
    size: usize,
    count: usize,
    /// Made when the first pass needs them.
    blocks: Vec<Block<F>>,
    predictions: Vec<F>,
}

/// Examples on their way through the network, and room for what it says of them.
#[derive(Clone, Debug)]
struct Block<F: Float> {
    work: Workspace<F>,
    said: Vec<F::Line>,
    /// Y, where it is made of classes.
    y: Tiles<F>,
}

impl<F: Float> Evaluation<F> {
    /// X (features, m), Y (outputs, m) and a weight for each example, or none.
    ///
    /// # Errors
    /// [`EngineError::Shape`] and [`EngineError::NotFinite`] as [`crate::Trainer::weighted`].
    pub fn new<'y>(
        network: &Network,
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
        weights: &[f64],
    ) -> Result<Self, EngineError> {
        F::evaluation(network, x, y.into(), weights)
    }

    pub(crate) fn lay_out(
        network: &Network,
        x: MatRef<'_, F>,
        y: YRef<'_, F>,
        weights: &[f64],
    ) -> Result<Self, EngineError> {
        let (m, weights) = (x.cols(), network.check_examples(x, y, weights)?);
        Ok(Self {
            x: Tiles::from_matrix(x),
            y: Laid::new(y),
            weights: (!weights.is_empty()).then(|| Tiles::from_matrix(MatRef::new(&weights, 1, m))),
            threads: Threads::ONE,
            size: network.block::<F>(m),
            count: 1,
            blocks: Vec::new(),
            predictions: Vec::new(),
        })
    }

    /// The loss at these parameters, averaged over the examples (by their weights), without the penalty. The predictions
    /// are kept.
    pub fn loss(&mut self, network: &Network, params: &[F]) -> f64 {
        F::evaluate(self, network, params)
    }

    /// Compute on these threads, where there is enough for them.
    pub(crate) fn on_threads(mut self, network: &Network, threads: &Threads) -> Self {
        // Multiply-adds of a pass that takes several times as long as to wake a thread.
        const ENOUGH: usize = 1 << 23;
        let m = self.x.view().m();
        // Several blocks for each, because they are waited for together; one of thousands of outputs is long enough, and large.
        const MANY: usize = 1 << 20;
        let each = if self.size * network.outputs() < MANY { 4 } else { 1 };
        let count = (each * threads.count()).min(m.div_ceil(self.size));
        if threads.count() > 1 && count > 1 && m.saturating_mul(network.layout().len()) > ENOUGH {
            (self.count, self.threads) = (count, threads.clone());
        }
        self
    }

    pub(crate) fn pass(&mut self, network: &Network, params: &[F]) -> f64 {
        let Self { x, y, weights, threads, size, count, blocks, predictions } = self;
        let (isa, m, size) = (Isa::best(), x.view().m(), *size);
        let block = || Block {
            work: Workspace::new(network, size),
            said: Vec::new(),
            y: Tiles::zeros(network.outputs(), y.room(size)),
        };
        blocks.resize_with(*count, block);
        predictions.resize(network.outputs() * m, F::ZERO);
        let mut rows: Vec<&mut [F]> = predictions.chunks_mut(m).collect();
        let mut total = F::ZERO_LINE;
        // The loop itself runs on one of the threads, so that the others stay awake.
        threads.host(|| {
            for start in (0..m).step_by(size * blocks.len()) {
                let starts = (start..m).step_by(size);
                let with_rows = |(block, first)| (block, first, take_start(&mut rows, size.min(m - first)));
                let parts = blocks.iter_mut().zip(starts.clone()).map(with_rows);
                threads.each(parts, |(block, first, mut rows): (&mut Block<F>, _, Vec<&mut [F]>)| {
                    network.forward(params, x.view().examples(first, size), Pass::Predict, &mut block.work);
                    predict(network, &block.work, &mut block.said, &mut rows);
                    y.fill(first, size, &mut block.y);
                });
                // One after the other, so that the sum does not depend on the threads.
                for (block, first) in blocks.iter().zip(starts) {
                    let weights = weights.as_ref().map(|weights| weights.view().examples(first, size));
                    let targets = Targets { y: y.examples(first, size, &block.y), weights };
                    network.loss().add_value(isa, block.work.logits(), targets, &mut total);
                }
            }
        });
        F::sum_of_lanes(isa, &total).to_f64() / m as f64
    }

    /// Give back the room of passes and predictions: with many outputs it is large. The next pass makes it anew.
    pub fn release(&mut self) {
        (self.blocks, self.predictions) = (Vec::new(), Vec::new());
    }

    /// The predictions of the last time, (outputs, m); none before a first one.
    pub fn predictions(&self) -> &[F] {
        &self.predictions
    }
}

impl<F: Float> Trainer<F> {
    /// Other examples to judge this training on, on its threads; as [`Evaluation::new`].
    ///
    /// # Errors
    /// As there.
    pub fn evaluation<'y>(
        &self,
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
        weights: &[f64],
    ) -> Result<Evaluation<F>, EngineError> {
        Ok(Evaluation::new(self.network(), x, y, weights)?.on_threads(self.network(), &self.threads))
    }
}
