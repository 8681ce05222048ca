//! A recipe for a table: which columns, which rows to judge on, and how to train.

pub mod choice;
mod class_weight;
mod differences;
mod file;
mod idle;
mod keys;
mod names;

use std::collections::BTreeMap;
use std::path::PathBuf;

use nablab_data::prepare::{AskedTask, Scaling, Type};
use nablab_data::table::{Dialect, Reading};
use nablab_engine::{Hidden, Optimizer, Penalty, Seed, Settings as TrainingSettings};
use serde::{Deserialize, Serialize};

pub use class_weight::ClassWeight;
pub use differences::Difference;
pub(crate) use differences::differences;
pub(crate) use file::Given;
pub(crate) use file::name_of;
pub use file::{Document, Value};
pub use names::{by_name, canonical, names_of, none_of};
pub(crate) use names::{nearest, plain};

use crate::decision_threshold::is_inside;
use crate::range_test::two_digits;
use crate::{Error, Threshold};

/// Everything that decides the result of a training on a table, and nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Which columns, and what becomes of them.
    pub data: Columns,
    /// Which rows to judge on, and when to stop.
    pub validation: Validation,
    /// The network and its training. The loss follows from the task.
    pub training: TrainingSettings,
}

/// Which columns of which file, and what becomes of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Columns {
    /// The table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// What is to be predicted.
    pub target: Vec<String>,
    /// Of what kind that is; found out where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<AskedTask>,
    /// Leave out the rows without a target; they are an error otherwise.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub drop_missing_target: bool,
    /// Columns to learn from; where none is named, all that fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Columns not to learn from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Types of columns that are not to be found out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<String, Type>,
    /// Of numbers. Default standard.
    pub scaling: Scaling,
    /// How the file is read, where that is not to be found out.
    #[serde(skip_serializing_if = "Dialect::is_empty")]
    pub reading: Dialect,
    /// A column that says how much each row counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<String>,
    /// How much the rows of each class count. Default the same.
    pub class_weight: ClassWeight,
    /// Share of a class's target that goes to all classes alike, in [0, 1). Default 0.
    pub label_smoothing: f64,
}

/// Which rows to judge on, and when to stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Validation {
    /// Share of the rows held out, in [0, 1); 0 for none. Default 0.1.
    pub share: f64,
    /// One of several parts to judge on, instead of a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fold: Option<Fold>,
    /// Another table to judge on, instead of a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// A column whose equal values stay on one side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// A column of numbers or dates: the last rows by it are held out, and each fold lies behind what it is learned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Stop after so many epochs without a lower validation loss, and go back to the best; 0 for never, the default.
    pub patience: u64,
    /// From which probability on the second of two classes is predicted: a number, or a metric that is to be high on the rows
    /// held out. Default a half, so that the more probable class is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
}

/// One of the parts of a cross-validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fold {
    /// Which, from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
}

impl Default for Validation {
    fn default() -> Self {
        Self { share: 0.1, fold: None, file: None, group: None, by: None, patience: 0, threshold: None }
    }
}

impl Validation {
    /// Rows are held out.
    pub fn is_wanted(&self) -> bool {
        self.file.is_some() || self.fold.is_some() || self.share > 0.0
    }
}

/// The default penalty of a table of few rows.
const L2: f64 = 0.2;
/// A table of more has a weaker one, and enough rows held out to stop early by.
const FEW_ROWS: usize = 700;
/// How early.
const PATIENCE: u64 = 40;

/// What a training on a table uses where nothing is said; `docs/defaults.md` has the reasons.
impl Default for Settings {
    fn default() -> Self {
        let training = TrainingSettings {
            hidden: [128, 64].map(|units| Hidden { dropout: 0.2, ..Hidden::relu(units) }).to_vec(),
            penalty: Penalty { l2: L2, l1: 0.0 },
            batch_size: Some(32),
            epochs: 200,
            ..TrainingSettings::default()
        };
        Self { data: Columns::default(), validation: Validation::default(), training }
    }
}

impl Settings {
    /// The defaults of a training by this rule: L-BFGS takes full batches and no dropout, the others mini-batches.
    pub fn by(optimizer: Optimizer) -> Self {
        let mut settings = Self::default();
        settings.training.optimizer = optimizer;
        settings.suit_optimizer(false, false);
        settings
    }

    /// Take full batches and leave dropout away where the rule wants that, but keep what was `given`.
    pub fn suit_optimizer(&mut self, batch_size_given: bool, dropout_given: bool) {
        let Optimizer::LBfgs { .. } = self.training.optimizer else { return };
        if !batch_size_given {
            self.training.batch_size = None;
        }
        if !dropout_given {
            self.training.hidden.iter_mut().for_each(|layer| layer.dropout = 0.0);
        }
    }

    /// The defaults of a table of so many rows, but keep what was `given`. Up to 700 they are those of [`Settings::default`]. What keeps
    /// a network from learning their noise by heart keeps it from learning from many more: the penalty falls as rows grow, and
    /// the rows held out say when to stop. L-BFGS goes to its minimum, and a full batch divides the penalty by all rows as it is.
    pub fn suit_rows(&mut self, rows: usize, l2_given: bool, patience_given: bool) {
        if rows <= FEW_ROWS {
            return;
        }
        if !l2_given && self.training.batch_size.is_some() {
            self.training.penalty.l2 = two_digits(L2 * FEW_ROWS as f64 / rows as f64);
        }
        let descends = !matches!(self.training.optimizer, Optimizer::LBfgs { .. });
        if !patience_given && descends && self.validation.is_wanted() {
            self.validation.patience = PATIENCE;
        }
    }

    /// How the table is to be read: what is a name by these settings keeps its text. Where nothing says what the target is,
    /// it may be one.
    pub fn reading(&self) -> Reading {
        let is = |name: &String, of: Type| self.data.types.get(name) == Some(&of);
        let is_number =
            |name: &String| self.data.task == Some(AskedTask::Regression) || is(name, Type::Number);
        let targets = self.data.target.iter().filter(|name| !is_number(name));
        let categories = self.data.types.keys().filter(|name| is(name, Type::Category));
        let (data, types) = (&self.data, &self.data.types);
        let others = data.weight.iter().chain(&self.validation.group).chain(&self.validation.by);
        let named =
            data.target.iter().chain(&data.features).chain(&data.ignore).chain(types.keys()).chain(others);
        Reading {
            written: targets.chain(categories).chain(&self.validation.group).cloned().collect(),
            numbers: types.keys().filter(|name| is(name, Type::Number)).cloned().collect(),
            names: named.cloned().collect(),
            targets: data.target.iter().cloned().collect(),
            // What the table is cut by is looked at, whether or not it is learned from.
            ignored: data
                .ignore
                .iter()
                .filter(|name| self.validation.by.as_ref() != Some(name))
                .cloned()
                .collect(),
            dialect: data.reading.clone(),
            kept: None,
            threads: None,
        }
    }

    /// Check what the engine does not: shares, the number of the fold, and that a recipe has room for the numbers and the names.
    ///
    /// # Errors
    /// [`Error::Setting`].
    pub fn check(&self) -> Result<(), Error> {
        for (field, share) in
            [("validation.share", self.validation.share), ("data.label_smoothing", self.data.label_smoothing)]
        {
            if !(0.0..1.0).contains(&share) {
                return Err(Error::Setting { field, expected: "in [0, 1)".into(), got: share.to_string() });
            }
        }
        if let ClassWeight::Of(weights) = &self.data.class_weight
            && let Some((class, weight)) = weights.iter().find(|(_, w)| !w.is_finite() || **w < 0.0)
        {
            let (field, got) = ("data.class_weight", format!("{class} = {weight}"));
            return Err(Error::Setting { field, expected: "0 or more for each class".into(), got });
        }
        if let Some(Threshold::At(at)) = self.validation.threshold
            && !is_inside(at)
        {
            let (field, expected) = ("validation.threshold", "above 0 and below 1".into());
            return Err(Error::Setting { field, expected, got: at.to_string() });
        }
        let seed = match self.training.seed {
            Seed::Streams(seed) => seed,
            Seed::Course { .. } => 0,
        };
        let units = self.training.hidden.iter().map(|layer| ("hidden.units", layer.units as u64));
        let numbers = [
            ("seed", seed),
            ("epochs", self.training.epochs),
            ("batch_size", self.training.batch_size.unwrap_or(1) as u64),
            ("validation.patience", self.validation.patience),
            ("validation.fold.of", self.validation.fold.map_or(1, |fold| fold.of as u64)),
        ];
        let mut numbers = numbers.into_iter().chain(units);
        if let Some((field, number)) = numbers.find(|&(_, number)| i64::try_from(number).is_err()) {
            let expected = "at most 2^63 - 1, the largest number of a recipe".into();
            return Err(Error::Setting { field, expected, got: number.to_string() });
        }
        for (field, path) in [("data.file", &self.data.file), ("validation.file", &self.validation.file)] {
            if let Some(path) = path.as_ref().filter(|path| path.to_str().is_none()) {
                let expected =
                    "a name in UTF-8, or a recipe could not hold it; rename the file, or its folder".into();
                return Err(Error::Setting { field, expected, got: path.display().to_string() });
            }
        }
        self.check_idle()?;
        match self.validation.fold {
            Some(Fold { number, of }) if !(1..=of).contains(&number) => {
                let expected = format!("from 1 to {of}").into();
                Err(Error::Setting { field: "validation.fold.number", expected, got: number.to_string() })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checked_recipe_can_be_written() {
        let mut settings = Settings::default();
        settings.training.seed = Seed::Streams(u64::MAX);
        assert!(settings.check().unwrap_err().to_string().starts_with("`seed` must be at most 2^63 - 1"));
        settings.training.seed = Seed::Streams(i64::MAX as u64);
        settings.training.hidden[1].units = usize::MAX;
        assert!(settings.check().unwrap_err().to_string().starts_with("`hidden.units` must be at most"));
        settings.training.hidden[1].units = 3;
        settings.training.batch_size = Some(usize::MAX);
        assert!(settings.check().unwrap_err().to_string().starts_with("`batch_size` must be at most"));
        settings.training.batch_size = None;
        settings.check().unwrap();
        assert_eq!(Settings::from_toml(&settings.to_toml(), "again").unwrap(), settings);
    }

    #[test]
    fn the_penalty_falls_as_rows_grow_and_many_rows_say_when_to_stop() {
        let suited = |mut settings: Settings, rows, given| {
            settings.suit_rows(rows, given, given);
            (settings.training.penalty.l2, settings.validation.patience)
        };
        let default = |rows| suited(Settings::default(), rows, false);
        assert_eq!([1, 700, 1400, 70_000].map(default), [(0.2, 0), (0.2, 0), (0.1, 40), (0.002, 40)]);
        assert_eq!(suited(Settings::default(), 1400, true), (0.2, 0));
        assert_eq!(suited(Settings::by(Optimizer::LBfgs { memory: 10 }), 1400, false), (0.2, 0));
        let unjudged = Settings::from_toml("[validation]\nshare = 0.0", "r.toml").unwrap();
        assert_eq!(suited(unjudged, 1400, false), (0.1, 0));
    }

    #[test]
    fn a_network_of_any_size_is_counted() {
        let hidden = vec![Hidden::relu(i64::MAX as usize); 6];
        let recipe = TrainingSettings { hidden, ..TrainingSettings::default() }.check().unwrap();
        let error = nablab_engine::Network::of::<f32>(&recipe, 1, 1, 1).unwrap_err();
        assert!(matches!(error, nablab_engine::EngineError::Memory { .. }), "{error}");
    }
}
