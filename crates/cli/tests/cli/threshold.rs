//! From which probability on the second of two classes is predicted.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{assert_refused, nablab, stdout};

/// A class of one row in ten, which numbers tell half of.
fn rare() -> String {
    let mut text = "x,z,y\n".to_owned();
    for j in 0..600 {
        let (a, b) = ((j as f64 * 0.7).sin(), (j as f64 * 1.3).cos());
        let _ = writeln!(text, "{a},{b},{}", if a + 0.6 * b > 1.1 { "yes" } else { "no" });
    }
    text
}

#[test]
fn a_threshold_is_chosen_kept_and_exchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("t.csv"), rare()).unwrap();
    let train = ["train", "t.csv", "--target", "y", "--epochs", "5", "--quiet", "--validation", "0.3"];
    let said = stdout(&nablab(path, &[&train[..], &["--threshold", "F1", "--out", "r"]].concat()));
    let summary: Value =
        serde_json::from_slice(&std::fs::read(path.join("r/metrics.json")).unwrap()).unwrap();
    let threshold = summary["threshold"].as_f64().unwrap();
    assert!(said.contains("the second class is predicted above 0."), "{said}");
    assert!(std::fs::read_to_string(path.join("r/recipe.toml")).unwrap().contains("threshold = \"f1\""));

    // The answers are those of the probabilities, of this threshold and of another one.
    for (flags, at) in
        [(&[][..], threshold), (&["--threshold", "0.05"], 0.05), (&["--threshold", "0.5"], 0.5)]
    {
        let predict = stdout(&nablab(path, &[&["predict", "r", "t.csv", "--proba"][..], flags].concat()));
        let rows: Vec<Vec<&str>> = predict.lines().skip(1).map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), 600);
        for row in &rows {
            assert_eq!(row[0] == "yes", row[2].parse::<f64>().unwrap() > at, "{row:?}");
        }
        let json = stdout(&nablab(path, &[&["evaluate", "r", "t.csv", "--json"][..], flags].concat()));
        let json: Value = serde_json::from_str(&json).unwrap();
        let predicted: f64 =
            json["metrics"]["confusion"].as_array().unwrap().iter().map(|row| row[1].as_f64().unwrap()).sum();
        assert_eq!(predicted, rows.iter().filter(|row| row[0] == "yes").count() as f64);
    }
    // On the rows held out it is no worse than a half.
    stdout(&nablab(path, &[&train[..], &["--out", "half"]].concat()));
    let half: Value =
        serde_json::from_slice(&std::fs::read(path.join("half/metrics.json")).unwrap()).unwrap();
    let f1 = |summary: &Value| summary["validation"]["f1"].as_f64().unwrap();
    assert!(f1(&summary) >= f1(&half) && half["threshold"].is_null());
}

#[test]
fn a_threshold_that_cannot_act_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("t.csv"), rare()).unwrap();
    let train = ["train", "t.csv", "--quiet", "--epochs", "2", "--out", "r", "--target"];
    for (flags, words) in [
        (
            &["y", "--threshold", "f1", "--validation", "0"][..],
            &["validation.threshold", "no rows are held out", "f1"][..],
        ),
        (&["y", "--threshold", "f1", "--folds", "3"], &["validation.threshold", "cross-validation", "f1"]),
        (&["y", "--threshold", "1.5"], &["validation.threshold", "above 0 and below 1", "1.5"]),
        (&["y", "--threshold", "f3"], &["did you mean `f1`", "balanced-accuracy"]),
        (&["x", "--threshold", "0.3"], &["validation.threshold", "not one class among several", "0.3"]),
    ] {
        assert_refused(path, &[&train[..], flags].concat(), words);
    }
}
