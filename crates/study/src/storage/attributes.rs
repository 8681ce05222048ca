//! Attributes, which Optuna attaches to studies and trials: a key and a value in JSON.

use serde_json::Value;

use super::{Cell, Database, StorageError};

/// Tables of attributes, and the column that says whose they are.
pub(super) struct Table(&'static str, &'static str);

pub(super) const STUDY_USER: Table = Table("study_user_attributes", "study_id");
pub(super) const STUDY_SYSTEM: Table = Table("study_system_attributes", "study_id");
pub(super) const TRIAL_USER: Table = Table("trial_user_attributes", "trial_id");
pub(super) const TRIAL_SYSTEM: Table = Table("trial_system_attributes", "trial_id");

/// Attach one to the study or trial of this id, in place of what has the same key.
pub(super) fn set(
    database: &mut Database,
    Table(table, owner): &Table,
    id: i64,
    key: &str,
    value: &Value,
) -> Result<(), StorageError> {
    let sql = format!(
        "INSERT INTO {table} ({owner}, key, value_json) VALUES ($1, $2, $3) \
         ON CONFLICT ({owner}, key) DO UPDATE SET value_json = excluded.value_json"
    );
    database.rows(&sql, &[id.into(), key.into(), Cell::Text(value.to_string())]).map(drop)
}
