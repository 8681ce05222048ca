//! PostgreSQL.

mod address;
mod cell;
mod line;
mod tls;
mod words;

use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio_postgres::{Client, Statement};

use super::StorageError;
use super::database::{Cell, Row};
use address::Address;
use line::{Line, within};

/// A connection with the statements it knows.
pub(crate) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
    /// Where it leads, without the password.
    address: String,
    /// So long a server may be silent.
    limit: Duration,
    /// Behind the client: it goes first.
    line: Line,
}

impl Connection {
    pub(crate) fn open(url: &str) -> Result<Self, StorageError> {
        let address = Address::parse(url)?;
        let (client, line) = line::connect(&address)?;
        let limit = address.silence();
        let mut connection = Self { client, statements: HashMap::new(), address: address.shown, limit, line };
        // A lock may be waited for twice, for the row and for who changes it. So who waits for locks hears of it before the server
        // is taken for frozen.
        connection.batch(&format!("SET lock_timeout = {}", (limit / 3).as_millis()))?;
        Ok(connection)
    }

    pub(crate) fn rows(&mut self, sql: &str, values: &[Cell]) -> Result<Vec<Row>, StorageError> {
        let Self { client, statements, line, limit, .. } = self;
        let all = line.wait(async {
            let statement = match statements.get(sql) {
                Some(known) => known.clone(),
                None => {
                    let new = within(*limit, client.prepare(sql)).await?;
                    statements.insert(sql.to_owned(), new.clone());
                    new
                }
            };
            let mut rows = pin!(within(*limit, client.query_raw(&statement, values)).await?);
            let mut all = Vec::new();
            // Of many rows each is waited for, not all of them.
            while let Some(row) = within(*limit, rows.try_next()).await? {
                all.push((0..row.len()).map(|i| row.try_get(i)).collect::<Result<_, _>>()?);
            }
            Ok(all)
        });
        all.map_err(|failure| failure.of(&self.address, self.limit))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StorageError> {
        let done = self.line.wait(within(self.limit, self.client.batch_execute(sql)));
        done.map_err(|failure| failure.of(&self.address, self.limit))
    }
}
