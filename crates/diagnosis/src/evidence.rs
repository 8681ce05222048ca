//! What is known of a training: plain numbers, any of which may be missing.

use nablab_engine::Settings;
use nablab_engine::signals::Signals;
use serde::{Deserialize, Serialize};

use crate::number;

/// What is known of a training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// What it was trained with.
    pub settings: Option<Settings>,
    /// Rows learned from.
    pub rows: usize,
    /// The loss of a network that says nothing yet: ln k of k classes, ln 2 of each yes or no, half the mean square of the
    /// targets of a regression.
    pub ignorant: Option<f64>,
    /// The loss of the best answer that looks at no feature.
    pub constant: Option<f64>,
    /// A row for each epoch, or for some of them. Not part of the JSON: histories have files of their own.
    #[serde(skip)]
    pub history: Vec<Moment>,
    /// What was measured inside, and when.
    pub signals: Vec<Reading>,
    /// Step and place at which a gradient was no number.
    pub diverged: Option<(u64, String)>,
    /// All epochs asked for were done.
    pub is_finished: bool,
    /// On the rows learned from.
    pub train: Option<Fit>,
    /// On the rows held out.
    pub validation: Option<Fit>,
    /// The classes, if there are any, by the rows held out (or, without those, learned from).
    pub classes: Vec<Class>,
    /// The features as the network sees them.
    pub columns: Vec<Column>,
    /// Rows held out whose features are those of a row learned from.
    pub shared_rows: usize,
    /// Rows learned from whose label is most improbable.
    pub suspects: Vec<Suspect>,
    /// Rows of whose label the network is unsure.
    pub unsure_rows: usize,
}

/// How a training stands after an epoch. What is not known is not a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
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

/// A feature, on the rows learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its mean.
    #[serde(with = "number")]
    pub mean: f64,
    /// Its standard deviation.
    #[serde(with = "number")]
    pub deviation: f64,
    /// It is 0 or 1, made of a category.
    pub is_indicator: bool,
    /// How well it alone tells the target: the area under the ROC curve of two classes, or abs(r) of numbers; ½ and 0 for
    /// not at all. Not a number where that was not asked.
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
}

impl Evidence {
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

    /// Rows of a step.
    pub(crate) fn batch(&self) -> Option<usize> {
        let settings = self.settings.as_ref()?;
        Some(settings.batch_size.unwrap_or(self.rows).min(self.rows))
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
        Signals::of_numbers(&numbers).ok_or_else(|| D::Error::custom("expected the numbers of signals"))
    }
}
