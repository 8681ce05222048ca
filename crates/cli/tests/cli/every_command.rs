//! Every command where something goes wrong: its output is its input, a signal comes, memory is short, a name is no text, a number
//! is too large. Nothing is lost, nothing is half done, and no program is aborted.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Instant;

use tempfile::TempDir;

use crate::overwriting::snapshot;
use crate::signals::{send, start};
use crate::train::houses;
use crate::{nablab, shell, stderr, stdout};
use nablab_testing::running::output;

const STUDY: &str = "epochs = 2\nlearning_rate = { low = 1e-3, high = 1e-1, log = true }\n\
                     [data]\nfile = \"houses.csv\"\ntarget = [\"dear\"]\n[study]\ntrials = 3\n";

/// Each command once. What it writes is called new.
const COMMANDS: [&[&str]; 19] = [
    &["lab", "gradient-checking", "--out", "new/lab"],
    &["lab", "exercise", "2.1", "--solution"],
    &["train", "houses.csv", "--target", "dear", "--epochs", "300", "--out", "new/r"],
    &["train", "houses.csv", "--target", "dear", "--epochs", "9", "--folds", "3", "--out", "new/f"],
    &["tune", "houses.csv", "--target", "dear", "--epochs", "9", "--trials", "4", "--out", "new/t"],
    &["study", "run", "study.toml", "--out", "new/s"],
    &["study", "show", "s"],
    &["study", "best", "s"],
    &["study", "report", "s", "--out", "new.html"],
    &["landscape", "--size", "6", "--epochs", "30", "--out", "new/l"],
    &["predict", "r", "houses.csv", "--proba", "--out", "new.csv"],
    &["evaluate", "r", "houses.csv"],
    &["export", "r", "--format", "onnx", "--out", "new.onnx"],
    &["report", "r", "--out", "new.html"],
    &["diagnose", "r"],
    &["data", "moons", "--samples", "300000", "--out", "new.csv"],
    &["check", "r", "houses.csv"],
    &["man", "new/man"],
    &["completions", "bash"],
];

/// A folder with a table, a run, and a study.
fn fixture() -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("houses.csv"), houses()).unwrap();
    fs::write(path.join("study.toml"), STUDY).unwrap();
    for args in [
        &["train", "houses.csv", "--target", "dear", "--epochs", "2", "--out", "r"][..],
        &["study", "run", "study.toml", "--out", "s", "--quiet"],
    ] {
        let output = nablab(path, args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    }
    folder
}

fn clear(folder: &Path) {
    for name in ["new.csv", "new.html", "new.onnx"] {
        let _ = fs::remove_file(folder.join(name));
    }
    let _ = fs::remove_dir_all(folder.join("new"));
}

/// It ended by itself: an answer, or one error.
fn assert_ended(output: &Output, args: &[&str]) {
    let said = stderr(output);
    assert!(matches!(output.status.code(), Some(0..=2)), "{args:?}: {:?} {said}", output.status);
    for word in ["panicked", "memory allocation of", "stack backtrace"] {
        assert!(!said.contains(word), "{args:?}: {said}");
    }
    if output.status.code() == Some(2) {
        assert!(said.contains("error: "), "{args:?}: {said}");
    }
}

#[test]
fn no_output_is_written_over_an_input() {
    let folder = fixture();
    let path = folder.path();
    let before = snapshot(path);
    for args in COMMANDS.iter().filter(|args| args.contains(&"--out")) {
        let place = args.iter().position(|arg| *arg == "--out").unwrap() + 1;
        for input in ["houses.csv", "study.toml", "r/model.safetensors", "r/recipe.toml", "s/study.db", "r"] {
            let mut args = args.to_vec();
            args[place] = input;
            let output = nablab(path, &args);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
            let after = snapshot(path);
            let names =
                |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&after), names(&before), "{args:?}");
            assert!(after == before, "{args:?} changed a file");
        }
    }
}

/// Twenty instants each, spread over the time that the command takes, and not evenly.
#[test]
fn a_signal_at_any_instant_ends_a_command_and_leaves_nothing_half_done() {
    // Side by side, because most of the time is waiting.
    std::thread::scope(|scope| {
        for first in 0..3 {
            scope.spawn(move || end_at_any_instant(COMMANDS.into_iter().skip(first).step_by(3)));
        }
    });
}

fn end_at_any_instant(commands: impl Iterator<Item = &'static [&'static str]>) {
    let folder = fixture();
    let path = folder.path();
    let mut random = 1_u64;
    for args in commands {
        clear(path);
        let begun = Instant::now();
        assert_ended(&nablab(path, args), args);
        let whole = begun.elapsed();
        let made: BTreeMap<_, _> = snapshot(path).into_iter().collect();
        for _ in 0..20 {
            clear(path);
            let mut command = Command::new(env!("CARGO_BIN_EXE_nablab"));
            command.args(args).current_dir(path).stdout(Stdio::null()).stderr(Stdio::null());
            let running = start(&mut command);
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sleep(whole.mul_f64((random >> 40) as f64 / (1 << 24) as f64));
            send("-TERM", &running);
            let status = running.end().status;
            // Before the program listens the signal itself ends it.
            let is_killed = std::os::unix::process::ExitStatusExt::signal(&status) == Some(15);
            assert!(is_killed || matches!(status.code(), Some(0 | 1 | 143)), "{args:?}: {status:?}");
            let left = snapshot(path);
            for (name, bytes) in &left {
                let is_known = made.contains_key(name) || is_kept(name);
                assert!(is_known, "{args:?} left {name}");
                // What does not change from run to run is whole where it is there.
                let is_fixed = name.ends_with("new.csv") || name.ends_with("new.onnx");
                assert!(!is_fixed || made[name] == *bytes, "{args:?} left half of {name}");
            }
            // A run is there from its first checkpoint on.
            let is_run = path.join("new/r").exists();
            assert!(!is_run || path.join("new/r/checkpoint.safetensors").exists(), "{args:?}");
        }
    }
}

/// From which the same command goes on, and SQLite's own.
fn is_kept(name: &str) -> bool {
    ["unfinished.csv", "-journal", "-wal", "-shm", "lock"].iter().any(|end| name.ends_with(end))
}

#[cfg(target_os = "linux")]
#[test]
fn too_little_memory_is_an_error_like_any_other() {
    let folder = fixture();
    let path = folder.path();
    for args in [
        &["data", "moons", "--samples", "50", "--out", "few.csv"][..],
        &["train", "few.csv", "--target", "label", "--epochs", "1", "--out", "m"],
        &["data", "moons", "--samples", "400000", "--out", "moons.csv"],
    ] {
        assert_eq!(nablab(path, args).status.code(), Some(0));
    }
    let large: [&[&str]; 4] = [
        &[
            "train",
            "houses.csv",
            "--target",
            "dear",
            "--layers",
            "4000,4000",
            "--epochs",
            "1",
            "--out",
            "new/r",
        ],
        &["predict", "m", "moons.csv", "--out", "new.csv"],
        &["evaluate", "m", "moons.csv"],
        &["data", "moons", "--samples", "3000000", "--out", "new.csv"],
    ];
    let before = snapshot(path);
    let mut refused = 0;
    for megabytes in [60, 200, 600, 2000] {
        for args in COMMANDS.into_iter().chain(large) {
            clear(path);
            let line = format!("ulimit -v {}; exec \"$0\" \"$@\"", 1000 * megabytes);
            let output = output(&mut shell(path, &line, args));
            assert_ended(&output, args);
            if output.status.code() == Some(2) {
                refused += 1;
                let said = stderr(&output);
                // Memory, or the stack of a thread.
                let is_told = said.contains("cannot be had") || said.contains("cannot be started");
                assert!(is_told && said.contains("hint: "), "{args:?}: {said}");
            }
        }
    }
    clear(path);
    assert!(snapshot(path) == before);
    assert!(refused > 2, "{refused} limits were reached");
}

#[test]
fn a_name_that_is_no_text_panics_nowhere() {
    let folder = fixture();
    let path = folder.path();
    let name = OsStr::from_bytes(b"na\xefve.csv");
    fs::copy(path.join("houses.csv"), path.join(name)).unwrap();
    for args in COMMANDS {
        for place in 1..args.len() {
            clear(path);
            let mut command = Command::new(env!("CARGO_BIN_EXE_nablab"));
            for (i, arg) in args.iter().enumerate() {
                command.arg(if i == place { name } else { OsStr::new(arg) });
            }
            let output = output(command.current_dir(path));
            assert_ended(&output, args);
        }
    }
}

#[test]
fn a_number_beyond_64_bits_panics_nowhere() {
    let folder = fixture();
    let path = folder.path();
    for args in COMMANDS {
        let words = if args[0] == "study" { 2 } else { 1 };
        let help = stdout(&nablab(path, &[&args[..words], &["--help"]].concat()));
        let flags = help.split_whitespace().filter(|word| word.starts_with("--"));
        for flag in flags.map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric())) {
            for number in ["9223372036854775808", "-9223372036854775809"] {
                clear(path);
                // Whatever is said twice, the last one counts or it is refused.
                assert_ended(&nablab(path, &[args, &[flag, number]].concat()), args);
            }
        }
    }
}
