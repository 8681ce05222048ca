//! A football pitch: where does the ball land, and which team heads it?
//!
//! Our own stand-in for the course's data file, of the same size and kind: two classes with a diagonal border
//! that noise makes unclear, few enough points for a network to learn the noise by heart.

use nablab_engine::rng::NumpyRng;

use crate::{DataError, Dataset, Parts};

/// Points in the training set of [`pitch_parts`].
pub const PITCH_TRAIN: usize = 211;
/// Points in the test set of [`pitch_parts`].
pub const PITCH_TEST: usize = 200;

/// Standard deviation of the noise across the border: about one point in thirteen ends on the wrong side.
pub const PITCH_NOISE: f64 = 0.12;

/// Length and width of the pitch.
const X1: (f64, f64) = (-0.6, 0.3);
const X2: (f64, f64) = (-0.65, 0.6);

/// How far a point lies above the border, which runs up to the right and bends a little.
fn above_border(x1: f64, x2: f64) -> f64 {
    x2 - (1.1 * (x1 + 0.15) + 0.07 * (7.0 * x1).sin())
}

/// Uniform points; label 1 where the point, moved by noise, lies above the border.
pub(super) fn pitch(samples: usize, noise: f64, seed: u32) -> Result<Dataset, DataError> {
    draw(samples, noise, &mut NumpyRng::new(seed))
}

/// A training set of 211 and a test set of 200 points from one stream: what the regularisation lab runs on
/// when no data file is given.
///
/// # Errors
/// None in practice: the sizes are fixed.
pub fn pitch_parts(seed: u32) -> Result<Parts, DataError> {
    let mut rng = NumpyRng::new(seed);
    let train = draw(PITCH_TRAIN, PITCH_NOISE, &mut rng)?;
    Ok(Parts { train, test: Some(draw(PITCH_TEST, PITCH_NOISE, &mut rng)?) })
}

fn draw(samples: usize, noise: f64, rng: &mut NumpyRng) -> Result<Dataset, DataError> {
    let (mut rows, mut labels) = (Vec::with_capacity(2 * samples), Vec::with_capacity(samples));
    for _ in 0..samples {
        let [x1, x2] = [X1, X2].map(|(low, high)| low + (high - low) * rng.uniform());
        labels.push(u32::from(above_border(x1, x2) + noise * rng.gaussian() > 0.0));
        rows.extend([x1, x2]);
    }
    Dataset::from_rows(2, &rows, labels)
}
