//! Where a training stands, where it diverges, and who watches it.

use std::fmt;
use std::ops::ControlFlow;

use crate::Place;

/// Where a training stands: before update `step`, in epoch `epoch`, at batch `batch` of `batches`; all from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Updates made so far.
    pub step: u64,
    /// Epochs finished so far.
    pub epoch: u64,
    /// Batch within the epoch.
    pub batch: usize,
    /// Batches per epoch.
    pub batches: usize,
    /// Examples in this batch.
    pub examples: usize,
    /// Learning rate of this step; 1 of L-BFGS, which finds its own.
    pub learning_rate: f64,
}

/// Watches a training without touching it. Costs are computed only where asked for: a logarithm per example
/// is a good part of a small network's step.
pub trait Observer<F> {
    /// Shall the cost of this step be computed?
    fn wants_cost(&mut self, at: &Progress) -> bool;

    /// The cost (mean loss plus penalty) of this batch *before* the update, where it was wanted.
    fn cost(&mut self, at: &Progress, cost: F);

    /// Shall what the penalty adds to the costs that are wanted be told, too?
    fn wants_penalty(&mut self) -> bool {
        false
    }

    /// What the penalty adds to the cost of this batch, where that was wanted.
    fn penalty(&mut self, _at: &Progress, _penalty: F) {}

    /// Are the parameters before and after this step to be shown? It costs a copy of them.
    fn wants_update(&mut self, _at: &Progress) -> bool {
        false
    }

    /// The parameters before and after this step, where they were wanted.
    fn update(&mut self, _at: &Progress, _before: &[F], _after: &[F]) {}

    /// Shall the epoch be given up here, between two steps? It does not count then, but its steps so far are made.
    fn gives_up(&mut self) -> bool {
        false
    }

    /// An epoch has ended, `epochs_done` of them by now. Break to stop the training here.
    fn epoch_end(&mut self, _epochs_done: u64, _params: &[F]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Watches nothing.
impl<F> Observer<F> for () {
    fn wants_cost(&mut self, _: &Progress) -> bool {
        false
    }
    fn cost(&mut self, _: &Progress, _: F) {}
}

/// Where a gradient, or a running statistic of batch normalisation, first stopped being a number.
///
/// An infinite *cost* alone is no divergence: the gradient of cross-entropy stays finite, and a training may recover from
/// it (the course's ×10 run does). An infinite variance makes Ẑ 0 and leaves the gradient finite, too, but the unit would
/// predict a constant from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The update that was not made.
    pub step: u64,
    /// Its epoch.
    pub epoch: u64,
    /// First component of the gradient, or first running statistic, that is infinite or not a number.
    pub place: Place,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.place.role.is_learned() { "gradient of" } else { "running statistic" };
        let Self { step, epoch, place } = self;
        write!(f, "diverged at step {step} (epoch {epoch}): the {what} {place} is not finite")
    }
}
