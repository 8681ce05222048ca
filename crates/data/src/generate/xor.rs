//! Exclusive or: the smallest problem no line can solve.

use nablab_engine::rng::NumpyRng;

use crate::{DataError, Dataset};

/// Uniform on [−1, 1]²; label 1 where the coordinates differ in sign, then noise.
pub(super) fn xor(samples: usize, noise: f64, seed: u32) -> Result<Dataset, DataError> {
    let mut rng = NumpyRng::new(seed);
    let (mut rows, mut labels) = (Vec::with_capacity(2 * samples), Vec::with_capacity(samples));
    for _ in 0..samples {
        let point: [f64; 2] = std::array::from_fn(|_| 2.0 * rng.uniform() - 1.0);
        labels.push(u32::from((point[0] > 0.0) != (point[1] > 0.0)));
        rows.extend(point.map(|v| v + noise * rng.gaussian()));
    }
    Dataset::from_rows(2, &rows, labels)
}
