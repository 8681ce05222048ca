//! The labs: the published numbers, and the words about them.

mod by_hand;
mod course;
mod exercises;
mod hand_in;
mod lessons;
mod turned;
mod variant;
mod watching;
mod words;

/// A thread for each core.
fn all_threads() -> std::num::NonZeroUsize {
    std::thread::available_parallelism().unwrap()
}
