//! The generators described, once: a command makes flags of them, a page a form.

use std::str::FromStr;

use super::{Generator, PITCH_NOISE, parameter};
use crate::DataError;

/// A generator: what it is called, what it makes, and what it can be told.
///
/// ```
/// use nablab_data::generate::DescribedGenerator;
/// let circles = DescribedGenerator::named("circles").unwrap();
/// let names: Vec<_> = circles.parameters.iter().map(|parameter| (parameter.name, parameter.default)).collect();
/// assert_eq!(names, [("samples", 100.0), ("noise", 0.0), ("seed", 0.0), ("factor", 0.8)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DescribedGenerator {
    /// Its name, as in recipes.
    pub name: &'static str,
    /// What it makes.
    pub meaning: &'static str,
    /// What it can be told.
    pub parameters: &'static [Parameter],
}

/// A parameter of a generator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, as in recipes.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What kind of number it is.
    pub kind: ParameterKind,
    /// What it is where nothing is said.
    pub default: f64,
}

/// A kind of number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A whole number, 0 or more.
    Count,
    /// Any number.
    Real,
    /// A seed of NumPy's: a whole number from 0 to 2³² − 1.
    Seed,
}

pub(super) const FACTOR: f64 = 0.8;
pub(super) const SPREAD: f64 = 1.0;
pub(super) const CENTERS: usize = 3;
pub(super) const ARMS: usize = 2;

const SAMPLES: Parameter = Parameter::new("samples", "Number of points", ParameterKind::Count, 100.0);
const NOISE: Parameter = Parameter::new("noise", "Standard deviation of the noise", ParameterKind::Real, 0.0);
const SEED: Parameter = Parameter::new("seed", "NumPy's seed", ParameterKind::Seed, 0.0);

impl Parameter {
    const fn new(name: &'static str, meaning: &'static str, kind: ParameterKind, default: f64) -> Self {
        Self { name, meaning, kind, default }
    }

    const fn or(self, default: f64) -> Self {
        Self { default, ..self }
    }

    /// The number that a text says, or the default.
    fn read<T: FromStr>(&self, text: Option<String>, expected: &str) -> Result<T, DataError> {
        let text = text.unwrap_or_else(|| self.default.to_string());
        text.trim().parse().map_err(|_| parameter(self.name, expected, text))
    }
}

impl DescribedGenerator {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self {
            name: "circles",
            meaning: "A ring inside a ring: scikit-learn's make_circles, bit for bit",
            parameters: &[
                SAMPLES,
                NOISE,
                SEED,
                Parameter::new("factor", "Radius of the inner ring, in [0, 1)", ParameterKind::Real, FACTOR),
            ],
        },
        Self {
            name: "moons",
            meaning: "Two interleaving half circles: scikit-learn's make_moons, bit for bit",
            parameters: &[SAMPLES, NOISE, SEED],
        },
        Self {
            name: "blobs",
            meaning: "Gaussian clusters: scikit-learn's make_blobs, bit for bit",
            parameters: &[
                SAMPLES,
                NOISE.or(SPREAD),
                SEED,
                Parameter::new("centers", "Number of clusters", ParameterKind::Count, CENTERS as f64),
            ],
        },
        Self {
            name: "xor",
            meaning: "Four squares, opposite ones alike",
            parameters: &[SAMPLES, NOISE, SEED],
        },
        Self {
            name: "spirals",
            meaning: "Interleaving spiral arms",
            parameters: &[
                SAMPLES,
                NOISE,
                SEED,
                Parameter::new("arms", "Number of arms", ParameterKind::Count, ARMS as f64),
            ],
        },
        Self {
            name: "pitch",
            meaning: "A noisy diagonal border on a football pitch",
            parameters: &[SAMPLES, NOISE.or(PITCH_NOISE), SEED],
        },
    ];

    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|described| described.name == name)
    }

    /// The generator with these parameters: for each its text, or none for the default.
    ///
    /// ```
    /// use nablab_data::Generator;
    /// use nablab_data::generate::DescribedGenerator;
    /// let moons = DescribedGenerator::named("moons").unwrap();
    /// let typed = |name: &str| (name == "samples").then(|| "300".to_owned());
    /// assert_eq!(moons.generator(&typed)?, Generator::Moons { samples: 300, noise: 0.0, seed: 0 });
    /// let error = moons.generator(&|_| Some("five".into())).unwrap_err().to_string();
    /// assert!(error.starts_with("`samples` must be a whole number, 0 or more, got five"), "{error}");
    /// # Ok::<(), nablab_data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Parameter`] for a text that is no such number. Whether it is in its range,
    /// [`Generator::generate`] says.
    pub fn generator(&self, text: &dyn Fn(&str) -> Option<String>) -> Result<Generator, DataError> {
        let described = |name| {
            let found = self.parameters.iter().find(|parameter| parameter.name == name);
            found.unwrap_or_else(|| unreachable!("{} has a parameter {name}", self.name))
        };
        let count = |name| described(name).read::<usize>(text(name), "a whole number, 0 or more");
        let real = |name| described(name).read::<f64>(text(name), "a number");
        let (samples, noise) = (count("samples")?, real("noise")?);
        let seed = described("seed").read(text("seed"), "a whole number from 0 to 4294967295")?;
        Ok(match self.name {
            "circles" => Generator::Circles { samples, noise, factor: real("factor")?, seed },
            "moons" => Generator::Moons { samples, noise, seed },
            "blobs" => Generator::Blobs { samples, noise, centers: count("centers")?, seed },
            "xor" => Generator::Xor { samples, noise, seed },
            "spirals" => Generator::Spirals { samples, noise, arms: count("arms")?, seed },
            _ => Generator::Pitch { samples, noise, seed },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is described is what a recipe takes, with the same defaults.
    #[test]
    fn descriptions_and_recipes_agree() {
        for described in DescribedGenerator::ALL {
            let generator = described.generator(&|_| None).unwrap();
            assert_eq!(generator.name(), described.name);
            let short = serde_json::json!({ "source": described.name, "samples": 100 });
            assert_eq!(serde_json::from_value::<Generator>(short).unwrap(), generator);
            let whole = serde_json::to_value(generator).unwrap();
            assert_eq!(whole.as_object().unwrap().len(), described.parameters.len() + 1, "{whole}");
        }
    }
}
