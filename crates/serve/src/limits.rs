//! What a server takes at most.

use std::time::Duration;

/// What a server takes at most. Past a bound it says so, and goes on for the others.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once, sessions among them.
    pub connections: usize,
    /// Sessions at once: each has a thread and a training.
    pub sessions: usize,
    /// Bytes of a command, with the table that may be in it.
    pub command: usize,
    /// Commands of a session that wait for the one before.
    pub waiting: usize,
    /// Bytes that all sessions hold together: commands that wait, and trainings, by what is known of their size.
    pub held: usize,
    /// Bytes of replies, together, that nobody has taken yet.
    pub unread: usize,
    /// Somebody who takes nothing of what is sent for so long has gone.
    pub patience: Duration,
    /// A request is complete after so long, or its connection ends; so does one on which nothing is asked.
    pub request: Duration,
    /// A session is asked so often whether somebody is there. Who is silent for three times as long has gone.
    pub ping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 640,
            sessions: 256,
            command: 16 << 20,
            waiting: 64,
            held: 1 << 30,
            unread: 256 << 20,
            patience: Duration::from_secs(20),
            request: Duration::from_secs(20),
            ping: Duration::from_secs(10),
        }
    }
}
