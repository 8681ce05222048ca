//! What is minimised: the cost of a batch as a function of the parameters, with its gradient.

use crate::batches::Batch;
use crate::dropout::Masks;
use crate::flat::Flat;
use crate::passes::Passes;
use crate::{Float, Network, Penalty};

/// The mean loss of a batch plus the penalty, and what it takes to compute them.
pub(crate) struct Objective<'t, F: Float> {
    pub(crate) network: &'t Network,
    pub(crate) penalty: &'t Penalty,
    pub(crate) batch: &'t Batch<'t, F>,
    pub(crate) passes: &'t mut Passes<F>,
    pub(crate) flat: &'t Flat,
    pub(crate) masks: &'t mut Masks,
}

impl<F: Float> Objective<'_, F> {
    /// forward → loss → backward → mean and penalty: set `grads` to the gradient at `params`. Tells the cost, where it is
    /// wanted, and whether all of the gradient is finite.
    pub(crate) fn at(&mut self, params: &[F], wants_cost: bool, grads: &mut [F]) -> (Option<F>, bool) {
        let (layout, m) = (self.network.layout(), self.batch.m());
        let loss = self.passes.run(self.network, params, self.batch, wants_cost, self.masks);
        let cost = loss.map(|loss| loss + self.penalty.value(layout, params, m));
        let (sums, on) = self.passes.parts();
        (cost, self.flat.mean_gradient(on, sums, self.penalty, (layout, params), m, grads))
    }
}
