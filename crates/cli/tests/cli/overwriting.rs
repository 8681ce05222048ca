//! Nothing is written over what is read, over what a run keeps, or over a file of somebody else's.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::train::houses;
use crate::{assert_refused, nablab, stderr};

fn trained() -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("houses.csv"), houses()).unwrap();
    fs::write(path.join("mine.txt"), "years of work").unwrap();
    let train = ["train", "houses.csv", "--target", "dear", "--epochs", "2", "--out", "r"];
    assert_eq!(nablab(path, &train).status.code(), Some(0));
    folder
}

/// Every file below, with what is in it.
pub(crate) fn snapshot(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => files.extend(snapshot(&entry.path())),
            false => files.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap())),
        }
    }
    files.sort();
    files
}

#[test]
fn an_input_is_no_output_and_what_is_there_stays() {
    let folder = trained();
    let path = folder.path();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("houses.csv", path.join("link.csv")).unwrap();
        fs::hard_link(path.join("houses.csv"), path.join("hard.csv")).unwrap();
    }
    let before = snapshot(path);
    let predict = ["predict", "r", "houses.csv", "--out"];
    let export = ["export", "r", "--format", "onnx", "--out"];
    let moons = ["data", "moons", "--out"];
    for (args, out, words) in [
        (&predict[..], "houses.csv", &["over what is read"][..]),
        (&predict, "./houses.csv", &["over what is read"]),
        (&predict, "link.csv", &["over what is read"]),
        (&predict, "hard.csv", &["over what is read"]),
        (&predict, "r/model.safetensors", &["the run in that folder keeps this file"]),
        (&predict, "r/recipe.toml", &["the run in that folder keeps this file"]),
        (&predict, "mine.txt", &["it is there already", "--force"]),
        (&export, "r/metrics.json", &["the run in that folder keeps this file"]),
        (&export, "mine.txt", &["it is there already", "--force"]),
        (&moons, "houses.csv", &["it is there already", "--force"]),
    ] {
        if cfg!(unix) || !["link.csv", "hard.csv"].contains(&out) {
            assert_refused(path, &[args, &[out]].concat(), words);
        }
        // What is read, and what a run keeps, no flag gives away.
        if !words.contains(&"--force") && path.join(out).exists() {
            assert_refused(path, &[args, &[out, "--force"]].concat(), &words[..1]);
        }
    }
    assert_eq!(snapshot(path), before);
    for args in [
        &["predict", "r", "houses.csv", "--out", "mine.txt", "--force"][..],
        &["export", "r", "--format", "npz", "--out", "mine.txt", "--force"],
        &["export", "r", "--format", "onnx"],
        &["export", "r", "--format", "onnx"],
        &["data", "moons", "--out", "new.csv"],
        &["data", "moons", "--out", "new.csv", "--force"],
    ] {
        let output = nablab(path, args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_folder_with_something_else_is_no_place_for_a_study_or_a_landscape() {
    let folder = trained();
    let path = folder.path();
    let own = path.join("own");
    fs::create_dir(&own).unwrap();
    for name in ["report.html", "best.toml", "confirmed.json", "loss.svg"] {
        fs::write(own.join(name), "mine").unwrap();
    }
    let before = snapshot(path);
    let tune = ["tune", "houses.csv", "--target", "dear", "--trials", "1", "--epochs", "1", "--out", "own"];
    assert_refused(path, &tune, &["own", "no study of nablab's", "--out"]);
    let landscape = ["landscape", "--size", "2", "--epochs", "1", "--refine", "0", "--quiet"];
    assert_refused(path, &[&landscape[..], &["--out", "own"]].concat(), &["own", "--force"]);
    assert_eq!(snapshot(path), before);
    // Without a folder that is named, each gets its own.
    for name in ["landscape", "landscape-2"] {
        let output = nablab(path, &landscape);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(path.join(name).join("cells.csv").exists(), "{name}");
    }
}
