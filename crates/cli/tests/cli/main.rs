//! The binary as a user meets it: exit codes, streams, messages, and what is left on the disk.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod check;
mod columns;
mod data;
mod defaults;
mod diagnose;
#[cfg(unix)]
mod every_command;
mod exercise;
mod extremes;
mod features;
mod files;
mod lab;
mod landscape;
#[cfg(unix)]
mod limits;
mod names;
mod overwriting;
#[cfg(unix)]
mod pipes;
mod predict;
mod reading;
mod refused;
mod report;
mod resume;
mod sealed;
#[cfg(unix)]
mod serve;
#[cfg(unix)]
mod signals;
mod study;
mod swallowed;
mod threshold;
mod train;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use nablab_testing::running::{Running, output};
use tempfile::TempDir;

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nablab"));
    command.args(args).current_dir(folder);
    command
}

fn nablab(folder: &Path, args: &[&str]) -> Output {
    output(&mut command(folder, args))
}

/// A line of the shell, in which `"$0" "$@"` is the command with its arguments.
#[cfg(unix)]
fn shell(folder: &Path, line: &str, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line, env!("CARGO_BIN_EXE_nablab")]).args(args).current_dir(folder);
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// One clear error with each of these words, exit code 2, nothing on stdout, nothing new on the disk.
fn assert_refused(folder: &Path, args: &[&str], words: &[&str]) {
    let before = names(folder);
    let output = nablab(folder, args);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
    // What was noticed of the file may stand before it, and which fold it is.
    let is_before = |line: &&str| ["note: ", "fold "].iter().any(|said| line.starts_with(said));
    let first = message.lines().find(|line| !is_before(line)).unwrap_or_default();
    assert!(first.starts_with("error: "), "{args:?}: {message}");
    for word in words {
        assert!(message.contains(word), "{args:?}: no `{word}` in: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
    assert_eq!(stdout(&output), "", "{args:?}");
    assert_eq!(names(folder), before, "{args:?}");
}

fn course_file() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/data.mat");
    if !path.exists() {
        eprintln!("skipped: the course's data.mat is not here");
        return None;
    }
    Some(path.canonicalize().unwrap())
}

#[test]
fn help_shows_the_defaults_of_its_own_generator() {
    let folder = TempDir::new().unwrap();
    for (generator, default) in [("moons", "0"), ("blobs", "1"), ("pitch", "0.12")] {
        let help = stdout(&nablab(folder.path(), &["data", generator, "--help"]));
        let noise = help.lines().find(|line| line.contains("--noise")).unwrap();
        assert!(noise.ends_with(&format!("[default: {default}]")), "{noise}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    for args in [&["--help"][..], &["lab", "--help"], &["--version"], &["completions", "bash"]] {
        let full = fs::File::create("/dev/full").unwrap();
        let output = Running::start(
            Command::new(env!("CARGO_BIN_EXE_nablab")).args(args).stdout(full).stderr(Stdio::piped()),
        )
        .end();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).starts_with("error: cannot write to stdout: No space left"), "{args:?}");
    }
}

#[test]
fn completions_and_help_exist() {
    let folder = TempDir::new().unwrap();
    assert!(stdout(&nablab(folder.path(), &["completions", "bash"])).contains("nablab"));
    for command in [
        "lab",
        "train",
        "predict",
        "evaluate",
        "export",
        "report",
        "data",
        "check",
        "completions",
        "tune",
        "study",
        "landscape",
        "man",
    ] {
        let output = nablab(folder.path(), &[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("Example"), "{command}");
    }
}

#[test]
fn whatever_can_be_quiet_can_be_told_so_by_a_letter() {
    let folder = TempDir::new().unwrap();
    let mut seen = 0;
    for command in [
        "lab",
        "train",
        "tune",
        "landscape",
        "predict",
        "evaluate",
        "export",
        "report",
        "diagnose",
        "data moons",
        "check",
        "study run",
        "study work",
        "study confirm",
        "study show",
        "study report",
    ] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = stdout(&nablab(folder.path(), &args));
        let mut lines = help.lines().filter(|line| line.contains("--quiet"));
        seen += usize::from(lines.clone().next().is_some());
        assert!(lines.all(|line| line.trim_start().starts_with("-q, --quiet")), "{command}: {help}");
    }
    assert!(seen > 9, "{seen}");
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = TempDir::new().unwrap();
    assert_eq!(nablab(folder.path(), &["man", "man1"]).status.code(), Some(0));
    let pages = names(&folder.path().join("man1"));
    let text = |page: &str| fs::read_to_string(folder.path().join("man1").join(page)).unwrap();
    for (page, words) in [
        ("nablab.1", r"nablab\-train(1)"),
        ("nablab-study.1", r"nablab\-study\-run(1)"),
        ("nablab-train.1", r"nablab train iris.csv \-\-target species"),
    ] {
        assert!(text(page).contains(words), "{page}: no {words}");
    }
    // A page that another names is there.
    for page in &pages {
        for named in text(page).lines().filter_map(|line| line.strip_suffix("(1)")) {
            let named = format!("{}.1", named.replace('\\', ""));
            assert!(pages.contains(&named), "{page} names {named}");
        }
    }
    fs::write(folder.path().join("file"), "").unwrap();
    assert_refused(folder.path(), &["man", "file"], &["file"]);
}
