//! Bytes that all sessions have together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many bytes, for all who ask.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    all: usize,
    left: Arc<AtomicUsize>,
}

/// Some of the bytes. They go back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    bytes: usize,
    budget: Budget,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { all: bytes, left: Arc::new(AtomicUsize::new(bytes)) }
    }

    /// So many of them, if they are left.
    pub(crate) fn share(&self, bytes: usize) -> Option<Share> {
        let take = |left: usize| left.checked_sub(bytes);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok()?;
        Some(Share { bytes, budget: self.clone() })
    }

    pub(crate) fn all(&self) -> usize {
        self.all
    }

    /// What is taken.
    pub(crate) fn used(&self) -> usize {
        self.all - self.left.load(Ordering::Relaxed)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.left.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_back() {
        let budget = Budget::new(10);
        let seven = budget.share(7).unwrap();
        assert!(budget.share(4).is_none());
        let three = budget.share(3).unwrap();
        drop((seven, three));
        assert!(budget.share(10).is_some());
    }
}
