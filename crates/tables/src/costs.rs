//! What is seen of an epoch while it is trained.

use std::fmt;

use nablab_engine::{Float, Observer, Progress};

/// Observes an epoch: the mean cost of its batches, and the parameters before and after its last step where they are wanted.
pub struct Costs<'s, F> {
    pub(crate) sum: f64,
    pub(crate) examples: f64,
    pub(crate) step: u64,
    pub(crate) learning_rate: f64,
    pub(crate) wants_cost: bool,
    pub(crate) wants_update: bool,
    pub(crate) update: Option<(Vec<F>, Vec<F>)>,
    /// Says whether to give the epoch up, where it can be.
    pub(crate) stop: Option<&'s (dyn Fn() -> bool + Sync)>,
}

impl<'s, F> Costs<'s, F> {
    pub(crate) fn new(
        wants_cost: bool,
        wants_update: bool,
        stop: Option<&'s (dyn Fn() -> bool + Sync)>,
    ) -> Self {
        Self {
            sum: 0.0,
            examples: 0.0,
            step: 0,
            learning_rate: 0.0,
            wants_cost,
            wants_update,
            update: None,
            stop,
        }
    }
}

impl<F> fmt::Debug for Costs<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Costs")
            .field("sum", &self.sum)
            .field("examples", &self.examples)
            .finish_non_exhaustive()
    }
}

impl<F: Float> Observer<F> for Costs<'_, F> {
    fn gives_up(&mut self) -> bool {
        self.stop.is_some_and(|stop| stop())
    }

    fn wants_cost(&mut self, _: &Progress) -> bool {
        self.wants_cost
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        self.sum += cost.to_f64() * at.examples as f64;
        self.examples += at.examples as f64;
        (self.step, self.learning_rate) = (at.step + 1, at.learning_rate);
    }

    fn wants_update(&mut self, at: &Progress) -> bool {
        self.wants_update && at.batch + 1 == at.batches
    }

    fn update(&mut self, _: &Progress, before: &[F], after: &[F]) {
        self.update = Some((before.to_vec(), after.to_vec()));
    }
}
