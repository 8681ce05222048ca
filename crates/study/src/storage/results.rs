//! What comes of a trial.

use super::{Cell, Storage, StorageError, attributes, kind};
use crate::space::{Point, Space};
use crate::trial::State;

/// What came of a trial.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    /// Complete, given up, or failed.
    pub state: State,
    /// One for each objective; none where nothing is known.
    pub values: Vec<f64>,
    /// Points of the curve that are not written yet: epoch, value.
    pub curve: Vec<(u64, f64)>,
    /// What else is worth knowing, as JSON.
    pub attributes: serde_json::Map<String, serde_json::Value>,
}

impl Outcome {
    /// Of a trial that came to nothing, and why.
    pub fn failed(why: &str) -> Self {
        let attributes = serde_json::Map::from_iter([("error".to_owned(), why.into())]);
        Self { state: State::Fail, values: Vec::new(), curve: Vec::new(), attributes }
    }
}

impl Storage {
    /// Write what a trial tries.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn decide(&mut self, trial: i64, point: &Point, space: &Space) -> Result<(), StorageError> {
        self.database.transaction(|database| write_point(database, trial, point, space))
    }

    /// Let all trials of a study say the same of what may be chosen, as Optuna wants it, where choices have been added.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) fn write_choices(&mut self, study: i64, space: &Space) -> Result<(), StorageError> {
        let sql = "UPDATE trial_params SET distribution_json = $1 WHERE param_name = $2 AND distribution_json <> $1 \
                   AND trial_id IN (SELECT trial_id FROM trials WHERE study_id = $3)";
        self.database.transaction(|database| {
            let choices = space.parameters().iter().filter(|parameter| parameter.domain.is_choice());
            for parameter in choices {
                let domain = Cell::Text(parameter.domain.to_optuna());
                database.rows(sql, &[domain, parameter.name.as_str().into(), study.into()])?;
            }
            Ok(())
        })
    }

    /// Write points of a trial's curve.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn report(&mut self, trial: i64, curve: &[(u64, f64)]) -> Result<(), StorageError> {
        self.database.transaction(|database| write_curve(database, trial, curve))
    }

    /// Write what came of a trial, all in one. False if it is not this worker's any more: it was taken for dead, and another
    /// has it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn finish(&mut self, trial: i64, outcome: &Outcome) -> Result<bool, StorageError> {
        self.database.transaction(|database| finish(database, trial, outcome))
    }
}

pub(super) fn finish(
    database: &mut super::Database,
    trial: i64,
    outcome: &Outcome,
) -> Result<bool, StorageError> {
    let sql = format!(
        "UPDATE trials SET state = '{}', datetime_complete = {} WHERE trial_id = $1 AND state = 'RUNNING' \
         RETURNING trial_id",
        outcome.state.name(),
        database.now()
    );
    if database.rows(&sql, &[trial.into()])?.is_empty() {
        return Ok(false);
    }
    write_curve(database, trial, &outcome.curve)?;
    let sql = "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES ($1, $2, $3, $4)";
    // Optuna knows no value that is not a number.
    for (objective, &value) in outcome.values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let objective = objective as i64;
        database.rows(sql, &[trial.into(), objective.into(), value.into(), kind(value).into()])?;
    }
    for (key, value) in &outcome.attributes {
        attributes::set(database, &attributes::TRIAL_USER, trial, key, value)?;
    }
    Ok(true)
}

fn write_curve(database: &mut super::Database, trial: i64, curve: &[(u64, f64)]) -> Result<(), StorageError> {
    let sql = "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (trial_id, step) DO NOTHING";
    curve.iter().try_for_each(|&(step, value)| {
        database.rows(sql, &[trial.into(), (step as i64).into(), value.into(), kind(value).into()]).map(drop)
    })
}

pub(super) fn write_point(
    database: &mut super::Database,
    trial: i64,
    point: &Point,
    space: &Space,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (trial_id, param_name) DO NOTHING";
    for parameter in space.parameters() {
        if let Some(&value) = point.get(&parameter.name) {
            let domain = Cell::Text(parameter.domain.to_optuna());
            database.rows(sql, &[trial.into(), parameter.name.as_str().into(), value.into(), domain])?;
        }
    }
    Ok(())
}
