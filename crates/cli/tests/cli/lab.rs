//! `nablab lab`: the report, the JSON, the exit codes, the arguments.

use std::fs;

use tempfile::TempDir;

use crate::{assert_refused, course_file, nablab, names, stderr, stdout};

#[test]
fn a_lab_writes_its_report() {
    let folder = TempDir::new().unwrap();
    let output = nablab(folder.path(), &["lab", "initialization", "gradient-checking", "--out", "r"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).ends_with("reference: 114 of 114 agree\n"), "{}", stdout(&output));
    assert!(
        stderr(&output).starts_with("time: ") && stderr(&output).lines().count() == 1,
        "no progress here"
    );
    assert_eq!(names(folder.path()), ["r"]);
    let report = folder.path().join("r");
    assert_eq!(names(&report), ["figures", "index.html", "report.md", "results.json"]);
    // Data, three curves, three boundaries, how each of them came to be, three probabilities, one overlay, and the
    // curve over ε; each as SVG and PNG.
    assert_eq!(names(&report.join("figures")).len(), 2 * 15);
    let page = fs::read_to_string(report.join("index.html")).unwrap();
    assert!(page.contains("nablab lab initialization gradient-checking --out r</code>"), "how it was made");
    assert!(page.contains("Model with He initialization") && page.contains("id=\"he-initialization.3\""));
    // Links to the code and the derivations are there to be followed; nothing is fetched.
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "").replace("<a href=\"https://", "");
    assert!(!elsewhere.contains("http://") && !elsewhere.contains("https://"), "nothing from the network");

    // A second run replaces the first.
    let output = nablab(folder.path(), &["lab", "gradient-checking", "--out", "r", "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(names(folder.path()), ["r"]);
    assert!(fs::read_to_string(report.join("index.html")).unwrap().contains("梯度检验"));
}

#[test]
fn json_has_the_documented_shape() {
    let folder = TempDir::new().unwrap();
    let arguments = ["lab", "initialization", "optimization", "--epochs", "200", "--json", "--seeds", "9"];
    let output = nablab(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(json["schema"], "nablab.lab/1");
    assert_eq!(json["labs"][0]["lab"], "initialization");
    let items = json["labs"][0]["items"].as_array().unwrap();
    let item = |id: &str| items.iter().find(|item| item["id"] == id).unwrap();
    let training = &item("random-initialization.2")["values"];
    assert_eq!(training["costs"][0], serde_json::json!([0, "inf"]));
    assert!(training["train_accuracy"].is_number() && training["test_accuracy"].is_number());
    let predictions = &item("he-initialization.2")["values"]["predictions"];
    assert_eq!(predictions["train"].as_str().unwrap().len(), 300);
    // The course's trainings are compared as ever, and those of another length stand beside them.
    assert!(!item("he-initialization.2")["reference"].as_array().unwrap().is_empty());
    let turned = &json["labs"][0]["turned"];
    assert_eq!(turned["measure"], "test_accuracy");
    let he = &turned["trainings"][2];
    assert_eq!(
        he["changes"],
        serde_json::json!([{ "setting": "epochs", "course": "15000", "turned": "200" }])
    );
    assert_eq!((&he["beside"], &he["judgement"]["cost"]), (&"he".into(), &"worse".into()));
    for key in ["key", "course", "turned", "difference", "pairs"] {
        assert!(he.get(key).is_some(), "{key}");
    }
    let entry = &item("he-initialization.1")["reference"][0];
    for key in ["name", "published", "recomputed", "got", "relative_difference", "tolerance", "agrees"] {
        assert!(entry.get(key).is_some(), "{key}");
    }
    assert_eq!(json["reference"]["compared"], json["reference"]["agree"]);
}

#[test]
fn the_courses_data_agree_in_full() {
    let Some(course) = course_file() else { return };
    let folder = TempDir::new().unwrap();
    let output = nablab(folder.path(), &["lab", "--out", "r", "--data", course.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).ends_with("reference: 658 of 658 agree\n"));
}

/// An uncompressed variable of a MATLAB 5 file: flags, dimensions, name, doubles column by column.
fn variable(name: &str, rows: usize, columns: usize, values: &[f64]) -> Vec<u8> {
    let element = |kind: u32, bytes: Vec<u8>| {
        let mut element = [kind.to_le_bytes(), (bytes.len() as u32).to_le_bytes()].concat();
        element.extend(&bytes);
        element.resize(element.len().next_multiple_of(8), 0);
        element
    };
    let numbers = |numbers: [u32; 2]| numbers.map(u32::to_le_bytes).concat();
    let parts = [
        element(6, numbers([6, 0])),
        element(5, numbers([rows as u32, columns as u32])),
        element(1, name.as_bytes().to_vec()),
        element(9, values.iter().flat_map(|v| v.to_le_bytes()).collect()),
    ];
    element(14, parts.concat())
}

/// As many points as the course's, but other points: they are one's own, and nobody published numbers of them.
#[test]
fn as_many_points_as_the_courses_are_not_the_courses() {
    let parts = nablab::data::generate::pitch_parts(8).unwrap();
    let test = parts.test.as_ref().unwrap();
    let mut file = [b"MATLAB 5.0 MAT-file".as_slice(), &[b' '; 105], &[0, 1, b'I', b'M']].concat();
    for (x, y, set) in [("X", "y", &parts.train), ("Xval", "yval", test)] {
        file.extend(variable(x, set.examples(), 2, set.x()));
        let labels: Vec<f64> = set.labels().iter().map(|&label| f64::from(label)).collect();
        file.extend(variable(y, set.examples(), 1, &labels));
    }
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("other.mat"), file).unwrap();
    let output = nablab(folder.path(), &["lab", "regularization", "--out", "r", "--data", "other.mat"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("not compared: 3 trainings"), "{}", stdout(&output));
    assert_eq!(names(folder.path()), ["other.mat", "r"]);
}

#[test]
fn single_precision_trains_nearly_the_same() {
    let folder = TempDir::new().unwrap();
    let arguments = ["lab", "optimization", "--json", "--precision", "f32", "--seeds", "0"];
    let output = nablab(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let trainings = json["labs"][0]["turned"]["trainings"].as_array().unwrap();
    assert_eq!(trainings.len(), 3, "gradient descent, momentum, Adam");
    for training in trainings {
        let [double, single] = ["course", "turned"].map(|of| training[of]["cost"].as_f64().unwrap());
        assert!(single != double && (single - double).abs() < 1e-2 * double, "{double} {single}");
    }
}

/// What another command has reported stays; the same command's report is replaced.
#[test]
fn each_command_has_its_own_report() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    for (arguments, to) in [
        (&["lab", "gradient-checking"][..], "report"),
        (&["lab", "gradient-checking", "--lang", "zh"], "report-2"),
        (&["lab", "gradient-checking"], "report"),
        (&["lab", "gradient-checking", "--lang", "zh"], "report-2"),
        (&["lab", "gradient-checking", "--threads", "1"], "report-3"),
        // A place that is given is taken.
        (&["lab", "gradient-checking", "--threads", "1", "--out", "report"], "report"),
        (&["lab", "gradient-checking"], "report-4"),
    ] {
        let output = nablab(path, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stdout(&output).contains(&format!("{to}/index.html\n")), "{}", stdout(&output));
        let is_said = stderr(&output).contains(&format!(" {to}\n"));
        assert_eq!(is_said, to != "report", "{}", stderr(&output));
        let page = fs::read_to_string(path.join(to).join("index.html")).unwrap();
        assert!(page.contains(&arguments.join(" ")));
    }
    assert_eq!(names(path), ["report", "report-2", "report-3", "report-4"]);
}

/// Points of one's own, with a test set in a file of its own, in every lab that trains.
#[test]
fn own_data_and_a_test_set_go_to_every_training_lab() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    for (file, seed) in [("mine.csv", "1"), ("new.csv", "2"), ("both.npz", "3")] {
        let made = nablab(path, &["data", "moons", "--samples", "40", "--seed", seed, "--out", file]);
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    }
    let json = |arguments: &[&str]| -> serde_json::Value {
        let output = nablab(path, &[&["lab", "--json", "--out", "r"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let own = json(&["--data", "mine.csv", "--test", "new.csv"]);
    for lab in own["labs"].as_array().unwrap().iter().filter(|lab| lab["lab"] != "gradient-checking") {
        let data = lab["items"].as_array().unwrap().iter().find(|item| item["values"]["train"].is_object());
        let values = &data.unwrap()["values"];
        assert_eq!((&values["train"]["examples"], &values["test"]["examples"]), (&40.into(), &40.into()));
        assert!(lab["why_not_compared"].as_str().unwrap().contains("not the course's"), "{lab}");
        let variants = lab["summary"]["variants"].as_object().unwrap();
        assert!(variants.values().all(|variant| variant["test_accuracy"].is_number()), "{variants:?}");
    }
    let refused = |args: &[&str], words: &[&str]| assert_refused(path, &[&["lab"], args].concat(), words);
    fs::write(path.join("three.csv"), "a,b,c,label\n1,2,3,0\n1,2,4,1\n").unwrap();
    refused(
        &["--data", "mine.csv", "--test", "three.csv"],
        &["three.csv", "2 features as in mine.csv", "got 3"],
    );
    refused(&["--data", "three.csv"], &["three.csv", "training set has 3 features, expected 2"]);
    fs::write(path.join("many.csv"), "a,b,label\n1,2,0\n1,2,2\n").unwrap();
    refused(
        &["initialization", "--data", "mine.csv", "--test", "many.csv"],
        &["many.csv", "test set has 3 classes"],
    );
    refused(&["gradient-checking", "--data", "mine.csv"], &["--data", "hint: it acts on regularization"]);
    let Some(course) = course_file() else { return };
    let course = course.to_str().unwrap();
    refused(&["--data", course, "--test", "new.csv"], &["expected one set", "got a training and a test set"]);
    // The course's file is the regularization lab's; alone, another lab takes it too.
    let all = json(&["--data", course]);
    assert_eq!(all["reference"]["compared"], 658);
    let one = json(&["initialization", "--data", course]);
    assert_eq!(one["labs"][0]["items"][0]["values"]["train"]["examples"], 211);
}

#[test]
fn bad_arguments_are_refused() {
    let folder = TempDir::new().unwrap();
    let refused = |args: &[&str], words: &[&str]| assert_refused(folder.path(), args, words);
    refused(&["lab", "--seeds", "many"], &["--seeds", "whole number"]);
    refused(&["lab", "--threads", "20000"], &["--threads", "1024"]);
    refused(&["lab", "cooking"], &["cooking", "regularization"]);
    refused(&["lab", "--learning-rate", "-1"], &["`--learning-rate`", "above 0", "-1", "hint"]);
    refused(&["lab", "--dropout", "1"], &["`--dropout`", "[0, 1)"]);
    refused(&["lab", "--hidden", "5,0"], &["`--hidden`", "at least 1"]);
    refused(&["lab", "--epochs", "0"], &["`--epochs`", "at least 1"]);
    refused(&["lab", "--precision", "f16"], &["--precision", "f16", "f32"]);
    refused(&["data", "moons", "--samples", "0", "--out", "m.csv"], &["samples", "from 1"]);
    refused(&["lab", "--l2", "-1"], &["`--l2`", "0 or more", "-1"]);
    refused(&["lab", "--dropout", "-1"], &["`--dropout`", "[0, 1)", "-1"]);
    refused(&["lab", "optimization", "--l2", "3"], &["--l2", "hint", "regularization"]);
    refused(&["lab", "regularization", "--beta", "0.5"], &["--beta", "hint: it acts on optimization"]);
    refused(&["lab", "--beta", "1"], &["`--beta`", "[0, 1)", "hint"]);
    refused(
        &["lab", "initialization", "--learning-rate", "0.01"],
        &["--learning-rate", "the course's own value"],
    );
    refused(&["lab", "--activation", "tahn"], &["--activation", "tahn", "tanh", "hint"]);
    refused(&["lab", "--init", "{ normal = { scale = -1 } }"], &["init.scale", "above 0"]);
    refused(&["lab", "--optimizer", "adem"], &["--optimizer", "did you mean `adam`"]);
    refused(&["lab", "--batch-size", "0"], &["`--batch-size`", "at least 1"]);
    refused(&["lab", "--test", "t.csv"], &["--data"]);
    refused(&["data", "moons", "--noise", "-1", "--out", "m.csv"], &["noise", "0 or more"]);
    refused(&["data", "moons", "--out", "m.xlsx"], &["m.xlsx", ".csv or .npz", "hint: for example m.csv"]);
    refused(&["data", "moons", "--factor", "0.5", "--out", "m.csv"], &["--factor"]);
    refused(&["data", "circles", "--factor", "1.5", "--out", "m.csv"], &["factor", "[0, 1)", "1.5"]);
}

/// The course's check of a boundary has a point for every hundredth: over ages and salaries it would never end.
#[test]
fn data_of_any_scale_are_drawn() {
    let folder = TempDir::new().unwrap();
    let rows: String = (0..20).map(|i| format!("{},{},{}\n", 20 + i, 90_000 - 3_000 * i, i % 2)).collect();
    fs::write(folder.path().join("pay.csv"), format!("age,salary,label\n{rows}")).unwrap();
    let arguments = ["lab", "regularization", "--epochs", "1", "--data", "pay.csv", "--out", "r"];
    let output = nablab(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// A full disk behind stdout is told on stderr; behind stderr there is nobody to tell.
#[cfg(target_os = "linux")]
#[test]
fn streams_that_cannot_be_written() {
    let folder = TempDir::new().unwrap();
    let run = |line: &str| nablab_testing::running::output(&mut crate::shell(folder.path(), line, &[]));
    let output = run("\"$0\" data moons --out m.csv >/dev/full");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot write to stdout") && stderr(&output).contains("hint"));
    assert_eq!(run("\"$0\" lab --data missing.csv 2>/dev/full").status.code(), Some(2));
    assert_eq!(run("\"$0\" lab gradient-checking 2>/dev/full").status.code(), Some(0));
}
