//! Random numbers: NumPy's generator, the streams derived from one seed, and fast random bits for dropout.
//!
//! ```
//! use nablab_engine::rng::NumpyRng;
//! let mut rng = NumpyRng::new(1);
//! assert_eq!(rng.uniform(), 0.417022004702574);
//! assert_eq!(rng.gaussian(), -0.8021728386486427);
//! assert_eq!(rng.permutation(5), [2, 3, 4, 1, 0]);
//! ```
//!
//! The same in Python, with the same numbers:
//!
//! ```python
//! np.random.seed(1)
//! np.random.rand()          # 0.417022004702574
//! np.random.randn()         # -0.8021728386486427
//! np.random.permutation(5)  # [2 3 4 1 0]
//! ```

mod bernoulli;
mod numpy;

pub use bernoulli::Bernoulli;
pub use numpy::NumpyRng;

/// What random numbers are for. Each purpose has its own stream, so that drawing more for one (a larger batch,
/// another dropout rate) does not change another (the initial weights).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Initial weights.
    Weights = 1,
    /// Order of the examples.
    Shuffle = 2,
    /// Dropout masks.
    Dropout = 3,
    /// Splitting data into parts.
    Split = 4,
}

impl Stream {
    /// The generator of this stream for a seed, `np.random.RandomState([low word, high word, k])` in NumPy,
    /// with k = 1 for weights, 2 for shuffling, 3 for dropout, 4 for splitting.
    ///
    /// ```
    /// use nablab_engine::rng::Stream;
    /// // np.random.RandomState([7, 0, 1]).rand()
    /// assert_eq!(Stream::Weights.rng(7).uniform(), 0.9625990769630326);
    /// ```
    pub fn rng(self, seed: u64) -> NumpyRng {
        NumpyRng::from_key(&[seed as u32, (seed >> 32) as u32, self as u32])
    }
}
