//! A process that is forked while a thread is at work in a database: the child has the thread's locks, and not the thread that would give
//! them back. So nothing is at work in one when it is forked.

use std::cell::RefCell;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Read by whoever works in a database, written by who forks.
static AT_WORK: RwLock<()> = RwLock::new(());

thread_local! {
    static HELD: RefCell<Option<RwLockWriteGuard<'static, ()>>> = const { RefCell::new(None) };
}

/// For as long as work in a database takes; within it no other begins.
pub(crate) fn at_work() -> RwLockReadGuard<'static, ()> {
    AT_WORK.read().unwrap_or_else(PoisonError::into_inner)
}

/// Before a fork, by the thread that forks: wait until nothing is at work, and let nothing begin until [`after`].
pub fn before() {
    HELD.set(Some(AT_WORK.write().unwrap_or_else(PoisonError::into_inner)));
}

/// After it, by the same thread, in the parent and in the child.
pub fn after() {
    HELD.take();
}
