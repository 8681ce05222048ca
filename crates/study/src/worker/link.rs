//! A connection that waits for its server to come back.

use std::time::{Duration, Instant};

use crate::fork::at_work;
use crate::storage::{Storage, StorageError};

/// A connection that waits for its server to come back.
pub(crate) struct Link {
    storage: Storage,
    /// How often it came back: who compares moments begins anew.
    pub(crate) returns: u64,
}

/// How long it waits before it tries again.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

impl Link {
    pub(crate) fn new(storage: Storage) -> Self {
        Self { storage, returns: 0 }
    }

    /// Connect again, if that is possible now.
    pub(crate) fn try_again(&mut self) {
        let _at_work = at_work();
        if self.storage.reconnect().is_ok() {
            self.returns += 1;
        }
    }

    /// Do something that may be done twice: the connection can be lost when it is already done. Waits while `waits` says so;
    /// it is told what happened, once, and nothing when it came back.
    pub(crate) fn with<T>(
        &mut self,
        waits: &dyn Fn(Option<&StorageError>) -> bool,
        mut work: impl FnMut(&mut Storage) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut wait = FIRST;
        let mut gone = false;
        loop {
            let done = {
                let _at_work = at_work();
                work(&mut self.storage)
            };
            let error = match done {
                Err(error @ StorageError::Gone { .. }) => error,
                done => return done,
            };
            if !gone && !waits(Some(&error)) {
                return Err(error);
            }
            gone = true;
            loop {
                let begun = Instant::now();
                while begun.elapsed() < wait {
                    if !waits(None) {
                        return Err(error);
                    }
                    std::thread::sleep(FIRST.min(wait));
                }
                wait = (2 * wait).min(LONGEST);
                let done = {
                    let _at_work = at_work();
                    self.storage.reconnect()
                };
                match done {
                    Ok(()) => break,
                    Err(StorageError::Gone { .. }) => {}
                    Err(other) => return Err(other),
                }
            }
            self.returns += 1;
        }
    }
}
