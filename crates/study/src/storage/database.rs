//! The same statements for SQLite and PostgreSQL: both take `$1`, `RETURNING` and `ON CONFLICT`.

use std::time::{Duration, Instant};

use rusqlite::ErrorCode;

use super::StorageError;

/// A value of a row, or of a statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

impl Cell {
    pub(crate) fn integer(&self) -> i64 {
        if let Self::Integer(value) = self { *value } else { 0 }
    }

    pub(crate) fn real(&self) -> Option<f64> {
        match self {
            Self::Real(value) => Some(*value),
            Self::Integer(value) => Some(*value as f64),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> &str {
        if let Self::Text(value) = self { value } else { "" }
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        // NaN is stored as nothing, and its kind beside it.
        if value.is_finite() { Self::Real(value) } else { Self::Null }
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

pub(crate) type Row = Vec<Cell>;

/// A connection.
pub(crate) enum Database {
    Sqlite(rusqlite::Connection),
    #[cfg(feature = "postgres")]
    Postgres(Box<super::postgres::Connection>),
}

/// What may become of the place that an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// What is not there is made.
    Make,
    /// It is there, and nothing is written before it is known what it is.
    Find,
}

/// A file that is there, also where neither it nor its folder can be written.
fn to_read(path: &str) -> rusqlite::Result<rusqlite::Connection> {
    use rusqlite::{Connection, OpenFlags};
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    let look =
        |connection: &Connection| connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
    let Err(error) = look(&connection) else { return Ok(connection) };
    let is_refused = matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly));
    // What is not in the database yet stands in a file beside it, which then could not be read.
    let log = std::fs::metadata(format!("{path}-wal")).map_or(0, |log| log.len());
    if !is_refused || log > 0 {
        return Err(error);
    }
    // No files can be made beside it that others would look for: so nobody writes it meanwhile.
    let whole: String =
        std::path::absolute(path).map_or_else(|_| path.into(), |path| path.display().to_string());
    let escaped = whole.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)?;
    look(&connection).map(|()| connection)
}

/// SQLite only says that it cannot open such a file.
fn too_long(path: &str, url: &str) -> Result<(), StorageError> {
    const LONGEST: usize = 255;
    match path.split(['/', '\\']).find(|name| name.len() > LONGEST) {
        None => Ok(()),
        Some(name) => Err(StorageError::Address {
            url: url.to_owned(),
            what: format!("expected names of at most {LONGEST} bytes, got one of {}", name.len()),
            hint: "choose a shorter name",
        }),
    }
}

/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(10);

/// A table of somebody else's, in a file that has none of a study. Optuna makes its tables one by one, and may be about to.
fn foreign_table(connection: &rusqlite::Connection) -> rusqlite::Result<Option<String>> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT EXISTS \
                  (SELECT 1 FROM sqlite_master WHERE name IN ('version_info', 'studies', 'trials', 'alembic_version'))";
    let mut statement = connection.prepare(tables)?;
    let mut rows = statement.query([])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

impl Database {
    /// Connect to what an address names: `sqlite:///study.db`, `postgresql://user@host/studies`, or the path of a file.
    pub(crate) fn open(url: &str, access: Access) -> Result<Self, StorageError> {
        match url.split_once("://") {
            Some(("sqlite", path)) => Self::sqlite(path.strip_prefix('/').unwrap_or(path), url, access),
            Some((scheme, _)) if scheme.split('+').next() == Some("postgresql") || scheme == "postgres" => {
                Self::postgres(url)
            }
            Some((scheme, _)) => Err(StorageError::Address {
                url: super::without_password(url),
                what: format!("expected sqlite:///FILE or postgresql://USER@HOST/DATABASE, got {scheme}://"),
                hint: "the path of a file is also taken, for SQLite",
            }),
            None => Self::sqlite(url, url, access),
        }
    }

    pub(crate) fn in_memory() -> Result<Self, StorageError> {
        let connection = rusqlite::Connection::open_in_memory();
        connection.map(Self::Sqlite).map_err(|error| StorageError::sqlite(super::IN_MEMORY, &error))
    }

    #[cfg(feature = "postgres")]
    fn postgres(url: &str) -> Result<Self, StorageError> {
        super::postgres::Connection::open(url).map(Box::new).map(Self::Postgres)
    }

    #[cfg(not(feature = "postgres"))]
    fn postgres(url: &str) -> Result<Self, StorageError> {
        Err(StorageError::WithoutPostgres { url: super::without_password(url) })
    }

    fn sqlite(path: &str, url: &str, access: Access) -> Result<Self, StorageError> {
        if path.is_empty() || path == ":memory:" {
            return Err(StorageError::Address {
                url: url.to_owned(),
                what: "expected the path of a file, got none".into(),
                hint: "such as study.db, or sqlite:///study.db",
            });
        }
        too_long(path, url)?;
        let wrong = |error: rusqlite::Error| StorageError::sqlite(url, &error);
        let connection = match access {
            Access::Make => rusqlite::Connection::open(path).map_err(wrong)?,
            Access::Find => to_read(path).map_err(wrong)?,
        };
        connection.busy_timeout(BUSY).map_err(wrong)?;
        connection.set_prepared_statement_cache_capacity(64);
        if let Some(table) = foreign_table(&connection).map_err(wrong)? {
            return Err(StorageError::Unsuitable {
                url: url.to_owned(),
                what: format!("it is the database of something else, with a table {table}"),
                hint: "choose another one",
            });
        }
        let database = Self::Sqlite(connection);
        if access == Access::Make {
            database.is_to_be_written().map_err(wrong)?;
        }
        Ok(database)
    }

    /// Of SQLite: readers do not wait for writers, and what is committed outlives the process, killed or not. It is the first
    /// thing that is written into a file.
    pub(crate) fn is_to_be_written(&self) -> rusqlite::Result<()> {
        match self {
            Self::Sqlite(connection) => {
                let begun = Instant::now();
                loop {
                    let done = connection.pragma_update(None, "journal_mode", "wal");
                    match done.as_ref().err().and_then(rusqlite::Error::sqlite_error_code) {
                        // Of two that begin a file at once SQLite does not let one wait here, as it does elsewhere.
                        Some(ErrorCode::DatabaseBusy) if begun.elapsed() < BUSY => {
                            std::thread::sleep(Duration::from_millis(5));
                        }
                        // Who writes is told then.
                        Some(ErrorCode::ReadOnly) => break,
                        _ => {
                            done?;
                            break;
                        }
                    }
                }
                connection.pragma_update(None, "synchronous", "normal")
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(()),
        }
    }

    /// The rows of a statement.
    pub(crate) fn rows(&mut self, sql: &str, values: &[Cell]) -> Result<Vec<Row>, StorageError> {
        match self {
            Self::Sqlite(connection) => {
                let read = |connection: &rusqlite::Connection| {
                    let mut statement = connection.prepare_cached(sql)?;
                    let columns = statement.column_count();
                    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
                    let mut all = Vec::new();
                    while let Some(row) = rows.next()? {
                        all.push(
                            (0..columns).map(|i| row.get_ref(i).map(Cell::from)).collect::<Result<_, _>>()?,
                        );
                    }
                    Ok(all)
                };
                read(connection)
                    .map_err(|error| StorageError::sqlite(connection.path().unwrap_or_default(), &error))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => connection.rows(sql, values),
        }
    }

    /// Several statements without values.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(connection) => connection
                .execute_batch(sql)
                .map_err(|error| StorageError::sqlite(connection.path().unwrap_or_default(), &error)),
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => connection.batch(sql),
        }
    }

    /// All of it or nothing.
    pub(crate) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let begin = match self {
            // A writer from the start: else another could come between its reading and its writing.
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => "BEGIN",
        };
        self.between(begin, work)
    }

    /// Read several tables as they are at one moment.
    pub(crate) fn snapshot<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let begin = match self {
            Self::Sqlite(_) => "BEGIN",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.between(begin, work)
    }

    fn between<T>(
        &mut self,
        begin: &str,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.batch(begin)?;
        let done = work(self).and_then(|value| self.batch("COMMIT").map(|()| value));
        if done.is_err() {
            // Of a connection that is gone there is nothing to take back.
            let _ = self.batch("ROLLBACK");
        }
        done
    }

    /// `FOR UPDATE` and its like, which SQLite does not have and, with one writer at a time, does not need.
    pub(crate) fn locking(&self, clause: &'static str) -> &'static str {
        if matches!(self, Self::Sqlite(_)) { "" } else { clause }
    }

    /// The database's own clock, local time as Optuna has it: one clock for all workers, whatever theirs say.
    pub(crate) fn now(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "strftime('%Y-%m-%d %H:%M:%f', 'now', 'localtime') || '000'",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => "clock_timestamp()",
        }
    }

    /// The moment of a sign of life, as Optuna writes it.
    pub(crate) fn beat(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "CURRENT_TIMESTAMP",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => "clock_timestamp()",
        }
    }

    /// There is a table of this name.
    pub(crate) fn has_table(&mut self, name: &str) -> Result<bool, StorageError> {
        let sql = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                "SELECT relname::text FROM pg_class WHERE relname = $1 AND pg_table_is_visible(oid)"
            }
        };
        Ok(!self.rows(sql, &[name.into()])?.is_empty())
    }
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
        }))
    }
}

impl From<rusqlite::types::ValueRef<'_>> for Cell {
    fn from(value: rusqlite::types::ValueRef<'_>) -> Self {
        use rusqlite::types::ValueRef;
        match value {
            ValueRef::Null | ValueRef::Blob(_) => Self::Null,
            ValueRef::Integer(value) => Self::Integer(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(value) => Self::Text(String::from_utf8_lossy(value).into_owned()),
        }
    }
}
