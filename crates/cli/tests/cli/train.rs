//! `nablab train`, `predict`, `evaluate`, `check RUN`: from a table to a run folder and back.

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::{assert_refused, nablab, names, stderr, stdout};

/// 90 houses: numbers and texts, some missing; their price, whether it is high, and the district.
pub(crate) fn houses() -> String {
    let mut text = String::from("area,rooms,district,heating,garden,built,price,dear\n");
    for i in 0..90_u32 {
        let (area, rooms) = (40 + i * 37 % 160, 1 + i * 7 % 6);
        let district = ["north", "south", "old town"][(i * 11 % 3) as usize];
        let price = 2 * area + 15 * rooms + if district == "old town" { 120 } else { 0 } + i * 13 % 17;
        let rooms = if i % 10 == 3 { String::new() } else { rooms.to_string() };
        let heating = if i % 9 == 4 { "" } else { ["gas", "oil"][(i % 2) as usize] };
        let dear = if price > 300 { "yes" } else { "no" };
        let garden = ["yes", "no"][usize::from(area < 100)];
        text +=
            &format!("{area},{rooms},{district},{heating},{garden},19{:02}-01-01,{price},{dear}\n", i % 100);
    }
    text
}

pub(super) fn with_houses() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("houses.csv"), houses()).unwrap();
    folder
}

pub(super) fn train(folder: &Path, args: &[&str]) -> Output {
    let output = nablab(folder, &[&["train", "houses.csv", "--epochs", "20"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    output
}

#[test]
fn a_table_becomes_a_run_folder() {
    let folder = with_houses();
    let output = train(folder.path(), &["--target", "dear", "--ignore", "price"]);
    let said = stderr(&output);
    for words in [
        "houses.csv: 90 rows",
        "2 columns of numbers: area, rooms",
        "3 columns of categories: district (3 texts), heating (2 texts), garden (2 texts)",
        "target dear: 2 classes (no, yes)",
        "left out: column built, dates are not learned from",
        "81 training rows, 9 validation rows; network 11-128-64-1, 9857 parameters",
        "epoch 20/20  loss 0.",
    ] {
        assert!(said.contains(words), "no `{words}` in {said}");
    }
    assert!(stdout(&output).contains("run folder: runs/houses"), "{}", stdout(&output));
    let files = names(&folder.path().join("runs/houses"));
    for file in
        ["checkpoint.safetensors", "history.csv", "lock", "metrics.json", "model.safetensors", "recipe.toml"]
    {
        assert!(files.iter().any(|name| name == file), "no {file} in {files:?}");
    }
    // The next one gets a number; nothing is written over.
    let output = train(folder.path(), &["--target", "price", "--ignore", "dear", "--quiet"]);
    assert!(stdout(&output).contains("R²") && stdout(&output).contains("runs/houses-2"));
    assert_eq!(stderr(&output), "", "quiet");
}

/// Who reads a log wants to see how it goes, not every epoch.
#[test]
fn a_log_has_about_ten_lines_of_epochs() {
    let folder = with_houses();
    let lines = |flags: &[&str]| -> Vec<u64> {
        let said = stderr(&train(folder.path(), flags));
        let epochs = said.lines().filter_map(|line| line.strip_prefix("epoch ")?.split_once('/'));
        epochs.map(|(epoch, _)| epoch.parse().unwrap()).collect()
    };
    let of = |epochs: &'static str| lines(&["--target", "dear", "--epochs", epochs]);
    assert_eq!(of("3"), [1, 2, 3]);
    assert_eq!(of("20"), [1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    assert_eq!(of("95"), [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95]);
    assert_eq!(of("2500").len(), 11);
    // The last is said wherever it ends.
    let early = lines(&["--target", "price", "--epochs", "5000", "--early-stopping", "3", "--out", "early"]);
    let metrics = fs::read_to_string(folder.path().join("early/metrics.json")).unwrap();
    let metrics: serde_json::Value = serde_json::from_str(&metrics).unwrap();
    assert_eq!(metrics["ended"], "stopped-early");
    assert_eq!((early[0], early.last().copied()), (1, metrics["epochs"].as_u64()));
    // What goes on has a first epoch, too.
    let on = lines(&["--target", "dear", "--epochs", "40", "--resume", "--out", "runs/houses-2"]);
    assert_eq!(on, [21, 24, 28, 32, 36, 40]);
}

#[test]
fn json_is_all_that_goes_to_stdout() {
    let folder = with_houses();
    let output = train(folder.path(), &["--target", "district", "--json", "--out", "r"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&json["schema"], &json["task"]), (&"nablab.metrics/1".into(), &"multiclass".into()));
    assert_eq!(json["train"]["per_class"].as_array().unwrap().len(), 3);
    assert_eq!(fs::read_to_string(folder.path().join("r/metrics.json")).unwrap(), stdout(&output));
}

#[test]
fn a_model_predicts_rows_it_has_not_seen() {
    let folder = with_houses();
    train(folder.path(), &["--target", "dear", "--ignore", "price", "--epochs", "60", "--out", "r"]);
    fs::write(
        folder.path().join("new.csv"),
        "district,area,heating\nold town,190,gas\nnorth,41,oil\nmoon,100,\n",
    )
    .unwrap();
    let output = nablab(folder.path(), &["predict", "r", "new.csv", "--proba"]);
    let lines: Vec<_> = stdout(&output).lines().map(str::to_owned).collect();
    assert_eq!(lines[0], "dear,p(no),p(yes)");
    assert!(lines[1].starts_with("yes,0.") && lines[2].starts_with("no,0.9"), "{lines:?}");
    let said = stderr(&output);
    assert!(said.contains("there is no column rooms; every value of it counts as missing"), "{said}");
    assert!(
        said.contains(
            "column district: 1 of the rows have a text that the training had not, such as \"moon\""
        )
    );

    nablab(folder.path(), &["predict", "r/model.safetensors", "new.csv", "--out", "p.csv", "--quiet"]);
    assert_eq!(
        fs::read_to_string(folder.path().join("p.csv")).unwrap(),
        "dear\nyes\nno\n".to_owned() + lines[3].split(',').next().unwrap() + "\n"
    );
    let output = nablab(folder.path(), &["evaluate", "r", "houses.csv", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert!(json["metrics"]["accuracy"].as_f64().unwrap() > 0.9, "{json}");
    let text = stdout(&nablab(folder.path(), &["evaluate", "r", "houses.csv"]));
    assert!(text.contains("true \\ predicted") && text.contains("ROC AUC"), "{text}");
}

#[test]
fn several_targets_weights_groups_and_tables_to_judge_on() {
    let folder = with_houses();
    let path = folder.path();
    let multilabel =
        train(path, &["--target", "dear,garden", "--ignore", "price", "--task", "multilabel", "--out", "m"]);
    assert!(stdout(&multilabel).contains("all labels right"));
    let numbers = train(path, &["--target", "price,area", "--out", "n"]);
    assert!(stdout(&numbers).contains("RMSE"));
    train(
        path,
        &[
            "--target",
            "dear",
            "--weight",
            "area",
            "--class-weight",
            "balanced",
            "--label-smoothing",
            "0.1",
            "--out",
            "w",
        ],
    );
    let grouped =
        train(path, &["--target", "dear", "--group", "district", "--validation", "0.3", "--out", "g"]);
    assert!(stderr(&grouped).contains("60 training rows, 30 validation rows"), "{}", stderr(&grouped));
    train(path, &["--target", "dear", "--batch-norm", "--batch-size", "all", "--out", "b"]);
    fs::write(path.join("others.csv"), houses()).unwrap();
    let judged = train(path, &["--target", "dear", "--validation", "others.csv", "--out", "j"]);
    assert!(stderr(&judged).contains("90 training rows, 90 validation rows"), "{}", stderr(&judged));
    for run in ["w", "m", "n", "b"] {
        let output = nablab(path, &["check", run]);
        assert_eq!(output.status.code(), Some(0), "{run}: {}{}", stdout(&output), stderr(&output));
    }
}

#[test]
fn l_bfgs_ends_where_no_lower_step_is_found_and_stays_there() {
    let folder = with_houses();
    let args = [
        "--target",
        "dear",
        "--optimizer",
        "l-bfgs",
        "--layers",
        "none",
        "--l2",
        "1",
        "--json",
        "--out",
        "r",
    ];
    let args = [&args[..], &["--epochs", "500", "--ignore", "price"]].concat();
    let json: serde_json::Value = serde_json::from_str(&stdout(&train(folder.path(), &args))).unwrap();
    assert_eq!(json["ended"], "converged", "{json}");
    let model = || fs::read(folder.path().join("r/model.safetensors")).unwrap();
    let before = model();
    train(folder.path(), &[&args[..], &["--resume"]].concat());
    assert_eq!(model(), before);
    let refused = |more: &[&'static str], said| {
        let all = [&["train", "houses.csv", "--target", "dear", "--optimizer", "l-bfgs", "--out", "n"], more]
            .concat();
        assert_refused(folder.path(), &all, &[said]);
    };
    refused(&["--learning-rate", "0.1"], "--learning-rate has no say with l-bfgs");
    refused(&["--batch-size", "8"], "`batch_size` must be all with l-bfgs");
    refused(&["--dropout", "0.5"], "`hidden[0].dropout` must be 0 with l-bfgs");
}

#[test]
fn early_stopping_keeps_the_best() {
    let folder = with_houses();
    let args =
        ["--target", "dear", "--early-stopping", "3", "--epochs", "500", "--l2", "0", "--json", "--out", "r"];
    let json: serde_json::Value = serde_json::from_str(&stdout(&train(folder.path(), &args))).unwrap();
    let (epochs, best) = (json["epochs"].as_u64().unwrap(), json["best_epoch"].as_u64().unwrap());
    assert_eq!((&json["ended"], epochs), (&"stopped-early".into(), best + 3));
    // The loss of the model kept is the lowest of the history, not the last.
    let history = fs::read_to_string(folder.path().join("r/history.csv")).unwrap();
    let losses: Vec<f64> =
        history.lines().skip(1).map(|row| row.split(',').nth(5).unwrap().parse().unwrap()).collect();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses[best as usize - 1], lowest);
    let kept = json["validation"]["log_loss"].as_f64().unwrap();
    assert!((kept - lowest).abs() < 1e-5 && lowest < *losses.last().unwrap(), "{kept} {lowest}");
}

#[test]
fn a_recipe_and_flags_are_the_same_thing() {
    let folder = with_houses();
    let flags = [
        "--target",
        "dear",
        "--layers",
        "6,5",
        "--activation",
        "tanh",
        "--optimizer",
        "{ momentum = { beta = 0.8 } }",
        "--out",
        "flags",
    ];
    train(folder.path(), &flags);
    let recipe = folder.path().join("flags/recipe.toml");
    let text = fs::read_to_string(&recipe).unwrap();
    fs::write(folder.path().join("again.toml"), &text).unwrap();
    let output = nablab(folder.path(), &["train", "--recipe", "again.toml", "--out", "again", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let model = |run: &str| fs::read(folder.path().join(run).join("model.safetensors")).unwrap();
    assert!(model("flags") == model("again"));
}

#[test]
fn a_diverged_training_is_an_answer() {
    let folder = with_houses();
    let args = [
        "train",
        "houses.csv",
        "--target",
        "price",
        "--learning-rate",
        "1e30",
        "--optimizer",
        "gradient-descent",
        "--epochs",
        "9",
        "--out",
        "r",
    ];
    let output = nablab(folder.path(), &args);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stdout(&output).contains("diverged at step")
            && stdout(&output).contains("hint: a lower --learning-rate")
    );
    assert!(fs::read_to_string(folder.path().join("r/metrics.json")).unwrap().contains("\"diverged\""));
    // It can be looked at, but what is left of it predicts nothing.
    assert_eq!(nablab(folder.path(), &["report", "r"]).status.code(), Some(0));
    assert_refused(folder.path(), &["predict", "r", "houses.csv"], &["expected ", "a lower --learning-rate"]);
}

#[test]
fn exports_and_events_are_written_where_asked() {
    let folder = with_houses();
    let path = folder.path();
    train(
        path,
        &["--target", "dear", "--ignore", "price", "--layers", "4", "--out", "r", "--tensorboard", "board"],
    );
    let events = names(&path.join("board/r"));
    assert!(events.len() == 1 && events[0].starts_with("events.out.tfevents."), "{events:?}");
    // 24 bytes of the file's version, then five scalars an epoch.
    assert!(fs::metadata(path.join("board/r").join(&events[0])).unwrap().len() > 20 * 5 * 20);
    for (format, first) in [("onnx", &b"\x08\x08"[..]), ("npz", b"PK"), ("safetensors", b"")] {
        let output = nablab(path, &["export", "r", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stderr(&output), format!("wrote r/model.{format}\n"));
        assert!(fs::read(path.join(format!("r/model.{format}"))).unwrap().starts_with(first), "{format}");
    }
    assert_refused(path, &["export", "nowhere", "--format", "npz"], &["nowhere: there is no model"]);
}

#[test]
fn every_row_is_judged_by_a_model_that_has_not_seen_it() {
    let folder = with_houses();
    let path = folder.path();
    let args = ["--target", "dear", "--ignore", "price", "--folds", "3", "--out", "r"];
    let text = stdout(&train(path, &args));
    assert!(text.contains("out of fold") && text.contains("run folders: r/fold-1 to fold-3"), "{text}");
    let rows = fs::read_to_string(path.join("r/out-of-fold.csv")).unwrap();
    assert_eq!(rows.lines().count(), 91);
    let json = fs::read_to_string(path.join("r/cross-validation.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let table = houses();
    let dear = table.lines().skip(1).map(|row| row.rsplit_once(',').unwrap().1);
    let right =
        rows.lines().skip(1).zip(dear).filter(|(row, dear)| row.split(',').next() == Some(*dear)).count()
            as f64;
    assert!((json["out_of_fold"]["accuracy"].as_f64().unwrap() - right / 90.0).abs() < 1e-12);
    // Resumed, nothing is done twice, and nothing changes.
    let again = stdout(&train(path, &[&args[..], &["--resume"]].concat()));
    assert_eq!(again, text);
    assert_refused(
        path,
        &["train", "houses.csv", "--target", "dear", "--folds", "91", "--quiet"],
        &["`folds` must be from 2 to 90"],
    );
}

#[test]
fn a_learning_rate_is_found() {
    let folder = with_houses();
    let path = folder.path();
    let said = stderr(&train(path, &["--target", "dear", "--learning-rate", "find", "--out", "r"]));
    assert!(said.contains("a range test of"), "{said}");
    let files = names(&path.join("r"));
    assert!(files.iter().any(|f| f == "learning-rate.svg") && files.iter().any(|f| f == "learning-rate.csv"));
    let recipe = fs::read_to_string(path.join("r/recipe.toml")).unwrap();
    let rate = recipe.lines().find_map(|line| line.strip_prefix("learning_rate = ")).unwrap();
    assert!(said.contains(&format!("learning rate {rate}")) && rate.parse::<f64>().unwrap() < 1.0, "{rate}");
}
