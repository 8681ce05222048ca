//! What can go wrong with a database of studies.

/// One clear error: where, what was expected, what came, what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// An address that cannot be one.
    #[error("{url}: {what}\nhint: {hint}")]
    Address {
        /// The address.
        url: String,
        /// What is wrong with it.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// It is in PostgreSQL, and this nablab cannot speak with that.
    #[error("{url}: it is in PostgreSQL, which this nablab was built without")]
    WithoutPostgres {
        /// The address.
        url: String,
    },
    /// There is no study in it.
    #[error("{url}: there is no study in it\nhint: nablab study run makes one")]
    Empty {
        /// The address.
        url: String,
    },
    /// There is no study of this name.
    #[error("{url}: study {study}: there is none of this name\nhint: {}", known_studies(known))]
    Unknown {
        /// The address.
        url: String,
        /// The name.
        study: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// It is there and says no.
    #[error("{url}: {what}\nhint: {hint}")]
    Refused {
        /// The address.
        url: String,
        /// What it says.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// It holds something else than studies that nablab reads.
    #[error("{url}: {what}\nhint: {hint}")]
    Unsuitable {
        /// The address.
        url: String,
        /// What it holds.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// The name of a study is too long for Optuna's tables.
    #[error("{url}: study {study}: {what}\nhint: choose a shorter one, or name the file otherwise")]
    Name {
        /// The address.
        url: String,
        /// The name.
        study: String,
        /// How long it may be, and is.
        what: String,
    },
    /// It cannot be reached, now; it may come back.
    #[error("{url}: {what}\nhint: {hint}")]
    Gone {
        /// The address.
        url: String,
        /// What happened.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// There is another study of this name.
    #[error("{url}: study {study}: {what}\nhint: {hint}")]
    Study {
        /// The address.
        url: String,
        /// Its name.
        study: String,
        /// What is wrong with it.
        what: String,
        /// What to do.
        hint: String,
    },
}

fn known_studies(known: &[String]) -> String {
    match known {
        [] => "there is no study at all; nablab study run makes one".into(),
        names => format!("there are {}", names.join(", ")),
    }
}

impl StorageError {
    pub(super) fn sqlite(url: &str, error: &rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let hint = match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                "the file or its folder cannot be written: check the permissions"
            }
            Some(ErrorCode::CannotOpen) => "check that the folder is there and its permissions",
            Some(ErrorCode::NotADatabase) => {
                let hint = "the file is something else: choose another one";
                return Self::Unsuitable { url: url.to_owned(), what: error.to_string(), hint };
            }
            Some(ErrorCode::DatabaseCorrupt) => {
                "the file is damaged: sqlite3 FILE .recover saves what can be saved"
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                let hint = "another program keeps it locked: end that one, or share the study by PostgreSQL";
                return Self::Gone { url: url.to_owned(), what: error.to_string(), hint };
            }
            Some(ErrorCode::DiskFull) => "make space, and start again: finished trials are kept",
            _ => "check the file with sqlite3 FILE 'PRAGMA integrity_check'",
        };
        Self::Refused { url: url.to_owned(), what: error.to_string(), hint }
    }
}
