//! Cross-validation: every row is predicted by the one model that has not learned from it.

use nablab_data::prepare::{Target, Task};
use nablab_data::table::Table;
use nablab_report::Lang;
use nablab_statistics::mean_and_deviation;
use serde::{Deserialize, Serialize};

use crate::metrics::Metrics;
use crate::report::metrics;
use crate::run::Summary;
use crate::split::split;
use crate::{Error, Model, Predictions, Settings, recipe::Fold};

/// What a cross-validation found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossValidation {
    /// `nablab.cross-validation/1`.
    pub schema: String,
    /// Kind of the prediction.
    pub task: Task,
    /// Every row, as predicted by the model that has not learned from it; of folds that follow each other in time, all behind
    /// the first part.
    pub out_of_fold: Metrics,
    /// The trainings, each judged on its fold.
    pub folds: Vec<Summary>,
}

/// A measure of a cross-validation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldMetric {
    /// What people call it.
    pub name: &'static str,
    /// Of all rows together, each as predicted by the model that has not learned from it.
    pub out_of_fold: Option<f64>,
    /// Mean over the folds; none where one of them has none.
    pub mean: Option<f64>,
    /// Standard deviation of a sample over the k folds: √(Σ (v − mean)² / (k − 1)).
    pub deviation: Option<f64>,
}

impl CrossValidation {
    /// The measures of the task, each with its mean and standard deviation over the folds.
    pub fn metrics(&self, lang: Lang) -> Vec<FoldMetric> {
        let judged = self.folds.iter().filter_map(|fold| fold.validation.as_ref());
        let of_folds: Vec<_> = judged.map(|judged| metrics(judged, lang)).collect();
        let metric = |(i, (name, out_of_fold)): (usize, (&'static str, Option<f64>))| {
            let values: Option<Vec<f64>> = of_folds.iter().map(|fold| fold[i].1).collect();
            let (mean, deviation) = values.and_then(|values| mean_and_deviation(&values)).unzip();
            FoldMetric { name, out_of_fold, mean, deviation }
        };
        metrics(&self.out_of_fold, lang).into_iter().enumerate().map(metric).collect()
    }

    /// The rows that judge a fold have also chosen its epoch, so that the numbers are a little too good.
    pub fn chose_epochs(&self) -> bool {
        self.folds.iter().any(|fold| fold.best_epoch.is_some())
    }

    /// As it is kept in `cross-validation.json`.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("it is plain data") + "\n"
    }
}

impl Settings {
    /// The settings of each training of a cross-validation in so many folds.
    pub fn folds(&self, of: usize) -> impl Iterator<Item = Self> + '_ {
        (1..=of).map(move |number| {
            let mut settings = self.clone();
            settings.validation.fold = Some(Fold { number, of });
            settings
        })
    }
}

/// The same target, its numbers without a scale.
pub(super) fn in_own_units(target: &Target) -> Target {
    match target.clone() {
        Target::Numbers { names, .. } => {
            let outputs = names.len();
            Target::Numbers { names, center: vec![0.0; outputs], scale: vec![1.0; outputs] }
        }
        other => other,
    }
}

/// Predict each row by the model of the fold it belongs to, and judge that. `models` are those of all folds, in order, of
/// one table. Rows that only come before the folds, where these follow each other in time, are predicted by none: their
/// numbers are none, and they are not judged on.
///
/// # Errors
/// Whatever does not fit the table.
pub(crate) fn out_of_fold(models: &[Model], table: &Table) -> Result<(Predictions, Metrics), Error> {
    let mut of_rows: Vec<Option<Vec<f64>>> = vec![None; table.rows()];
    let mut like = None;
    for model in models {
        let rows = split(&model.settings, table, &model.target)?.validation;
        let some = model.predict_rows(table, &rows)?;
        for (&row, values) in rows.iter().zip(some.rows()) {
            of_rows[row] = Some(values.to_vec());
        }
        like.get_or_insert(some);
    }
    let (Some(like), Some(first)) = (like, models.first()) else {
        let (expected, got) = ("at least 2".into(), "0".into());
        return Err(Error::Setting { field: "folds", expected, got });
    };
    // The numbers themselves are compared: of each fold's model their scale is another.
    let target = in_own_units(&first.target);
    let judged: Vec<usize> = (0..table.rows()).filter(|&row| of_rows[row].is_some()).collect();
    let values = of_rows.iter().flatten().flatten().copied().collect();
    let some = Predictions { target: target.clone(), values, ..like.clone() };
    let metrics = some.judge(&first.settings, table, &judged)?;
    let none = vec![f64::NAN; like.width];
    let values = of_rows.into_iter().flat_map(|values| values.unwrap_or_else(|| none.clone())).collect();
    Ok((Predictions { target, values, ..like }, metrics))
}
