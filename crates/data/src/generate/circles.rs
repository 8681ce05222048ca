//! A ring inside a ring.

use std::f64::consts::PI;

use super::numpy::{linspace_open, shuffle_then_blur};
use crate::{DataError, Dataset};

/// Half the points on the unit circle (label 0), the others on a circle of radius `factor` (label 1).
pub(super) fn circles(samples: usize, noise: f64, factor: f64, seed: u32) -> Result<Dataset, DataError> {
    let outer = samples / 2;
    let inner = samples - outer;
    let ring = |n| linspace_open(2.0 * PI, n, n).into_iter();
    let mut points: Vec<[f64; 2]> = ring(outer).map(|t| [t.cos(), t.sin()]).collect();
    points.extend(ring(inner).map(|t| [t.cos() * factor, t.sin() * factor]));
    let labels = [vec![0; outer], vec![1; inner]].concat();
    shuffle_then_blur(&points, &labels, noise, seed)
}
