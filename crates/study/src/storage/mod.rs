//! Where studies are kept: in Optuna's tables, in a file of SQLite or in PostgreSQL.
//!
//! The database is the queue: trials to come wait in it, a worker claims one under a lock of its row, and writes what came of
//! it in one transaction. So however a worker ends, what was finished stays, and what was not is given to another.

mod attributes;
mod database;
mod error;
mod history;
mod known;
#[cfg(feature = "postgres")]
mod postgres;
mod queue;
mod results;
mod schema;
mod studies;

use database::{Access, Cell, Database, Row};
pub use error::StorageError;
pub(crate) use history::LAST_STEP;
pub(crate) use known::KnownTrials;
pub use queue::Claim;
pub(crate) use queue::NOTHING_LEFT;
pub use results::Outcome;
pub use studies::Record;

/// SQLite's name of a database without a file, which cannot be opened twice.
pub(crate) const IN_MEMORY: &str = ":memory:";

/// A database of studies.
pub struct Storage {
    database: Database,
    url: String,
}

impl Storage {
    /// Connect: to the path of a file, `sqlite:///study.db`, or `postgresql://USER@HOST/DATABASE`. Tables are made where there
    /// are none.
    ///
    /// # Errors
    /// [`StorageError`] if it cannot be reached or written, or has tables of another version.
    pub fn open(url: &str) -> Result<Self, StorageError> {
        Self::on(Database::open(url, Access::Make)?, url)
    }

    /// One that is gone with this process, and that nobody else sees.
    ///
    /// # Errors
    /// [`StorageError`] without memory for it.
    pub fn in_memory() -> Result<Self, StorageError> {
        Self::on(Database::in_memory()?, IN_MEMORY)
    }

    fn on(mut database: Database, url: &str) -> Result<Self, StorageError> {
        schema::prepare(&mut database, url)?;
        Ok(Self { database, url: url.to_owned() })
    }

    /// The same of a database that has studies: nothing is made.
    ///
    /// # Errors
    /// As [`Storage::open`], and if it has none.
    pub fn existing(url: &str) -> Result<Self, StorageError> {
        let storage = Self::reading(url)?;
        storage.database.is_to_be_written().map_err(|error| StorageError::sqlite(url, &error))?;
        Ok(storage)
    }

    /// The same to be read alone, also where nothing can be written.
    ///
    /// # Errors
    /// As [`Storage::existing`].
    pub fn reading(url: &str) -> Result<Self, StorageError> {
        let mut database = Database::open(url, Access::Find)?;
        if !schema::is_there(&mut database)? {
            return Err(StorageError::Empty { url: without_password(url) });
        }
        Self::on(database, url)
    }

    /// Another connection to the same database.
    ///
    /// # Errors
    /// As [`Storage::open`].
    pub fn again(&self) -> Result<Self, StorageError> {
        Self::open(&self.url)
    }

    /// Connect again after [`StorageError::Gone`].
    ///
    /// # Errors
    /// As [`Storage::open`].
    pub fn reconnect(&mut self) -> Result<(), StorageError> {
        self.database = Database::open(&self.url, Access::Make)?;
        Ok(())
    }

    /// Its address, for people.
    pub fn address(&self) -> String {
        without_password(&self.url)
    }
}

/// An address for people: neither the password before the host, which may hold any sign, nor one among the parameters.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (user, host) = rest.rsplit_once('@').map_or(("", rest), |(user, host)| (user, host));
    let user = match user.split_once(':') {
        Some((user, _)) => format!("{user}:***@"),
        None if user.is_empty() => String::new(),
        None => format!("{user}@"),
    };
    let (place, parameters) = host.split_once('?').map_or((host, None), |(place, of)| (place, Some(of)));
    let shown = |parameter: &str| match parameter.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("password") => format!("{name}=***"),
        _ => parameter.to_owned(),
    };
    let parameters = parameters.map(|of| of.split('&').map(shown).collect::<Vec<_>>().join("&"));
    let parameters = parameters.map_or_else(String::new, |of| format!("?{of}"));
    format!("{scheme}://{user}{place}{parameters}")
}

/// How a number is stored: Optuna keeps the kind of those that are not finite beside them.
fn kind(value: f64) -> &'static str {
    match value {
        _ if value.is_nan() => "NAN",
        f64::INFINITY => "INF_POS",
        f64::NEG_INFINITY => "INF_NEG",
        _ => "FINITE",
    }
}

/// The number in two columns of a row.
fn number(value: &Cell, kind: &Cell) -> f64 {
    match kind.text() {
        "INF_POS" => f64::INFINITY,
        "INF_NEG" => f64::NEG_INFINITY,
        "NAN" => f64::NAN,
        _ => value.real().unwrap_or(f64::NAN),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn no_password_is_shown() {
        for (url, shown) in [
            ("postgresql://u:secret@host:5432/db", "postgresql://u:***@host:5432/db"),
            ("postgresql://u:p@ss:word@host/db", "postgresql://u:***@host/db"),
            ("postgresql://u:a?b@host/db", "postgresql://u:***@host/db"),
            (
                "postgresql://u@host/db?sslmode=require&password=x",
                "postgresql://u@host/db?sslmode=require&password=***",
            ),
            ("postgresql://u@host/db", "postgresql://u@host/db"),
            ("studies/a.db", "studies/a.db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
