//! How many threads a command computes on.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

/// More than this no machine has cores for.
const MOST: i64 = 1024;

#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(crate) struct Threads {
    /// Threads to compute on [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST))]
    threads: Option<u16>,
}

impl Threads {
    pub(crate) fn count(self) -> NonZeroUsize {
        let asked = self.threads.and_then(|threads| NonZeroUsize::new(threads.into()));
        asked.or(available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }
}
