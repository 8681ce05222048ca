//! The binary as a user meets it: exit codes, streams, messages, and what is left on the disk.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

fn nablab(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nablab")).args(args).current_dir(folder).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// One clear error with each of these words, exit code 2, nothing on stdout, nothing new on the disk.
fn assert_refused(folder: &Path, args: &[&str], words: &[&str]) {
    let before = names(folder);
    let output = nablab(folder, args);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {message}");
    assert!(message.starts_with("error: "), "{args:?}: {message}");
    for word in words {
        assert!(message.contains(word), "{args:?}: no `{word}` in: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
    assert_eq!(stdout(&output), "", "{args:?}");
    assert_eq!(names(folder), before, "{args:?}");
}

fn course_file() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/data.mat");
    if !path.exists() {
        eprintln!("skipped: the course's data.mat is not here");
        return None;
    }
    Some(path.canonicalize().unwrap())
}

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
    // Data, three curves, three boundaries, three probabilities, one overlay; each as SVG and PNG.
    assert_eq!(names(&report.join("figures")).len(), 2 * 11);
    let page = fs::read_to_string(report.join("index.html")).unwrap();
    assert!(page.contains("nablab lab initialization gradient-checking --out r</code>"), "how it was made");
    assert!(page.contains("Model with He initialization") && page.contains("id=\"he-initialization.3\""));
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
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
    let output =
        nablab(folder.path(), &["lab", "initialization", "optimization", "--epochs", "200", "--json"]);
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
    // Another length than the course's: the training is not compared, printed parameters are.
    assert_eq!(item("he-initialization.2")["reference"].as_array().unwrap().len(), 0);
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

/// As many points as the course's, but other points: compared, and found to differ.
#[test]
fn a_disagreement_makes_the_exit_code_1() {
    let parts = nablab_data::generate::pitch_parts(8).unwrap();
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
    assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("regularization.2 cost[0]: relative difference"));
    assert_eq!(names(folder.path()), ["other.mat", "r"]);
}

#[test]
fn damaged_data_are_refused() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let lab = |data: &'static str| ["lab", "regularization", "--data", data];
    assert_refused(folder.path(), &lab("missing.mat"), &["missing.mat", "No such file", "hint"]);
    let message = stderr(&nablab(folder.path(), &lab("missing.mat")));
    assert_eq!(message.matches("No such file").count(), 1, "{message}");
    fs::write(at("points.csv"), "not,a\ntable of,numbers\n").unwrap();
    assert_refused(folder.path(), &lab("points.csv"), &["points.csv", "line 2", "hint"]);
    fs::write(at("points.npz"), "not a zip file").unwrap();
    assert_refused(folder.path(), &lab("points.npz"), &["points.npz", "hint"]);
    fs::write(at("points.txt"), "0,1\n").unwrap();
    assert_refused(folder.path(), &lab("points.txt"), &["points.txt", ".csv, .npz or .mat"]);
    fs::write(at("wide.csv"), "a,b,c,label\n1,2,3,0\n4,5,6,1\n").unwrap();
    assert_refused(folder.path(), &lab("wide.csv"), &["3 features", "expected 2"]);
    fs::write(at("three.csv"), "a,b,label\n1,2,0\n4,5,1\n6,7,2\n").unwrap();
    assert_refused(folder.path(), &lab("three.csv"), &["3 classes", "expected 2"]);
    fs::write(at("empty.csv"), "a,b,label\n").unwrap();
    assert_refused(folder.path(), &lab("empty.csv"), &["expected"]);

    let Some(course) = course_file() else { return };
    let bytes = fs::read(course).unwrap();
    fs::write(at("cut.mat"), &bytes[..bytes.len() / 2]).unwrap();
    assert_refused(folder.path(), &lab("cut.mat"), &["cut.mat", "hint"]);
    let mut flipped = bytes.clone();
    flipped[1000] ^= 4;
    fs::write(at("flipped.mat"), &flipped).unwrap();
    assert_refused(folder.path(), &lab("flipped.mat"), &["flipped.mat", "hint"]);
    let mut version = bytes;
    version[124..126].copy_from_slice(&[0, 2]);
    fs::write(at("version.mat"), &version).unwrap();
    assert_refused(folder.path(), &lab("version.mat"), &["version.mat", "version", "hint"]);
}

#[test]
fn bad_arguments_are_refused() {
    let folder = TempDir::new().unwrap();
    let refused = |args: &[&str], words: &[&str]| assert_refused(folder.path(), args, words);
    refused(&["lab", "--seeds", "0"], &["--seeds", "at least 1", "hint"]);
    refused(&["lab", "--seeds", "many"], &["--seeds", "whole number"]);
    refused(&["lab", "cooking"], &["cooking", "regularization"]);
    refused(&["lab", "--learning-rate", "-1"], &["learning_rate", "above 0", "-1"]);
    refused(&["lab", "--dropout", "1"], &["hidden[0].dropout", "[0, 1)"]);
    refused(&["lab", "--hidden", "5,0"], &["hidden[1].units", "at least 1"]);
    refused(&["lab", "--epochs", "0"], &["epochs", "at least 1"]);
    refused(&["data", "moons", "--samples", "0", "--out", "m.csv"], &["samples", "from 1"]);
    refused(&["lab", "--l2", "-1"], &["penalty.l2", "0 or more", "-1"]);
    refused(&["lab", "--dropout", "-1"], &["hidden[0].dropout", "[0, 1)", "-1"]);
    refused(&["lab", "optimization", "--l2", "3"], &["--l2", "hint", "regularization"]);
    refused(&["data", "moons", "--noise", "-1", "--out", "m.csv"], &["noise", "0 or more"]);
    refused(&["data", "moons", "--out", "m.xlsx"], &["m.xlsx", ".csv or .npz"]);
    refused(&["data", "moons", "--factor", "0.5", "--out", "m.csv"], &["--factor"]);
    refused(&["data", "circles", "--factor", "1.5", "--out", "m.csv"], &["factor", "[0, 1)", "1.5"]);
}

#[test]
fn folders_that_cannot_be_written_are_refused_and_kept() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "precious").unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/thesis.txt"), "precious").unwrap();
    let refused = |out: &str, words: &[&str]| {
        assert_refused(folder.path(), &["lab", "gradient-checking", "--out", out], words);
    };
    refused("file", &["file", "hint"]);
    refused("file/r", &["file/r", "hint"]);
    refused("mine", &["mine", "not a report", "hint"]);
    assert_eq!(fs::read_to_string(folder.path().join("mine/thesis.txt")).unwrap(), "precious");
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "precious");
    assert_refused(folder.path(), &["data", "moons", "--out", "file/m.csv"], &["file/m.csv", "hint"]);
}

const RECIPE: &str = "hidden = [{ units = 4, activation = \"tanh\", dropout = 0.2 }, { units = 3 }]\n\
    loss = \"sigmoid-cross-entropy\"\ninit = \"he\"\npenalty = { l2 = 0.5 }\n\n\
    [data]\nsource = \"moons\"\nsamples = 30\nnoise = 0.2\n";

#[test]
fn a_recipe_is_checked() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("r.toml"), RECIPE).unwrap();
    let output = nablab(folder.path(), &["check", "--recipe", "r.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("the gradient is correct"), "{}", stdout(&output));
    let output = nablab(folder.path(), &["check", "--recipe", "r.toml", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&json["schema"], &json["correct"]), (&"nablab.check/1".into(), &true.into()));

    // At weights of 0 every relu unit is at its corner: that is not a clean bill of health.
    fs::write(folder.path().join("z.toml"), RECIPE.replace("\"he\"", "\"zeros\"").replace("tanh", "relu"))
        .unwrap();
    let output = nablab(folder.path(), &["check", "--recipe", "z.toml"]);
    assert!(stdout(&output).contains("entries could not be checked"), "{}", stdout(&output));
    assert!(!stdout(&output).contains("the gradient is correct"));

    // Data from a file that lies beside the recipe, wherever the command is run.
    nablab(folder.path(), &["data", "blobs", "--samples", "30", "--out", "sub/b.npz"]);
    let recipe = "loss = \"softmax-cross-entropy\"\n[data]\nfile = \"b.npz\"\n";
    fs::write(folder.path().join("sub/r.toml"), recipe).unwrap();
    let output = nablab(folder.path(), &["check", "--recipe", "sub/r.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// The help lists what a recipe may hold: every name that the reader of recipes knows.
#[test]
fn the_help_lists_all_names() {
    let folder = TempDir::new().unwrap();
    let help = stdout(&nablab(folder.path(), &["check", "--help"]));
    for line in [
        "loss = \"?\"",
        "init = \"?\"",
        "optimizer = \"?\"",
        "schedule = \"?\"",
        "hidden = [{ units = 1, activation = \"?\" }]",
    ] {
        fs::write(folder.path().join("r.toml"), format!("{line}\n[data]\nsource = \"moons\"\n")).unwrap();
        let message = stderr(&nablab(folder.path(), &["check", "--recipe", "r.toml"]));
        let names: Vec<_> = message.split('`').skip(3).step_by(2).collect();
        assert!(names.len() >= 4, "{message}");
        names.iter().for_each(|name| assert!(help.contains(name), "{name} is not in: {help}"));
    }
}

#[test]
fn help_shows_the_defaults_of_its_own_generator() {
    let folder = TempDir::new().unwrap();
    for (generator, default) in [("moons", "0"), ("blobs", "1"), ("pitch", "0.12")] {
        let help = stdout(&nablab(folder.path(), &["data", generator, "--help"]));
        let noise = help.lines().find(|line| line.contains("--noise")).unwrap();
        assert!(noise.ends_with(&format!("[default: {default}]")), "{noise}");
    }
}

#[test]
fn bad_recipes_are_refused() {
    let folder = TempDir::new().unwrap();
    let refused = |from: &str, to: &str, words: &[&str]| {
        assert!(RECIPE.contains(from));
        fs::write(folder.path().join("r.toml"), RECIPE.replace(from, to)).unwrap();
        assert_refused(folder.path(), &["check", "--recipe", "r.toml"], words);
    };
    refused("loss =", "los =", &["r.toml", "line 2, column 1", "los", "expected"]);
    refused("init = \"he\"", "learning_rate = -0.1", &["r.toml", "learning_rate", "above 0", "-0.1"]);
    refused("dropout = 0.2", "dropout = 1", &["r.toml", "hidden[0].dropout", "[0, 1)", "1"]);
    refused("units = 3", "units = 0", &["r.toml", "hidden[1].units", "at least 1"]);
    refused("\"he\"", "\"she\"", &["r.toml", "line 3", "she", "he"]);
    refused("[data]", "[dat]", &["r.toml", "[data]", "hint"]);
    refused("samples = 30", "samples = 0", &["r.toml", "samples", "from 1"]);
    refused("source = \"moons\"", "source = \"moon\"", &["r.toml", "line 7, column 10", "moons"]);
    refused("units = 4", "units = ", &["r.toml", "line 1"]);
    fs::remove_file(folder.path().join("r.toml")).unwrap();
    assert_refused(folder.path(), &["check", "--recipe", "r.toml"], &["r.toml", "hint"]);
}

#[test]
fn data_go_out_and_come_back() {
    let folder = TempDir::new().unwrap();
    for file in ["c.csv", "c.npz"] {
        let arguments =
            ["data", "circles", "--samples", "40", "--noise", "0.05", "--seed", "7", "--out", file];
        assert_eq!(nablab(folder.path(), &arguments).status.code(), Some(0));
        let read = nablab_data::load(&folder.path().join(file)).unwrap().train;
        let made = nablab_data::Generator::Circles { samples: 40, noise: 0.05, factor: 0.8, seed: 7 }
            .generate()
            .unwrap();
        assert_eq!(read, made);
    }
    // Points of one's own in the lab, without a test set.
    let arguments = ["lab", "regularization", "--epochs", "50", "--data", "c.csv", "--out", "r"];
    let output = nablab(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// Ctrl-C in the middle of a long training: exit code 130, and nothing left behind.
#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_nablab"))
        .args(["lab", "regularization", "--seeds", "5000", "--out", "r"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The folder in which the report is prepared shows that the handler is in place.
    while names(folder.path()).is_empty() {
        sleep(Duration::from_millis(10));
    }
    sleep(Duration::from_millis(200));
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn completions_and_help_exist() {
    let folder = TempDir::new().unwrap();
    assert!(stdout(&nablab(folder.path(), &["completions", "bash"])).contains("nablab"));
    for command in ["lab", "data", "check", "completions"] {
        let output = nablab(folder.path(), &[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("Example"), "{command}");
    }
}
