//! Runs and studies of a directory.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

use nablab::data::table::csv;
use nablab::study::{Place, Search, Study, StudyFolder, Working, importances};
use nablab::tables::{Options as Fitting, Run, Settings, Tables};
use serde_json::Value;
use tempfile::TempDir;

use crate::{answer, get, limits, options, serve};
use nablab_serve::Options;

const RECIPE: &str = "epochs = 12\nhidden = [{ units = 4 }]\n[data]\ntarget = [\"kind\"]\n";

fn table() -> Tables<'static> {
    let rows: String = (0..80).map(|i| format!("{},{},{}\n", i % 9, i * 7 % 11, i / 40)).collect();
    Tables::from(csv::read(format!("a,b,kind\n{rows}").as_bytes(), "t.csv").unwrap())
}

fn train(folder: &Path) {
    let run = Run::create(folder, Settings::from_toml(RECIPE, "recipe.toml").unwrap()).unwrap();
    run.train(table(), Fitting::default(), &()).unwrap();
}

fn shown(address: std::net::SocketAddr, path: &str) -> (String, Value) {
    let answer = get(address, path);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}")))
}

fn directory() -> (TempDir, std::net::SocketAddr) {
    let folder = TempDir::new().unwrap();
    train(&folder.path().join("runs/a b"));
    let directory = folder.path().to_owned();
    let (address, _) = serve(Options { directory, ..options(limits()) });
    (folder, address)
}

#[test]
fn a_run_is_listed_shown_and_watched() {
    let (folder, address) = directory();
    // A recipe alone is none; what is hidden is not looked at.
    fs::create_dir_all(folder.path().join("recipes/one")).unwrap();
    fs::write(folder.path().join("recipes/one/recipe.toml"), RECIPE).unwrap();
    train(&folder.path().join(".hidden/run"));
    let (_, listed) = shown(address, "/directory");
    let runs = listed["runs"].as_array().unwrap();
    assert_eq!((runs.len(), listed["is_whole"].as_bool()), (1, Some(true)), "{listed}");
    assert_eq!((runs[0]["place"].as_str(), runs[0]["ended"].as_str()), (Some("runs/a b"), Some("finished")));
    let (head, run) = shown(address, "/directory/run?place=runs/a%20b");
    assert_eq!((run["curve"].as_array().unwrap().len(), run["epochs"].as_u64()), (12, Some(12)));
    let history = fs::read_to_string(folder.path().join("runs/a b/history.csv")).unwrap();
    let last: Vec<f64> =
        history.lines().last().unwrap().split(',').map(|n| n.parse().unwrap_or(f64::NAN)).collect();
    assert_eq!(run["curve"][11][3].as_f64(), Some(last[5]));
    assert!(Settings::from_toml(run["recipe"].as_str().unwrap(), "r").is_ok());
    // Nothing was written: nothing is sent.
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let again = format!(
        "GET /directory/run?place=runs/a%20b HTTP/1.1\nHost: {address}\nConnection: close\nIf-None-Match: {tag}"
    );
    let again = || String::from_utf8(answer(address, &again)).unwrap();
    assert!(again().starts_with("HTTP/1.1 304 "));
    // A training that goes on: fewer epochs are there, and no end.
    let kept: String = history.lines().take(5).map(|line| format!("{line}\n")).collect();
    fs::write(folder.path().join("runs/a b/history.csv"), kept).unwrap();
    fs::remove_file(folder.path().join("runs/a b/metrics.json")).unwrap();
    assert!(again().starts_with("HTTP/1.1 200 "));
    let (_, run) = shown(address, "/directory/run?place=runs/a%20b");
    assert_eq!((run["curve"].as_array().unwrap().len(), run["summary"].is_null()), (4, true));
    assert!(shown(address, "/directory").1["runs"][0]["ended"].is_null());
}

#[test]
fn the_directory_itself_may_be_a_run() {
    let folder = TempDir::new().unwrap();
    let directory = folder.path().join("run");
    train(&directory);
    let (address, _) = serve(Options { directory, ..options(limits()) });
    assert_eq!(shown(address, "/directory").1["runs"][0]["place"], "");
    assert_eq!(shown(address, "/directory/run?place=").1["epochs"], 12);
}

#[test]
fn a_study_is_listed_and_shown() {
    let (folder, address) = directory();
    let study = "epochs = 2\nhidden = [{ units = 3 }]\nlearning_rate = { low = 1e-3, high = 1e-1, log = true }\n\
                 optimizer = { choices = [\"adam\", \"sgd\"] }\n[data]\ntarget = [\"kind\"]\n[study]\nname = \"rates\"\ntrials = 12\n";
    search(study, &folder.path().join("studies/rates"));
    let (_, listed) = shown(address, "/directory");
    assert_eq!(listed["studies"][0]["place"], "studies/rates");
    assert_eq!(listed["studies"][0]["name"], "rates");
    let (_, study) = shown(address, "/directory/study?place=studies/rates&name=rates");
    assert_eq!(study["counts"]["complete"], 12);
    let mut located = Place::new(Some(&folder.path().join("studies/rates")), None, None).read().unwrap();
    let (trials, space) = (located.trials().unwrap(), located.space().unwrap());
    let decided = importances(&space, &trials, located.record.direction());
    assert_eq!(study["importances"], serde_json::json!(decided));
    assert_eq!(study["trials"][5]["values"], serde_json::json!(trials[5].values));
    let rates =
        study["axes"].as_array().unwrap().iter().position(|axis| axis["name"] == "learning_rate").unwrap();
    // A range that is logarithmic: its middle is the geometric mean of its ends.
    let rate = trials[5].point["learning_rate"];
    let share = (rate / 1e-3).log10() / 2.0;
    assert!((study["trials"][5]["at"][rates].as_f64().unwrap() - share).abs() < 1e-9);
    // A database of its own, which a study's name is asked of.
    fs::copy(folder.path().join("studies/rates/study.db"), folder.path().join("mine.sqlite3")).unwrap();
    assert_eq!(shown(address, "/directory").1["studies"].as_array().unwrap().len(), 2);
    assert_eq!(shown(address, "/directory/study?place=mine.sqlite3&name=rates").1["counts"]["complete"], 12);
    let (head, other) = shown(address, "/directory/study?place=mine.sqlite3&name=other");
    assert!(
        head.starts_with("HTTP/1.1 422 ") && other["message"].as_str().unwrap().contains("other"),
        "{other}"
    );
}

/// As the command does.
fn search(study: &str, folder: &Path) {
    let study = Study::parse(study, "study.toml").unwrap();
    let (tables, place) = (table(), StudyFolder::new(Some(folder), "rates"));
    let (mut search, _) = Search::begin(study, "rates", &tables, place, None, None).unwrap();
    let working = Working { threads: NonZeroUsize::MIN, grace: Duration::from_secs(30) };
    let found = search.work(working, &()).unwrap();
    search.write(&found).unwrap();
}

#[test]
fn a_report_runs_in_a_box_of_its_own() {
    let (folder, address) = directory();
    let page = folder.path().join("runs/a b/report.html");
    fs::remove_file(&page).unwrap();
    assert!(get(address, "/directory/report?place=runs/a%20b").starts_with("HTTP/1.1 404 "), "it has none");
    fs::write(&page, "<!DOCTYPE html><p>mine</p>").unwrap();
    let report = get(address, "/directory/report?place=runs/a%20b");
    assert!(report.ends_with("<p>mine</p>"), "{report}");
    let policy = report.lines().find_map(|line| line.strip_prefix("content-security-policy: ")).unwrap();
    assert!(policy.starts_with("sandbox allow-scripts") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("allow-same-origin") && !policy.contains("connect-src"), "{policy}");
}

#[test]
fn nothing_outside_of_the_directory_is_read() {
    let (folder, address) = directory();
    let outside = TempDir::new().unwrap();
    train(&outside.path().join("run"));
    fs::write(outside.path().join("run/report.html"), "<p>secret</p>").unwrap();
    let name = outside.path().file_name().unwrap().to_str().unwrap().to_owned();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(outside.path(), folder.path().join("link")).unwrap();
        symlink(outside.path().join("run"), folder.path().join("runs/link")).unwrap();
        fs::remove_file(folder.path().join("runs/a b/report.html")).unwrap();
        symlink(outside.path().join("run/report.html"), folder.path().join("runs/a b/report.html")).unwrap();
    }
    let (_, listed) = shown(address, "/directory");
    assert_eq!(listed["runs"].as_array().unwrap().len(), 1, "{listed}");
    let absolute = outside.path().join("run").display().to_string();
    for place in [
        "link/run",
        "runs/link",
        "runs/a%20b",
        &format!("../{name}/run"),
        &format!("..%2F{name}%2Frun"),
        &absolute,
        &format!("runs/../../{name}/run"),
        "runs",
        "nowhere",
        "%00",
        ".hidden/run",
    ] {
        for what in ["report", "study"] {
            let answer = get(address, &format!("/directory/{what}?place={place}&name=x"));
            assert!(answer.starts_with("HTTP/1.1 404 "), "{what} {place}: {answer}");
            assert!(!answer.contains("secret"));
        }
        if place != "runs/a%20b" {
            let answer = get(address, &format!("/directory/run?place={place}"));
            assert!(answer.starts_with("HTTP/1.1 404 "), "{place}: {answer}");
        }
    }
}

#[test]
fn what_is_damaged_is_said() {
    let (folder, address) = directory();
    fs::write(folder.path().join("runs/a b/history.csv"), "epoch\nx\n").unwrap();
    let (head, said) = shown(address, "/directory/run?place=runs/a%20b");
    assert!(head.starts_with("HTTP/1.1 422 "));
    assert!(said["message"].as_str().unwrap().contains("line 2: expected a row of the history"), "{said}");
    fs::write(folder.path().join("no.db"), "SQLite format 3\0and nothing more").unwrap();
    assert_eq!(shown(address, "/directory").1["studies"], serde_json::json!([]));
    assert!(get(address, "/directory/study?place=no.db&name=x").starts_with("HTTP/1.1 422 "));
}
