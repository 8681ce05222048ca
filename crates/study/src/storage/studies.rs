//! The studies of a database.

use std::collections::BTreeMap;

use super::{Row, Storage, StorageError, attributes};
use crate::trial::Direction;

/// Optuna's name for the names of objectives (`Study.set_metric_names`).
const METRICS: &str = "study:metric_names";
/// Optuna's column for the name of a study has so much room.
const LONGEST_NAME: usize = 512;

/// A study as storage has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// In the database.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Of its objectives.
    pub directions: Vec<Direction>,
    /// What its objectives are called; nothing of a study that does not say.
    pub metrics: Vec<String>,
    /// What users of Optuna attach to a study, as JSON.
    pub attributes: BTreeMap<String, serde_json::Value>,
}

impl Record {
    /// Of the first objective, which decides where there is one to be taken.
    pub fn direction(&self) -> Direction {
        self.directions.first().copied().unwrap_or(Direction::Minimize)
    }
}

impl Storage {
    /// The names of all studies.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn names(&mut self) -> Result<Vec<String>, StorageError> {
        let rows = self.database.rows("SELECT study_name FROM studies ORDER BY study_id", &[])?;
        Ok(rows.iter().map(|row| row[0].text().to_owned()).collect())
    }

    /// The study of this name, if there is one.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn study(&mut self, name: &str) -> Result<Option<Record>, StorageError> {
        let rows =
            self.database.rows("SELECT study_id FROM studies WHERE study_name = $1", &[name.into()])?;
        let Some(id) = rows.first().map(|row| row[0].integer()) else { return Ok(None) };
        let rows = self.database.rows(
            "SELECT CAST(direction AS TEXT) FROM study_directions WHERE study_id = $1 ORDER BY objective",
            &[id.into()],
        )?;
        let direction = |row: &Row| match row[0].text() {
            "MAXIMIZE" => Direction::Maximize,
            _ => Direction::Minimize,
        };
        let directions = rows.iter().map(direction).collect();
        let rows = self
            .database
            .rows("SELECT key, value_json FROM study_user_attributes WHERE study_id = $1", &[id.into()])?;
        let attribute =
            |row: &Row| Some((row[0].text().to_owned(), serde_json::from_str(row[1].text()).ok()?));
        let attributes = rows.iter().filter_map(attribute).collect();
        let sql = "SELECT value_json FROM study_system_attributes WHERE study_id = $1 AND key = $2";
        let rows = self.database.rows(sql, &[id.into(), METRICS.into()])?;
        let metrics =
            rows.first().and_then(|row| serde_json::from_str(row[0].text()).ok()).unwrap_or_default();
        Ok(Some(Record { id, name: name.to_owned(), directions, metrics, attributes }))
    }

    /// Make a study; where another worker was first, that worker's.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn create_study(&mut self, name: &str, directions: &[Direction]) -> Result<Record, StorageError> {
        let length = name.chars().count();
        if length > LONGEST_NAME {
            return Err(StorageError::Name {
                url: self.address(),
                study: nablab_data::readable(name),
                what: format!("expected a name of at most {LONGEST_NAME} characters, got {length}"),
            });
        }
        self.database.transaction(|database| {
            let sql = "INSERT INTO studies (study_name) VALUES ($1) ON CONFLICT (study_name) DO NOTHING \
                       RETURNING study_id";
            let made = database.rows(sql, &[name.into()])?;
            if let Some(row) = made.first() {
                let sql = "INSERT INTO study_directions (direction, study_id, objective) VALUES ($1, $2, $3)";
                for (objective, direction) in directions.iter().enumerate() {
                    database
                        .rows(sql, &[direction.name().into(), row[0].clone(), (objective as i64).into()])?;
                }
            }
            Ok(())
        })?;
        self.study(name)?.ok_or_else(|| self.without_study(name))
    }

    /// Attach something to a study, as Optuna's `set_user_attr` does.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_attribute(
        &mut self,
        study: i64,
        key: &str,
        value: &serde_json::Value,
    ) -> Result<(), StorageError> {
        attributes::set(&mut self.database, &attributes::STUDY_USER, study, key, value)
    }

    /// Say what the objectives are called, as Optuna's `set_metric_names` does.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_metrics(&mut self, study: i64, names: &[String]) -> Result<(), StorageError> {
        let names = serde_json::json!(names);
        attributes::set(&mut self.database, &attributes::STUDY_SYSTEM, study, METRICS, &names)
    }

    /// The error that there is no such study.
    pub fn without_study(&mut self, name: &str) -> StorageError {
        let known = self.names().unwrap_or_default();
        StorageError::Unknown { url: self.address(), study: name.to_owned(), known }
    }
}
