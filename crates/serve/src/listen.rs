//! Connections: as many as are taken, each for as long as somebody is at its other end.

use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use crate::Limits;
use crate::patient::Patient;

/// The place of a connection among those that are taken; a session keeps it.
pub(crate) type Connection = Arc<OwnedSemaphorePermit>;

/// Bytes of a request line and headers, and how many headers.
const MOST_BYTES: usize = 16 << 10;
const MOST_HEADERS: usize = 64;
/// Those who are told that there is no place, at once; more are not told.
const TURNED_AWAY: usize = 32;
/// The system has no more connections to give for a while.
const PAUSE: Duration = Duration::from_millis(100);

const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\nretry-after: 5\r\nconnection: close\r\n\r\n\
    as many connections are open as this server takes: close other tabs\n";

pub(crate) async fn listen(
    listener: std::net::TcpListener,
    router: Router,
    limits: &Limits,
) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    let places = Arc::new(Semaphore::new(limits.connections));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.request)
        .max_buf_size(MOST_BYTES)
        .max_headers(MOST_HEADERS);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        match places.clone().try_acquire_owned() {
            Ok(place) => {
                let connection: Connection = Arc::new(place);
                let service = TowerToHyperService::new(router.clone().layer(Extension(connection.clone())));
                let stream = TokioIo::new(Patient::new(stream, limits.patience));
                let served = http.serve_connection(stream, service).with_upgrades();
                tokio::spawn(async move {
                    // Whoever sends nonsense, or goes, is told or gone.
                    let _ = served.await;
                    drop(connection);
                });
            }
            Err(_) => {
                if let Ok(place) = turned_away.clone().try_acquire_owned() {
                    tokio::spawn(timeout(limits.request, turn_away(stream, place)));
                }
            }
        }
    }
}

/// What was asked is read first, or the answer would be lost with it.
async fn turn_away(mut stream: TcpStream, _place: OwnedSemaphorePermit) {
    let _ = stream.read(&mut [0; MOST_BYTES]).await;
    let _ = stream.write_all(FULL).await;
    let _ = stream.shutdown().await;
}
