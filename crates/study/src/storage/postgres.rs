//! PostgreSQL.

use std::collections::HashMap;
use std::error::Error;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use super::StorageError;
use super::database::{Cell, Row};

/// A connection with the statements it knows.
pub(crate) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
    /// Where it leads, without the password.
    address: String,
}

impl Connection {
    pub(crate) fn open(url: &str) -> Result<Self, StorageError> {
        // SQLAlchemy's addresses name the driver, too: postgresql+psycopg2://…
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let plain = format!("{}://{rest}", scheme.split('+').next().unwrap_or_default());
        let address = super::without_password(url);
        let mut config: postgres::Config = plain.parse().map_err(|error: postgres::Error| {
            let what = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            StorageError::Address {
                url: address.clone(),
                what,
                hint: "postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
            }
        })?;
        if config.get_ssl_mode() == SslMode::Require {
            let what = "it asks for TLS, which nablab does not speak to PostgreSQL".into();
            return Err(StorageError::Address {
                url: address,
                what,
                hint: "sslmode=prefer, through a tunnel: ssh -L",
            });
        }
        config.application_name("nablab");
        // Without it a connection that was cut in silence is waited for as long as the system likes.
        config.tcp_user_timeout(Duration::from_secs(20));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        let client = answered(config, &address)?;
        Ok(Self { client, statements: HashMap::new(), address })
    }

    pub(crate) fn rows(&mut self, sql: &str, values: &[Cell]) -> Result<Vec<Row>, StorageError> {
        let Self { client, statements, address } = self;
        let mut run = || -> Result<Vec<Row>, postgres::Error> {
            if !statements.contains_key(sql) {
                statements.insert(sql.to_owned(), client.prepare(sql)?);
            }
            let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
            let rows = client.query(&statements[sql], &values)?;
            rows.iter().map(|row| (0..row.len()).map(|i| row.try_get(i)).collect()).collect()
        };
        run().map_err(|error| wrong(address, &error))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        self.client.batch_execute(sql).map_err(|error| wrong(&self.address, &error))
    }
}

/// So long a server may take to let somebody in.
const PATIENCE: Duration = Duration::from_secs(15);

/// Connect. The library waits for ever for one that takes the connection and says nothing, so another thread does the waiting.
fn answered(config: postgres::Config, address: &str) -> Result<Client, StorageError> {
    let (sender, receiver) = mpsc::channel();
    // The system's and the server's own limits come first, for each of several hosts.
    let hosts = config.get_hosts().len().max(1) as u32;
    let limit = (config.get_connect_timeout().copied().unwrap_or(PATIENCE) + PATIENCE / 3) * hosts;
    // Nobody is left to take what comes too late: it is closed then.
    thread::spawn(move || drop(sender.send(config.connect(NoTls))));
    match receiver.recv_timeout(limit) {
        Ok(connected) => connected.map_err(|error| wrong(address, &error)),
        Err(_) => Err(StorageError::Gone {
            url: address.to_owned(),
            what: format!("no answer within {} seconds", limit.as_secs()),
            hint: "check that a server of PostgreSQL is at this address; ?connect_timeout=60 waits longer",
        }),
    }
}

fn wrong(address: &str, error: &postgres::Error) -> StorageError {
    let (url, what) = (address.to_owned(), in_words(error));
    match error.as_db_error() {
        // A server that is about to stop or has just begun says so in words of its own: classes 57 and 08.
        Some(said) if !["57P", "08"].iter().any(|class| said.code().code().starts_with(class)) => {
            // Who may do what, which database, which tables; else it is about what was sent.
            let is_about_rights =
                ["28", "3D", "42"].iter().any(|class| said.code().code().starts_with(class));
            let hint = match is_about_rights {
                true => "check the user, the password, the database and its rights",
                false => "the server does not take what was sent; its log has more",
            };
            StorageError::Refused { url, what, hint }
        }
        _ => StorageError::Gone { url, what, hint: "check that the server runs and can be reached" },
    }
}

/// An error with its causes.
fn in_words(error: &postgres::Error) -> String {
    let mut said = match error.as_db_error() {
        Some(error) => return error.message().to_owned(),
        None => error.to_string(),
    };
    let mut cause = error.source();
    while let Some(inner) = cause {
        if !said.contains(&inner.to_string()) {
            said = format!("{said}: {inner}");
        }
        cause = inner.source();
    }
    said
}

impl ToSql for Cell {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql(kind, out),
            Self::Integer(value) if *kind == Type::FLOAT8 => (*value as f64).to_sql(kind, out),
            Self::Integer(value) => value.to_sql(kind, out),
            Self::Real(value) => value.to_sql(kind, out),
            // The names of an enumeration travel as texts.
            Self::Text(value) => value.to_sql(&Type::TEXT, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT4 => Self::Integer(i32::from_sql(kind, raw)?.into()),
            Type::INT8 => Self::Integer(i64::from_sql(kind, raw)?),
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, raw)?),
            _ => Self::Text(String::from_utf8_lossy(raw).into_owned()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        let known = [Type::INT4, Type::INT8, Type::FLOAT8, Type::TEXT, Type::VARCHAR];
        known.contains(kind) || matches!(kind.kind(), Kind::Enum(_))
    }
}
