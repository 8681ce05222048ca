//! Generators: each a function of its arguments, drawing from NumPy's legacy generator.
//!
//! | name | what | equals |
//! | --- | --- | --- |
//! | `circles` | a ring inside a ring | scikit-learn's `make_circles`, bit for bit |
//! | `moons` | two interleaving half circles | scikit-learn's `make_moons`, bit for bit |
//! | `blobs` | Gaussian clusters | scikit-learn's `make_blobs`, bit for bit |
//! | `xor` | four squares, opposite ones alike | |
//! | `spirals` | interleaving spiral arms | |
//! | `pitch` | a noisy diagonal border on a football pitch | |
//!
//! Without noise the arrays are those of scikit-learn's `noise=0.0`; its `noise=None` gives the same numbers, but
//! `-0.0` instead of `0.0` in circles of factor 0.

mod blobs;
mod circles;
mod described;
mod moons;
mod numpy;
mod pitch;
mod spirals;
mod xor;

pub use described::{DescribedGenerator, Parameter, ParameterKind};
pub use pitch::{PITCH_NOISE, PITCH_TEST, PITCH_TRAIN, pitch_parts};

use serde::{Deserialize, Serialize};

use crate::{DataError, Dataset};

/// More examples than this are a typing error, not a toy data set.
pub const MAX_SAMPLES: usize = 10_000_000;

/// A generator with its parameters, as plain data.
///
/// ```
/// use nablab_data::Generator;
/// let moons = Generator::Moons { samples: 300, noise: 0.2, seed: 3 }.generate()?;
/// // np.random.seed(3); sklearn.datasets.make_moons(300, noise=.2)[0][0, 0]
/// assert_eq!(moons.feature(0)[0], -0.21687013460912397);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Generator {
    /// `np.random.seed(seed); make_circles(samples, noise=noise, factor=factor)`
    Circles {
        /// Points in all.
        samples: usize,
        /// Standard deviation of the noise on both coordinates.
        #[serde(default)]
        noise: f64,
        /// Radius of the inner ring, in [0, 1).
        #[serde(default = "default_factor")]
        factor: f64,
        /// NumPy's seed.
        #[serde(default)]
        seed: u32,
    },
    /// `np.random.seed(seed); make_moons(samples, noise=noise)`
    Moons {
        /// Points in all.
        samples: usize,
        /// Standard deviation of the noise on both coordinates.
        #[serde(default)]
        noise: f64,
        /// NumPy's seed.
        #[serde(default)]
        seed: u32,
    },
    /// `np.random.seed(seed); make_blobs(samples, centers=centers, cluster_std=noise)`
    Blobs {
        /// Points in all.
        samples: usize,
        /// Standard deviation of each cluster.
        #[serde(default = "default_spread")]
        noise: f64,
        /// Number of clusters.
        #[serde(default = "default_centers")]
        centers: usize,
        /// NumPy's seed.
        #[serde(default)]
        seed: u32,
    },
    /// Uniform points on the square [−1, 1]², label 1 where the signs of the coordinates differ.
    Xor {
        /// Points in all.
        samples: usize,
        /// Standard deviation of the noise added to the coordinates after labelling.
        #[serde(default)]
        noise: f64,
        /// NumPy's seed.
        #[serde(default)]
        seed: u32,
    },
    /// Archimedean spiral arms, one label each.
    Spirals {
        /// Points in all.
        samples: usize,
        /// Standard deviation of the noise on both coordinates.
        #[serde(default)]
        noise: f64,
        /// Number of arms.
        #[serde(default = "default_arms")]
        arms: usize,
        /// NumPy's seed.
        #[serde(default)]
        seed: u32,
    },
    /// Points on a football pitch: which team heads the ball? A diagonal border, blurred by noise.
    Pitch {
        /// Points in all.
        samples: usize,
        /// Standard deviation of the noise across the border.
        #[serde(default = "default_pitch_noise")]
        noise: f64,
        /// NumPy's seed.
        #[serde(default)]
        seed: u32,
    },
}

fn default_factor() -> f64 {
    described::FACTOR
}
fn default_spread() -> f64 {
    described::SPREAD
}
fn default_centers() -> usize {
    described::CENTERS
}
fn default_arms() -> usize {
    described::ARMS
}
fn default_pitch_noise() -> f64 {
    PITCH_NOISE
}

impl Generator {
    /// Name as in recipes and on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Circles { .. } => "circles",
            Self::Moons { .. } => "moons",
            Self::Blobs { .. } => "blobs",
            Self::Xor { .. } => "xor",
            Self::Spirals { .. } => "spirals",
            Self::Pitch { .. } => "pitch",
        }
    }

    /// Make the data set.
    ///
    /// # Errors
    /// [`DataError::Parameter`] for a value outside its range.
    pub fn generate(&self) -> Result<Dataset, DataError> {
        let set = self.make()?;
        match set.x().iter().find(|v| !v.is_finite()) {
            Some(v) => {
                Err(parameter("noise", "so small that all coordinates are finite", format!("one of {v}")))
            }
            None => Ok(set),
        }
    }

    fn make(&self) -> Result<Dataset, DataError> {
        match *self {
            Self::Circles { samples, noise, factor, seed } => {
                check(samples, noise)?;
                if !(0.0..1.0).contains(&factor) {
                    return Err(parameter("factor", "in [0, 1)", factor));
                }
                circles::circles(samples, noise, factor, seed)
            }
            Self::Moons { samples, noise, seed } => {
                check(samples, noise)?;
                moons::moons(samples, noise, seed)
            }
            Self::Blobs { samples, noise, centers, seed } => {
                check(samples, noise)?;
                check_count("centers", centers)?;
                blobs::blobs(samples, noise, centers, seed)
            }
            Self::Xor { samples, noise, seed } => {
                check(samples, noise)?;
                xor::xor(samples, noise, seed)
            }
            Self::Spirals { samples, noise, arms, seed } => {
                check(samples, noise)?;
                check_count("arms", arms)?;
                spirals::spirals(samples, noise, arms, seed)
            }
            Self::Pitch { samples, noise, seed } => {
                check(samples, noise)?;
                pitch::pitch(samples, noise, seed)
            }
        }
    }
}

fn check(samples: usize, noise: f64) -> Result<(), DataError> {
    if !(1..=MAX_SAMPLES).contains(&samples) {
        return Err(parameter("samples", format!("from 1 to {MAX_SAMPLES}"), samples));
    }
    if !(noise.is_finite() && noise >= 0.0) {
        return Err(parameter("noise", "a finite number, 0 or more", noise));
    }
    Ok(())
}

fn check_count(name: &'static str, count: usize) -> Result<(), DataError> {
    if (2..=1000).contains(&count) { Ok(()) } else { Err(parameter(name, "from 2 to 1000", count)) }
}

fn parameter(name: &'static str, expected: impl Into<String>, got: impl ToString) -> DataError {
    DataError::Parameter { name, expected: expected.into(), got: got.to_string() }
}
