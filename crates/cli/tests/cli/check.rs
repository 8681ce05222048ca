//! `nablab check`: the verdict, and what is wrong with a recipe.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::{assert_refused, nablab, stderr, stdout};

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
        let (_, names) = message.lines().next().unwrap().split_once("there are ").expect("all names");
        let names: Vec<_> = names.split(", ").collect();
        assert!(names.len() >= 4, "{message}");
        names.iter().for_each(|name| assert!(help.contains(name), "{name} is not in: {help}"));
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
    refused("loss =", "los =", &["r.toml", "line 2, column 1", "los", "did you mean `loss`?"]);
    refused(
        "init = \"he\"",
        "learning_rate = -0.1",
        &["r.toml", "line 3, column 17", "learning_rate", "above 0", "-0.1"],
    );
    refused(
        "dropout = 0.2",
        "dropout = 1",
        &["r.toml", "line 1, column 55", "hidden[0].dropout", "[0, 1)", "1"],
    );
    refused("units = 3", "units = 0", &["r.toml", "hidden[1].units", "at least 1"]);
    refused("\"he\"", "\"she\"", &["r.toml", "line 3", "she", "he"]);
    refused("[data]", "[dat]", &["r.toml", "[data]", "hint"]);
    refused("samples = 30", "samples = 0", &["r.toml", "line 8, column 11", "samples", "from 1", "hint"]);
    for (from, to, words) in [
        ("init = \"he\"", "seed = \"a\"", "expected a whole number, or { weights"),
        ("init = \"he\"", "optimizer = { adam = 3 }", "integer `3`, expected a table of its values\n"),
        ("units = 3", "units = -3", "expected a whole number, 0 or more"),
        ("{ units = 3 }", "3", "expected a table such as { units = 5 }"),
        (
            "[data]\nsource = \"moons\"\nsamples = 30\nnoise = 0.2",
            "data = 3",
            "expected a table such as { source",
        ),
    ] {
        refused(from, to, &["r.toml", "line", words]);
    }
    for (from, to, place) in [
        ("noise = 0.2", "noise = \"a\"", "line 9, column 1: invalid type: string \"a\", expected a number\n"),
        ("noise = 0.2", "factor = 2", "line 9, column 1: unknown field `factor`"),
        (
            "init = \"he\"",
            "optimizer = { adam = { beta1 = 2 } }",
            "line 3, column 32: `optimizer.beta1` must",
        ),
        ("tanh\"", "tanh\", x = 1", "line 1, column 45"),
        ("penalty = { l2 = 0.5 }", "epochs = 99999999999999999999", "expected a number within 64 bits"),
        ("penalty = { l2 = 0.5 }", "epochs = 2020-01-01", "table or date, expected a whole number"),
        ("tanh\"", "\\u001b[31m\"", "unknown name `\\u{1b}[31m`"),
    ] {
        refused(from, to, &["r.toml", place, "\nhint: nablab check --help"]);
    }
    let long = "9".repeat(5000);
    refused("\"he\"", &format!("\"{long}\""), &["9…`: there are zeros"]);
    refused("source = \"moons\"", "source = \"moon\"", &["r.toml", "line 7, column 10", "moons"]);
    refused("units = 4", "units = ", &["r.toml", "line 1"]);
    fs::remove_file(folder.path().join("r.toml")).unwrap();
    assert_refused(folder.path(), &["check", "--recipe", "r.toml"], &["r.toml", "hint"]);
}

/// A student's file of the gradient: the right one, which the library knows, with these lines changed.
fn mine(folder: &TempDir, problem: &str, change: impl Fn(&mut Vec<nablab::data::named_arrays::NamedArray>)) {
    use nablab::data::{load_arrays, named_arrays::npz};
    use nablab::labs::hand_in::HandOut;
    let place = folder.path().join(problem);
    let text = fs::read_to_string(place.join("problem.json")).unwrap();
    let out = HandOut::read(&text, &load_arrays(&place.join("problem.npz")).unwrap()).unwrap();
    let mut right = out.right();
    change(&mut right);
    fs::write(folder.path().join("mine.npz"), npz::write(&right)).unwrap();
}

const JUDGE: [&str; 5] = ["check", "--hand-in", "mine.npz", "--of", "p"];

#[test]
fn own_code_is_judged() {
    let folder = TempDir::new().unwrap();
    let output = nablab(folder.path(), &["check", "--hand-out", "p", "--variant", "3"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let readme = fs::read_to_string(folder.path().join("p/README.md")).unwrap();
    assert!(
        readme.contains("| `dW1` | (3, 4) | yes |") && readme.contains("--hand-in mine.npz\n"),
        "{readme}"
    );

    let answers = |code: i32, words: &str, flags: &[&str]| {
        let output = nablab(folder.path(), &[&JUDGE[..], flags].concat());
        assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
        assert!(stdout(&output).contains(words), "{}", stdout(&output));
        stdout(&output)
    };
    mine(&folder, "p", |_| {});
    answers(0, "All of it is right.", &[]);
    mine(&folder, "p", |all| all.iter_mut().flat_map(|array| &mut array.values).for_each(|v| *v *= 6.0));
    answers(0, "as a sum over the examples", &[]);
    mine(&folder, "p", |all| all[1].values.iter_mut().for_each(|v| *v *= 6.0));
    answers(1, "db1: the factor 1/m is missing", &[]);
    answers(1, "db1：缺少因子 1/m", &["--lang", "zh"]);
    let json: serde_json::Value = serde_json::from_str(&answers(1, "", &["--json"])).unwrap();
    assert_eq!(json["judgement"]["ways"][0]["mistakes"][0]["mistake"], "bias-missing-mean");
    mine(&folder, "p", |all| all[4].shape.reverse());
    answers(1, "dW3: it is the transpose", &[]);
    mine(&folder, "p", |all| all[2].values.fill(0.0));
    answers(1, "dW2: it is 0 everywhere", &[]);
    mine(&folder, "p", |all| all[2].values[0] += 1.0);
    answers(1, "dW2: only dW2[0, 0] wrong", &[]);
}

#[test]
fn a_recipe_is_handed_out_and_what_cannot_be_judged_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("r.toml"), RECIPE).unwrap();
    let output = nablab(folder.path(), &["check", "--hand-out", "p", "--recipe", "r.toml", "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(fs::read_to_string(folder.path().join("p/README.md")).unwrap().contains("| `D1` | (4, 20) |"));
    mine(&folder, "p", |_| {});
    let output = nablab(folder.path(), &JUDGE);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));

    mine(&folder, "p", |all| drop(all.remove(0)));
    assert_refused(folder.path(), &JUDGE, &["mine.npz: dW1 is missing", "expected dW1, db1", "hint"]);
    mine(&folder, "p", |all| all[0].name = "dV1".into());
    assert_refused(folder.path(), &JUDGE, &["mine.npz: dV1: nothing of this name", "did you mean dW1?"]);
    mine(&folder, "p", |all| all[0].values[1] = f64::INFINITY);
    assert_refused(folder.path(), &JUDGE, &["mine.npz: dW1[0, 1]: expected a finite number, got inf"]);
    assert_refused(
        folder.path(),
        &["check", "--hand-in", "mine.npz"],
        &["problem.json", "--hand-out DIR", "--of DIR"],
    );
    assert_refused(
        folder.path(),
        &["check", "--hand-out", "p"],
        &["it is there already", "--force", "another folder"],
    );
    fs::write(folder.path().join("r.toml"), RECIPE.replace("units = 3", "units = 3, batch_norm = true"))
        .unwrap();
    let refused = ["check", "--hand-out", "q", "--recipe", "r.toml"];
    assert_refused(folder.path(), &refused, &["r.toml: hidden: expected layers without batch normalisation"]);
}

/// The folder of a problem is whole, its command can be typed, and what is no problem is not replaced.
#[test]
fn a_problem_is_written_whole() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("my problem");
    let output = nablab(folder.path(), &["check", "--hand-out", "my problem"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let command = "nablab check --hand-in 'my problem/mine.npz'\n";
    assert!(stdout(&output).contains(command), "{}", stdout(&output));
    // What the text says is typed where its program runs: in the folder, wherever that is.
    let typed = "nablab check --hand-in mine.npz";
    assert!(fs::read_to_string(place.join("README.md")).unwrap().contains(&format!("```sh\n{typed}\n```")));
    let right = nablab::labs::hand_in::HandOut::built_in(nablab::labs::hand_in::Subject::Gradient, 1).right();
    fs::write(place.join("mine.npz"), nablab::data::named_arrays::npz::write(&right)).unwrap();
    let typed: Vec<&str> = typed.split(' ').skip(1).collect();
    assert_eq!(nablab(&place, &typed).status.code(), Some(0), "{}", stderr(&nablab(&place, &typed)));
    let here = nablab(folder.path(), &["check", "--hand-in", "my problem/mine.npz"]);
    assert_eq!(here.status.code(), Some(0), "{}", stderr(&here));
    fs::remove_file(place.join("mine.npz")).unwrap();

    let zh = nablab(folder.path(), &["check", "--hand-out", "题", "--lang", "zh"]);
    assert!(stdout(&zh).contains("nablab check --hand-in 题/mine.npz --lang zh"), "{}", stdout(&zh));
    let readme = fs::read_to_string(folder.path().join("题/README.md")).unwrap();
    assert!(readme.contains("nablab check --hand-in mine.npz --lang zh"), "{readme}");
    fs::remove_dir_all(folder.path().join("题")).unwrap();

    let again = ["check", "--hand-out", "my problem", "--variant", "2", "--force"];
    assert_eq!(nablab(folder.path(), &again).status.code(), Some(0));
    let out = nablab::labs::hand_in::HandOut::built_in(nablab::labs::hand_in::Subject::Gradient, 2);
    assert_eq!(fs::read_to_string(place.join("problem.json")).unwrap(), out.problem());
    let mut files: Vec<_> = fs::read_dir(&place).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["README.md", "problem.csv", "problem.json", "problem.npz"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

    // An answer that lies in it stays.
    fs::write(place.join("mine.npz"), "mine").unwrap();
    assert_refused(
        folder.path(),
        &again,
        &["my problem: it is there already and is not a problem of nablab", "hint"],
    );
    assert_eq!(fs::read_to_string(place.join("mine.npz")).unwrap(), "mine");
    fs::remove_file(place.join("mine.npz")).unwrap();

    // Numbers of another problem.
    nablab(folder.path(), &["check", "--hand-out", "q", "--variant", "3"]);
    fs::copy(folder.path().join("q/problem.npz"), place.join("problem.npz")).unwrap();
    fs::write(folder.path().join("mine.npz"), nablab::data::named_arrays::npz::write(&out.right())).unwrap();
    assert_refused(
        folder.path(),
        &["check", "--hand-in", "mine.npz", "--of", "my problem"],
        &[
            "my problem: problem.npz: expected the numbers that problem.json was written with",
            "was changed",
            "hint",
        ],
    );
}

/// A flag that cannot do anything is refused.
#[test]
fn flags_that_do_nothing_are_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("r.toml"), RECIPE).unwrap();
    let refused = |args: &[&str], words: &[&str]| {
        assert_refused(folder.path(), &[&["check"], args].concat(), words);
    };
    refused(&["--hand-out", "p", "--json"], &["--hand-out", "--json"]);
    refused(&["--hand-in", "m.npz", "--examples", "3"], &["--hand-in", "--examples"]);
    refused(&["--hand-out", "p", "--examples", "3"], &["--examples", "hint: give --recipe"]);
    refused(&["--recipe", "r.toml", "--force"], &["--hand-out"]);
    refused(&["--hand-in", "m.npz", "--force"], &["--hand-out"]);
    assert!(!folder.path().join("p").exists());
    let with_recipe = ["check", "--hand-out", "p", "--recipe", "r.toml", "--examples", "3"];
    assert_eq!(nablab(folder.path(), &with_recipe).status.code(), Some(0));
}

/// Every subject through the command: what is right, and each mistake that can be planted.
#[test]
fn every_subject_is_handed_out_and_judged() {
    use nablab::data::named_arrays::{csv, npz};
    use nablab::labs::hand_in::{HandOut, Subject};
    for &subject in Subject::ALL {
        let folder = TempDir::new().unwrap();
        let output = nablab(
            folder.path(),
            &["check", "--hand-out", "p", "--subject", subject.key(), "--variant", "2"],
        );
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let out = HandOut::built_in(subject, 2);
        fs::write(folder.path().join("mine.npz"), npz::write(&out.right())).unwrap();
        let output = nablab(folder.path(), &JUDGE);
        assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
        for (mistake, _, handed) in out.planted().into_iter().step_by(6) {
            fs::write(folder.path().join("p/mine.csv"), csv::write(&handed)).unwrap();
            let output = nablab(folder.path(), &["check", "--hand-in", "p/mine.csv", "--json"]);
            assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
            let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
            assert_eq!(json["judgement"]["ways"][0]["mistakes"][0]["mistake"], mistake);
        }
    }
}

/// The example of the handbook, run by NumPy: what it hands in is answered as the handbook says. `NABLAB_PYTHON` names an interpreter
/// that has NumPy; without it this test is skipped.
#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn the_handbooks_example_is_answered_as_it_says() {
    let handbook = |name: &str| {
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/handbook").join(name);
        fs::read_to_string(place).unwrap()
    };
    let block = |text: &str, kind: &str| {
        let (_, rest) = text.split_once(&format!("```{kind}\n")).unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    let program = block(&handbook("hand-in.md"), "python");
    assert_eq!(block(&handbook("hand-in.zh.md"), "python"), program);
    let Some(python) = std::env::var_os("NABLAB_PYTHON") else {
        eprintln!("skipped: NABLAB_PYTHON names no interpreter");
        return;
    };
    let folder = TempDir::new().unwrap();
    nablab(folder.path(), &["check", "--hand-out", "problem"]);
    let place = folder.path().join("problem");
    fs::write(place.join("mine.py"), program).unwrap();
    let status = Command::new(python).arg("mine.py").current_dir(&place).status().unwrap();
    assert!(status.success());
    for name in ["hand-in.md", "hand-in.zh.md"] {
        let said = block(&handbook(name), "text");
        let (command, answer) = said.split_once('\n').unwrap();
        let typed: Vec<&str> = command.trim_start_matches("$ nablab ").split(' ').collect();
        let output = nablab(&place, &typed);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), answer.to_owned()));
    }
}
