//! Two interleaving half circles.

use std::f64::consts::PI;

use super::numpy::{linspace, shuffle_then_blur};
use crate::{DataError, Dataset};

/// Half the points on the upper moon (label 0), the others on the lower one, shifted by (1, ½) (label 1).
pub(super) fn moons(samples: usize, noise: f64, seed: u32) -> Result<Dataset, DataError> {
    let outer = samples / 2;
    let inner = samples - outer;
    let mut points: Vec<[f64; 2]> = linspace(PI, outer).into_iter().map(|t| [t.cos(), t.sin()]).collect();
    points.extend(linspace(PI, inner).into_iter().map(|t| [1.0 - t.cos(), 1.0 - t.sin() - 0.5]));
    let labels = [vec![0; outer], vec![1; inner]].concat();
    shuffle_then_blur(&points, &labels, noise, seed)
}
