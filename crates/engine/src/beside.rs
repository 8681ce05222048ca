//! Threads beside this one, as many as can be had: where the system gives none, this one does the work. Everybody who wants threads
//! of his own gets them here, so that a limit on threads or memory costs time and no more.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, Scope, scope};

/// Start up to so many threads that each do this work, and say how many could be had.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
/// let calls = AtomicUsize::new(0);
/// let started = std::thread::scope(|scope| {
///     nablab_engine::beside::start(scope, 3, || drop(calls.fetch_add(1, SeqCst)))
/// });
/// assert_eq!(calls.into_inner(), started);
/// ```
pub fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    most: usize,
    work: impl Fn() + Copy + Send + 'scope,
) -> usize {
    (0..most).map_while(|_| Builder::new().spawn_scoped(scope, work).ok()).count()
}

/// Do both, the first on a thread of its own where one can be had, and else after the second.
///
/// ```
/// assert_eq!(nablab_engine::beside::both(|| 1, || 'b'), (1, 'b'));
/// ```
///
/// # Panics
/// If one of them does.
pub fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    // A thread that cannot be started gives nothing back.
    let first = Mutex::new(Some(first));
    let take = || first.lock().unwrap_or_else(PoisonError::into_inner).take();
    let run = || take().map(|first| first());
    scope(|scope| {
        let other = Builder::new().spawn_scoped(scope, run);
        let second = second();
        let first = match other {
            Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => run(),
        };
        (first.expect("it is taken once"), second)
    })
}
