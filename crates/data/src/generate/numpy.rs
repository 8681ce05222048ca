//! The NumPy idioms the generators are made of, with NumPy's order of operations.

use nablab_engine::rng::NumpyRng;

use crate::{DataError, Dataset};

/// `np.linspace(0, stop, n, endpoint=True)`: a step, multiplied; the last point is `stop` itself.
pub(super) fn linspace(stop: f64, n: usize) -> Vec<f64> {
    let mut points = linspace_open(stop, n, n.saturating_sub(1));
    if n > 1 {
        points[n - 1] = stop;
    }
    points
}

/// `np.linspace(0, stop, n, endpoint=False)` with `parts` = n.
pub(super) fn linspace_open(stop: f64, n: usize, parts: usize) -> Vec<f64> {
    if parts == 0 {
        return vec![0.0; n];
    }
    let step = stop / parts as f64;
    (0..n).map(|i| i as f64 * step).collect()
}

/// Shuffle, then add Gaussian noise: `shuffle(X, y); X += normal(scale=noise, size=X.shape)`.
pub(super) fn shuffle_then_blur(
    points: &[[f64; 2]],
    labels: &[u32],
    noise: f64,
    seed: u32,
) -> Result<Dataset, DataError> {
    let mut rng = NumpyRng::new(seed);
    let order = rng.permutation(points.len());
    let mut blurred = |v: f64| v + (0.0 + noise * rng.gaussian());
    let rows: Vec<f64> = order.iter().flat_map(|&j| points[j]).map(&mut blurred).collect();
    Dataset::from_rows(2, &rows, order.iter().map(|&j| labels[j]).collect())
}
