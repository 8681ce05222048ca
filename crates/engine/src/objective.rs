//! What is minimised: the cost of a batch as a function of the parameters, with its gradient.

use crate::batches::Batch;
use crate::dropout::Masks;
use crate::flat::Flat;
use crate::passes::Passes;
use crate::{Float, Network, Penalty};

/// How large the components of a gradient are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// Their squares are finite.
    Tame,
    /// They are finite, but not all of their squares.
    Large,
    /// Not all are finite.
    Infinite,
}

/// The mean loss of a batch plus the penalty, and what it takes to compute them.
///
/// The penalty is the same in every batch, unless [`BatchMean::OfBatch`](crate::BatchMean) is asked for: divided by a batch's own
/// number of examples it pulls on the last, smaller batch of an epoch many times as hard.
pub(crate) struct Objective<'t, F: Float> {
    pub(crate) network: &'t Network,
    pub(crate) penalty: &'t Penalty,
    /// What its strength is divided by: [`crate::Settings::penalty_examples`].
    pub(crate) penalty_examples: f64,
    /// What the summed loss is divided by.
    pub(crate) examples: f64,
    pub(crate) batch: Batch<'t, F>,
    pub(crate) passes: &'t mut Passes<F>,
    pub(crate) flat: &'t Flat,
    pub(crate) masks: &'t mut Masks,
}

impl<F: Float> Objective<'_, F> {
    /// forward → loss → backward → mean and penalty: set `grads` to the gradient at `params`. Tells the cost, where it is
    /// wanted, and how large the gradient is.
    pub(crate) fn at(&mut self, params: &[F], wants_cost: bool, grads: &mut [F]) -> (Option<F>, Size) {
        let (layout, examples) = (self.network.layout(), self.examples);
        let loss = self.passes.run(self.network, params, &self.batch, wants_cost, self.masks);
        let mean = F::from_f64(1.0 / examples);
        let cost = loss.map(|loss| loss * mean + self.penalty.value(layout, params, self.penalty_examples));
        let (sums, on) = self.passes.parts();
        let penalty = (self.penalty, self.penalty_examples);
        let is_tame = self.flat.mean_gradient(on, sums, penalty, (layout, params), mean, grads);
        let size = match is_tame {
            true => Size::Tame,
            false if grads.iter().all(|g| g.is_finite()) => Size::Large,
            false => Size::Infinite,
        };
        (cost, size)
    }
}
