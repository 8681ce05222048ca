//! Gaussian clusters.

use nablab_engine::rng::NumpyRng;

use crate::{DataError, Dataset};

/// `centers` uniform in the square [−10, 10]², then the points of each cluster, then a shuffle.
pub(super) fn blobs(samples: usize, spread: f64, centers: usize, seed: u32) -> Result<Dataset, DataError> {
    let mut rng = NumpyRng::new(seed);
    let middles: Vec<[f64; 2]> =
        (0..centers).map(|_| std::array::from_fn(|_| -10.0 + 20.0 * rng.uniform())).collect();
    let (mut points, mut labels) = (Vec::with_capacity(samples), Vec::with_capacity(samples));
    for (label, middle) in middles.iter().enumerate() {
        // The first clusters take the remainder.
        let size = samples / centers + usize::from(label < samples % centers);
        for _ in 0..size {
            points.push(middle.map(|m| m + spread * rng.gaussian()));
            labels.push(label as u32);
        }
    }
    let order = rng.permutation(points.len());
    let rows: Vec<f64> = order.iter().flat_map(|&j| points[j]).collect();
    Dataset::from_rows(2, &rows, order.iter().map(|&j| labels[j]).collect())
}
