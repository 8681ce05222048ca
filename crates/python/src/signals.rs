//! Ctrl-C while the engine works: Python looks for signals only on its first thread, and only where it is asked to. Who looks also tells
//! how far the work is.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::prelude::*;

/// As often is looked for a signal.
const OFTEN: Duration = Duration::from_millis(50);

/// Asked between two steps whether to give up.
pub(crate) struct Interrupt {
    came: AtomicBool,
    /// When to look next; none where somebody else looks.
    next: Option<Mutex<Instant>>,
    error: Mutex<Option<PyErr>>,
    /// Epochs that are done, and epochs in all.
    done: AtomicU64,
    of: AtomicU64,
    /// Is called with both.
    told: Option<Py<PyAny>>,
}

impl Interrupt {
    fn new(looks: bool, told: Option<Py<PyAny>>) -> Self {
        let next = looks.then(|| Mutex::new(Instant::now() + OFTEN));
        let zero = || AtomicU64::new(0);
        Self { came: AtomicBool::new(false), next, error: Mutex::new(None), done: zero(), of: zero(), told }
    }

    /// There are so many epochs in all.
    pub(crate) fn expect(&self, of: u64) {
        self.of.store(of, Ordering::Relaxed);
    }

    /// So many of them are done.
    pub(crate) fn reach(&self, done: u64) {
        self.done.fetch_max(done, Ordering::Relaxed);
    }

    /// So many more of them are done.
    pub(crate) fn count(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// Whether a signal has come whose handler raised.
    pub(crate) fn came(&self) -> bool {
        if let Some(next) = &self.next
            && let Ok(mut next) = next.lock()
            && Instant::now() >= *next
        {
            self.look();
            *next = Instant::now() + OFTEN;
        }
        self.came.load(Ordering::Relaxed)
    }

    fn look(&self) {
        let (done, of) = (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed));
        let tell = |py: Python<'_>| match &self.told {
            Some(told) if of > 0 => told.call1(py, (done, of)).map(drop),
            _ => Ok(()),
        };
        if let Err(error) = Python::attach(|py| py.check_signals().and_then(|()| tell(py))) {
            self.came.store(true, Ordering::Relaxed);
            if let Ok(mut kept) = self.error.lock() {
                *kept = Some(error);
            }
        }
    }

    /// What the handler raised, if it did.
    fn raised(self) -> Option<PyErr> {
        self.error.into_inner().ok().flatten()
    }
}

/// Work without the interpreter's lock that gives up soon after a signal; what its handler raised is then the answer.
pub(crate) fn interruptible<T: Send>(
    py: Python<'_>,
    threads: NonZeroUsize,
    work: impl FnOnce(&Interrupt) -> PyResult<T> + Send,
) -> PyResult<T> {
    told(py, threads, None, work)
}

/// The same of work that counts its epochs: `told` is called with those that are done and all, again and again.
pub(crate) fn told<T: Send>(
    py: Python<'_>,
    threads: NonZeroUsize,
    told: Option<Py<PyAny>>,
    work: impl FnOnce(&Interrupt) -> PyResult<T> + Send,
) -> PyResult<T> {
    match watched(py, threads, told, work) {
        (_, Some(raised)) => Err(raised),
        (done, None) => done,
    }
}

/// The same where what was done until then counts all the same: its answer, and what the handler raised, if a signal came.
pub(crate) fn heeding<T: Send>(
    py: Python<'_>,
    threads: NonZeroUsize,
    work: impl FnOnce(&Interrupt) -> T + Send,
) -> (T, Option<PyErr>) {
    watched(py, threads, None, work)
}

fn watched<T: Send>(
    py: Python<'_>,
    threads: NonZeroUsize,
    told: Option<Py<PyAny>>,
    work: impl FnOnce(&Interrupt) -> T + Send,
) -> (T, Option<PyErr>) {
    py.detach(|| {
        // A trainer of one thread works on this one, which may look for itself.
        let interrupt = Interrupt::new(threads.get() == 1, told);
        let done = match threads.get() {
            1 => work(&interrupt),
            _ => thread::scope(|scope| {
                let (send, receive) = channel();
                let interrupt = &interrupt;
                let worker = scope.spawn(move || {
                    let done = work(interrupt);
                    // Whoever waits is told at once; there is nobody else.
                    let _ = send.send(());
                    done
                });
                while let Err(RecvTimeoutError::Timeout) = receive.recv_timeout(OFTEN) {
                    interrupt.look();
                }
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }),
        };
        if interrupt.told.is_some() {
            // What took less than a moment was never told.
            interrupt.look();
        }
        (done, interrupt.raised())
    })
}
