//! Limits on memory and threads: whatever the system gives, a command ends with its answer or with one error that says why.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::{nablab, shell, stderr};
use nablab_testing::running::{Running, output};

/// Two classes, of so many columns.
fn table(rows: usize, columns: usize) -> String {
    let mut text: String = (0..columns).map(|column| format!("x{column},")).collect();
    text += "y\n";
    for row in 0..rows {
        (0..columns).for_each(|column| write!(text, "{},", (row * 7 + column * 13) % 101).unwrap());
        text += if row % 2 == 0 { "a\n" } else { "b\n" };
    }
    text
}

fn fixture() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, rows, columns) in [("small.csv", 150, 4), ("long.csv", 3000, 8), ("wide.csv", 60, 6000)] {
        fs::write(folder.path().join(name), table(rows, columns)).unwrap();
    }
    folder
}

const COMMANDS: [&str; 5] = [
    "train long.csv --target y --epochs 1 --threads 2 --out q",
    "train small.csv --target y --epochs 1 --folds 3 --threads 1 --out q",
    "train wide.csv --target y --epochs 1 --threads 2 --out q",
    "tune small.csv --target y --epochs 1 --trials 2 --confirm 0 --threads 2 --out q",
    "tune wide.csv --target y --epochs 1 --trials 2 --confirm 0 --threads 2 --out q",
];

/// It was done, or one error says why not; never a panic, nor an end without a word.
fn assert_said(ended: &Output, what: &str) {
    let said = stderr(ended);
    // Where a thread begins and not even what is below Rust has room for its own, that has the last word.
    if ["Fatal glibc error", "native stack"].iter().any(|below| said.contains(below)) {
        return;
    }
    assert!(!said.contains("panicked"), "{what}: {said}");
    match ended.status.code() {
        Some(0) => {}
        // No trial of a study could be trained, and each has said why.
        Some(1) => assert!(said.contains("cannot be had"), "{what}: {said}"),
        Some(2) => {
            let errors = said.lines().filter(|line| line.starts_with("error: ")).count();
            assert!(errors == 1 && said.contains("\nhint: "), "{what}: {said}");
        }
        _ => panic!("{what}: {:?} {said}", ended.status),
    }
}

/// Where the limit lies decides what finds no memory: a column, a step, a thread's stack, or the words that say so.
#[cfg(target_os = "linux")]
#[test]
fn any_limit_on_memory_is_an_error_that_is_said() {
    let folder = fixture();
    let within = |kilobytes: u32, args: &[&str]| {
        let line = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
        output(&mut shell(folder.path(), &line, args))
    };
    // Below it the system cannot even load the program, nor make room for the first thread's stack.
    let least = (10_000..).step_by(1000).find(|&least| within(least, &["--help"]).status.success()).unwrap();
    let mut refused = 0;
    for kilobytes in (1000..90_000).step_by(7000).map(|more| least + more) {
        for line in COMMANDS {
            let _ = fs::remove_dir_all(folder.path().join("q"));
            let ended = within(kilobytes, &line.split(' ').collect::<Vec<_>>());
            assert_said(&ended, &format!("{kilobytes} KB, {line}"));
            refused += usize::from(ended.status.code() == Some(2));
        }
    }
    assert!(refused > 10, "{refused} limits were reached");
}

/// The command as somebody who may have so many threads and processes; nothing where this cannot be tried.
#[cfg(target_os = "linux")]
fn with_threads(folder: &Path, threads: usize, args: &[&str]) -> Option<Output> {
    // Whom nothing else runs as; only the superuser may become somebody else.
    const SOMEBODY: &str = "54321";
    let run = |program: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={SOMEBODY}"), &format!("--regid={SOMEBODY}"), "--clear-groups"]);
        command.args(["prlimit", &format!("--nproc={threads}"), env!("CARGO_BIN_EXE_nablab")]).args(program);
        Running::start(command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped())).end()
    };
    let can = Command::new("setpriv").arg("--version").output().is_ok();
    (can && run(&["--version"]).status.success()).then(|| run(args))
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_threads_takes_time_and_changes_no_result() {
    use std::os::unix::fs::PermissionsExt;

    let folder = fixture();
    let path = folder.path();
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    let train = ["train", "long.csv", "--target", "y", "--epochs", "2", "--quiet", "--threads", "2", "--out"];
    let tune = ["tune", "small.csv", "--target", "y", "--epochs", "1", "--trials", "3", "--confirm", "0"];
    let tune = [&tune[..], &["--quiet", "--threads", "2", "--out"]].concat();
    assert_eq!(nablab(path, &[&train[..], &["free"]].concat()).status.code(), Some(0));
    let model = |run: &str| fs::read(path.join(run).join("model.safetensors")).unwrap();
    for threads in 1..7 {
        let out = format!("r{threads}");
        let Some(trained) = with_threads(path, threads, &[&train[..], &[&out]].concat()) else {
            eprintln!("skipped: nobody else can be limited here");
            return;
        };
        assert_eq!(trained.status.code(), Some(0), "{threads} threads: {}", stderr(&trained));
        assert!(model(&out) == model("free"), "{threads} threads");
        // One thread of its own it needs: it says that the trials are alive.
        let out = format!("t{threads}");
        let tuned = with_threads(path, threads, &[&tune[..], &[&out]].concat()).unwrap();
        assert_said(&tuned, &format!("{threads} threads"));
        assert_eq!(tuned.status.code() == Some(0), threads > 2, "{threads} threads: {}", stderr(&tuned));
    }
}
