//! Optuna's tables (its `optuna/storages/_rdb/models.py`, schema version 12 of Optuna 5), which its library and
//! optuna-dashboard read and write.

use super::StorageError;
use super::database::Database;

/// Version of the tables.
const SCHEMA: i64 = 12;
/// Optuna's migration that leads there, and a version of Optuna that has it.
const MIGRATION: &str = "v3.2.0.a";
const OPTUNA: &str = "5.0.0";

/// `serial` counts by itself, `moment` is a time, and the last three are one of a few names.
const TABLES: &str = "
CREATE TABLE studies (study_id {serial}, study_name VARCHAR(512) NOT NULL, PRIMARY KEY (study_id));
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE TABLE version_info (version_info_id INTEGER NOT NULL, schema_version INTEGER, library_version VARCHAR(256),
    PRIMARY KEY (version_info_id), CHECK (version_info_id = 1));
CREATE TABLE study_directions (study_direction_id {serial}, direction {direction} NOT NULL, study_id INTEGER NOT NULL,
    objective INTEGER NOT NULL, PRIMARY KEY (study_direction_id), UNIQUE (study_id, objective),
    FOREIGN KEY (study_id) REFERENCES studies (study_id));
CREATE TABLE study_user_attributes (study_user_attribute_id {serial}, study_id INTEGER, key VARCHAR(512),
    value_json TEXT, PRIMARY KEY (study_user_attribute_id), UNIQUE (study_id, key),
    FOREIGN KEY (study_id) REFERENCES studies (study_id));
CREATE TABLE study_system_attributes (study_system_attribute_id {serial}, study_id INTEGER, key VARCHAR(512),
    value_json TEXT, PRIMARY KEY (study_system_attribute_id), UNIQUE (study_id, key),
    FOREIGN KEY (study_id) REFERENCES studies (study_id));
CREATE TABLE trials (trial_id {serial}, number INTEGER, study_id INTEGER, state {state} NOT NULL,
    datetime_start {moment}, datetime_complete {moment}, PRIMARY KEY (trial_id),
    FOREIGN KEY (study_id) REFERENCES studies (study_id));
CREATE INDEX ix_trials_study_id ON trials (study_id);
CREATE TABLE trial_user_attributes (trial_user_attribute_id {serial}, trial_id INTEGER, key VARCHAR(512),
    value_json TEXT, PRIMARY KEY (trial_user_attribute_id), UNIQUE (trial_id, key),
    FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_system_attributes (trial_system_attribute_id {serial}, trial_id INTEGER, key VARCHAR(512),
    value_json TEXT, PRIMARY KEY (trial_system_attribute_id), UNIQUE (trial_id, key),
    FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_params (param_id {serial}, trial_id INTEGER, param_name VARCHAR(512), param_value FLOAT,
    distribution_json TEXT, PRIMARY KEY (param_id), UNIQUE (trial_id, param_name),
    FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_values (trial_value_id {serial}, trial_id INTEGER NOT NULL, objective INTEGER NOT NULL,
    value FLOAT, value_type {value_kind} NOT NULL, PRIMARY KEY (trial_value_id), UNIQUE (trial_id, objective),
    FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_intermediate_values (trial_intermediate_value_id {serial}, trial_id INTEGER NOT NULL,
    step INTEGER NOT NULL, intermediate_value FLOAT, intermediate_value_type {step_kind} NOT NULL,
    PRIMARY KEY (trial_intermediate_value_id), UNIQUE (trial_id, step),
    FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
CREATE TABLE trial_heartbeats (trial_heartbeat_id {serial}, trial_id INTEGER NOT NULL, heartbeat {moment} NOT NULL,
    PRIMARY KEY (trial_heartbeat_id), UNIQUE (trial_id), FOREIGN KEY (trial_id) REFERENCES trials (trial_id));
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
";

/// Our own: the next trial that waits is found without looking at all of them.
const INDEX: &str = "CREATE INDEX IF NOT EXISTS nablab_ix_trials_state ON trials (study_id, state, number)";

/// What the placeholders are.
const SQLITE: [(&str, &str); 6] = [
    ("{serial}", "INTEGER NOT NULL"),
    ("{moment}", "DATETIME"),
    ("{direction}", "VARCHAR(8)"),
    ("{state}", "VARCHAR(8)"),
    ("{value_kind}", "VARCHAR(7)"),
    ("{step_kind}", "VARCHAR(7)"),
];
#[cfg(feature = "postgres")]
const POSTGRES: [(&str, &str); 6] = [
    ("{serial}", "SERIAL"),
    ("{moment}", "TIMESTAMP"),
    ("{direction}", "studydirection"),
    ("{state}", "trialstate"),
    ("{value_kind}", "trialvaluetype"),
    ("{step_kind}", "trialintermediatevaluetype"),
];
#[cfg(feature = "postgres")]
const POSTGRES_TYPES: &str = "
CREATE TYPE studydirection AS ENUM ('NOT_SET', 'MINIMIZE', 'MAXIMIZE');
CREATE TYPE trialstate AS ENUM ('RUNNING', 'COMPLETE', 'PRUNED', 'FAIL', 'WAITING');
CREATE TYPE trialvaluetype AS ENUM ('FINITE', 'INF_POS', 'INF_NEG');
CREATE TYPE trialintermediatevaluetype AS ENUM ('FINITE', 'INF_POS', 'INF_NEG', 'NAN');
";

/// There are tables of some version.
pub(super) fn is_there(database: &mut Database) -> Result<bool, StorageError> {
    database.has_table("version_info")
}

/// Make the tables where there are none, and refuse those of another version.
pub(super) fn prepare(database: &mut Database, url: &str) -> Result<(), StorageError> {
    if !is_there(database)? {
        database.transaction(create)?;
    }
    let rows = database.rows("SELECT schema_version, library_version FROM version_info", &[])?;
    let found = rows.first().map_or(0, |row| row[0].integer());
    if found != SCHEMA {
        let by = rows.first().map_or("nobody", |row| row[1].text()).to_owned();
        let what =
            format!("expected the tables of Optuna's schema {SCHEMA}, got {found}, made by Optuna {by}");
        let url = super::without_password(url);
        return Err(match found < SCHEMA {
            true => {
                let hint = "optuna storage upgrade --storage URL brings it up to date";
                StorageError::Refused { url, what, hint }
            }
            false => {
                let hint = "a newer Optuna made it: choose another database";
                StorageError::Unsuitable { url, what, hint }
            }
        });
    }
    Ok(())
}

fn create(database: &mut Database) -> Result<(), StorageError> {
    let placeholders = match database {
        Database::Sqlite(_) => SQLITE,
        #[cfg(feature = "postgres")]
        Database::Postgres(_) => {
            // Of two workers that come first, one waits for the other.
            database.rows("SELECT 1 FROM pg_advisory_xact_lock(20260726)", &[])?;
            POSTGRES
        }
    };
    if is_there(database)? {
        return Ok(());
    }
    #[cfg(feature = "postgres")]
    if let Database::Postgres(_) = database {
        database.batch(POSTGRES_TYPES)?;
    }
    let tables = placeholders.iter().fold(TABLES.to_owned(), |sql, (name, is)| sql.replace(name, is));
    database.batch(&tables)?;
    database.batch(INDEX)?;
    let version =
        "INSERT INTO version_info (version_info_id, schema_version, library_version) VALUES (1, $1, $2)";
    database.rows(version, &[SCHEMA.into(), OPTUNA.into()])?;
    database.rows("INSERT INTO alembic_version (version_num) VALUES ($1)", &[MIGRATION.into()])?;
    Ok(())
}
