//! The labs: the published numbers, and the words about them.

mod by_hand;
mod course;
mod lessons;
mod hand_in;
mod exercises;
mod variant;
mod words;

/// A thread for each core.
fn all_threads() -> std::num::NonZeroUsize {
    std::thread::available_parallelism().unwrap()
}
