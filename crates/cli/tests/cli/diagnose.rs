//! `nablab diagnose`: findings, their advice, exit codes.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::{assert_refused, nablab, stderr, stdout};

/// Two half moons, 600 rows.
fn with_moons() -> TempDir {
    let folder = TempDir::new().unwrap();
    let args = ["data", "moons", "--samples", "600", "--noise", "0.2", "--seed", "3", "--out", "moons.csv"];
    assert_eq!(nablab(folder.path(), &args).status.code(), Some(0));
    folder
}

fn train(folder: &Path, out: &str, flags: &[&str]) -> Output {
    let all =
        [&["train", "moons.csv", "--target", "label", "--validation", "0.3", "--out", out], flags].concat();
    let output = nablab(folder, &all);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{flags:?}: {}", stderr(&output));
    output
}

fn diagnosis(folder: &Path, run: &str) -> Value {
    let output = nablab(folder, &["diagnose", run, "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn codes(diagnosis: &Value) -> Vec<String> {
    let all = diagnosis["findings"].as_array().unwrap().iter();
    let wrong = all.filter(|finding| finding["certainty"] != "note");
    wrong.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

/// Loss on the rows learned from and on the others at the end.
fn losses(folder: &Path, run: &str) -> [f64; 2] {
    let text = fs::read_to_string(folder.join(run).join("metrics.json")).unwrap();
    let metrics: Value = serde_json::from_str(&text).unwrap();
    ["train", "validation"].map(|part| metrics[part]["log_loss"].as_f64().unwrap_or(f64::INFINITY))
}

const PLAIN: [&str; 8] = ["--epochs", "60", "--layers", "16,8", "--dropout", "0", "--batch-size", "32"];

#[test]
fn a_healthy_training_is_left_alone() {
    let folder = with_moons();
    let output =
        train(folder.path(), "r", &[&["--layers", "16,8", "--epochs", "300"][..], &["--l2", "0.4"]].concat());
    assert!(!stderr(&output).contains("what may help"), "{}", stderr(&output));
    assert_eq!(codes(&diagnosis(folder.path(), "r")), Vec::<String>::new());
    assert!(stdout(&nablab(folder.path(), &["diagnose", "r"])).starts_with("nothing wrong was found"));
    assert!(stdout(&nablab(folder.path(), &["diagnose", "r", "--lang", "zh"])).contains("没有发现问题"));
    let signals = fs::read_to_string(folder.path().join("r/signals.csv")).unwrap();
    assert!(signals.starts_with("epoch,layer,loss,") && signals.lines().nth(1).unwrap().starts_with("0,1,"));
}

/// The first advice for each sickness, pasted behind the same command, makes the named loss lower.
#[test]
fn following_the_advice_helps() {
    let folder = with_moons();
    for (code, sick) in [
        ("symmetric-units", &["--init", "zeros"][..]),
        ("large-weights", &["--init", "{ normal = { scale = 10 } }"]),
        ("learning-rate-too-low", &["--optimizer", "gradient-descent", "--learning-rate", "0.0007"]),
        ("learning-rate-too-low", &["--optimizer", "momentum", "--learning-rate", "0.0007"]),
        ("learning-rate-too-high", &["--learning-rate", "0.7"]),
        ("learning-rate-too-high", &["--learning-rate", "10"]),
        ("penalty-too-strong", &["--l2", "100"]),
    ] {
        let run = code.to_owned() + &sick.concat().replace(|c: char| !c.is_alphanumeric(), "");
        train(folder.path(), &run, &[&PLAIN, sick].concat());
        let diagnosis = diagnosis(folder.path(), &run);
        assert!(codes(&diagnosis).iter().any(|found| found == code), "{sick:?}: {diagnosis:#}");
        let all = diagnosis["findings"].as_array().unwrap();
        let finding = all.iter().find(|finding| finding["code"] == code).unwrap();
        let advice = finding["advice"][0].as_str().unwrap();
        let (flag, value) = advice.split_once(' ').unwrap();
        // The pasted flag takes the place of the one it corrects.
        let mut mended: Vec<&str> = [&PLAIN, sick].concat();
        if let Some(at) = mended.iter().position(|given| *given == flag) {
            mended.drain(at..at + 2);
        }
        mended.extend([flag, value]);
        let better = format!("{run}-mended");
        train(folder.path(), &better, &mended);
        let ([before, _], [after, _]) = (losses(folder.path(), &run), losses(folder.path(), &better));
        assert!(after < 0.9 * before, "{code}: {advice}: {before} became {after}");
    }
}

/// A network that learned its rows by heart does better on the others with what is advised.
#[test]
fn the_advice_against_overfitting_helps() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let args = ["data", "moons", "--samples", "300", "--noise", "0.4", "--seed", "3", "--out", "moons.csv"];
    assert_eq!(nablab(path, &args).status.code(), Some(0));
    let sick = ["--epochs", "600", "--layers", "64,64", "--dropout", "0", "--learning-rate", "0.003"];
    train(path, "sick", &[&sick[..], &["--l2", "0"]].concat());
    let found = diagnosis(path, "sick");
    assert!(codes(&found).contains(&"overfitting".to_owned()), "{found:#}");
    let all = found["findings"].as_array().unwrap();
    let advice = &all.iter().find(|finding| finding["code"] == "overfitting").unwrap()["advice"][0];
    let advice: Vec<&str> = advice.as_str().unwrap().split(' ').collect();
    train(path, "mended", &[&sick[..], &advice].concat());
    let ([learned, before], [less, after]) = (losses(path, "sick"), losses(path, "mended"));
    assert!(after < 0.7 * before, "{before} became {after}");
    assert!(
        after - less < 0.25 * (before - learned),
        "the gap of {before} to {learned} became {after} to {less}"
    );
}

#[test]
fn experiments_say_what_helps() {
    let folder = with_moons();
    let path = folder.path();
    train(path, "r", &[&PLAIN[..], &["--init", "zeros"]].concat());
    let said = stdout(&nablab(path, &["diagnose", "r", "--deep", "--seeds", "3"]));
    for words in
        ["it cannot even learn these by heart", "gradient: correct", "--init he: loss 0.", ": helps\n"]
    {
        assert!(said.contains(words), "no `{words}` in {said}");
    }
    train(path, "h", &["--layers", "16,8", "--epochs", "300", "--l2", "0.4"]);
    let json = stdout(&nablab(path, &["diagnose", "h", "--deep", "--seeds", "2", "--json"]));
    let json: Value = serde_json::from_str(&json).unwrap();
    let number = |pointer: &str| json.pointer(pointer).and_then(Value::as_f64).unwrap();
    assert!(number("/deep/few_rows/after") < 0.1 * number("/deep/few_rows/before"), "{json:#}");
    // Where there is nothing to be found, it finds less.
    assert!(number("/deep/shuffled/0/loss") > 1.5 * number("/deep/as_it_was/0/loss"), "{json:#}");
    assert_refused(path, &["diagnose", "h", "--seeds", "3"], &["--deep"]);
    assert_refused(path, &["diagnose", "h", "nowhere.csv", "--deep"], &["nowhere.csv"]);
}

#[test]
fn exit_codes_follow_what_is_asked() {
    let folder = with_moons();
    let path = folder.path();
    let said = stderr(&train(path, "r", &[&PLAIN[..], &["--init", "zeros"]].concat()));
    assert!(said.contains("symmetric-units: In layer 1") && said.contains("nablab diagnose r"), "{said}");
    assert_eq!(nablab(path, &["diagnose", "r"]).status.code(), Some(0));
    let fail_on = |code| nablab(path, &["diagnose", "r", "--fail-on", code]).status.code();
    assert_eq!((fail_on("symmetric-units"), fail_on("diverged,overfitting")), (Some(1), Some(0)));
    assert_refused(
        path,
        &["diagnose", "r", "--fail-on", "boredom"],
        &["boredom is no finding", "overfitting"],
    );
    assert_refused(path, &["diagnose", "nowhere"], &["nowhere", "no run folder"]);
    fs::write(path.join("r/evidence.json"), "{\"schema\": \"nablab.evidence/9\"}").unwrap();
    assert_refused(path, &["diagnose", "r"], &["evidence.json", "nablab.evidence/2", "nablab.evidence/9"]);
    fs::write(path.join("r/evidence.json"), "{").unwrap();
    assert_refused(
        path,
        &["diagnose", "r"],
        &["evidence.json", "\nhint: nablab train --resume writes it anew"],
    );
    fs::remove_file(path.join("r/evidence.json")).unwrap();
    assert_refused(path, &["diagnose", "r"], &["holds no evidence", "--resume"]);
}

/// Evidence whose parts do not fit together is refused, with the part that does not.
#[test]
fn damaged_evidence_is_refused() {
    let folder = with_moons();
    let path = folder.path();
    train(path, "r", &PLAIN);
    let file = path.join("r/evidence.json");
    let whole: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let damaged = |change: &dyn Fn(&mut Value), words: &[&str]| {
        let mut value = whole.clone();
        change(&mut value);
        fs::write(&file, value.to_string()).unwrap();
        assert_refused(path, &["diagnose", "r"], &[&["evidence.json"], words].concat());
    };
    damaged(&|v| v["shared_rows"] = 10_000.into(), &["shared_rows", "at most 180", "10000"]);
    damaged(&|v| v["train"]["rows"] = 0.into(), &["train", "expected rows"]);
    damaged(&|v| v["validation"]["deviation"] = (-1).into(), &["validation", "-1"]);
    damaged(&|v| v["epochs"] = 61.into(), &["epochs", "60, as in history.csv", "61"]);
    damaged(&|v| v["signals"][0]["signals"][0] = "much".into(), &["much", "\"inf\""]);
    // A number more than layers have; and the last layer left away, of 6 numbers at the front, 2 classes, and 68 a layer.
    let numbers = |v: &Value| v["signals"][0]["signals"].as_array().unwrap().clone();
    damaged(
        &|v| v["signals"][0]["signals"] = [numbers(v), vec![1.into()]].concat().into(),
        &["numbers are no signals"],
    );
    damaged(
        &|v| v["signals"][0]["signals"] = numbers(v)[..8 + 2 * 68].to_vec().into(),
        &["signals, reading 1", "3 layers", "2"],
    );
    // Dead units beyond the units there are.
    damaged(&|v| v["signals"][0]["signals"][8 + 4] = 99.into(), &["reading 1, layer 1", "16 units", "99"]);
    fs::write(&file, whole.to_string()).unwrap();
    diagnosis(path, "r");
    fs::write(
        path.join("r/history.csv"),
        fs::read_to_string(path.join("r/history.csv")).unwrap().lines().next().unwrap(),
    )
    .unwrap();
    assert_refused(path, &["diagnose", "r"], &["epochs", "history.csv"]);
}

/// One epoch, no hidden layer, numbers that end in infinity: what can be told is told.
#[test]
fn little_evidence_is_no_error() {
    let folder = with_moons();
    train(folder.path(), "short", &["--epochs", "1"]);
    train(folder.path(), "linear", &["--epochs", "5", "--layers", "none"]);
    train(folder.path(), "deep", &["--epochs", "1", "--layers", &vec!["4"; 60].join(",")]);
    let wild = [
        "--optimizer",
        "gradient-descent",
        "--learning-rate",
        "1e30",
        "--init",
        "{ normal = { scale = 1e20 } }",
    ];
    train(folder.path(), "wild", &[&["--epochs", "3"], &wild[..]].concat());
    train(folder.path(), "blind", &[&PLAIN[..], &["--init", "zeros", "--no-signals"]].concat());
    let untold = |run| -> Vec<String> {
        let all = diagnosis(folder.path(), run)["cannot_be_told"].as_array().unwrap().clone();
        all.iter().map(|untold| untold["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(untold("short"), ["curve"]);
    assert_eq!(untold("blind"), ["inside"]);
    assert_eq!(untold("wild"), ["curve", "divergence"]);
    let said = stdout(&nablab(folder.path(), &["diagnose", "short"]));
    assert!(said.contains("cannot be told: the learning rate"), "{said}");
    // Without a look inside it still shows that nothing was learned.
    assert_eq!(codes(&diagnosis(folder.path(), "blind")), ["underfitting"]);
    for run in ["short", "linear", "deep", "wild"] {
        diagnosis(folder.path(), run);
    }
    assert!(codes(&diagnosis(folder.path(), "wild")).contains(&"large-weights".to_owned()));
}
