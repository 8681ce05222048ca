//! What is known of a training: plain numbers, any of which may be missing.

use nablab_engine::Settings;
use nablab_engine::gradcheck::{Report, Verdict};
use nablab_engine::signals::Signals;
use serde::{Deserialize, Serialize};

use crate::{Lookalike, Score, number};

/// What is known of a training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// What it was trained with.
    pub settings: Option<Settings>,
    /// What was done around it, which advice must heed.
    pub handling: Handling,
    /// Rows learned from.
    pub rows: usize,
    /// What they count for together, by their weights, if that is another number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<f64>,
    /// Epochs done.
    pub epochs: u64,
    /// The numbers to be predicted, as they stand in the table; none for classes that have names.
    pub target: Option<Values>,
    /// The loss of a network that says nothing yet: ln k of k classes, ln 2 of each yes or no, half the mean square of the
    /// targets of a regression.
    pub ignorant: Option<f64>,
    /// The loss of the best answer that looks at no feature. Like all losses here, with the weights of the rows.
    pub constant: Option<f64>,
    /// A row for each epoch, or for some of them. Not part of the JSON: histories have files of their own.
    #[serde(skip)]
    pub history: Vec<EpochLosses>,
    /// What was measured inside, and when.
    pub signals: Vec<Reading>,
    /// Step and place at which a gradient was no number.
    pub diverged: Option<(u64, String)>,
    /// All epochs asked for were done.
    pub is_finished: bool,
    /// Nothing has ended it: it stands between two of its steps, and more are to come.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_under_way: bool,
    /// On the rows learned from.
    pub train: Option<Fit>,
    /// On the rows held out.
    pub validation: Option<Fit>,
    /// The classes, if there are any, by the rows held out (or, without those, learned from).
    pub classes: Vec<Class>,
    /// Classes without a row to learn from.
    pub untaught: Vec<Untaught>,
    /// The same classes by the rows learned from.
    pub learned_classes: Vec<Class>,
    /// The features as the network sees them.
    pub columns: Vec<Column>,
    /// Columns of the table that are the same in all rows learned from, and were left out for that.
    pub constant_columns: Vec<String>,
    /// Columns that are learned from and look like ids or dates.
    pub lookalikes: Vec<Lookalike>,
    /// Rows held out whose features are those of a row learned from.
    pub shared_rows: usize,
    /// Rows of the table whose label is most improbable, or the first of them.
    pub suspects: Vec<Suspect>,
    /// How many there are.
    pub suspect_rows: usize,
    /// Rows of whose label the network is unsure.
    pub unsure_rows: usize,
    /// The rows and columns themselves were not looked at: whether some are copies, have labels in doubt, or give the answer away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub are_rows_unseen: bool,
    /// The gradient beside finite differences, where that was asked.
    pub gradient: Option<Checked>,
    /// Beside trainings with shuffled targets, where that was asked.
    pub shuffled: Option<Shuffled>,
}

/// What was done around a training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Handling {
    /// Columns that were not to be learned from.
    pub ignored: Vec<String>,
    /// Types that were given, as `COLUMN=TYPE`.
    pub types: Vec<String>,
    /// Numbers were brought to one size.
    pub is_scaled: bool,
    /// Rows count by their class: each class the same, or as much as was said.
    pub is_balanced: bool,
    /// Share of each class's target that goes to all classes alike.
    pub label_smoothing: f64,
    /// Something else than the more probable of two classes is predicted.
    pub has_threshold: bool,
    /// Epochs without a lower validation loss after which it stops; 0 for never.
    pub patience: u64,
    /// Rows are held out in a way that folds cannot take the place of.
    pub has_own_validation: bool,
}

/// What numbers are like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// The least.
    #[serde(with = "number")]
    pub low: f64,
    /// The largest.
    #[serde(with = "number")]
    pub high: f64,
    /// How many different ones.
    pub different: usize,
}

/// Trainings beside trainings with the targets shuffled among the rows, a seed each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shuffled {
    /// How many of each.
    pub seeds: usize,
    /// The mean metric on the rows held out, as they were.
    #[serde(with = "number")]
    pub metric: f64,
    /// The same with shuffled targets.
    #[serde(with = "number")]
    pub shuffled: f64,
    /// The lower end of the 95 % interval of how much the metric is better with the targets as they are.
    #[serde(with = "number")]
    pub least_gain: f64,
    /// The same of the loss: how much lower it is.
    #[serde(with = "number")]
    pub least_gain_of_loss: f64,
}

/// A gradient beside finite differences.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// ‖difference‖ over the sum of both norms.
    #[serde(with = "number")]
    pub difference: f64,
    /// Components that differ by more than rounding explains.
    pub wrong: usize,
    /// Components there are.
    pub components: usize,
    /// What is wrong, and where; empty where nothing is.
    pub mistakes: Vec<String>,
}

impl From<&Report> for Checked {
    fn from(report: &Report) -> Self {
        Self {
            difference: report.difference,
            wrong: report.count(Verdict::Wrong),
            components: report.components.len(),
            mistakes: report.findings.iter().map(ToString::to_string).collect(),
        }
    }
}

/// How a training stands after an epoch. What is not known is not a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochLosses {
    /// Epochs done.
    pub epoch: u64,
    /// Mean cost of the batches, with penalty and dropout.
    pub cost: f64,
    /// Loss of rows learned from.
    pub train_loss: f64,
    /// Loss of rows held out.
    pub validation_loss: f64,
    /// Share of right answers on rows held out, or R².
    pub validation_metric: f64,
}

/// What was measured inside after so many epochs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Epochs done; 0 before the first step.
    pub epoch: u64,
    /// Examples it was measured on.
    pub examples: usize,
    /// The measurement.
    #[serde(with = "numbers_of_signals")]
    pub signals: Signals,
}

/// How good a network is on some rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// How many.
    pub rows: usize,
    /// Mean loss.
    #[serde(with = "number")]
    pub loss: f64,
    /// Standard deviation of the loss from row to row.
    #[serde(with = "number")]
    pub deviation: f64,
    /// Share of right answers, or R².
    #[serde(with = "number")]
    pub metric: f64,
}

/// A class of the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// Rows that are of it.
    pub rows: f64,
    /// Rows that are predicted to be.
    pub predicted: f64,
    /// Rows that are both.
    pub right: f64,
}

/// A class of which there is no row to learn from, or none that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Untaught {
    /// The class; of several yes/no columns, the column and its value.
    pub class: String,
    /// Rows judged on that are of it.
    pub judged: usize,
}

/// A feature, on the rows learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The column of the table that it was made of.
    pub source: String,
    /// Its mean.
    #[serde(with = "number")]
    pub mean: f64,
    /// Its standard deviation.
    #[serde(with = "number")]
    pub deviation: f64,
    /// It is 0 or 1, made of a category.
    pub is_indicator: bool,
    /// How well it alone tells the target: the area under the ROC curve of two classes, or its mean over the pairs of
    /// several (Hand & Till 2001); of numbers abs(r), or that of the ranks where it is larger. ½ and 0 for not at all. Not a
    /// number where that was not asked.
    #[serde(with = "number")]
    pub alone: f64,
}

/// A row whose label may be wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// Which, from 1, of the table.
    pub row: usize,
    /// What it says.
    pub label: String,
    /// What the network says.
    pub predicted: String,
    /// How probable the network finds the label.
    #[serde(with = "number")]
    pub probability: f64,
    /// The network has not learned from the row.
    #[serde(default)]
    pub is_held_out: bool,
}

impl Evidence {
    /// What the metric of a fit is.
    pub fn score(&self) -> Score {
        if self.is_classification() { Score::Accuracy } else { Score::R2 }
    }

    /// The metric of an answer that looks at no feature: the share of the most frequent class, or an R² of 0.
    pub fn chance(&self) -> f64 {
        let rows = || self.classes.iter().map(|class| class.rows);
        match self.score() {
            Score::R2 => 0.0,
            Score::Accuracy => rows().fold(0.0, f64::max) / rows().sum::<f64>(),
        }
    }

    /// Before the first step.
    pub(crate) fn start(&self) -> Option<&Reading> {
        self.signals.first().filter(|reading| reading.epoch == 0)
    }

    /// The latest.
    pub(crate) fn end(&self) -> Option<&Reading> {
        self.signals.last()
    }

    /// Classes are predicted, not numbers.
    pub(crate) fn is_classification(&self) -> bool {
        self.settings.as_ref().is_none_or(|settings| settings.loss.is_classification())
    }

    /// The rows learned from, by their weights.
    pub(crate) fn count(&self) -> f64 {
        self.count.unwrap_or(self.rows.max(1) as f64)
    }

    /// What the strength of a penalty is divided by.
    pub(crate) fn penalty_examples(&self) -> f64 {
        self.settings.as_ref().map_or(self.count(), |settings| settings.penalty_examples(self.count()))
    }

    /// Rows of a step.
    pub(crate) fn batch(&self) -> Option<usize> {
        Some(self.settings.as_ref()?.batch_of(self.rows))
    }
}

/// Signals in JSON: their numbers in a row.
mod numbers_of_signals {
    use nablab_engine::signals::Signals;
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    use crate::number::list;

    pub(super) fn serialize<S: Serializer>(signals: &Signals, to: S) -> Result<S::Ok, S::Error> {
        list::serialize(&signals.numbers(), to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Signals, D::Error> {
        let numbers = list::deserialize(from)?;
        let wrong = || format!("{} numbers are no signals of layers", numbers.len());
        Signals::of_numbers(&numbers).ok_or_else(|| D::Error::custom(wrong()))
    }
}
