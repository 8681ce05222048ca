//! Reports of trainings.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{assert_refused, nablab, names, stderr, stdout};

/// A table and runs on it.
fn trained(runs: &[(&str, &[&str])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let row = |i: usize| format!("{},{},{}\n", i * 37 % 100, i * 53 % 97, ["no", "yes"][i * 37 % 100 / 50]);
    let text = "a,b,target\n".to_owned() + &(0..100).map(row).collect::<String>();
    fs::write(folder.path().join("t.csv"), text).unwrap();
    for (out, more) in runs {
        let mut args =
            vec!["train", "t.csv", "--target", "target", "--epochs", "12", "--quiet", "--out", out];
        args.extend(*more);
        let output = nablab(folder.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    folder
}

fn report(folder: &Path, args: &[&str]) -> String {
    let output = nablab(folder, &[&["report"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn one_run_goes_into_its_folder_in_the_language_asked_for() {
    let folder = trained(&[("r", &[])]);
    let page = folder.path().join("r/report.html");
    let english = fs::read_to_string(&page).unwrap();
    assert!(english.contains("<html lang=\"en\">") && english.contains("Finished after 12 epochs"));
    assert_eq!(report(folder.path(), &["r", "--lang", "zh"]), "报告：r/report.html\n");
    let chinese = fs::read_to_string(&page).unwrap();
    assert!(chinese.contains("<html lang=\"zh-Hans\">") && chinese.contains("训练完成，共 12 轮"));
    assert_eq!(report(folder.path(), &["r"]), "report: r/report.html\n");
    assert_eq!(fs::read_to_string(&page).unwrap(), english);
}

#[test]
fn several_runs_are_compared() {
    let folder = trained(&[("r", &[]), ("s", &["--seed", "1"]), ("deep/r", &["--layers", "4"])]);
    assert_eq!(report(folder.path(), &["r", "s", "deep/r"]), "report: report.html\n");
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    for words in ["3 trainings compared", "hidden[0].units", ">deep/r<", "Over the seeds"] {
        assert!(page.contains(words), "{words}");
    }
    report(folder.path(), &["r", "s", "--out", "new/c.html", "--lang", "zh"]);
    assert!(fs::read_to_string(folder.path().join("new/c.html")).unwrap().contains("2 次训练的比较"));

    let before = names(folder.path());
    fs::remove_file(folder.path().join("report.html")).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&report(folder.path(), &["r", "s", "--json"])).unwrap();
    assert_eq!(json["schema"], "nablab.comparison/1");
    assert_eq!(json["settings"], serde_json::json!([{ "key": "seed", "values": [0, 1] }]));
    assert_eq!(json["runs"][0]["headline"]["interval"].as_array().map(Vec::len), Some(2));
    assert_eq!(names(folder.path()).len() + 1, before.len());
}

#[test]
fn what_cannot_be_reported_is_one_clear_error() {
    let folder = trained(&[("r", &[]), ("s", &["--seed", "1"])]);
    let at = |name: &str| folder.path().join(name);
    let refused = |args: &[&str], words: &[&str]| {
        assert_refused(folder.path(), &[&["report"], args].concat(), words);
        let message = stderr(&nablab(folder.path(), &[&["report"], args].concat()));
        assert_eq!(
            (message.matches("error:").count(), message.matches("hint:").count()),
            (1, 1),
            "{message}"
        );
    };
    refused(&["r", "./r"], &["./r is the same run as r"]);
    refused(&["r", "s", "r"], &["the same run"]);
    refused(&["nowhere"], &["nowhere", "no run folder"]);
    refused(&["t.csv"], &["t.csv", "no run folder"]);
    fs::write(at("mine.html"), "<html>precious</html>").unwrap();
    refused(&["r", "s", "--out", "mine.html"], &["mine.html", "not a report of nablab"]);
    assert_eq!(fs::read_to_string(at("mine.html")).unwrap(), "<html>precious</html>");
    fs::rename(at("mine.html"), at("report.html")).unwrap();
    refused(&["r", "s"], &["report.html", "not a report of nablab"]);
    refused(&["r", "--out", "s"], &["s is a folder"]);
    refused(&["r", "--out", "t.csv/x.html"], &["t.csv"]);
    fs::remove_file(at("s/metrics.json")).unwrap();
    refused(&["r", "s", "--out", "c.html"], &["not come to an end", "--resume"]);
    let missing = nablab(folder.path(), &["report"]);
    assert_eq!(missing.status.code(), Some(2));
}
