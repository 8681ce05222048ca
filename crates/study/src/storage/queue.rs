//! Trials to come: made, claimed, kept alive, given to another when their worker died.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::history::decided_from;
use super::results::{finish, write_point};
use super::{Database, Outcome, Row, Storage, StorageError, attributes};
use crate::space::{Point, Space};
use crate::trial::{State, Trial};

/// A trial that a worker has claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// In the whole database.
    pub id: i64,
    /// In its study, from 0.
    pub number: u64,
    /// The number of the trial it repeats, whose worker died; else its own.
    pub origin: u64,
    /// What is decided already: by who enqueued it, or by who began it.
    pub given: Point,
    /// The same from Optuna's `enqueue_trial`: as JSON, by the values themselves.
    pub fixed: Map<String, Value>,
}

/// Why a trial that waited is not tried.
pub(crate) const NOTHING_LEFT: &str = "every point has a trial already: there is nothing left to try";

impl Claim {
    /// What is decided already, as values of the space; else why it cannot be tried.
    pub(crate) fn given_in(&self, space: &Space) -> Result<Point, String> {
        let mut given = self.given.clone();
        for (name, value) in &self.fixed {
            let known = space.parameter(name).and_then(|parameter| parameter.domain.of_json(value));
            let value = known.ok_or_else(|| format!("{name} = {value} is not in the space"))?;
            given.insert(name.clone(), value);
        }
        Ok(given)
    }
}

impl Storage {
    /// Let so many trials of a study be there that did not fail, whoever makes them; says how many were added.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn top_up(&mut self, study: i64, trials: u64) -> Result<u64, StorageError> {
        self.database.transaction(|database| {
            lock_study(database, study)?;
            let sql =
                "SELECT count(*), count(CASE WHEN state = 'FAIL' THEN 1 END) FROM trials WHERE study_id = $1";
            let counts = database.rows(sql, &[study.into()])?;
            let (all, failed) = (counts[0][0].integer(), counts[0][1].integer());
            let missing = (trials as i64 - (all - failed)).max(0);
            let sql = "INSERT INTO trials (number, study_id, state) WITH RECURSIVE missing(number) AS \
                       (SELECT CAST($1 AS INTEGER) UNION ALL SELECT number + 1 FROM missing WHERE number < CAST($2 AS INTEGER)) \
                       SELECT number, CAST($3 AS INTEGER), 'WAITING' FROM missing";
            if missing > 0 {
                database.rows(sql, &[all.into(), (all + missing - 1).into(), study.into()])?;
            }
            Ok(missing as u64)
        })
    }

    /// Let a trial of this point wait, unless the study has a trial already.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enqueue_first(&mut self, study: i64, point: &Point, space: &Space) -> Result<(), StorageError> {
        self.database.transaction(|database| {
            lock_study(database, study)?;
            let sql = "INSERT INTO trials (number, study_id, state) SELECT 0, CAST($1 AS INTEGER), 'WAITING' \
                       WHERE NOT EXISTS (SELECT 1 FROM trials WHERE study_id = CAST($1 AS INTEGER)) RETURNING trial_id";
            let rows = database.rows(sql, &[study.into()])?;
            rows.first().map_or(Ok(()), |row| write_point(database, row[0].integer(), point, space))
        })
    }

    /// Claim the next trial that waits, if there is one. No two workers get the same.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn claim(&mut self, study: i64) -> Result<Option<Claim>, StorageError> {
        self.database.transaction(|database| claim_waiting(database, study, true))
    }

    /// Claim the next trial that waits, or a new one, and choose what it tries while nobody else chooses; `choose` gets the trials
    /// that are decided, from this number on, and says why nothing can be tried. One that waited has failed then, and has no point; a
    /// new one is not made.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) fn ask(
        &mut self,
        study: i64,
        number_from: u64,
        space: &Space,
        lives: bool,
        choose: impl FnOnce(&Claim, Vec<Trial>) -> Result<Point, String>,
    ) -> Result<Option<(Claim, Option<Point>)>, StorageError> {
        self.database.transaction(|database| {
            lock_study(database, study)?;
            let waiting = claim_waiting(database, study, lives)?;
            let claim = match &waiting {
                Some(claim) => claim.clone(),
                None => {
                    let sql = "SELECT count(*) FROM trials WHERE study_id = $1";
                    let number = database.rows(sql, &[study.into()])?[0][0].integer() as u64;
                    Claim { id: 0, number, origin: number, given: Point::new(), fixed: Map::new() }
                }
            };
            let point = match (choose(&claim, decided_from(database, study, number_from)?), &waiting) {
                (Ok(point), _) => point,
                (Err(_), None) => return Ok(None),
                // It will never be tried; whoever asked for it reads why.
                (Err(why), Some(claim)) => {
                    finish(database, claim.id, &Outcome::failed(&why))?;
                    return Ok(Some((claim.clone(), None)));
                }
            };
            let id = match waiting {
                Some(claim) => claim.id,
                None => {
                    let sql = format!(
                        "INSERT INTO trials (number, study_id, state, datetime_start) \
                         VALUES ($1, $2, 'RUNNING', {}) RETURNING trial_id",
                        database.now()
                    );
                    database.rows(&sql, &[(claim.number as i64).into(), study.into()])?[0][0].integer()
                }
            };
            if lives {
                sign_of_life(database, id)?;
            }
            write_point(database, id, &point, space)?;
            Ok(Some((Claim { id, ..claim }, Some(point))))
        })
    }

    /// Let a trial wait in which these values are given, as Optuna's `enqueue_trial` does; its number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enqueue(&mut self, study: i64, fixed: &Map<String, Value>) -> Result<u64, StorageError> {
        self.database.transaction(|database| {
            lock_study(database, study)?;
            let sql = "INSERT INTO trials (number, study_id, state) SELECT count(*), CAST($1 AS INTEGER), 'WAITING' FROM trials \
                       WHERE study_id = CAST($1 AS INTEGER) RETURNING trial_id, number";
            let row = database.rows(sql, &[study.into()])?.remove(0);
            let fixed = Value::Object(fixed.clone());
            attributes::set(database, &attributes::TRIAL_SYSTEM, row[0].integer(), "fixed_params", &fixed)?;
            Ok(row[1].integer() as u64)
        })
    }

    /// Choose what a claimed trial tries while nobody else chooses, so that no two come to the same point; `choose` gets the
    /// trials that are decided, from this number on.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) fn choose(
        &mut self,
        (study, trial): (i64, i64),
        number_from: u64,
        space: &Space,
        choose: impl FnOnce(Vec<Trial>) -> Option<Point>,
    ) -> Result<Option<Point>, StorageError> {
        self.database.transaction(|database| {
            lock_study(database, study)?;
            let point = choose(decided_from(database, study, number_from)?);
            if let Some(point) = &point {
                write_point(database, trial, point, space)?;
            }
            Ok(point)
        })
    }

    /// What waiting trials were asked for by Optuna's `enqueue_trial`, as JSON, by the trial's id.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(crate) fn asked_for(
        &mut self,
        study: i64,
    ) -> Result<BTreeMap<i64, Map<String, Value>>, StorageError> {
        let sql = "SELECT t.trial_id, a.value_json FROM trials t JOIN trial_system_attributes a \
                   ON a.trial_id = t.trial_id WHERE t.study_id = $1 AND t.state = 'WAITING' AND a.key = 'fixed_params'";
        let rows = self.database.rows(sql, &[study.into()])?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row[0].integer(), serde_json::from_str(row[1].text()).ok()?)))
            .collect())
    }

    /// Give trials back that were claimed and will not be finished.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn release(&mut self, trial: i64) -> Result<(), StorageError> {
        self.database.transaction(|database| {
            let sql = "UPDATE trials SET state = 'WAITING', datetime_start = NULL WHERE trial_id = $1 AND state = 'RUNNING' \
                       RETURNING trial_id";
            if !database.rows(sql, &[trial.into()])?.is_empty() {
                database.rows("DELETE FROM trial_intermediate_values WHERE trial_id = $1", &[trial.into()])?;
                database.rows("DELETE FROM trial_heartbeats WHERE trial_id = $1", &[trial.into()])?;
            }
            Ok(())
        })
    }

    /// Say that these trials' worker is alive.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn beat(&mut self, trials: &[i64]) -> Result<(), StorageError> {
        self.database.transaction(|database| {
            let sql =
                format!("UPDATE trial_heartbeats SET heartbeat = {} WHERE trial_id = $1", database.beat());
            trials.iter().try_for_each(|&trial| database.rows(&sql, &[trial.into()]).map(drop))
        })
    }

    /// The trials that somebody trains, with their last sign of life. It is for comparing: one that does not change is dead,
    /// whatever the clocks say.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn signs_of_life(&mut self, study: i64) -> Result<Vec<(i64, String)>, StorageError> {
        let sql = "SELECT t.trial_id, CAST(h.heartbeat AS TEXT) FROM trials t JOIN trial_heartbeats h \
                   ON h.trial_id = t.trial_id WHERE t.study_id = $1 AND t.state = 'RUNNING'";
        let rows = self.database.rows(sql, &[study.into()])?;
        Ok(rows.iter().map(|row: &Row| (row[0].integer(), row[1].text().to_owned())).collect())
    }

    /// Let a trial whose worker died be tried again: it failed, and a new one waits with the same values. False if it has come
    /// to an end after all.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn retry(&mut self, trial: i64) -> Result<bool, StorageError> {
        self.database.transaction(|database| {
            let sql = format!(
                "UPDATE trials SET state = '{}', datetime_complete = {} WHERE trial_id = $1 AND state = 'RUNNING' \
                 RETURNING study_id, number",
                State::Fail.name(),
                database.now()
            );
            let rows = database.rows(&sql, &[trial.into()])?;
            let Some(row) = rows.first() else { return Ok(false) };
            let (study, number) = (row[0].integer(), row[1].integer());
            lock_study(database, study)?;
            let sql = "INSERT INTO trials (number, study_id, state) SELECT count(*), CAST($1 AS INTEGER), 'WAITING' FROM trials \
                       WHERE study_id = CAST($1 AS INTEGER) RETURNING trial_id";
            let again = database.rows(sql, &[study.into()])?[0][0].integer();
            let sql = "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) \
                       SELECT CAST($1 AS INTEGER), param_name, param_value, distribution_json FROM trial_params WHERE trial_id = $2";
            database.rows(sql, &[again.into(), trial.into()])?;
            let sql = "SELECT key, value_json FROM trial_system_attributes WHERE trial_id = $1";
            let rows = database.rows(sql, &[trial.into()])?;
            let mut kept: Map<_, _> = rows
                .iter()
                .filter_map(|row| Some((row[0].text().to_owned(), serde_json::from_str(row[1].text()).ok()?)))
                .collect();
            // As Optuna's RetryHeartbeatStaleTrialCallback says it.
            kept.entry("failed_trial").or_insert(number.into());
            let history = kept.entry("retry_history").or_insert_with(|| serde_json::json!([]));
            if let Some(history) = history.as_array_mut() {
                history.push(number.into());
            }
            for (key, value) in &kept {
                attributes::set(database, &attributes::TRIAL_SYSTEM, again, key, value)?;
            }
            Ok(true)
        })
    }
}

/// The next trial that waits, as this worker's from now on; with a sign of life, if it gives some.
fn claim_waiting(database: &mut Database, study: i64, lives: bool) -> Result<Option<Claim>, StorageError> {
    // What somebody asked for, or began and did not end, goes before what the sampler will choose.
    let asked = "SELECT t.trial_id FROM trials t JOIN trial_system_attributes a ON a.trial_id = t.trial_id \
                 WHERE t.study_id = $1 AND t.state = 'WAITING' AND a.key IN ('fixed_params', 'failed_trial') \
                 ORDER BY t.number LIMIT 1";
    let next = "SELECT t.trial_id FROM trials t WHERE t.study_id = $1 AND t.state = 'WAITING' ORDER BY t.number LIMIT 1";
    let mut claimed = None;
    for waiting in [asked, next] {
        let sql = format!(
            "UPDATE trials SET state = 'RUNNING', datetime_start = {} WHERE trial_id = ({waiting} {}) \
             RETURNING trial_id, number",
            database.now(),
            database.locking("FOR UPDATE OF t SKIP LOCKED")
        );
        let rows = database.rows(&sql, &[study.into()])?;
        claimed = rows.first().map(|row| (row[0].integer(), row[1].integer() as u64));
        if claimed.is_some() {
            break;
        }
    }
    let Some((id, number)) = claimed else { return Ok(None) };
    if lives {
        sign_of_life(database, id)?;
    }
    let sql = "SELECT param_name, param_value FROM trial_params WHERE trial_id = $1";
    let rows = database.rows(sql, &[id.into()])?;
    let given = rows.iter().filter_map(|row| Some((row[0].text().to_owned(), row[1].real()?))).collect();
    let sql = "SELECT key, value_json FROM trial_system_attributes WHERE trial_id = $1";
    let rows = database.rows(sql, &[id.into()])?;
    let attribute = |key: &str| {
        let row = rows.iter().find(|row| row[0].text() == key)?;
        serde_json::from_str::<Value>(row[1].text()).ok()
    };
    let origin = attribute("failed_trial").and_then(|n| n.as_u64()).unwrap_or(number);
    let fixed = attribute("fixed_params").and_then(|fixed| fixed.as_object().cloned()).unwrap_or_default();
    Ok(Some(Claim { id, number, origin, given, fixed }))
}

fn sign_of_life(database: &mut Database, trial: i64) -> Result<(), StorageError> {
    let sql = format!(
        "INSERT INTO trial_heartbeats (trial_id, heartbeat) VALUES ($1, {}) \
         ON CONFLICT (trial_id) DO UPDATE SET heartbeat = excluded.heartbeat",
        database.beat()
    );
    database.rows(&sql, &[trial.into()]).map(drop)
}

/// Numbers of trials are given to one at a time.
fn lock_study(database: &mut Database, study: i64) -> Result<(), StorageError> {
    let sql = format!("SELECT study_id FROM studies WHERE study_id = $1 {}", database.locking("FOR UPDATE"));
    database.rows(&sql, &[study.into()]).map(drop)
}
