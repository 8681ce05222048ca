//! Studies as a user meets them: tuned, killed, gone on with, shown, refused.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::train::houses;
use crate::{assert_refused, command, nablab, stderr, stdout};
use nablab_testing::running::Running;

const STUDY: &str = r#"# Searched in the tests.
learning_rate = { low = 1e-4, high = 1e-1, log = true }
hidden = { layers = { low = 1, high = 2 }, units = { low = 2, high = 16 } }
epochs = 27
[data]
file = "houses.csv"
target = ["dear"]
[validation]
share = 0.3
[study]
trials = 12
sampler = "random"
"#;

fn with_houses() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("houses.csv"), houses()).unwrap();
    fs::write(folder.path().join("study.toml"), STUDY).unwrap();
    folder
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let output = nablab(folder, args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn tune_finds_a_recipe_that_can_be_trained() {
    let folder = with_houses();
    let args = [
        "tune",
        "houses.csv",
        "--target",
        "dear",
        "--trials",
        "8",
        "--epochs",
        "20",
        "--confirm",
        "3",
        "--json",
    ];
    let found = json(folder.path(), &[&args[..], &["--quiet"]].concat());
    assert_eq!(found["schema"], "nablab.study/1");
    let counts = &found["trials"];
    assert_eq!(counts["complete"].as_u64().unwrap() + counts["pruned"].as_u64().unwrap(), 8, "{counts}");
    // The first trial is the default recipe.
    let first = &found["first"]["parameters"];
    assert_eq!(
        (&first["learning_rate"], &first["hidden[0].units"], &first["schedule"]),
        (&0.001.into(), &128.0.into(), &"constant".into())
    );
    let confirmed = found["confirmation"]["candidates"].as_array().unwrap();
    assert!(confirmed.iter().all(|candidate| candidate["values"].as_array().unwrap().len() == 3));
    let studies = folder.path().join("studies/houses");
    for file in ["study.toml", "study.db", "best.toml", "report.html", "confirmed.json"] {
        assert!(studies.join(file).exists(), "{file}");
    }
    let trained = nablab(folder.path(), &["train", "--recipe", "studies/houses/best.toml", "--quiet"]);
    assert_eq!(trained.status.code(), Some(0), "{}", stderr(&trained));
    // Once more with nothing left to do, what was confirmed is read: here that of somebody who knows the answer.
    let mut written: Value =
        serde_json::from_str(&fs::read_to_string(studies.join("confirmed.json")).unwrap()).unwrap();
    written["candidates"][0]["values"][0] = 0.125.into();
    fs::write(studies.join("confirmed.json"), written.to_string()).unwrap();
    let again = json(folder.path(), &[&args[..], &["--quiet"]].concat());
    assert_eq!(again["confirmation"]["candidates"][0]["values"][0], 0.125);
    // What was tuned is a study's file like any other, and the same command goes on; then it is not about these trials.
    let more = nablab(folder.path(), &["study", "run", "studies/houses/study.toml", "--trials", "10"]);
    assert_eq!(more.status.code(), Some(0), "{}", stderr(&more));
    assert!(stderr(&more).contains("going on after 8 of 10 trials"), "{}", stderr(&more));
    assert!(!studies.join("confirmed.json").exists());
    let page = fs::read_to_string(studies.join("report.html")).unwrap();
    assert!(page.contains("What decides") && page.contains("Parallel coordinates"));
    let report = nablab(folder.path(), &["study", "report", "studies/houses", "--lang", "zh"]);
    assert_eq!(stdout(&report), "报告：studies/houses/report.html\n", "{}", stderr(&report));
    assert!(fs::read_to_string(studies.join("report.html")).unwrap().contains("参数的影响"));
}

#[test]
fn a_study_that_is_killed_again_and_again_loses_no_finished_trial() {
    let folder = with_houses();
    let text = STUDY.replace("epochs = 27", "epochs = 600").replace("trials = 12", "trials = 16");
    fs::write(folder.path().join("study.toml"), text).unwrap();
    let run = || {
        let args = ["study", "run", "study.toml", "--threads", "2", "--grace", "1"];
        Running::start(command(folder.path(), &args).stdout(Stdio::null()).stderr(Stdio::null()))
    };
    let listed = || {
        let output = nablab(folder.path(), &["study", "show", "studies/study", "--json"]);
        let shown: Option<Value> = serde_json::from_slice(&output.stdout).ok();
        let trials = shown.and_then(|shown| shown["trials"].as_array().cloned()).unwrap_or_default();
        let over = |trial: &&Value| trial["state"] == "COMPLETE";
        trials
            .iter()
            .filter(over)
            .map(|trial| (trial["number"].clone(), trial["values"].clone()))
            .collect::<Vec<_>>()
    };
    let mut finished = Vec::new();
    for milliseconds in [80, 150, 230, 410] {
        let running = run();
        sleep(Duration::from_millis(milliseconds));
        drop(running);
        let now = listed();
        assert!(finished.iter().all(|trial| now.contains(trial)), "{finished:?} became {now:?}");
        finished = now;
    }
    assert_eq!(run().end().status.code(), Some(0));
    let now = listed();
    assert!(finished.iter().all(|trial| now.contains(trial)), "{finished:?} became {now:?}");
    assert_eq!(now.len(), 16);
}

/// The default recipe is what the others are compared with: a worker that dies while it trains does not lose it.
#[cfg(unix)]
#[test]
fn a_killed_tuning_keeps_the_default_recipe() {
    use crate::signals::{start, wait_for};
    let folder = with_houses();
    let args =
        ["tune", "houses.csv", "--target", "dear", "--trials", "9", "--epochs", "1000", "--confirm", "2"];
    let args = [&args[..], &["--threads", "1", "--grace", "1", "--folds", "0", "--quiet", "--json"]].concat();
    let mut running = start(command(folder.path(), &args).stdout(Stdio::piped()).stderr(Stdio::piped()));
    let show = ["study", "show", "studies/houses"];
    wait_for(&mut running, "a trial under way", || stdout(&nablab(folder.path(), &show)).contains("running"));
    drop(running);
    let found = json(folder.path(), &args);
    let first = &found["first"];
    assert!(first["number"].as_u64().is_some_and(|number| number >= 9), "{first}");
    let of_default = (&first["parameters"]["learning_rate"], &first["parameters"]["hidden[0].units"]);
    assert_eq!(of_default, (&0.001.into(), &128.0.into()));
    let confirmed = found["confirmation"]["candidates"].as_array().unwrap();
    assert!(confirmed.iter().any(|candidate| candidate["trial"] == first["number"]), "{confirmed:?}");
    assert_eq!(found["confirmation"]["first"], first["number"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_gives_back_what_is_under_way() {
    use crate::signals::{send, start, wait_for};
    let folder = with_houses();
    fs::write(folder.path().join("study.toml"), STUDY.replace("epochs = 27", "epochs = 1000000")).unwrap();
    let mut command = command(folder.path(), &["study", "run", "study.toml"]);
    let mut running = start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    let show = ["study", "show", "studies/study"];
    wait_for(&mut running, "a trial under way", || stdout(&nablab(folder.path(), &show)).contains("running"));
    send("-INT", &running);
    let output = running.end();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("study study: 12 waiting\n"), "{}", stdout(&output));
}

#[test]
fn what_was_found_is_shown_as_text_csv_and_recipe() {
    let folder = with_houses();
    let found = json(folder.path(), &["study", "run", "study.toml", "--json", "--quiet"]);
    let best = found["best"]["number"].as_u64().unwrap();
    let text = stdout(&nablab(folder.path(), &["study", "show", "studies/study", "--top", "3"]));
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.starts_with("study study: 12 completed\ntrial "), "{text}");
    let csv =
        stdout(&nablab(folder.path(), &["study", "show", "--storage", "studies/study/study.db", "--csv"]));
    assert_eq!(
        csv.lines().next(),
        Some("trial,state,accuracy,hidden.layers,hidden[0].units,hidden[1].units,learning_rate")
    );
    assert_eq!(csv.lines().count(), 13, "{csv}");
    let recipe = stdout(&nablab(folder.path(), &["study", "best", "studies/study"]));
    let written = fs::read_to_string(folder.path().join("studies/study/best.toml")).unwrap();
    // What is printed goes anywhere, and has whole names; what is written lies with the table.
    let whole = folder.path().join("houses.csv").canonicalize().unwrap();
    let written = written.replace("\"../../houses.csv\"", &format!("{whole:?}"));
    assert_eq!(recipe, written);
    let of_trial =
        stdout(&nablab(folder.path(), &["study", "best", "studies/study", "--trial", &best.to_string()]));
    assert_eq!(of_trial, written);
    let confirmed = json(
        folder.path(),
        &["study", "confirm", "studies/study", "--top", "2", "--seeds", "2", "--json", "--quiet"],
    );
    assert!(confirmed["candidates"].as_array().unwrap().len() >= 2);
    let neighbours = confirmed["neighbours"].as_array().unwrap();
    assert!(neighbours.iter().any(|neighbour| neighbour["parameter"] == "learning_rate"), "{neighbours:?}");
}

#[test]
fn what_is_wrong_is_said_before_the_first_trial() {
    let folder = with_houses();
    let study =
        |from: &str, to: &str| fs::write(folder.path().join("s.toml"), STUDY.replace(from, to)).unwrap();
    let run = ["study", "run", "s.toml"];
    for (from, to, words) in [
        (
            "low = 1e-4",
            "low = 1.0",
            &["s.toml: line 2, column 25: `low` must be at most `high`", "hint: "][..],
        ),
        ("epochs = 27", "epoch = 27", &["line 4, column 1: unknown field `epoch`"]),
        ("trials = 12", "metric = \"r2\"", &["`study.metric` must be one of accuracy", "got r2"]),
        ("houses.csv", "nowhere.csv", &["nowhere.csv"]),
        ("[\"dear\"]", "[\"cheap\"]", &["cheap"]),
        ("target = [\"dear\"]", "", &["which column is to be predicted?", "hint: "]),
        ("trials = 12", "trials = 4611686018427387904", &["`study.trials` must be from 1 to 1000000"]),
        ("trials = 12", "seconds = 0.0", &["`study.seconds` must be above 0"]),
    ] {
        study(from, to);
        assert_refused(folder.path(), &run, words);
    }
    assert_refused(folder.path(), &["tune", "houses.csv"], &["which column is to be predicted?"]);
    assert_refused(
        folder.path(),
        &["study", "show", "nowhere"],
        &["nowhere: there is no study.db in it", "hint: "],
    );
    assert_refused(folder.path(), &["study", "show"], &["which study?"]);
    assert_refused(
        folder.path(),
        &["study", "show", "--storage", "sqlite:///no.db"],
        &["there is no such file"],
    );
    assert!(!folder.path().join("no.db").exists());
    for url in ["", ":memory:", "sqlite:///"] {
        study("trials = 12", "trials = 1");
        assert_refused(
            folder.path(),
            &["study", "run", "s.toml", "--storage", url],
            &["expected the path of a file", "hint: "],
        );
    }
    assert_refused(folder.path(), &["study", "run", "s.toml", "--threads", "5000"], &["--threads", "1024"]);
    assert_refused(
        folder.path(),
        &["tune", "houses.csv", "--target", "dear", "--seconds", "0"],
        &["--seconds"],
    );
    study("trials = 12", "trials = 1");
    fs::write(folder.path().join("text.db"), "not a database ".repeat(100)).unwrap();
    let refused = nablab(folder.path(), &["study", "run", "s.toml", "--storage", "text.db"]);
    assert!(stderr(&refused).contains("file is not a database\nhint: "), "{}", stderr(&refused));
    // Another space of the same name, or another table.
    assert_eq!(nablab(folder.path(), &["study", "run", "s.toml"]).status.code(), Some(0));
    let fewer: Vec<String> = houses().lines().take(60).map(str::to_owned).collect();
    fs::write(folder.path().join("houses.csv"), fewer.join("\n")).unwrap();
    let refused = nablab(folder.path(), &["study", "run", "s.toml"]);
    assert!(
        stderr(&refused).contains("study s: its trials were judged on another table"),
        "{}",
        stderr(&refused)
    );
    study("high = 1e-1", "high = 1e-2");
    let kept = || fs::read_to_string(folder.path().join("studies/s/study.toml")).unwrap();
    let before = kept();
    let refused = nablab(folder.path(), &["study", "run", "s.toml"]);
    assert_eq!(kept(), before, "a study that is refused changes nothing");
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("study s: it is there already with another space: learning_rate"),
        "{}",
        stderr(&refused)
    );
    // Nor are its trials judged on what they learned from, or fewer than one.
    #[cfg(unix)]
    fs::hard_link(folder.path().join("houses.csv"), folder.path().join("same.csv")).unwrap();
    #[cfg(unix)]
    for other in ["houses.csv", "same.csv"] {
        let tune = ["tune", "houses.csv", "--target", "dear", "--validation", other];
        assert_refused(folder.path(), &tune, &["`validation.file` must be another table"]);
    }
    for trials in ["0", "1000001", "9223372036854775808"] {
        assert_refused(folder.path(), &["study", "run", "s.toml", "--trials", trials], &["1..=1000000"]);
    }
    // Nor does another study move into its folder.
    let refused = nablab(folder.path(), &["tune", "houses.csv", "--target", "dear", "--out", "studies/s"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("it is the folder of the study s, not of houses"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(kept(), before);
}

/// A database with other tables is somebody's.
#[test]
fn a_database_of_something_else_gets_no_study() {
    let folder = with_houses();
    fs::write(folder.path().join("s.toml"), STUDY).unwrap();
    let theirs = rusqlite::Connection::open(folder.path().join("theirs.db")).unwrap();
    theirs.execute_batch("CREATE TABLE customers (name TEXT)").unwrap();
    drop(theirs);
    let before = fs::read(folder.path().join("theirs.db")).unwrap();
    let run = ["study", "run", "s.toml", "--storage", "theirs.db"];
    assert_refused(
        folder.path(),
        &run,
        &["the database of something else, with a table customers", "--storage"],
    );
    assert!(fs::read(folder.path().join("theirs.db")).unwrap() == before, "it was written to");
}

/// An address is a text: of a folder whose name is none, nothing is said that is not so.
#[cfg(target_os = "linux")]
#[test]
fn a_study_needs_a_folder_with_a_name_in_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = with_houses();
    let name = OsStr::from_bytes(b"st\xff");
    fs::create_dir(folder.path().join(name)).unwrap();
    fs::write(folder.path().join(name).join("study.db"), "").unwrap();
    for args in [&["study", "show"][..], &["tune", "houses.csv", "--target", "dear", "--out"]] {
        let output = command(folder.path(), args).arg(name).output().unwrap();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("expected a folder with a name in UTF-8") && said.contains("hint: "), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_said() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = with_houses();
    if fs::metadata(folder.path()).unwrap().uid() == 0 {
        eprintln!("skipped: root may write everywhere");
        return;
    }
    assert_eq!(nablab(folder.path(), &["study", "run", "study.toml"]).status.code(), Some(0));
    let database = folder.path().join("studies/study/study.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o444)).unwrap();
    let refused = nablab(folder.path(), &["study", "run", "study.toml", "--trials", "13"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("readonly") && stderr(&refused).contains("check the permissions"),
        "{}",
        stderr(&refused)
    );
}

/// The table and what was found of it move together; a table that lies elsewhere stays where it is.
#[test]
fn a_best_recipe_moves_with_its_table() {
    let place = TempDir::new().unwrap();
    let project = place.path().join("project");
    fs::create_dir(&project).unwrap();
    fs::write(project.join("houses.csv"), houses()).unwrap();
    let tune = "tune houses.csv -t dear --trials 1 --epochs 2 --confirm 0 -q";
    let tuned = |folder: &Path, args: &str| {
        let output = nablab(folder, &args.split(' ').collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    };
    tuned(&project, tune);
    let best = |folder: &Path| fs::read_to_string(folder.join("studies/houses/best.toml")).unwrap();
    let recipe = best(&project);
    assert!(recipe.contains("file = \"../../houses.csv\""), "{recipe}");
    let moved = place.path().join("moved");
    fs::rename(&project, &moved).unwrap();
    // From another folder than before.
    tuned(place.path(), "train --recipe moved/studies/houses/best.toml -q --out r");
    // The same recipe is ours wherever it is.
    tuned(&moved, tune);
    assert_eq!(best(&moved), recipe);
    assert!(!moved.join("studies/houses/best-2.toml").exists());
    // And with the table's whole name, as it is written where the table lies far away, and was everywhere in earlier versions.
    let table = moved.join("houses.csv").canonicalize().unwrap();
    let whole = recipe.replace("\"../../houses.csv\"", &format!("{table:?}"));
    assert_ne!(whole, recipe);
    fs::write(moved.join("studies/houses/best.toml"), whole).unwrap();
    tuned(&moved, tune);
    assert_eq!(best(&moved), recipe);
    assert!(!moved.join("studies/houses/best-2.toml").exists());
    let elsewhere = place.path().join("a/b/c/d");
    fs::create_dir_all(&elsewhere).unwrap();
    tuned(&elsewhere, &tune.replace("houses.csv", table.to_str().unwrap()));
    assert!(best(&elsewhere).contains(&format!("file = {table:?}")), "{}", best(&elsewhere));
}
