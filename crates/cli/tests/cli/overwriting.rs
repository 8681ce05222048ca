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

/// What a killed process had not finished goes with the next that writes into the same place; what somebody else has there stays.
#[cfg(unix)]
#[test]
fn what_a_killed_process_left_goes_with_the_next() {
    use std::process::Stdio;

    use crate::signals::{start, wait_for};
    use crate::{command, names};

    let folder = trained();
    let path = folder.path();
    let foreign = ["own.tmp", "report.old.tmp", "report.a1B2c3.tmp"];
    for name in foreign {
        fs::create_dir(path.join(name)).unwrap();
        fs::write(path.join(name).join("mine.txt"), "mine").unwrap();
    }
    let before = names(path);
    let lab = ["lab", "regularization", "--out", "report", "--quiet"];
    let long = ["lab", "regularization", "--seeds", "5000", "--out", "report", "--quiet"];
    let mut running = start(command(path, &long).stdout(Stdio::null()).stderr(Stdio::null()));
    wait_for(&mut running, "a folder", || names(path).len() > before.len());
    drop(running);
    assert_eq!(names(path).len(), before.len() + 1, "{:?}", names(path));
    assert!(nablab(path, &lab).status.code().is_some_and(|code| code < 2));
    let mut expected = [&before[..], &["report".to_owned()]].concat();
    expected.sort();
    assert_eq!(names(path), expected);
    // The same of single files.
    fs::write(path.join(".nablab-a1B2c3.tmp"), "half a table").unwrap();
    fs::write(path.join("r/.nablab-a1B2c3.tmp"), "half a model").unwrap();
    assert_eq!(nablab(path, &["data", "moons", "--out", "moons.csv"]).status.code(), Some(0));
    assert_eq!(nablab(path, &["report", "r"]).status.code(), Some(0));
    assert!(
        !names(path).concat().contains(".nablab-") && !names(&path.join("r")).concat().contains(".nablab-")
    );
}

#[test]
fn a_refusal_leaves_nothing_behind() {
    let folder = trained();
    let path = folder.path();
    fs::create_dir(path.join("own")).unwrap();
    fs::write(path.join("own/notes.txt"), "mine").unwrap();
    // A recipe, and no run.
    fs::create_dir(path.join("plans")).unwrap();
    fs::copy(path.join("r/recipe.toml"), path.join("plans/recipe.toml")).unwrap();
    fs::create_dir(path.join("empty")).unwrap();
    let before = snapshot(path);
    let train = ["train", "houses.csv", "--target", "dear", "--epochs", "1", "--quiet", "--out"];
    for (args, words) in [
        (&["own"][..], &["own: there is something in it already"][..]),
        (&["own", "--resume"], &["own"]),
        (&["own", "--folds", "2"], &["own: there is something in it already"]),
        (&["plans"], &["plans: there is something in it already"]),
        (&["plans", "--resume", "--layers", "7"], &["other settings"]),
        (&["plans", "--resume", "--types", "area=date"], &["other settings"]),
        (&["empty", "--target", "nothing"], &["nothing"]),
        (&["empty", "--types", "area=date"], &["area"]),
        (&["new/deep", "--types", "area=date"], &["area"]),
        (&["r/inside", "--types", "area=date", "--folds", "3"], &["area"]),
        (&["houses.csv"], &["houses.csv"]),
        (&["houses.csv/r"], &["houses.csv"]),
    ] {
        let output = nablab(path, &[&train[..], args].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(words.iter().all(|word| said.contains(word)), "{args:?}: {said}");
        assert!(snapshot(path) == before && path.join("empty").exists(), "{args:?}: {said}");
        assert!(!path.join("new").exists() && !path.join("r/inside").exists(), "{args:?}");
    }
}

/// Also where nobody named it: a file beside a run or in a study's folder may be somebody else's.
#[test]
fn what_nablab_did_not_make_is_not_replaced_where_no_name_is_given() {
    let folder = trained();
    let path = folder.path();
    for format in ["onnx", "npz"] {
        let model = path.join("r/model").with_extension(format);
        let export = ["export", "r", "--format", format];
        for mine in ["years of work", ""] {
            fs::write(&model, mine).unwrap();
            let refused = nablab(path, &export);
            // In an empty file there is nothing to lose.
            assert_eq!(refused.status.code(), Some(if mine.is_empty() { 0 } else { 2 }));
            assert_eq!(fs::read(&model).unwrap() == mine.as_bytes(), !mine.is_empty(), "{format}");
        }
        fs::write(&model, "years of work").unwrap();
        for args in [&[&export[..], &["--force"]].concat()[..], &export] {
            assert_eq!(nablab(path, args).status.code(), Some(0), "{args:?}");
            assert!(fs::read(&model).unwrap() != b"years of work");
        }
    }
    assert_eq!(nablab(path, &["export", "r", "--format", "safetensors"]).status.code(), Some(0));
}

#[test]
fn a_studys_recipe_changed_by_hand_and_a_page_of_somebody_else_stay() {
    let folder = trained();
    let path = folder.path();
    let tune = |trials: &str| {
        let tune = ["tune", "houses.csv", "--target", "dear", "--epochs", "2", "--confirm", "0", "--quiet"];
        let tuned = nablab(path, &[&tune[..], &["--out", "s", "--trials", trials]].concat());
        assert_eq!(tuned.status.code(), Some(0), "{}", stderr(&tuned));
        stderr(&tuned)
    };
    let text = |name: &str| fs::read_to_string(path.join("s").join(name)).unwrap();
    tune("2");
    // What nablab itself has written is replaced without a word.
    assert!(!tune("3").contains("note: "));
    let changed = text("best.toml").replace("epochs = 2", "epochs = 200");
    for number in 2..4 {
        fs::write(path.join("s/best.toml"), &changed).unwrap();
        fs::write(path.join("s/report.html"), "my page").unwrap();
        let said = tune("4");
        for name in [format!("best-{number}.toml"), format!("report-{number}.html")] {
            assert!(said.contains(&format!("note: s/{name} is what was there")), "{said}");
        }
        assert!(text(&format!("best-{number}.toml")) == changed && text("best.toml") != changed);
        assert_eq!(text(&format!("report-{number}.html")), "my page");
        assert!(text("report.html").starts_with("<!DOCTYPE html>"));
    }
    assert!(!tune("4").contains("note: "));
}
