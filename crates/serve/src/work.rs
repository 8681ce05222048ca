//! A session at work, on a thread of its own: whatever it computes, nobody else waits.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::extract::ws::{Utf8Bytes, close_code};
use nablab::session::{Began, Event, Reply, Session, Stop};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender};

use crate::budget::{Budget, Share};
use crate::frame;

/// A command that waits, with the bytes it may hold; or that there were none left for it.
pub(crate) type Order = Result<(Utf8Bytes, Share), ()>;

/// What a session says.
pub(crate) enum Said {
    /// The answer to the next command.
    Reply(Vec<u8>, Share),
    /// There are no more answers, and why.
    Ended(u16, &'static str),
}

/// Carry out one order after the other, until there are no more, or nobody takes the answers.
pub(crate) fn work(
    mut orders: Receiver<Order>,
    said: &Sender<Said>,
    stop: Stop,
    [held, unread]: [&Budget; 2],
    taken: &std::sync::mpsc::Receiver<()>,
    _place: OwnedSemaphorePermit,
) {
    let mut watched = Watched { session: Session::until(stop.clone()), stop, size: None };
    while let Some(order) = orders.blocking_recv() {
        let Ok(reply) = catch_unwind(AssertUnwindSafe(|| watched.answer(order, held))) else {
            let _ = said.blocking_send(Said::Ended(close_code::ERROR, "the engine stopped: begin anew"));
            return;
        };
        let bytes = frame::bytes(&reply);
        drop(reply);
        let say = match unread.share(bytes.len()) {
            Some(share) => Said::Reply(bytes, share),
            None => Said::Ended(
                close_code::AGAIN,
                "too many answers of this server are not yet taken: close other tabs",
            ),
        };
        let is_last = matches!(say, Said::Ended(..));
        // A session has one answer at a time: the next one is computed when somebody has taken this one.
        if said.blocking_send(say).is_err() || is_last || taken.recv().is_err() {
            return;
        }
    }
}

/// A session, and what it holds.
struct Watched {
    session: Session,
    stop: Stop,
    /// Of the training that has begun.
    size: Option<Share>,
}

impl Watched {
    fn answer(&mut self, order: Order, held: &Budget) -> Reply {
        let Ok((command, _share)) = order else { return full(held) };
        let reply = self.session.answer_json(&command);
        let Some(Event::Began(began)) = reply.events.first() else { return reply };
        self.size = None;
        self.size = held.share(command.len() + size(began));
        if self.size.is_none() {
            self.session = Session::until(self.stop.clone());
            return full(held);
        }
        reply
    }
}

/// Bytes that a training takes, by and large: its rows, as read and as the engine has them, its parameters with what the update rule
/// remembers, and the states to go back to.
fn size(began: &Began) -> usize {
    /// Of a row's number: in the table, and for the engine.
    const NUMBER: usize = 16;
    /// Of a parameter: in all states, of which there are fewer where they are large.
    const PARAMETER: usize = 3 << 10;
    const STATES: usize = 64 << 20;
    let columns = began.features.len() + began.targets.len();
    let rows: usize = began.rows.iter().sum();
    NUMBER * rows * columns + (PARAMETER * began.parameters).min(STATES)
}

fn full(held: &Budget) -> Reply {
    let most = held.all() >> 20;
    let message = format!(
        "the trainings of all tabs take the {most} MiB that this server has for them: close other tabs"
    );
    Reply { events: vec![Event::Refused { message }], numbers: Vec::new() }
}
