//! The end of work that nobody waits for any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nablab_engine::{Observer, Progress};

use crate::SessionError;

/// Ends what a session has in hand, from another thread: between two steps of a training, at the latest.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on, whatever is asked of the session is refused, and what it has in hand ends.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Shall it go on?
    pub(crate) fn check(&self) -> Result<(), SessionError> {
        if self.came() { Err(SessionError::Stopped) } else { Ok(()) }
    }

    /// An observer that also gives up where the end has come.
    pub(crate) fn beside<'o, O>(&'o self, observer: &'o mut O) -> Beside<'o, O> {
        Beside { observer, stop: self }
    }
}

/// An observer that also gives up where the end has come.
pub(crate) struct Beside<'o, O> {
    observer: &'o mut O,
    stop: &'o Stop,
}

impl<F, O: Observer<F>> Observer<F> for Beside<'_, O> {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        self.observer.wants_cost(at)
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        self.observer.cost(at, cost);
    }

    fn wants_update(&mut self, at: &Progress) -> bool {
        self.observer.wants_update(at)
    }

    fn update(&mut self, at: &Progress, before: &[F], after: &[F]) {
        self.observer.update(at, before, after);
    }

    fn gives_up(&mut self) -> bool {
        self.observer.gives_up() || self.stop.came()
    }
}
