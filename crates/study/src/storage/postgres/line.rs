//! What carries a connection: the first word and the last, and no wait for ever between them.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{MakeTlsConnect, NoTls};
use tokio_postgres::{Client, Config, Error, Socket};

use super::address::{Address, is_local};
use super::tls::Way;
use super::words;
use crate::storage::StorageError;

/// So long the server's socket may take the last word.
const GOODBYE: Duration = Duration::from_millis(500);

type Driver = JoinHandle<Result<(), Error>>;

/// What carries a connection. It is dropped after its client, so that the server is told of the end.
pub(super) struct Line {
    runtime: Runtime,
    driver: Driver,
}

/// Why something was not done.
pub(super) enum Failure {
    /// No answer in time.
    Silent,
    Said(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}

impl Failure {
    pub(super) fn of(self, address: &str, limit: Duration) -> StorageError {
        match self {
            Self::Silent => words::silent(address, limit),
            Self::Said(error) => words::wrong(address, &error),
        }
    }
}

/// Wait so long at most. A frozen server takes all that is sent, so that no limit of the network's own comes.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done.map_err(Failure::Said),
        Err(_) => Err(Failure::Silent),
    }
}

impl Line {
    /// Do something with the client. After silence nothing more is: what is said next could be the answer to this.
    pub(super) fn wait<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let done = self.runtime.block_on(work);
        if matches!(done, Err(Failure::Silent)) {
            self.driver.abort();
        }
        done
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { runtime, driver } = self;
        // Best effort: a server that does not hear it finds the connection closed.
        let _ = runtime.block_on(async { tokio::time::timeout(GOODBYE, driver).await });
    }
}

/// Connect to the first host that lets us in.
pub(super) fn connect(address: &Address) -> Result<(Client, Line), StorageError> {
    let way = address.way()?;
    let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| StorageError::Gone {
        url: address.shown.clone(),
        what: format!("cannot wait for a network: {error}"),
        hint: "too many files or threads may be open: ulimit -a",
    })?;
    match runtime.block_on(enter(address, &way)) {
        Ok((client, driver)) => Ok((client, Line { runtime, driver })),
        Err(error) => {
            // A name may still be looked up, which nothing ends.
            runtime.shutdown_background();
            Err(error)
        }
    }
}

async fn enter(address: &Address, way: &Way) -> Result<(Client, Driver), StorageError> {
    let limit = address.patience();
    // As long as no host says anything else.
    let mut entered = Err(words::silent(&address.shown, limit));
    for host in &address.hosts {
        entered = match tokio::time::timeout(limit, enter_one(host, way)).await {
            Ok(Ok(entered)) => return Ok(entered),
            Ok(Err(error)) => Err(words::wrong(&address.shown, &error)),
            Err(_) => Err(words::silent(&address.shown, limit)),
        };
    }
    entered
}

/// With TLS and without, in the order of the mode.
async fn enter_one(host: &Config, way: &Way) -> Result<(Client, Driver), Error> {
    let plain = || log_in(with(host, SslMode::Disable), NoTls);
    match way {
        _ if is_local(host) => plain().await,
        Way::Plain => plain().await,
        Way::Tls(tls) => log_in(with(host, SslMode::Require), tls.clone()).await,
        Way::PlainFirst(tls) => match plain().await {
            Err(error) if words::is_about_entry(&error) => {
                log_in(with(host, SslMode::Require), tls.clone()).await
            }
            entered => entered,
        },
        Way::TlsFirst(tls) => match log_in(with(host, SslMode::Prefer), tls.clone()).await {
            Err(first) if words::is_about_tls(&first) || words::is_about_entry(&first) => {
                // Where plain connections are not let in, the first error says more.
                plain().await.map_err(|second| if words::is_about_entry(&second) { first } else { second })
            }
            entered => entered,
        },
    }
}

fn with(host: &Config, mode: SslMode) -> Config {
    let mut host = host.clone();
    host.ssl_mode(mode);
    host
}

async fn log_in<T>(host: Config, tls: T) -> Result<(Client, Driver), Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = host.connect(tls).await?;
    Ok((client, tokio::spawn(connection)))
}
