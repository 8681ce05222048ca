//! Who has enough once so many parts are done.

use std::sync::atomic::{AtomicBool, Ordering};

use nablab_engine::{Done, Watch};

pub(crate) struct StopsAfter {
    most: usize,
    has_enough: AtomicBool,
}

impl StopsAfter {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, has_enough: AtomicBool::new(false) }
    }
}

impl Watch<Done> for StopsAfter {
    fn saw(&self, event: &Done) {
        self.has_enough.fetch_or(event.done >= self.most, Ordering::Relaxed);
    }

    fn stop(&self) -> bool {
        self.has_enough.load(Ordering::Relaxed)
    }
}
