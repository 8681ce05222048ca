//! States to come back to: close enough that what lies between two is made again at once.

use nablab_engine::{Float, State};

/// States of one stretch of a training, in order of steps.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoints<F> {
    states: Vec<State<F>>,
    every: u64,
}

/// Steps between the first ones.
const EVERY: u64 = 16;
/// The most of them, and what they may take together.
const MOST: usize = 256;
const MOST_BYTES: usize = 64 << 20;

impl<F: Float> Checkpoints<F> {
    /// Those of a stretch that begins so.
    pub(crate) fn new(start: State<F>) -> Self {
        Self { states: vec![start], every: EVERY }
    }

    /// The start alone, where nobody goes back.
    pub(crate) fn of_start(start: State<F>) -> Self {
        Self { states: vec![start], every: u64::MAX }
    }

    /// Steps until the next one is due.
    pub(crate) fn due_in(&self, step: u64) -> u64 {
        self.every - step % self.every
    }

    /// Keep this one, if it is due. Where there are too many, every other one goes, and fewer come.
    pub(crate) fn offer(&mut self, step: u64, state: impl FnOnce() -> State<F>) {
        let is_ahead = self.states.last().is_some_and(|last| last.step < step);
        if !is_ahead || !step.is_multiple_of(self.every) {
            return;
        }
        self.states.push(state());
        let bytes = |state: &State<F>| (1 + state.moments.len()) * state.params.len() * size_of::<F>();
        if self.states.len() > MOST || self.states.len() * bytes(&self.states[0]) > MOST_BYTES {
            self.every *= 2;
            let first = self.states[0].step;
            self.states.retain(|state| state.step == first || state.step.is_multiple_of(self.every));
        }
    }

    /// The last one at this step or before it; the first one is the start of the stretch.
    pub(crate) fn before(&self, step: u64) -> &State<F> {
        let count = self.states.partition_point(|state| state.step <= step);
        &self.states[count.saturating_sub(1)]
    }

    /// Forget those after this step.
    pub(crate) fn forget_after(&mut self, step: u64) {
        let count = self.states.partition_point(|state| state.step <= step);
        self.states.truncate(count.max(1));
    }
}
