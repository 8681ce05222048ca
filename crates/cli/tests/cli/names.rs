//! Names and flags: what other libraries call things is understood, and what would do nothing is refused.

use std::fs;

use crate::train::with_houses;
use crate::{assert_refused, nablab, stderr, stdout};

#[test]
fn the_names_of_other_libraries_are_understood_and_ours_is_written() {
    let folder = with_houses();
    let path = folder.path();
    let flags = "--optimizer SGD --init Glorot_Uniform --scaling MinMaxScaler --task Binary --batch-size full --layers NONE \
                 --precision float64 --class-weight Balanced --types rooms=numeric --schedule Cosine_Annealing --epochs 2";
    let first = ["train", "houses.csv", "--target", "dear", "--quiet", "--out", "r"];
    let args: Vec<&str> = first.into_iter().chain(flags.split_whitespace()).collect();
    let output = nablab(path, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let recipe = fs::read_to_string(path.join("r/recipe.toml")).unwrap();
    for line in [
        "optimizer = \"gradient-descent\"",
        "init = \"xavier-uniform\"",
        "scaling = \"min-max\"",
        "task = \"binary\"",
        "batch_size = \"all\"",
        "precision = \"f64\"",
        "class_weight = \"balanced\"",
        "rooms = \"number\"",
        "[schedule.cosine]",
    ] {
        assert!(recipe.contains(line), "{line} in\n{recipe}");
    }
    // The same in a recipe and in a study, also where a choice has parameters.
    let text = "optimizer = { RMSprop = { rho = 0.8 } }\nhidden = [{ units = 2, activation = \"Tanh\" }]\nepochs = 2\n\
                [data]\nfile = \"houses.csv\"\ntarget = [\"dear\"]\nscaling = \"Z-Score\"\n";
    fs::write(path.join("r.toml"), text).unwrap();
    let output = nablab(path, &["train", "--recipe", "r.toml", "--quiet", "--out", "q"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let recipe = fs::read_to_string(path.join("q/recipe.toml")).unwrap();
    assert!(recipe.contains("[optimizer.rms-prop]") && recipe.contains("scaling = \"standard\""), "{recipe}");
    let study = text.replace(
        "{ RMSprop = { rho = 0.8 } }",
        "{ choices = [\"AdamW\", { Momentum = { beta = { low = 0.5, high = 0.9 } } }] }",
    ) + "[study]\ntrials = 3\nsampler = \"RandomSampler\"\nmetric = \"AUC\"\n";
    fs::write(path.join("s.toml"), study).unwrap();
    let output = nablab(path, &["study", "run", "s.toml", "--json", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("\"roc_auc\"") && !said.contains("AdamW"), "{said}");
}

#[test]
fn flags_have_the_names_of_other_tools_too() {
    let folder = with_houses();
    let path = folder.path();
    let recipe = |out: &str, flags: &str| {
        let first = ["train", "houses.csv", "--epochs", "2", "--quiet", "--out", out];
        let args: Vec<&str> = first.into_iter().chain(flags.split_whitespace()).collect();
        let output = nablab(path, &args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        fs::read_to_string(path.join(out).join("recipe.toml")).unwrap()
    };
    let theirs = "-t dear --lr 0.01 --patience 1 --hidden 3 --exclude price --drop rooms --task binary";
    let ours =
        "--target dear --learning-rate 0.01 --early-stopping 1 --layers 3 --ignore price,rooms --task binary";
    assert_eq!(recipe("theirs", theirs), recipe("ours", ours));
    // What kind of classes they are is found out, and the recipe keeps what was asked for.
    let kept = recipe("c", "-t dear --task classification --class-weight yes=2 --class-weight no=0.5");
    assert!(kept.contains("task = \"classification\""), "{kept}");
    assert!(kept.contains("[data.class_weight]\nno = 0.5\nyes = 2.0"), "{kept}");
    let metrics = |out: &str| fs::read_to_string(path.join(out).join("metrics.json")).unwrap();
    assert!(metrics("c").contains("\"task\": \"binary\""), "{}", metrics("c"));
    recipe("several", "-t district --task classification");
    assert!(metrics("several").contains("\"task\": \"multiclass\""));
    // It goes on, and what is kept predicts.
    for args in ["train --resume --out c --quiet", "predict c houses.csv --quiet"] {
        let output = nablab(path, &args.split(' ').collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let help = stdout(&nablab(path, &["train", "--help"]));
    for alias in ["[alias: --lr]", "[aliases: --exclude, --drop]", "[alias: --cv]", "-t, --target"] {
        assert!(help.contains(alias), "{alias} in {help}");
    }
}

#[test]
fn of_a_flag_that_comes_again_the_last_counts() {
    let folder = with_houses();
    let data = "data moons --samples 7 --out m.csv --seed 1 --samples 5 --quiet --quiet";
    let output = nablab(folder.path(), &data.split(' ').collect::<Vec<_>>());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(folder.path().join("m.csv")).unwrap().lines().count(), 1 + 5);
    // What was overridden is read all the same.
    let wrong = "data moons --samples five --out n.csv --samples 5";
    assert_refused(folder.path(), &wrong.split(' ').collect::<Vec<_>>(), &["five"]);
}

/// No text of a table fills the terminal, a report or what a run keeps.
#[test]
fn texts_that_are_too_long_for_names_are_said_and_not_shown() {
    let folder = with_houses();
    let path = folder.path();
    let long = "x".repeat(300_000);
    let houses = fs::read_to_string(path.join("houses.csv")).unwrap();
    let with = |district: &str, dear: &str| {
        let mut lines = houses.lines().map(str::to_owned);
        let names = lines.next().unwrap();
        let at = |name: &str| names.split(',').position(|n| n == name).unwrap();
        let change = |line: String| {
            let mut cells: Vec<_> = line.split(',').collect();
            (cells[at("district")], cells[at("dear")]) = (district, dear);
            cells.join(",")
        };
        let last = lines.next().map(change).unwrap();
        [names.clone()].into_iter().chain(lines).chain([last]).collect::<Vec<_>>().join("\n")
    };
    fs::write(path.join("district.csv"), with(&long, "no")).unwrap();
    fs::write(path.join("dear.csv"), with("north", &long)).unwrap();
    fs::write(path.join("name.csv"), houses.replacen("district", &long, 1)).unwrap();
    fs::write(path.join("same.csv"), houses.replace("gas", &long).replace("oil", &long)).unwrap();
    let flags = ["--target", "dear", "--epochs", "2", "--validation", "0"];
    let train = |file, out| [&["train", file][..], &flags, &["--out", out]].concat();
    let is_short = |args: &[&str]| {
        let output = nablab(path, args);
        let said = stdout(&output) + &stderr(&output);
        assert!(said.lines().all(|line| line.len() < 1000), "{args:?} says {} bytes", said.len());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
        said
    };
    let said = is_short(&train("district.csv", "d"));
    assert!(said.contains("left out: column district, 300000 characters in row 90, a category"), "{said}");
    is_short(&train("same.csv", "s"));
    is_short(&train("houses.csv", "h"));
    for args in [
        "evaluate h district.csv",
        "evaluate h district.csv --json",
        "predict h district.csv",
        "check d",
        "diagnose d",
        "report d",
        "report s",
        "export d --format npz",
    ] {
        is_short(&args.split(' ').collect::<Vec<_>>());
    }
    for run in ["d", "s"] {
        let kept = fs::read_dir(path.join(run)).unwrap().map(|entry| entry.unwrap());
        for entry in kept.filter(|entry| entry.file_name() != "history.csv") {
            let bytes = fs::read(entry.path()).unwrap();
            let is_in = bytes.windows(1001).any(|text| text.iter().all(|&byte| byte == b'x'));
            assert!(!is_in, "{:?}", entry.path());
        }
    }
    for (args, words) in [
        (
            train("dear.csv", "r"),
            "column dear, row 90: expected a class of at most 1000 characters, got one of 300000",
        ),
        (train("name.csv", "r"), "expected a name of at most 1000 characters, got one of 300000"),
        (vec!["evaluate", "h", "dear.csv"], "column dear, row 90: expected one of no, yes, got \"xxx"),
        (
            vec!["check", "h", "district.csv"],
            "district.csv: columns: expected 12 features, as in the training, got 9",
        ),
        (vec!["predict", "h", "name.csv"], "expected a name of at most 1000 characters"),
    ] {
        assert_refused(path, &args, &[words]);
        assert!(stderr(&nablab(path, &args)).len() < 1000);
    }
}

#[test]
fn an_unknown_name_gets_the_nearest_or_what_is_there_instead() {
    let folder = with_houses();
    for (flag, word, expected) in [
        ("--optimizer", "adma", "did you mean `adam`?"),
        ("--optimizer", "Adagrad", "rms-prop, which forgets old gradients, and adam are there instead"),
        ("--activation", "GELU", "relu is there instead"),
        ("--activation", "than", "did you mean `tanh`?"),
        ("--init", "xaver", "did you mean `xavier`?"),
        ("--schedule", "ReduceLROnPlateau", "early stopping, and step and cosine, are there instead"),
        ("--clip", "nrom", "did you mean `norm`?"),
        ("--scaling", "standrad", "did you mean `standard`?"),
        ("--scaling", "xyzzy", "there are standard, min-max, robust, none"),
        ("--precision", "f23", "did you mean `f32`?"),
        ("--task", "clasification", "did you mean `classification`?"),
        ("--class-weight", "balance", "did you mean `balanced`?"),
        (
            "--class-weight",
            "yes=two",
            "must be balanced, or a list of CLASS=WEIGHT with numbers, got yes=two",
        ),
        ("--class-weight", "yes=2,maybe=1", "`data.class_weight` must be of the classes no, yes, got maybe"),
        ("--types", "rooms=categry", "did you mean `category`?"),
    ] {
        let args = ["train", "houses.csv", "--target", "dear", flag, word];
        assert_refused(folder.path(), &args, &[expected]);
        let said = stderr(&nablab(folder.path(), &args));
        assert!(!["variant", "serde", "enum", "struct"].iter().any(|theirs| said.contains(theirs)), "{said}");
    }
}

#[test]
fn a_flag_that_cannot_act_is_refused() {
    let folder = with_houses();
    for (flags, words) in [
        ("--early-stopping 5 --validation 0", "`validation.patience` must be 0 where no rows are held out"),
        ("--group district --validation 0", "`validation.group` must be left away where no rows"),
        ("--group district --validation houses.csv", "`validation.group` must be left away where no rows"),
        ("--layers none --activation tanh", "--activation has no say without hidden layers"),
        ("--layers none --dropout 0.3", "--dropout has no say without hidden layers"),
        ("--layers none --batch-norm", "--batch-norm has no say without hidden layers"),
        ("--optimizer lbfgs --learning-rate 0.1", "--learning-rate has no say with l-bfgs"),
        ("--optimizer lbfgs --schedule cosine", "`schedule` must be constant with l-bfgs"),
        ("--optimizer lbfgs --batch-size 16", "`batch_size` must be all with l-bfgs"),
        ("--optimizer sgd --weight-decay 0.1", "--weight-decay has no say without adam-w"),
        ("--folds 3 --validation 0.2", "cannot be used with"),
    ] {
        let first = ["train", "houses.csv", "--target", "dear"];
        assert_refused(
            folder.path(),
            &first.into_iter().chain(flags.split(' ')).collect::<Vec<_>>(),
            &[words],
        );
    }
    let regression = ["train", "houses.csv", "--target", "price", "--label-smoothing", "0.1"];
    assert_refused(
        folder.path(),
        &regression,
        &["`data.label_smoothing` must be 0 where the target is a number"],
    );
    let tune = ["tune", "houses.csv", "--target", "dear"];
    for (flags, words) in [
        ("--folds 3 --validation 0.2", "leave one of them away"),
        ("--confirm 1", "expected 0, or from 2 to 1000"),
    ] {
        assert_refused(
            folder.path(),
            &tune.into_iter().chain(flags.split(' ')).collect::<Vec<_>>(),
            &[words],
        );
    }
    for (flags, words) in [
        ("houses.csv --target dear --early-stopping 3", "--early-stopping is for a training that is judged"),
        (
            "houses.csv --target dear --class-weight balanced",
            "--class-weight is for a training that is judged",
        ),
        ("--scaling none", "--scaling is for a table"),
        ("--learning-rate 0.1", "--learning-rate has no say where learning_rate is a knob"),
    ] {
        let args: Vec<&str> = std::iter::once("landscape").chain(flags.split(' ')).collect();
        assert_refused(folder.path(), &args, &[words]);
    }
    let warned = "train houses.csv --target dear --epochs 2 --out w --schedule";
    let args: Vec<&str> = warned.split(' ').chain(["{ step = { every = 30, factor = 0.5 } }"]).collect();
    let output = nablab(folder.path(), &args);
    assert!(
        stderr(&output).contains("warning: the schedule never changes the learning rate"),
        "{}",
        stderr(&output)
    );
}
