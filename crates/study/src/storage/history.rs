//! Trials as they are read.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Database, Row, Storage, StorageError, number};
use crate::space::Domain;
use crate::trial::{State, Trial};

/// Optuna's column for a step holds no more.
pub(crate) const LAST_STEP: u64 = i32::MAX as u64;

impl Storage {
    /// All trials of a study, by number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn trials(&mut self, study: i64) -> Result<Vec<Trial>, StorageError> {
        // A trial that ends meanwhile is either over with all its numbers, or not.
        self.database.snapshot(|database| trials_that(database, "study_id = $1 AND number >= $2", study, 0))
    }

    /// What the trials of a study had at the first of these steps that they have a value of: number of the trial, value.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn at_steps(&mut self, study: i64, steps: &Range<u64>) -> Result<Vec<(u64, f64)>, StorageError> {
        let sql = "SELECT t.number, v.intermediate_value, CAST(v.intermediate_value_type AS TEXT) \
                   FROM trial_intermediate_values v JOIN trials t ON t.trial_id = v.trial_id \
                   WHERE t.study_id = $1 AND v.step = (SELECT MIN(f.step) FROM trial_intermediate_values f \
                   WHERE f.trial_id = t.trial_id AND f.step >= $2 AND f.step < $3)";
        let step = |step: u64| step.min(LAST_STEP) as i64;
        let rows =
            self.database.rows(sql, &[study.into(), step(steps.start).into(), step(steps.end).into()])?;
        Ok(rows.iter().map(|row| (row[0].integer() as u64, number(&row[1], &row[2]))).collect())
    }

    /// What the parameters of a study's trials may be, as those who made the trials wrote it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn domains(&mut self, study: i64) -> Result<Vec<(String, Option<Domain>)>, StorageError> {
        let sql = "SELECT DISTINCT p.param_name, p.distribution_json FROM trial_params p JOIN trials t \
                   ON t.trial_id = p.trial_id WHERE t.study_id = $1";
        let rows = self.database.rows(sql, &[study.into()])?;
        Ok(rows.iter().map(|row| (row[0].text().to_owned(), Domain::of_optuna(row[1].text()))).collect())
    }
}

/// The trials of a study from this number on that are decided: begun, or waiting with values.
pub(super) fn decided_from(
    database: &mut Database,
    study: i64,
    number: u64,
) -> Result<Vec<Trial>, StorageError> {
    let decided = "study_id = $1 AND number >= $2 AND (state <> 'WAITING' OR trial_id IN (SELECT trial_id FROM trial_params))";
    trials_that(database, decided, study, number)
}

fn trials_that(
    database: &mut Database,
    which: &str,
    study: i64,
    number_from: u64,
) -> Result<Vec<Trial>, StorageError> {
    let of = format!("trial_id IN (SELECT trial_id FROM trials WHERE {which})");
    let values = [study.into(), (number_from as i64).into()];
    let sql = format!("SELECT trial_id, number, CAST(state AS TEXT) FROM trials WHERE {which}");
    let mut trials: BTreeMap<i64, Trial> =
        database.rows(&sql, &values)?.iter().map(|row| (row[0].integer(), trial(row))).collect();
    let sql = format!("SELECT trial_id, param_name, param_value FROM trial_params WHERE {of}");
    for row in database.rows(&sql, &values)? {
        if let (Some(trial), Some(value)) = (trials.get_mut(&row[0].integer()), row[2].real()) {
            trial.point.insert(row[1].text().to_owned(), value);
        }
    }
    let sql = format!(
        "SELECT trial_id, value, CAST(value_type AS TEXT) FROM trial_values WHERE {of} ORDER BY trial_id, objective"
    );
    for row in database.rows(&sql, &values)? {
        if let Some(trial) = trials.get_mut(&row[0].integer()) {
            trial.values.push(number(&row[1], &row[2]));
        }
    }
    let sql = format!(
        "SELECT trial_id, step, intermediate_value, CAST(intermediate_value_type AS TEXT) \
         FROM trial_intermediate_values WHERE {of} ORDER BY trial_id, step"
    );
    for row in database.rows(&sql, &values)? {
        if let Some(trial) = trials.get_mut(&row[0].integer()) {
            trial.curve.push((row[1].integer() as u64, number(&row[2], &row[3])));
        }
    }
    let sql = format!(
        "SELECT trial_id, value_json FROM trial_system_attributes WHERE key = 'failed_trial' AND {of}"
    );
    for row in database.rows(&sql, &values)? {
        let origin = serde_json::from_str(row[1].text());
        if let (Some(trial), Ok(origin)) = (trials.get_mut(&row[0].integer()), origin) {
            trial.origin = origin;
        }
    }
    let sql = format!(
        "SELECT trial_id, value_json FROM trial_user_attributes WHERE key IN ('error', 'diverged') AND {of}"
    );
    for row in database.rows(&sql, &values)? {
        if let Some(trial) = trials.get_mut(&row[0].integer()) {
            trial.why = serde_json::from_str(row[1].text()).ok();
        }
    }
    let mut trials: Vec<_> = trials.into_values().collect();
    trials.sort_by_key(|trial| trial.number);
    Ok(trials)
}

fn trial(row: &Row) -> Trial {
    let state = State::ALL.into_iter().find(|state| state.name() == row[2].text()).unwrap_or(State::Fail);
    let (id, number) = (row[0].integer(), row[1].integer() as u64);
    Trial {
        id,
        number,
        state,
        point: Default::default(),
        values: Vec::new(),
        curve: Vec::new(),
        origin: number,
        why: None,
    }
}
