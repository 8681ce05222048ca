//! Signals: the first ends the program at once, or, where there is work that heeds it, asks that to stop; a later one ends the
//! program in any case, unless it comes right behind the first. Nothing stays that is half done.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use nablab::data::{NewFolders, wait_for_writers};

use crate::terminal;

/// The signal that came, or 0.
static CAME: AtomicI32 = AtomicI32::new(0);
/// What comes so soon behind the first signal is the same wish: `timeout` sends one to the program, and at once another to its group.
const SAME_WISH: Duration = Duration::from_millis(500);
static HEEDING: AtomicUsize = AtomicUsize::new(0);
static IS_BRIEF: AtomicBool = AtomicBool::new(false);
static UNFINISHED: Mutex<Option<Unfinished>> = Mutex::new(None);
static LAST_WORDS: Mutex<Option<LastWords>> = Mutex::new(None);

/// For so long somebody waits who has asked a training to stop: one step of a large batch, or judging many rows, takes longer.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(2);

/// A disk that takes longer to write a file has gone away.
const HUNG: Duration = Duration::from_secs(10);

/// A folder, and what is said of it where the program is ended.
type LastWords = (PathBuf, fn(&Path) -> Option<String>);

/// A folder that must not stay behind half done.
pub(crate) struct Unfinished {
    pub(crate) folder: PathBuf,
    /// Those made for it, which go if nothing is in them.
    pub(crate) parents: NewFolders,
    /// Removes it, or what is in it. Best effort: someone is waiting for the program to end.
    pub(crate) remove: fn(&Path),
}

/// Work that asks soon and again whether a signal [`came`], and then stops where nothing is half done.
pub(crate) struct Heeding(());

/// From now on, and as long as the answer lives, a first signal is left to the work in hand.
pub(crate) fn heed() -> Heeding {
    HEEDING.fetch_add(1, Ordering::SeqCst);
    Heeding(())
}

/// The same for work that keeps what it has done: where it takes longer to stop than somebody waits, it is ended.
pub(crate) fn heed_briefly() -> Heeding {
    IS_BRIEF.store(true, Ordering::SeqCst);
    heed()
}

impl Drop for Heeding {
    fn drop(&mut self) {
        HEEDING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// End the program in a while, unless it ends by itself.
#[cfg(unix)]
fn end_soon() {
    let wait = || {
        std::thread::sleep(PATIENCE);
        end(exit_code(), true)
    };
    // Where no thread can be had, a second signal ends it.
    let _ = std::thread::Builder::new().spawn(wait);
}

/// Shall the work in hand stop?
pub(crate) fn came() -> bool {
    CAME.load(Ordering::Relaxed) != 0
}

/// Is the program about to end, whatever is in hand?
pub(crate) fn ends() -> bool {
    came() && HEEDING.load(Ordering::SeqCst) == 0
}

/// What a shell reports for a program ended by the signal that came: 130 for Ctrl-C.
pub(crate) fn exit_code() -> u8 {
    let code = 128 + CAME.load(Ordering::Relaxed);
    u8::try_from(code).unwrap_or(u8::MAX)
}

/// What a signal removes that ends the program. While the lock is held, it waits: so long may something be half written.
pub(crate) fn unfinished() -> MutexGuard<'static, Option<Unfinished>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on, where the program is ended, this is said of a folder last.
pub(crate) fn says_last(folder: &Path, words: fn(&Path) -> Option<String>) {
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = Some((folder.to_owned(), words));
}

/// End the program, and remove what must not stay behind; `waits` for what is being written. The lock is held to the end, so
/// that nothing new is begun.
pub(crate) fn end(code: u8, waits: bool) -> ! {
    let mut lock = if waits { Some(unfinished()) } else { free(&UNFINISHED) };
    // In this order: whoever has something unfinished may be about to write a file of it.
    let _writers = waits.then(|| wait_for_writers(HUNG));
    let taken = lock.as_mut().and_then(|unfinished| unfinished.take());
    if let Some(Unfinished { folder, parents, remove }) = taken {
        remove(&folder);
        drop(parents);
    }
    if let Some(mut last) = free(&LAST_WORDS)
        && let Some(line) = last.take().and_then(|(folder, words)| words(&folder))
    {
        match waits {
            true => say_soon_or_never(line),
            // There is no memory for a thread, and somebody has just read why.
            false => terminal::say(&line),
        }
    }
    std::process::exit(code.into())
}

/// What is behind a lock that nobody holds.
fn free<T>(lock: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match lock.try_lock() {
        Ok(free) => Some(free),
        Err(TryLockError::Poisoned(free)) => Some(free.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Somebody may have stopped reading, while the work in hand waits to say something.
fn say_soon_or_never(line: String) {
    const SOON: Duration = Duration::from_millis(200);
    let (done, is_done) = std::sync::mpsc::channel();
    let say = move || {
        terminal::say(&line);
        let _ = done.send(());
    };
    if std::thread::Builder::new().spawn(say).is_ok() {
        let _ = is_done.recv_timeout(SOON);
    }
}

/// From now on signals are noticed. Without it they end the program as they would any other.
#[cfg(unix)]
pub fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    let ignored = ignored();
    let wanted =
        [SIGHUP, SIGINT, SIGTERM, SIGXFSZ].into_iter().filter(move |signal| ignored >> (signal - 1) & 1 == 0);
    let (listens, listening) = std::sync::mpsc::channel::<()>();
    let serve = move || {
        // Only here: a signal that is taken where no thread can be had for it would do nothing.
        let Ok(mut signals) = Signals::new(wanted) else { return };
        drop(listens);
        let mut first = None;
        // A file beyond `ulimit -f`: with the signal taken, the write itself fails and says why.
        for signal in signals.forever().filter(|&signal| signal != SIGXFSZ) {
            CAME.store(signal, Ordering::SeqCst);
            if first.is_none() && IS_BRIEF.load(Ordering::SeqCst) && !ends() {
                end_soon();
            }
            let is_another = first.get_or_insert_with(Instant::now).elapsed() > SAME_WISH;
            if is_another || ends() {
                end(exit_code(), true);
            }
        }
    };
    if std::thread::Builder::new().name("signals".into()).spawn(serve).is_ok() {
        // Told by its end, where nothing is sent.
        let _ = listening.recv();
    }
}

/// Signals end the program as they would any other.
#[cfg(not(unix))]
pub fn listen() {}

/// Signals that whoever started the program had it ignore (`nohup`, `trap '' INT`), one bit each: they stay ignored.
/// Only Linux tells without unsafe code.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
