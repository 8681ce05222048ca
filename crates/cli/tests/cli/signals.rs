//! Ctrl-C and other signals: the exit code says which, and nothing is left behind.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::{names, stderr};

/// A run of which the folder shows that it listens to signals. `shell` runs it as `"$0" "$@"`.
fn start(folder: &Path, shell: &str, args: &[&str]) -> Child {
    let child = Command::new("sh")
        .args(["-c", shell, env!("CARGO_BIN_EXE_nablab")])
        .args(args)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while names(folder).is_empty() {
        sleep(Duration::from_millis(10));
    }
    sleep(Duration::from_millis(200));
    child
}

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

const PLAIN: &str = "exec \"$0\" \"$@\"";
const LONG: [&str; 6] = ["lab", "regularization", "--seeds", "5000", "--out", "new/r"];

#[test]
fn an_interruption_leaves_nothing() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let folder = TempDir::new().unwrap();
        let mut child = start(folder.path(), PLAIN, &LONG);
        send(signal, &child);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

/// An epoch of this network takes too long to wait for.
#[test]
fn a_second_signal_ends_the_program_at_once() {
    let folder = TempDir::new().unwrap();
    let mut child =
        start(folder.path(), PLAIN, &["lab", "regularization", "--hidden", "6000,6000", "--out", "new/r"]);
    send("-INT", &child);
    sleep(Duration::from_millis(200));
    assert!(child.try_wait().unwrap().is_none(), "the first signal waits for the epoch");
    send("-INT", &child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(names(folder.path()), [""; 0]);
}

/// As under nohup.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_ignored_at_the_start_stays_ignored() {
    let folder = TempDir::new().unwrap();
    let mut child = start(folder.path(), "trap '' INT; exec \"$0\" \"$@\"", &LONG);
    send("-INT", &child);
    sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none());
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

/// Beyond the largest file allowed a write fails, which is an error like any other.
#[test]
fn a_limit_on_files_is_an_error() {
    let folder = TempDir::new().unwrap();
    for args in [
        &["lab", "gradient-checking", "--out", "r"][..],
        &["data", "moons", "--samples", "9999", "--out", "m.csv"],
    ] {
        let shell = "ulimit -f 8; exec \"$0\" \"$@\"";
        let program = env!("CARGO_BIN_EXE_nablab");
        let output = Command::new("sh")
            .args(["-c", shell, program])
            .args(args)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(stderr(&output).contains("cannot write"), "{output:?}");
        assert_eq!(names(folder.path()), [""; 0]);
    }
}

/// So many points take a while to make and to write.
#[test]
fn interrupted_data_leave_nothing() {
    let folder = TempDir::new().unwrap();
    let mut child =
        start(folder.path(), PLAIN, &["data", "xor", "--samples", "3000000", "--out", "new/m.csv"]);
    send("-INT", &child);
    let code = child.wait().unwrap().code();
    match code {
        // It was faster than the signal.
        Some(0) => assert_eq!(names(&folder.path().join("new")), ["m.csv"]),
        _ => assert_eq!((code, names(folder.path())), (Some(130), vec![])),
    }
}
