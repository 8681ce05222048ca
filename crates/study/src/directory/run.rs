//! A run as a page shows it.

use std::path::Path;

use nablab_tables::run::{SoFar, Summary};
use serde::Serialize;

use super::walk::report_of;

/// A run as far as it has come.
#[derive(Clone, Debug, Serialize)]
pub struct RunSoFar {
    /// Its recipe.
    pub recipe: String,
    /// Epochs of the recipe.
    pub epochs: u64,
    /// Its curves, point by point: epoch, loss and score on a sample of the rows learned from, then on those held out. A
    /// number that is not there is `null`.
    pub curve: Vec<[Option<f64>; 5]>,
    /// How it ended; nothing where it has not.
    pub summary: Option<Summary>,
    /// It has a page of itself.
    pub has_report: bool,
}

/// Points of a curve: more than there are pixels say nothing.
const MOST_POINTS: usize = 1000;

impl RunSoFar {
    pub(super) fn new(folder: &Path, so_far: &SoFar) -> Self {
        let SoFar { settings, history, summary } = so_far;
        let every = history.len().div_ceil(MOST_POINTS).max(1);
        // The last one is how it stands.
        let last = history.len().saturating_sub(1);
        let shown = history.iter().enumerate().filter(|(k, _)| k % every == 0 || *k == last);
        let number = |number: f64| number.is_finite().then_some(number);
        let point = |epoch: &nablab_tables::Epoch| {
            let [train, validation] =
                [[epoch.train_loss, epoch.train_metric], [epoch.validation_loss, epoch.validation_metric]];
            [epoch.epoch as f64, train[0], train[1], validation[0], validation[1]].map(number)
        };
        Self {
            recipe: settings.to_toml(),
            epochs: settings.training.epochs,
            curve: shown.map(|(_, epoch)| point(epoch)).collect(),
            summary: summary.clone(),
            has_report: report_of(folder).is_file(),
        }
    }
}
