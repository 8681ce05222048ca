//! Cross-validation: every row is predicted by the one model that has not learned from it.

use nablab_data::prepare::{Target, Task};
use nablab_data::table::Table;
use serde::{Deserialize, Serialize};

use crate::metrics::Metrics;
use crate::prepared::split;
use crate::run::Summary;
use crate::{Error, Model, Predictions, Settings, recipe::Fold};

/// What a cross-validation found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossValidation {
    /// `nablab.cross-validation/1`.
    pub schema: String,
    /// Kind of the prediction.
    pub task: Task,
    /// Every row, as predicted by the model that has not learned from it.
    pub out_of_fold: Metrics,
    /// The trainings, each judged on its fold.
    pub folds: Vec<Summary>,
}

impl Settings {
    /// The settings of each training of a cross-validation in so many folds.
    pub fn folds(&self, of: usize) -> Vec<Self> {
        let fold = |number| {
            let mut settings = self.clone();
            settings.validation.fold = Some(Fold { number, of });
            settings
        };
        (1..=of).map(fold).collect()
    }
}

/// Predict each row by the model of the fold it belongs to, and judge that. `models` are those of all folds, in order, of
/// one table.
///
/// # Errors
/// Whatever does not fit the table.
pub fn out_of_fold(models: &[Model], table: &Table, file: &str) -> Result<(Predictions, Metrics), Error> {
    let mut all: Option<Predictions> = None;
    for model in models {
        let rows = split(&model.settings, table, &model.target, file)?.validation;
        let some = model.predict_rows(table, &rows, file)?;
        let all = all.get_or_insert_with(|| Predictions {
            values: vec![f64::NAN; table.rows() * some.width],
            ..some.clone()
        });
        for (&row, values) in rows.iter().zip(some.rows()) {
            all.values[row * some.width..(row + 1) * some.width].copy_from_slice(values);
        }
    }
    let (Some(all), Some(first)) = (all, models.first()) else {
        let (expected, got) = ("at least 2".into(), "0".into());
        return Err(Error::Setting { field: "folds", expected, got });
    };
    // The numbers themselves are compared: of each fold's model their scale is another.
    let target = match first.target.clone() {
        Target::Numbers { names, .. } => {
            let outputs = names.len();
            Target::Numbers { names, center: vec![0.0; outputs], scale: vec![1.0; outputs] }
        }
        other => other,
    };
    let all = Predictions { target, ..all };
    let metrics = all.judge(&first.settings, table, file)?;
    Ok((all, metrics))
}
