//! A recipe: everything that decides the result of a training, as plain data, and nothing else.
//!
//! The same recipe comes from flags, a TOML file, a page or Python. [`Settings`] is what someone typed;
//! [`Settings::check`] turns it into a [`Recipe`], and only a recipe trains. After that nobody checks again.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};

use crate::name_or_table::name_or_table;
use crate::rng::{NumpyRng, Stream};
use crate::{Activation, Clip, EngineError, Init, Loss, Optimizer, Penalty, Precision, Schedule};

/// A hidden layer. The output layer follows from the loss: one unit per output, no activation on its logits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hidden {
    /// Number of units, ≥ 1.
    pub units: usize,
    /// Default relu.
    #[serde(default = "relu", deserialize_with = "name_or_table")]
    pub activation: Activation,
    /// Share of units silenced while training, in [0, 1); keep probability is 1 − rate. Default 0.
    #[serde(default)]
    pub dropout: f64,
    /// Normalise each unit over the batch, before the activation ([`crate::batch_norm`]). Default false.
    #[serde(default, skip_serializing_if = "is_false")]
    pub batch_norm: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What the cost of a batch is a mean over, and what the strength of its penalty is divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchMean {
    /// Weights are against their mean over all training examples, so an example counts the same in whatever batch it comes;
    /// and the penalty stands against the examples of a full batch, also in one that is left over.
    #[default]
    OfTraining,
    /// Each batch for itself, as scikit-learn's networks do it: Σ w · loss / Σ w over the batch, and the penalty against
    /// the same Σ w. So the penalty pulls harder in a left-over batch.
    OfBatch,
}

impl Hidden {
    /// A relu layer without dropout or normalisation.
    pub fn relu(units: usize) -> Self {
        Self { units, activation: Activation::Relu, dropout: 0.0, batch_norm: false }
    }
}

/// Where the random numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Seed {
    /// One seed, from which weights, shuffling and dropout get streams of their own ([`Stream`]): changing the
    /// batch size does not change the initial weights.
    Streams(u64),
    /// The course's habit, to reproduce it: a seed for each purpose. The generator of dropout is seeded anew
    /// for each pass, so the masks of all passes are the same; that of shuffling with `shuffle` for the first
    /// epoch and one more for each epoch after it.
    Course {
        /// Seed of the initial weights.
        weights: u32,
        /// Seed of the masks.
        dropout: u32,
        /// Seed of the first epoch's permutation.
        shuffle: u32,
    },
}

impl Seed {
    /// The generator of the initial weights.
    pub fn weights(self) -> NumpyRng {
        match self {
            Self::Streams(seed) => Stream::Weights.rng(seed),
            Self::Course { weights, .. } => NumpyRng::new(weights),
        }
    }

    /// The generator of the first epoch's permutation.
    pub(crate) fn shuffle(self) -> NumpyRng {
        match self {
            Self::Streams(seed) => Stream::Shuffle.rng(seed),
            Self::Course { shuffle, .. } => NumpyRng::new(shuffle),
        }
    }

    /// The generator of the dropout masks.
    pub fn dropout(self) -> NumpyRng {
        match self {
            Self::Streams(seed) => Stream::Dropout.rng(seed),
            Self::Course { dropout, .. } => NumpyRng::new(dropout),
        }
    }
}

/// A recipe as typed, not yet checked. Fields left out take the default beside them.
///
/// ```
/// use nablab_engine::{Hidden, Settings};
/// let settings = Settings { hidden: vec![Hidden::relu(0)], ..Settings::default() };
/// let error = settings.check().unwrap_err();
/// assert_eq!(error.to_string(), "`hidden[0].units` must be at least 1, got 0");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Hidden layers, first to last. None makes logistic (or linear) regression. Default: none.
    pub hidden: Vec<Hidden>,
    /// Default sigmoid cross-entropy.
    pub loss: Loss,
    /// Default He.
    #[serde(deserialize_with = "name_or_table")]
    pub init: Init,
    /// Default none.
    pub penalty: Penalty,
    /// Default Adam.
    #[serde(deserialize_with = "name_or_table")]
    pub optimizer: Optimizer,
    /// Default 0.001.
    pub learning_rate: f64,
    /// Default constant.
    #[serde(deserialize_with = "name_or_table")]
    pub schedule: Schedule,
    /// Default none.
    #[serde(deserialize_with = "name_or_table")]
    pub clip: Clip,
    /// Examples per step; left out, all of them (full batch). With batch normalisation at least 2, and a single example left
    /// over at the end of an epoch joins the batch before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<usize>,
    /// What the mean of a batch is over. Default: [`BatchMean::OfTraining`].
    #[serde(skip_serializing_if = "is_default")]
    pub batch_mean: BatchMean,
    /// Passes over the data. Default 100.
    pub epochs: u64,
    /// Default 0.
    pub seed: Seed,
    /// Default `f32`. Decides nothing by itself: a [`crate::Trainer`] computes in the type it is given.
    pub precision: Precision,
}

fn relu() -> Activation {
    Activation::Relu
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hidden: Vec::new(),
            loss: Loss::SigmoidCrossEntropy,
            init: Init::He,
            penalty: Penalty::default(),
            optimizer: Optimizer::ADAM,
            learning_rate: 1e-3,
            schedule: Schedule::Constant,
            clip: Clip::None,
            batch_size: None,
            batch_mean: BatchMean::OfTraining,
            epochs: 100,
            seed: Seed::Streams(0),
            precision: Precision::F32,
        }
    }
}

/// A recipe whose every value is in range. Reads like [`Settings`]; cannot be made without the check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Recipe(Settings);

impl Deref for Recipe {
    type Target = Settings;
    fn deref(&self) -> &Settings {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Recipe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Settings::deserialize(deserializer)?.check().map_err(serde::de::Error::custom)
    }
}

/// Ranges a number can be asked to lie in.
const POSITIVE: (&str, fn(f64) -> bool) = ("a finite number above 0", |v| v.is_finite() && v > 0.0);
const NOT_NEGATIVE: (&str, fn(f64) -> bool) = ("a finite number, 0 or more", |v| v.is_finite() && v >= 0.0);
const SHARE: (&str, fn(f64) -> bool) = ("in [0, 1)", |v| (0.0..1.0).contains(&v));
const FACTOR: (&str, fn(f64) -> bool) = ("in (0, 1]", |v| v > 0.0 && v <= 1.0);
const UNIT: (&str, fn(f64) -> bool) = ("in [0, 1]", |v| (0.0..=1.0).contains(&v));

fn number(
    field: impl Into<String>,
    value: f64,
    range: (&'static str, fn(f64) -> bool),
) -> Result<(), EngineError> {
    let (expected, inside) = range;
    if inside(value) {
        return Ok(());
    }
    Err(EngineError::Setting { field: field.into(), expected, got: value.to_string() })
}

fn count(field: impl Into<String>, value: usize) -> Result<(), EngineError> {
    if value >= 1 {
        return Ok(());
    }
    Err(EngineError::Setting { field: field.into(), expected: "at least 1", got: value.to_string() })
}

impl Settings {
    /// Check every value against its range.
    ///
    /// # Errors
    /// [`EngineError::Setting`] for the first value outside.
    pub fn check(self) -> Result<Recipe, EngineError> {
        for (l, layer) in self.hidden.iter().enumerate() {
            count(format!("hidden[{l}].units"), layer.units)?;
            number(format!("hidden[{l}].dropout"), layer.dropout, SHARE)?;
            if let Activation::LeakyRelu { slope } = layer.activation {
                number(format!("hidden[{l}].activation.slope"), slope, SHARE)?;
            }
        }
        match self.init {
            Init::Normal { scale } => number("init.scale", scale, POSITIVE)?,
            Init::Orthogonal { gain } => number("init.gain", gain, POSITIVE)?,
            _ => {}
        }
        number("penalty.l2", self.penalty.l2, NOT_NEGATIVE)?;
        number("penalty.l1", self.penalty.l1, NOT_NEGATIVE)?;
        match self.optimizer {
            Optimizer::GradientDescent | Optimizer::LBfgs { .. } => {}
            Optimizer::Momentum { beta } | Optimizer::Nesterov { beta } => {
                number("optimizer.beta", beta, SHARE)?
            }
            Optimizer::HeavyBall { beta, .. } => number("optimizer.beta", beta, UNIT)?,
            Optimizer::RmsProp { rho, epsilon } => {
                number("optimizer.rho", rho, SHARE)?;
                number("optimizer.epsilon", epsilon, POSITIVE)?;
            }
            Optimizer::Adam { beta1, beta2, epsilon, .. }
            | Optimizer::AdamW { beta1, beta2, epsilon, .. } => {
                number("optimizer.beta1", beta1, SHARE)?;
                number("optimizer.beta2", beta2, SHARE)?;
                number("optimizer.epsilon", epsilon, POSITIVE)?;
            }
        }
        match self.optimizer {
            Optimizer::AdamW { weight_decay, .. } => {
                number("optimizer.weight_decay", weight_decay, NOT_NEGATIVE)?;
            }
            Optimizer::LBfgs { memory } => {
                count("optimizer.memory", memory)?;
                self.check_for_search()?;
            }
            _ => {}
        }
        number("learning_rate", self.learning_rate, POSITIVE)?;
        match self.schedule {
            Schedule::Constant => {}
            Schedule::Step { every, factor } => {
                number("schedule.every", every, POSITIVE)?;
                number("schedule.factor", factor, FACTOR)?;
            }
            Schedule::Exponential { factor } => number("schedule.factor", factor, POSITIVE)?,
            Schedule::InverseTime { decay } => number("schedule.decay", decay, NOT_NEGATIVE)?,
            Schedule::Cosine { warmup, floor } => {
                number("schedule.warmup", warmup, NOT_NEGATIVE)?;
                number("schedule.floor", floor, UNIT)?;
            }
        }
        match self.clip {
            Clip::None => {}
            Clip::Norm { max } | Clip::Value { max } => number("clip.max", max, POSITIVE)?,
        }
        if let Some(size) = self.batch_size {
            count("batch_size", size)?;
            if size < self.least_batch() {
                return Err(EngineError::Setting {
                    field: "batch_size".into(),
                    expected: "at least 2 with batch normalisation",
                    got: size.to_string(),
                });
            }
        }
        if self.epochs == 0 {
            return Err(EngineError::Setting {
                field: "epochs".into(),
                expected: "at least 1",
                got: "0".into(),
            });
        }
        Ok(Recipe(self))
    }

    /// Examples of a step of a training on so many: those of a full batch, left-overs apart.
    ///
    /// ```
    /// use nablab_engine::Settings;
    /// let settings = Settings { batch_size: Some(32), ..Settings::default() };
    /// assert_eq!((settings.batch_of(100), settings.batch_of(20)), (32, 20));
    /// assert_eq!(Settings::default().batch_of(100), 100);
    /// ```
    pub fn batch_of(&self, examples: usize) -> usize {
        self.batch_size.unwrap_or(examples).min(examples)
    }

    /// What the strength of the penalty is divided by ([`Penalty`]), in a training on so many examples, by their weights: the
    /// examples of a full batch. A left-over batch takes the same, or it would pull on the weights many times as hard.
    ///
    /// ```
    /// use nablab_engine::Settings;
    /// let settings = Settings { batch_size: Some(32), ..Settings::default() };
    /// assert_eq!((settings.penalty_examples(193.0), settings.penalty_examples(20.5)), (32.0, 20.5));
    /// assert_eq!(Settings::default().penalty_examples(193.0), 193.0);
    /// ```
    pub fn penalty_examples(&self, examples: f64) -> f64 {
        self.batch_size.map_or(examples, |size| examples.min(size as f64))
    }

    /// Examples a batch has at least. One alone is its own mean: normalised, it is 0 whatever it was.
    pub(crate) fn least_batch(&self) -> usize {
        if self.hidden.iter().any(|layer| layer.batch_norm) { 2 } else { 1 }
    }

    /// A search along a direction compares costs: nothing may change them but the parameters.
    fn check_for_search(&self) -> Result<(), EngineError> {
        let wrong = |field: String, expected, got: String| Err(EngineError::Setting { field, expected, got });
        if let Some(size) = self.batch_size {
            return wrong(
                "batch_size".into(),
                "all with l-bfgs, which compares whole costs",
                size.to_string(),
            );
        }
        for (l, layer) in self.hidden.iter().enumerate() {
            if layer.dropout > 0.0 {
                let (field, got) = (format!("hidden[{l}].dropout"), layer.dropout.to_string());
                return wrong(field, "0 with l-bfgs, which compares costs", got);
            }
            if layer.batch_norm {
                let field = format!("hidden[{l}].batch_norm");
                return wrong(field, "false with l-bfgs, which learns no running statistics", "true".into());
            }
        }
        if self.schedule != Schedule::Constant {
            return wrong(
                "schedule".into(),
                "constant with l-bfgs, which searches its steps",
                "another".into(),
            );
        }
        if self.clip != Clip::None {
            return wrong(
                "clip".into(),
                "none with l-bfgs, which needs the whole gradient",
                "a limit".into(),
            );
        }
        Ok(())
    }
}
