//! A server: what it is asked for, where it listens, who answers what.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use nablab::study::Directory;
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use crate::access::{Access, guard, said};
use crate::budget::Budget;
use crate::listen::{Connection, listen};
use crate::page::{Page, policy};
use crate::socket::{Shared, session};
use crate::{Limits, ServeError, Token};

/// What a server is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where runs and studies lie.
    pub directory: PathBuf,
    /// The address or name it listens on.
    pub host: String,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// What somebody has to know. Whoever listens for other machines, and names none, gets a new one.
    pub token: Option<Token>,
    /// What it takes at most.
    pub limits: Limits,
}

/// A server that listens.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    options: Options,
    directory: Directory,
}

/// All that an answer may need.
#[derive(Clone)]
struct Served {
    page: Page,
    sessions: Arc<Semaphore>,
    shared: Shared,
}

impl Server {
    /// Listen. From now on browsers may knock; they are answered once it runs.
    ///
    /// # Errors
    /// [`ServeError`] where the address cannot be had.
    pub fn bind(mut options: Options) -> Result<Self, ServeError> {
        let directory = Directory::new(&options.directory)?;
        let (host, port) = (options.host.clone(), options.port);
        let listener = TcpListener::bind((&*host, port)).map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ServeError::Taken { host: host.clone(), port },
            _ => ServeError::Address { host: host.clone(), port, source },
        })?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        if options.token.is_none() && !address.ip().is_loopback() {
            options.token = Some(Token::random()?);
        }
        // Waiting for others is all it does: the work has threads of its own.
        let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(4).build()?;
        Ok(Self { runtime, listener, address, options, directory })
    }

    /// What to open in a browser, with the token where there is one.
    pub fn address(&self) -> String {
        let host = match self.address.ip() {
            // All addresses of the machine are none of them.
            ip if ip.is_unspecified() => "localhost".to_owned(),
            _ if self.options.host.contains(':') => format!("[{}]", self.options.host),
            _ => self.options.host.clone(),
        };
        let token = self.options.token.as_ref();
        let token = token.map_or_else(String::new, |token| format!("?token={}", token.text()));
        format!("http://{host}:{}/{token}", self.address.port())
    }

    /// Whether other machines reach it.
    pub fn is_for_others(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// Serve, until the program ends.
    ///
    /// # Errors
    /// [`ServeError::System`] where the system takes its address away.
    pub fn run(self) -> Result<(), ServeError> {
        let Self { runtime, listener, address, options, directory } = self;
        let Options { host, token, limits, .. } = options;
        let limits = Arc::new(limits);
        let policy = HeaderValue::try_from(policy()).expect("a policy is plain text");
        let access = Arc::new(Access { address, host, token, policy });
        let (held, unread) = (Budget::new(limits.held), Budget::new(limits.unread));
        let served = Served {
            page: Page::new(limits.command),
            sessions: Arc::new(Semaphore::new(limits.sessions)),
            shared: Shared { limits: limits.clone(), held, unread },
        };
        let router = Router::new()
            .merge(crate::directory::routes(directory))
            .route("/session", any(begun))
            .route("/load.json", get(load))
            .fallback(file)
            .layer(from_fn_with_state(access, guard))
            .with_state(served);
        runtime.block_on(listen(listener, router, &limits))?;
        Ok(())
    }
}

/// A socket for a session. Where there is no place for one, the socket itself says so: a page does not see the answer to a request.
async fn begun(
    State(served): State<Served>,
    axum::Extension(connection): axum::Extension<Connection>,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return said(StatusCode::UPGRADE_REQUIRED, "sessions are opened by the page, as a WebSocket");
    };
    let place = served.sessions.clone().try_acquire_owned().ok();
    let most = served.shared.limits.command;
    let upgrade = upgrade.max_message_size(most).max_frame_size(most).write_buffer_size(0);
    upgrade.on_upgrade(move |socket| async move {
        session(socket, place, served.shared).await;
        drop(connection);
    })
}

/// How much of what it takes at most is in use.
#[derive(Serialize)]
struct Load {
    sessions: usize,
    held: usize,
    unread: usize,
}

async fn load(State(served): State<Served>) -> Response {
    let Shared { limits, held, unread } = &served.shared;
    let load = Load {
        sessions: limits.sessions - served.sessions.available_permits(),
        held: held.used(),
        unread: unread.used(),
    };
    json(StatusCode::OK, &load)
}

/// Plain data.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let text = serde_json::to_string(value).expect("plain data");
    (status, [(CONTENT_TYPE, "application/json")], text).into_response()
}

/// What may wait for the disk, or takes a while, keeps nobody else waiting.
pub(crate) async fn beside(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    let answer = tokio::task::spawn_blocking(work).await;
    answer.unwrap_or_else(|_| {
        said(StatusCode::INTERNAL_SERVER_ERROR, "this cannot be had: the server is at fault")
    })
}

async fn file(State(served): State<Served>, request: Request) -> Response {
    beside(move || served.page.file(request.uri().path().trim_start_matches('/'), request.headers())).await
}
