//! Landscapes as a user meets them: drawn, zoomed, killed and gone on with.

use std::fs;

use tempfile::TempDir;

use crate::{assert_refused, nablab, stderr, stdout};

/// What is trained is kept, and the same command goes on to the same landscape.
#[cfg(unix)]
#[test]
fn a_killed_landscape_goes_on() {
    use crate::names;
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let args = ["landscape", "--size", "12", "--epochs", "300", "--threads", "1"];
    killed_and_ended(path, &args, 5);
    // Another one does not go on with it, nor does it take its folder.
    let another = ["landscape", "--size", "2", "--epochs", "30", "--refine", "0", "--quiet"];
    assert_refused(path, &[&another[..], &["--out", "landscape"]].concat(), &["landscape", "--force"]);
    assert_eq!(nablab(path, &another).status.code(), Some(0));
    assert_eq!(names(path), ["landscape", "landscape-2", "whole"]);
    goes_on_to_the_same(path, &args, &["cells.csv"]);
}

/// The same of the loss over two directions: its trainings, and its rows.
#[cfg(unix)]
#[test]
fn a_killed_surface_goes_on() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let args = ["landscape", "--surface", "path", "--size", "400", "--epochs", "3000", "--threads", "1"];
    killed_and_ended(path, &args, 1);
    goes_on_to_the_same(path, &args, &["surface.csv", "paths.csv"]);
}

/// Trained whole; then begun again, killed once more is kept by so much, and ended by a signal after as much again.
#[cfg(unix)]
fn killed_and_ended(path: &std::path::Path, args: &[&str], more: usize) {
    use std::process::Stdio;

    use crate::signals::{send, start, wait_for};
    use crate::{command, names};
    assert_eq!(nablab(path, args).status.code(), Some(0));
    fs::rename(path.join("landscape"), path.join("whole")).unwrap();
    let begun = || {
        let mut running = start(command(path, args).stdout(Stdio::null()).stderr(Stdio::piped()));
        // A line that is cut is not kept: a long one is written in parts.
        let lines = |text: String| text.matches('\n').count();
        let kept = || fs::read_to_string(path.join("landscape/unfinished.csv")).map_or(0, lines);
        let before = kept();
        wait_for(&mut running, "parts that are kept", || kept() >= before.max(1) + more);
        running
    };
    drop(begun());
    assert_eq!(names(&path.join("landscape")), ["unfinished.csv"]);
    let running = begun();
    send("-INT", &running);
    let output = running.end();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    let said = stderr(&output);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("going on in landscape after "), "{said}");
    assert_eq!(lines[1..], ["what is trained so far is kept in landscape: the same command goes on"]);
}

#[cfg(unix)]
fn goes_on_to_the_same(path: &std::path::Path, args: &[&str], files: &[&str]) {
    use crate::names;
    let output = nablab(path, args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for file in files {
        let read = |name: &str| fs::read(path.join(name).join(file)).unwrap();
        assert!(read("landscape") == read("whole"), "{file}");
    }
    assert_eq!(names(&path.join("landscape")), names(&path.join("whole")));
}

#[test]
fn landscapes_are_drawn_and_zoomed() {
    let folder = TempDir::new().unwrap();
    let small = ["landscape", "--size", "8", "--epochs", "40", "--quiet"];
    let same = ["landscape", "--x", "learning_rate=0.1..1", "--y", "learning_rate=1..2"];
    assert_refused(folder.path(), &same, &["--x and --y are both learning_rate", "hint: "]);
    assert_refused(folder.path(), &["landscape", "--target", "y"], &["--target is for a table"]);
    assert_refused(folder.path(), &["landscape", "--reach", "nan"], &["--reach", "above 0"]);
    fs::write(folder.path().join("taken"), "").unwrap();
    assert_refused(folder.path(), &["landscape", "--out", "taken"], &["it is no folder", "hint: "]);
    let said = nablab(folder.path(), &[&small[..], &["--reach", "0.65"]].concat());
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    assert!(
        stdout(&said).contains("16 × 16 cells") && stdout(&said).contains("% of the plane"),
        "{}",
        stdout(&said)
    );
    let cells = fs::read_to_string(folder.path().join("landscape/cells.csv")).unwrap();
    assert_eq!(cells.lines().next(), Some("learning_rate,init.normal.scale,loss,reached_after,diverged_at"));
    assert_eq!(cells.lines().count(), 257);
    for file in ["loss.png", "loss.svg", "steps.png", "steps.svg"] {
        assert!(folder.path().join("landscape").join(file).exists(), "{file}");
    }
    // A knob of whole numbers, and the same training for the same numbers on any number of threads.
    let zoom =
        ["--x", "hidden[0].units=1..8", "--y", "learning_rate=0.1..0.2", "--refine", "0", "--out", "zoom"];
    for threads in ["1", "3"] {
        let said = nablab(folder.path(), &[&small[..], &zoom[..], &["--threads", threads]].concat());
        assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
        fs::rename(folder.path().join("zoom"), folder.path().join(format!("zoom{threads}"))).unwrap();
    }
    let read = |name: &str| fs::read_to_string(folder.path().join(name).join("cells.csv")).unwrap();
    assert_eq!(read("zoom1"), read("zoom3"));
    assert!(read("zoom1").lines().nth(1).unwrap().starts_with("1,0.10"), "{}", read("zoom1"));
    let said = nablab(folder.path(), &[&small[..], &["--surface", "path", "--out", "s"]].concat());
    assert!(
        stdout(&said).contains("adam: loss ") && stdout(&said).contains("% of the ways lie in this plane"),
        "{}",
        stderr(&said)
    );
    assert_eq!(fs::read_to_string(folder.path().join("s/surface.csv")).unwrap().lines().count(), 65);
    fs::remove_dir_all(folder.path().join("landscape")).unwrap();
    assert_refused(folder.path(), &[&small[..], &["--x", "learning_rate=1..0.1"]].concat(), &[]);
    assert_refused(
        folder.path(),
        &[&small[..], &["--x", "learning_rat=0.1..1"]].concat(),
        &["unknown field `learning_rat`", "hint: "],
    );
    assert_refused(
        folder.path(),
        &[&small[..], &["--x", "learning_rate=-1..1"]].concat(),
        &["`learning_rate` must be"],
    );
}
