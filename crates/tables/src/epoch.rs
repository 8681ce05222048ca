//! A row of a training's history.

use serde::{Deserialize, Serialize};

/// A row of the history: how things stand after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Epochs done, from 1.
    pub epoch: u64,
    /// Updates made.
    pub step: u64,
    /// Mean cost of the epoch's batches, each before its update: what is minimised, with penalty and dropout.
    pub cost: f64,
    /// Loss of a sample of the training rows at the end of the epoch, without penalty and dropout, to be compared with
    /// that of the held-out rows.
    pub train_loss: f64,
    /// Metric of the same sample: the share of right answers, or R².
    pub train_metric: f64,
    /// Loss of the held-out rows; not a number without such rows.
    pub validation_loss: f64,
    /// Metric of the held-out rows.
    pub validation_metric: f64,
    /// Learning rate of the last step.
    pub learning_rate: f64,
    /// Since the training began, without pauses.
    pub seconds: f64,
}

impl Epoch {
    /// How many numbers it is.
    pub(crate) const NUMBERS: usize = 9;

    /// Its numbers, in the order in which files hold them.
    pub(crate) fn numbers(&self) -> [f64; Self::NUMBERS] {
        [
            self.epoch as f64,
            self.step as f64,
            self.cost,
            self.train_loss,
            self.train_metric,
            self.validation_loss,
            self.validation_metric,
            self.learning_rate,
            self.seconds,
        ]
    }

    /// The epoch of such numbers.
    pub(crate) fn of_numbers(numbers: [f64; Self::NUMBERS]) -> Self {
        let [epoch, step, cost, train_loss, train_metric, validation_loss, validation_metric, rate, seconds] =
            numbers;
        Self {
            epoch: epoch as u64,
            step: step as u64,
            cost,
            train_loss,
            train_metric,
            validation_loss,
            validation_metric,
            learning_rate: rate,
            seconds,
        }
    }
}
