//! A training that is killed, interrupted or out of space goes on to the same bits.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Instant;

use crate::signals::{send, start, wait_for};
use crate::train::{houses, with_houses};
use crate::{assert_refused, nablab, shell, stderr, stdout};
use nablab_testing::running::Running;

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

fn training(folder: &Path, line: &str, more: &[&str]) -> Running {
    let mut command = shell(folder, line, &[&TRAIN[..], more].concat());
    start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))
}

const PLAIN: &str = "exec \"$0\" \"$@\"";

fn wait_for_file(running: &mut Running, path: &Path) {
    wait_for(running, &path.display().to_string(), || path.exists());
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
    assert!(training(whole.path(), PLAIN, &[]).end().status.success());
    let time = begun.elapsed();
    let expected = result(whole.path());

    let killed = with_houses();
    // From "before anything is written" to "while the results are".
    for part in [0.0, 0.02, 0.2, 0.5, 0.9] {
        let running = training(killed.path(), PLAIN, &["--resume"]);
        sleep(time.mul_f64(part / 2.0));
        drop(running);
    }
    let output = training(killed.path(), PLAIN, &["--resume"]).end();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(result(killed.path()) == expected);
    // Once more there is nothing to do, and nothing changes.
    assert!(training(killed.path(), PLAIN, &["--resume"]).end().status.success());
    assert!(result(killed.path()) == expected);
}

#[test]
fn an_interruption_ends_the_epoch_and_keeps_all() {
    let folder = with_houses();
    let mut running = training(folder.path(), PLAIN, &["--epochs", "1000000"]);
    wait_for_file(&mut running, &folder.path().join("r/checkpoint.safetensors"));
    // Meanwhile nobody else may train in this folder.
    assert_refused(folder.path(), &["train", "--resume", "--out", "r"], &["another training is using it"]);
    send("-INT", &running);
    let output = running.end();
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
    let output = training(folder.path(), full, &[]).end();
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("cannot write r/checkpoint.safetensors: File too large"), "{said}");
    // With an earlier checkpoint in place it stays, and the training goes on from there.
    let other = with_houses();
    let mut running = training(other.path(), PLAIN, &[]);
    wait_for_file(&mut running, &other.path().join("r/history.csv"));
    send("-INT", &running);
    running.end();
    let checkpoint = other.path().join("r/checkpoint.safetensors");
    let before = fs::read(&checkpoint).unwrap();
    let output = training(other.path(), full, &["--resume"]).end();
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
    assert_refused(path, &resume(&["--seed", "8"]), &["other settings: seed = 0, now 8"]);
    // Flags alone are about the run's own recipe.
    let layers = ["train", "--resume", "--out", "r", "--layers", "64,128"];
    assert_refused(path, &layers, &["other settings: hidden[0].units = 128, now 64"]);
    assert_refused(
        path,
        &["train", "--resume", "--out", "r", "--epochs", "2"],
        &["3 epochs are done already"],
    );
    assert_eq!(nablab(path, &resume(&[])).status.code(), Some(0));
    assert_eq!(nablab(path, &["train", "--resume", "--out", "r"]).status.code(), Some(0));
    fs::write(path.join("houses.csv"), houses().replace("old town", "new town")).unwrap();
    assert_refused(path, &resume(&[]), &["other data"]);
}

#[test]
fn the_order_of_layers_is_part_of_a_recipe() {
    let folder = with_houses();
    let train = ["train", "houses.csv", "--target", "dear", "--epochs", "3", "--quiet", "--out", "r"];
    let with = |more: &[&'static str]| [&train[..], more].concat();
    assert_eq!(nablab(folder.path(), &with(&["--layers", "6,3"])).status.code(), Some(0));
    let swapped = with(&["--layers", "3,6", "--resume"]);
    assert_refused(folder.path(), &swapped, &["other settings: hidden[0].units = 6, now 3"]);
}

#[test]
fn more_epochs_are_as_if_they_had_been_asked_for_from_the_start() {
    let folder = with_houses();
    let path = folder.path();
    let train = |epochs: &'static str, out: &'static str, more: &[&'static str]| {
        let first = [
            "train",
            "houses.csv",
            "--target",
            "dear",
            "--batch-size",
            "7",
            "--epochs",
            epochs,
            "--out",
            out,
        ];
        let output = nablab(path, &[&first[..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stderr(&output)
    };
    let model = |out: &str| fs::read(path.join(out).join("model.safetensors")).unwrap();
    train("9", "whole", &[]);
    train("4", "parts", &[]);
    let output = nablab(path, &["train", "--resume", "--out", "parts", "--epochs", "9"]);
    assert!(stderr(&output).contains("9 epochs instead of 4: the same as if"), "{}", stderr(&output));
    assert!(model("whole") == model("parts"));
    // A cosine that has come to its end is another one.
    train("4", "cosine", &["--schedule", "cosine"]);
    let said = train("9", "cosine", &["--schedule", "cosine", "--resume"]);
    assert!(said.contains("another training than 9 from the start"), "{said}");
    let recipe = fs::read_to_string(path.join("cosine/recipe.toml")).unwrap();
    assert!(
        recipe.starts_with("# The first 4 epochs had the learning rates of a training of 4 epochs.\n"),
        "{recipe}"
    );
    assert!(recipe.contains("epochs = 9\n"), "{recipe}");
}

/// What is not typed is as the run has it: defaults are nothing that was asked for.
#[test]
fn only_what_is_typed_is_compared() {
    let folder = with_houses();
    let path = folder.path();
    let begin =
        ["train", "houses.csv", "--target", "dear", "--learning-rate", "3e-4", "--epochs", "6", "--out", "s"];
    assert_eq!(nablab(path, &begin).status.code(), Some(0));
    let epochs = || {
        let metrics = fs::read_to_string(path.join("s/metrics.json")).unwrap();
        metrics.contains("\"epochs\": 6")
    };
    for again in [
        &["train", "houses.csv", "--target", "dear", "--out", "s", "--resume"][..],
        &["train", "houses.csv", "--out", "s", "--resume"],
        &["train", "--out", "s", "--resume"],
        &["train", "--out", "s", "--resume", "--learning-rate", "0.0003"],
    ] {
        let output = nablab(path, again);
        assert_eq!(output.status.code(), Some(0), "{again:?}: {}", stderr(&output));
        assert!(epochs(), "{again:?}: it does not go on to the default's epochs");
    }
    let other = ["train", "houses.csv", "--out", "s", "--resume", "--learning-rate", "0.001"];
    assert_refused(path, &other, &["other settings: learning_rate = 0.0003, now 0.001"]);
}
