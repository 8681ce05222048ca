//! Ctrl-C and other signals: the exit code says which, and nothing is left behind.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};
use std::thread::{sleep, spawn};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::register_conditional_default;
use tempfile::TempDir;

use crate::train::with_houses;
use crate::{command, names, shell, stderr};
use nablab_testing::running::{Running, output};

/// Start a command that signals are sent to. In the background (`cargo test &`, nohup) SIGINT is ignored, and what is ignored
/// stays so through exec, whatever a shell in between says. What is caught becomes the default again. So this process
/// catches the signals, and ends by them as it would have.
pub(crate) fn start(command: &mut Command) -> Running {
    static CATCH: Once = Once::new();
    CATCH.call_once(|| {
        for signal in [SIGINT, SIGTERM] {
            register_conditional_default(signal, Arc::new(AtomicBool::new(true))).unwrap();
        }
    });
    Running::start(command)
}

pub(crate) fn send(signal: &str, to: &Running) {
    let mut kill = Command::new("kill");
    assert!(output(kill.args([signal, &to.child.id().to_string()])).status.success());
}

/// Wait until something can be seen of it.
pub(crate) fn wait_for(running: &mut Running, what: &str, is_there: impl Fn() -> bool) {
    running.until(what, |child| {
        if is_there() {
            return Some(());
        }
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none() || is_there(), "it ended without {what}: {ended:?}");
        None
    });
}

/// A run of which the folder shows that it listens to signals.
fn listening(folder: &Path, command: &mut Command) -> Running {
    let mut running = start(command.stdout(Stdio::null()).stderr(Stdio::null()));
    wait_for(&mut running, "anything in its folder", || !names(folder).is_empty());
    sleep(Duration::from_millis(200));
    running
}

fn is_over(running: &mut Running) -> bool {
    running.child.try_wait().unwrap().is_some()
}

const LONG: [&str; 6] = ["lab", "regularization", "--seeds", "5000", "--out", "new/r"];

#[test]
fn an_interruption_leaves_nothing() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let folder = TempDir::new().unwrap();
        let running = listening(folder.path(), &mut command(folder.path(), &LONG));
        send(signal, &running);
        assert_eq!(running.end().status.code(), Some(code));
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

/// An epoch of this network takes minutes. The first one leaves nothing that is worth keeping; one that was begun later is given up,
/// and the training stands after the one before.
#[test]
fn a_long_epoch_is_not_waited_for() {
    let folder = TempDir::new().unwrap();
    let table = ["data", "moons", "--samples", "20000", "--noise", "0.2", "--out", "moons.csv"];
    assert_eq!(output(&mut command(folder.path(), &table)).status.code(), Some(0));
    let train = ["train", "moons.csv", "--target", "label", "--out", "new/r", "--epochs", "3"];
    let long = [&train[..], &["--layers", "3000,3000,3000"]].concat();
    let mut running = start(&mut command(folder.path(), &long));
    let recipe = folder.path().join("new/r/recipe.toml");
    wait_for(&mut running, "a recipe", || recipe.exists());
    sleep(Duration::from_millis(1500));
    send("-INT", &running);
    assert_eq!(running.end().status.code(), Some(130));
    assert_eq!(names(folder.path()), ["moons.csv"]);
}

/// A training under way that waits for somebody to read what it says, and who does not.
fn unheard(folder: &Path) -> (Running, std::io::PipeReader) {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut others = writer.try_clone().unwrap();
    let args = ["train", "houses.csv", "--target", "dear", "--epochs", "50000", "--out", "r"];
    let mut running = start(command(folder, &args).stdout(Stdio::null()).stderr(writer));
    let (mut said, mut some) = (Vec::new(), [0; 512]);
    while !String::from_utf8_lossy(&said).contains("epoch 1/") {
        let read = reader.read(&mut some).unwrap();
        said.extend(&some[..read]);
    }
    let checkpoint = folder.join("r/checkpoint.safetensors");
    wait_for(&mut running, "a first epoch kept", || checkpoint.exists());
    // Another writer leaves no room in the pipe: from its next line on the training does nothing.
    spawn(move || others.write_all(&[b' '; 1 << 21]));
    let stat = format!("/proc/{}/stat", running.child.id());
    running.until("a full pipe", |_| {
        let done = || fs::read_to_string(&stat).map(|stat| ticks(&stat)).ok();
        let before = done();
        sleep(Duration::from_millis(500));
        (before.is_some() && done() == before).then_some(())
    });
    (running, reader)
}

/// The time that all threads of a process have been at work, in user's and in system's mode, by `/proc/PID/stat`.
fn ticks(stat: &str) -> Vec<String> {
    // Behind the program's name, which stands in brackets.
    let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    behind.split_whitespace().skip(11).take(2).map(str::to_owned).collect()
}

/// The first one is left to the training.
#[test]
fn a_second_signal_ends_the_program_at_once() {
    let folder = with_houses();
    let (mut running, _reader) = unheard(folder.path());
    send("-INT", &running);
    sleep(Duration::from_millis(700));
    assert!(!is_over(&mut running), "the first signal is left to the training");
    send("-INT", &running);
    assert_eq!(running.end().status.code(), Some(130));
    assert!(folder.path().join("r/checkpoint.safetensors").exists());
}

/// What is kept may be two seconds old, and nobody waits longer.
#[test]
fn a_training_that_cannot_stop_is_ended() {
    let folder = with_houses();
    let (running, _reader) = unheard(folder.path());
    let begun = std::time::Instant::now();
    send("-TERM", &running);
    assert_eq!(running.end().status.code(), Some(143));
    assert!(begun.elapsed() > Duration::from_secs(1), "it was ended by the first signal");
    assert!(folder.path().join("r/checkpoint.safetensors").exists());
}

/// As `timeout` sends them, to the program and to its group. Whoever ends a program so wants nothing lost.
#[test]
fn two_signals_at_once_are_one_and_what_was_learned_stays() {
    let folder = with_houses();
    let train = ["train", "houses.csv", "--target", "dear", "--epochs", "1000000", "--out"];
    for (gap, out) in [("0", "a"), ("0.001", "b"), ("0.01", "c")] {
        let args = [&train[..], &[out]].concat();
        let mut running = start(command(folder.path(), &args).stdout(Stdio::null()).stderr(Stdio::null()));
        let run = folder.path().join(out);
        // Long before the five seconds between two checkpoints.
        wait_for(&mut running, "a first epoch", || run.join("checkpoint.safetensors").exists());
        sleep(Duration::from_millis(100));
        let line = format!("kill -TERM {0}; sleep {gap}; kill -TERM {0}", running.child.id());
        assert!(output(Command::new("sh").args(["-c", &line])).status.success());
        assert_eq!(running.end().status.code(), Some(143), "{gap} s");
        // The training came to its end, and was judged.
        assert!(run.join("model.safetensors").exists() && run.join("metrics.json").exists(), "{gap} s");
        let history = fs::read_to_string(run.join("history.csv")).unwrap();
        assert!(history.lines().count() > 2, "{gap} s: {history}");
    }
}

/// The first epoch is kept at once, so that a program that is ended without ceremony loses little.
#[test]
fn a_training_ended_at_once_keeps_its_first_epoch() {
    let folder = with_houses();
    let args = ["train", "houses.csv", "--target", "dear", "--epochs", "1000000", "--out", "r"];
    let mut running = start(command(folder.path(), &args).stdout(Stdio::null()).stderr(Stdio::null()));
    let run = folder.path().join("r");
    wait_for(&mut running, "a first epoch", || run.join("checkpoint.safetensors").exists());
    send("-KILL", &running);
    running.end();
    let resumed = output(&mut command(folder.path(), &["train", "--resume", "--epochs", "30", "--out", "r"]));
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
}

/// As under nohup.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_ignored_at_the_start_stays_ignored() {
    let folder = TempDir::new().unwrap();
    let line = "trap '' INT; exec \"$0\" \"$@\"";
    let mut running = listening(folder.path(), &mut shell(folder.path(), line, &LONG));
    send("-INT", &running);
    sleep(Duration::from_millis(500));
    assert!(!is_over(&mut running));
    send("-TERM", &running);
    assert_eq!(running.end().status.code(), Some(143));
}

/// Beyond the largest file allowed a write fails, which is an error like any other.
#[test]
fn a_limit_on_files_is_an_error() {
    let folder = TempDir::new().unwrap();
    for args in [
        &["lab", "gradient-checking", "--out", "r"][..],
        &["data", "moons", "--samples", "9999", "--out", "m.csv"],
    ] {
        let output = output(&mut shell(folder.path(), "ulimit -f 8; exec \"$0\" \"$@\"", args));
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(stderr(&output).contains("cannot write"), "{output:?}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

/// So many points take a while to make and to write.
#[test]
fn interrupted_data_leave_nothing() {
    let folder = TempDir::new().unwrap();
    let args = ["data", "xor", "--samples", "3000000", "--out", "new/m.csv"];
    let running = listening(folder.path(), &mut command(folder.path(), &args));
    send("-INT", &running);
    let code = running.end().status.code();
    if code == Some(130) && names(folder.path()).is_empty() {
        return;
    }
    // It was faster than the signal, which may also come between the last byte and the end.
    assert!(matches!(code, Some(0 | 130)), "{code:?}");
    assert_eq!(names(&folder.path().join("new")), ["m.csv"]);
    assert_eq!(fs::read_to_string(folder.path().join("new/m.csv")).unwrap().lines().count(), 1 + 3_000_000);
}
