//! A session over a socket: a text is a command, an answer a frame of bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use nablab::session::Stop;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::Limits;
use crate::budget::Budget;
use crate::work::{Order, Said, work};

/// Why a session ends from this side.
type End = Option<(u16, &'static str)>;

const FULL: &str = "as many sessions are open as this server takes: close other tabs";
const TOO_LONG: &str = "a command is longer than this server takes";
const TOO_MANY: &str = "too many commands wait in this session";
const NO_THREAD: &str = "the system has no thread for another session";

/// Stops the work when the connection has gone.
struct Stopping(Stop);

impl Drop for Stopping {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// All that sessions share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) limits: Arc<Limits>,
    pub(crate) held: Budget,
    pub(crate) unread: Budget,
}

/// A session from beginning to end. Its place is free when the last of its work is done.
pub(crate) async fn session(socket: WebSocket, place: Option<OwnedSemaphorePermit>, shared: Shared) {
    let (mut sink, mut stream) = socket.split();
    let end = match place {
        Some(place) => served(&mut sink, &mut stream, place, &shared).await,
        None => Some((close_code::AGAIN, FULL)),
    };
    if let Some((code, reason)) = end {
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        let _ = sink.send(close).await;
        // What still comes is read, or the other end would not see the reason.
        let rest = async { while stream.next().await.is_some_and(|message| message.is_ok()) {} };
        let _ = timeout(shared.limits.ping, rest).await;
    }
}

async fn served(
    sink: &mut SplitSink<WebSocket, Message>,
    stream: &mut SplitStream<WebSocket>,
    place: OwnedSemaphorePermit,
    shared: &Shared,
) -> End {
    let stop = Stop::default();
    let _stopping = Stopping(stop.clone());
    let (order, orders) = mpsc::channel(shared.limits.waiting);
    let (say, said) = mpsc::channel(1);
    let (take, taken) = std::sync::mpsc::channel();
    let [held, unread] = [shared.held.clone(), shared.unread.clone()];
    let work = move || work(orders, &say, stop, [&held, &unread], &taken, place);
    if thread::Builder::new().name("session".into()).spawn(work).is_err() {
        return Some((close_code::AGAIN, NO_THREAD));
    }
    let heard = AtomicBool::new(true);
    tokio::select! {
        end = listened(stream, &order, &heard, shared) => end,
        end = spoken(sink, said, take, &heard, &shared.limits) => end,
    }
}

/// Commands, until the other end goes.
async fn listened(
    stream: &mut SplitStream<WebSocket>,
    order: &Sender<Order>,
    heard: &AtomicBool,
    shared: &Shared,
) -> End {
    while let Some(message) = stream.next().await {
        heard.store(true, Ordering::Relaxed);
        let command = match message {
            Ok(Message::Text(command)) => command,
            Ok(Message::Binary(_)) => return Some((close_code::UNSUPPORTED, "a command is a text")),
            Ok(Message::Ping(_) | Message::Pong(_)) => continue,
            Ok(Message::Close(_)) => return None,
            Err(error) => {
                let too_long = Some((close_code::SIZE, TOO_LONG));
                return if is_too_long(error) {
                    too_long
                } else {
                    Some((close_code::PROTOCOL, "no frame of a socket"))
                };
            }
        };
        let held = shared.held.share(command.len());
        let wanted = held.map(|share| (command, share)).ok_or(());
        if order.try_send(wanted).is_err() {
            return Some((close_code::POLICY, TOO_MANY));
        }
    }
    None
}

/// Answers, as far as they are taken, and now and then the question whether somebody is there.
async fn spoken(
    sink: &mut SplitSink<WebSocket, Message>,
    mut said: Receiver<Said>,
    take: std::sync::mpsc::Sender<()>,
    heard: &AtomicBool,
    limits: &Limits,
) -> End {
    let mut ticks = interval(limits.ping);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut silent = 0;
    loop {
        let sent = tokio::select! {
            said = said.recv() => match said {
                Some(Said::Reply(bytes, share)) => {
                    let sent = sink.send(Message::Binary(bytes.into())).await;
                    drop(share);
                    // Where the session has ended meanwhile, it says so next.
                    let _ = take.send(());
                    sent
                }
                Some(Said::Ended(code, why)) => return Some((code, why)),
                None => return Some((close_code::ERROR, "the session has ended")),
            },
            _ = ticks.tick() => {
                silent = if heard.swap(false, Ordering::Relaxed) { 0 } else { silent + 1 };
                if silent >= 3 {
                    return None;
                }
                sink.send(Message::Ping(Bytes::new())).await
            }
        };
        if sent.is_err() {
            return None;
        }
    }
}

/// The bound of a message, among the errors of a socket.
fn is_too_long(error: axum::Error) -> bool {
    matches!(error.into_inner().downcast_ref(), Some(tungstenite::Error::Capacity(_)))
}
