//! Changes of settings as loose values, as flags, keyword arguments or a form give them: what is none stays as it is.

mod advice;
mod list;
mod setting;

use std::path::PathBuf;

use nablab_data::prepare::{AskedTask, Scaling, Type};
use nablab_data::table::Dialect;
use nablab_engine::{
    Activation, Clip, Hidden, Init, Optimizer, Precision, Schedule, Seed, Settings as TrainingSettings,
};

pub use list::names_in;
pub use setting::{Setting, SettingGroup};

use crate::recipe::ClassWeight;
use crate::{Error, Settings, Threshold};

/// Changes of settings, each under the name that all doors have for it.
///
/// ```
/// use nablab_tables::{Changes, Rate, Settings};
/// let changes = Changes { layers: Some(vec![8]), learning_rate: Some(Rate::At(0.01)), ..Changes::default() };
/// assert_eq!(changes.given(), ["layers", "learning_rate"]);
/// let mut settings = Settings::default();
/// changes.apply(&mut settings)?;
/// assert_eq!((settings.training.hidden[0].units, settings.training.learning_rate), (8, 0.01));
/// # Ok::<(), nablab_tables::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// What is to be predicted.
    pub target: Option<Vec<String>>,
    /// Kind of the prediction.
    pub task: Option<AskedTask>,
    /// Leave out the rows without a target.
    pub drop_missing_target: bool,
    /// Columns to learn from.
    pub features: Option<Vec<String>>,
    /// Columns not to learn from.
    pub ignore: Option<Vec<String>>,
    /// Types of columns, beside those that are there.
    pub types: Vec<(String, Type)>,
    /// How numbers are scaled.
    pub scaling: Option<Scaling>,
    /// A column that says how much each row counts.
    pub weight: Option<String>,
    /// How much the rows of each class count.
    pub class_weight: Option<ClassWeight>,
    /// Share of each class's target that goes to all classes alike.
    pub label_smoothing: Option<f64>,
    /// From which probability on the second of two classes is predicted.
    pub threshold: Option<Threshold>,
    /// Rows to judge on.
    pub validation: Option<HeldOut>,
    /// Rows with the same value in this column are held out together.
    pub group: Option<String>,
    /// The last rows by this column are held out.
    pub validation_by: Option<String>,
    /// Epochs without a lower validation loss after which to stop; 0 for never.
    pub early_stopping: Option<u64>,
    /// Units of the hidden layers; other sizes keep activation and dropout.
    pub layers: Option<Vec<usize>>,
    /// Activation of the hidden layers.
    pub activation: Option<Activation>,
    /// Initial weights.
    pub init: Option<Init>,
    /// Update rule.
    pub optimizer: Option<Optimizer>,
    /// Learning rate.
    pub learning_rate: Option<Rate>,
    /// Learning rate over time.
    pub schedule: Option<Schedule>,
    /// Rows per step.
    pub batch_size: Option<BatchSize>,
    /// Passes over the data at most.
    pub epochs: Option<u64>,
    /// Penalty on squared weights.
    pub l2: Option<f64>,
    /// Penalty on absolute weights.
    pub l1: Option<f64>,
    /// AdamW's pull of the weights to 0; chooses AdamW where Adam is.
    pub weight_decay: Option<f64>,
    /// Share of the hidden units silenced while training.
    pub dropout: Option<f64>,
    /// Normalise the hidden units over each batch.
    pub batch_norm: bool,
    /// Limit on the gradient.
    pub clip: Option<Clip>,
    /// Number type.
    pub precision: Option<Precision>,
    /// Decides all that is random.
    pub seed: Option<u64>,
    /// How the file is read.
    pub reading: Dialect,
}

/// Rows to judge on.
#[derive(Clone, Debug, PartialEq)]
pub enum HeldOut {
    /// A share of the table's rows.
    Share(f64),
    /// Another table.
    File(PathBuf),
}

/// A learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// This one.
    At(f64),
    /// The one that a range test finds.
    Find,
}

/// Rows per step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchSize {
    /// All of them.
    All,
    /// So many.
    Rows(usize),
}

/// A change, beside what it does nothing, and why.
type Idle = (&'static str, fn(&Settings) -> bool, &'static str);

/// Changes that cannot act. What stands in a recipe as well is refused where recipes are checked ([`Settings::warnings`] and its
/// like), and what depends on the table where that is prepared.
const IDLE: [Idle; 6] = [
    ("activation", has_no_layers, WITHOUT_LAYERS),
    ("dropout", has_no_layers, WITHOUT_LAYERS),
    ("batch_norm", has_no_layers, WITHOUT_LAYERS),
    (
        "learning_rate",
        |settings| matches!(settings.training.optimizer, Optimizer::LBfgs { .. }),
        "with l-bfgs, which searches the length of each step",
    ),
    ("class_weight", is_regression, "in a regression, which has no classes"),
    ("label_smoothing", is_regression, "in a regression, which has no labels"),
];
const WITHOUT_LAYERS: &str = "without hidden layers";

/// An error if one of these changes does nothing beside the other settings.
pub(crate) fn check_idle(given: &[&'static str], settings: &Settings) -> Result<(), Error> {
    match IDLE.iter().find(|(field, is_idle, _)| given.contains(field) && is_idle(settings)) {
        Some((field, _, why)) => Err(Error::Idle { field, why }),
        None => Ok(()),
    }
}

fn has_no_layers(settings: &Settings) -> bool {
    settings.training.hidden.is_empty()
}

fn is_regression(settings: &Settings) -> bool {
    settings.data.task == Some(AskedTask::Regression)
}

impl Changes {
    /// The learning rate is to be found by a range test.
    pub fn finds_learning_rate(&self) -> bool {
        self.learning_rate == Some(Rate::Find)
    }

    /// The defaults of a table of so many rows, for what these do not say. Where there is a recipe, too, a
    /// [`Request`](crate::Request) knows what that says.
    pub fn suit_rows(&self, settings: &mut Settings, rows: usize) {
        settings.suit_rows(rows, self.l2.is_some(), self.early_stopping.is_some());
    }

    /// Change the settings, and check them.
    ///
    /// # Errors
    /// [`Error::Idle`] for a change that would do nothing, [`Error::Setting`] for settings that are none.
    pub fn apply(&self, settings: &mut Settings) -> Result<(), Error> {
        let Settings { data, validation, training } = settings;
        data.reading.change(&self.reading);
        set(&mut data.target, &self.target);
        data.drop_missing_target |= self.drop_missing_target;
        set(&mut data.features, &self.features);
        set(&mut data.ignore, &self.ignore);
        set(&mut data.scaling, &self.scaling);
        set(&mut data.class_weight, &self.class_weight);
        set(&mut data.label_smoothing, &self.label_smoothing);
        data.task = self.task.or(data.task);
        data.weight = self.weight.clone().or(data.weight.take());
        data.types.extend(self.types.iter().cloned());
        validation.group = self.group.clone().or(validation.group.take());
        validation.by = self.validation_by.clone().or(validation.by.take());
        set(&mut validation.patience, &self.early_stopping);
        validation.threshold = self.threshold.or(validation.threshold);
        match &self.validation {
            Some(HeldOut::Share(share)) => (validation.share, validation.file) = (*share, None),
            Some(HeldOut::File(file)) => validation.file = Some(file.clone()),
            None => {}
        }
        self.change_training(training)?;
        if self.optimizer.is_some() {
            settings.suit_optimizer(self.batch_size.is_some(), self.dropout.is_some());
        }
        check_idle(&self.given(), settings)?;
        settings.check()
    }

    fn change_training(&self, training: &mut TrainingSettings) -> Result<(), Error> {
        if let Some(Rate::At(rate)) = self.learning_rate {
            training.learning_rate = rate;
        }
        if let Some(size) = self.batch_size {
            training.batch_size = match size {
                BatchSize::All => None,
                BatchSize::Rows(rows) => Some(rows),
            };
        }
        if let Some(seed) = self.seed {
            training.seed = Seed::Streams(seed);
        }
        set(&mut training.epochs, &self.epochs);
        set(&mut training.penalty.l2, &self.l2);
        set(&mut training.penalty.l1, &self.l1);
        set(&mut training.precision, &self.precision);
        set(&mut training.init, &self.init);
        set(&mut training.optimizer, &self.optimizer);
        set(&mut training.schedule, &self.schedule);
        set(&mut training.clip, &self.clip);
        if let Some(weight_decay) = self.weight_decay {
            training.optimizer = match training.optimizer {
                Optimizer::Adam { beta1, beta2, epsilon, .. }
                | Optimizer::AdamW { beta1, beta2, epsilon, .. } => {
                    Optimizer::AdamW { beta1, beta2, epsilon, weight_decay }
                }
                _ => {
                    return Err(Error::Idle {
                        field: "weight_decay",
                        why: "without adam-w, to which it belongs; l2 is for every rule",
                    });
                }
            };
        }
        if let Some(layers) = &self.layers {
            let like = training.hidden.first().copied().unwrap_or(Hidden::relu(1));
            training.hidden = layers.iter().map(|&units| Hidden { units, ..like }).collect();
        }
        for layer in &mut training.hidden {
            set(&mut layer.activation, &self.activation);
            set(&mut layer.dropout, &self.dropout);
            layer.batch_norm |= self.batch_norm;
        }
        Ok(())
    }

    /// The names of what is given, but for how a file is read. A share or count of 0 that only says the default again is none.
    pub fn given(&self) -> Vec<&'static str> {
        let given =
            Setting::all().filter(|setting| setting.group != SettingGroup::Reading && setting.is_given(self));
        given.map(|setting| setting.name).collect()
    }
}

fn set<T: Clone>(field: &mut T, change: &Option<T>) {
    if let Some(value) = change {
        field.clone_from(value);
    }
}
