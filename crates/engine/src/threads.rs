//! Threads for the parts of a step. How many there are is the caller's choice, and decides nothing but the time: parts
//! are cut so that no result depends on who computes them.

use std::num::NonZeroUsize;
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// A fixed number of threads; one is the caller's own.
#[derive(Clone, Debug)]
pub(crate) struct Threads(Option<Arc<ThreadPool>>);

impl Threads {
    /// The caller's thread alone.
    pub(crate) const ONE: Self = Self(None);

    /// So many; where the system does not give them half as many, down to the caller's alone.
    pub(crate) fn new(count: NonZeroUsize) -> Self {
        let halves = std::iter::successors(Some(count.get()), |count| Some(count / 2));
        let mut pools =
            halves.take_while(|&count| count > 1).map(|count| ThreadPoolBuilder::new().num_threads(count));
        Self(pools.find_map(|pool| pool.build().ok()).map(Arc::new))
    }

    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.as_ref().map_or(1, |pool| pool.current_num_threads())
    }

    /// Run something on these threads, so that its calls of [`Threads::each`] need not wake them up every time.
    pub(crate) fn host<R: Send>(&self, run: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            None => run(),
            Some(pool) => pool.install(run),
        }
    }

    /// Run each part on whatever thread is free, and wait for all.
    #[inline]
    pub(crate) fn each<T: Send>(&self, parts: impl Iterator<Item = T> + Send, run: impl Fn(T) + Sync + Send) {
        match &self.0 {
            None => parts.for_each(run),
            Some(pool) => pool.scope(|scope| {
                let run = &run;
                parts.for_each(|part| scope.spawn(move |_| run(part)));
            }),
        }
    }
}
