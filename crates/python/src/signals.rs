//! Ctrl-C while the engine works: Python looks for signals only on its first thread, and only where it is asked to.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
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
}

impl Interrupt {
    fn new(looks: bool) -> Self {
        let next = looks.then(|| Mutex::new(Instant::now() + OFTEN));
        Self { came: AtomicBool::new(false), next, error: Mutex::new(None) }
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
        if let Err(error) = Python::attach(|py| py.check_signals()) {
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
    match heeding(py, threads, work) {
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
    py.detach(|| {
        // A trainer of one thread works on this one, which may look for itself.
        let interrupt = Interrupt::new(threads.get() == 1);
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
        (done, interrupt.raised())
    })
}
