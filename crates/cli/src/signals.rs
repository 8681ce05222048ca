//! Signals: the first asks the work in hand to stop and undo what is half done, the second ends the program.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use nablab_data::NewFolders;

/// The signal that came, or 0.
static CAME: AtomicI32 = AtomicI32::new(0);
static UNFINISHED: Mutex<Option<Unfinished>> = Mutex::new(None);

/// A folder that must not stay behind, and those made on the way to it.
pub(crate) type Unfinished = (PathBuf, NewFolders);

/// Shall the work in hand stop?
pub(crate) fn came() -> bool {
    CAME.load(Ordering::Relaxed) != 0
}

/// What a shell reports for a program ended by the signal that came: 130 for Ctrl-C.
pub(crate) fn exit_code() -> u8 {
    let code = 128 + CAME.load(Ordering::Relaxed);
    u8::try_from(code).unwrap_or(u8::MAX)
}

/// What a second signal removes. While the lock is held, a second signal waits.
pub(crate) fn unfinished() -> MutexGuard<'static, Option<Unfinished>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on signals are noticed. Without it they end the program at once: no worse than any other program.
#[cfg(unix)]
pub(crate) fn listen() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    let ignored = ignored();
    let wanted =
        [SIGHUP, SIGINT, SIGTERM, SIGXFSZ].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
    let Ok(mut signals) = Signals::new(wanted) else { return };
    let serve = move || {
        // A file beyond `ulimit -f`: with the signal taken, the write itself fails and says why.
        for signal in signals.forever().filter(|&signal| signal != SIGXFSZ) {
            if CAME.swap(signal, Ordering::Relaxed) != 0 {
                let mut unfinished = unfinished();
                if let Some((folder, parents)) = unfinished.take() {
                    // Best effort: someone is waiting for the program to end.
                    let _ = std::fs::remove_dir_all(folder);
                    drop(parents);
                }
                std::process::exit(exit_code().into());
            }
        }
    };
    let _ = std::thread::Builder::new().name("signals".into()).spawn(serve);
}

#[cfg(not(unix))]
pub(crate) fn listen() {}

/// Signals that whoever started the program had it ignore (`nohup`, `trap '' INT`), one bit each: they stay ignored.
/// Only Linux tells without unsafe code.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
