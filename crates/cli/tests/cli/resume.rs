//! A training that is killed, interrupted or out of space goes on to the same bits.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::train::houses;
use crate::{assert_refused, nablab, stderr, stdout};

/// Some seconds of training, with dropout, normalisation, momentum and shuffled batches.
const TRAIN: [&str; 16] = [
    "train",
    "houses.csv",
    "--target",
    "dear",
    "--epochs",
    "1500",
    "--batch-norm",
    "--batch-size",
    "7",
    "--early-stopping",
    "1400",
    "--checkpoint-every",
    "0",
    "--quiet",
    "--out",
    "r",
];

fn with_houses() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("houses.csv"), houses()).unwrap();
    folder
}

fn start(folder: &Path, shell: &str, more: &[&str]) -> Child {
    Command::new("sh")
        .args(["-c", shell, env!("CARGO_BIN_EXE_nablab")])
        .args(TRAIN)
        .args(more)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

const PLAIN: &str = "exec \"$0\" \"$@\"";

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

fn wait_for(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "no {}", path.display());
        sleep(Duration::from_millis(2));
    }
}

/// The files that decide, and the history without its seconds.
fn result(folder: &Path) -> (Vec<u8>, Vec<String>) {
    let history = fs::read_to_string(folder.join("r/history.csv")).unwrap();
    let rows = history.lines().map(|row| row.rsplit_once(',').unwrap().0.to_owned()).collect();
    (fs::read(folder.join("r/model.safetensors")).unwrap(), rows)
}

#[test]
fn killed_at_any_instant_it_goes_on_to_the_same_bits() {
    let whole = with_houses();
    let begun = Instant::now();
    assert!(start(whole.path(), PLAIN, &[]).wait().unwrap().success());
    let time = begun.elapsed();
    let expected = result(whole.path());

    let killed = with_houses();
    // From "before anything is written" to "while the results are".
    for part in [0.0, 0.02, 0.2, 0.5, 0.9] {
        let mut child = start(killed.path(), PLAIN, &["--resume"]);
        sleep(time.mul_f64(part / 2.0));
        send("-KILL", &child);
        child.wait().unwrap();
    }
    let output = start(killed.path(), PLAIN, &["--resume"]).wait_with_output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(result(killed.path()) == expected);
    // Once more there is nothing to do, and nothing changes.
    assert!(start(killed.path(), PLAIN, &["--resume"]).wait().unwrap().success());
    assert!(result(killed.path()) == expected);
}

#[test]
fn an_interruption_ends_the_epoch_and_keeps_all() {
    let folder = with_houses();
    let child = start(folder.path(), PLAIN, &["--epochs", "1000000"]);
    wait_for(&folder.path().join("r/checkpoint.safetensors"));
    // Meanwhile nobody else may train in this folder.
    assert_refused(folder.path(), &["train", "--resume", "--out", "r"], &["another training is using it"]);
    send("-INT", &child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stdout(&output).contains("interrupted after"), "{}", stdout(&output));
    let metrics = fs::read_to_string(folder.path().join("r/metrics.json")).unwrap();
    assert!(metrics.contains("\"interrupted\""));
    assert_eq!(nablab(folder.path(), &["predict", "r", "houses.csv"]).status.code(), Some(0));
}

#[test]
fn a_disk_that_is_full_loses_nothing() {
    let folder = with_houses();
    // Blocks of 512 bytes: the recipe fits, a checkpoint does not.
    let full = "ulimit -f 20; exec \"$0\" \"$@\"";
    let output = start(folder.path(), full, &[]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("cannot write r/checkpoint.safetensors: File too large"), "{said}");
    // With an earlier checkpoint in place it stays, and the training goes on from there.
    let other = with_houses();
    let child = start(other.path(), PLAIN, &[]);
    wait_for(&other.path().join("r/history.csv"));
    send("-INT", &child);
    child.wait_with_output().unwrap();
    let checkpoint = other.path().join("r/checkpoint.safetensors");
    let before = fs::read(&checkpoint).unwrap();
    let output = start(other.path(), full, &["--resume"]).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(fs::read(&checkpoint).unwrap() == before);
}

#[test]
fn other_settings_or_other_data_are_not_resumed() {
    let folder = with_houses();
    let path = folder.path();
    let quick = ["train", "houses.csv", "--target", "dear", "--epochs", "3", "--quiet", "--out", "r"];
    assert_eq!(nablab(path, &quick).status.code(), Some(0));
    let resume = |more: &[&'static str]| [&quick[..], &["--resume"], more].concat();
    assert_refused(path, &resume(&["--layers", "7"]), &["other settings", "units"]);
    assert_refused(path, &resume(&["--seed", "8"]), &["other settings", "seed = 0", "seed = 8"]);
    assert_eq!(nablab(path, &resume(&[])).status.code(), Some(0));
    assert_eq!(nablab(path, &["train", "--resume", "--out", "r"]).status.code(), Some(0));
    fs::write(path.join("houses.csv"), houses().replace("old town", "new town")).unwrap();
    assert_refused(path, &resume(&[]), &["other data"]);
}
