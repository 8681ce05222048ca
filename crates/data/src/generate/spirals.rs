//! Interleaving spirals: hard for a small network, easy for a wide one.

use std::f64::consts::TAU;

use nablab_engine::rng::NumpyRng;

use crate::{DataError, Dataset};

/// Turns of each arm.
const TURNS: f64 = 1.5;

/// Point j lies on arm j mod `arms`, at a uniform distance r along it, at angle 2π (r · 1.5 + arm / arms).
pub(super) fn spirals(samples: usize, noise: f64, arms: usize, seed: u32) -> Result<Dataset, DataError> {
    let mut rng = NumpyRng::new(seed);
    let (mut rows, mut labels) = (Vec::with_capacity(2 * samples), Vec::with_capacity(samples));
    for j in 0..samples {
        let arm = j % arms;
        let radius = rng.uniform();
        let angle = TAU * (radius * TURNS + arm as f64 / arms as f64);
        rows.extend([radius * angle.cos(), radius * angle.sin()].map(|v| v + noise * rng.gaussian()));
        labels.push(arm as u32);
    }
    Dataset::from_rows(2, &rows, labels)
}
