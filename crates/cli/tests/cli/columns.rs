//! Columns that ruin a model are named, and what later rows have beyond what was learned from is said.

use std::fs;

use tempfile::TempDir;

use crate::{assert_refused, nablab, stderr, stdout};

/// Rows with a column of the caller's, a number that tells the class, and the class.
fn table(name: &str, rows: u32, column: impl Fn(u32) -> String) -> String {
    let row = |i: u32| {
        let a = f64::from(i * 37 % 101) / 50.0 - 1.0;
        let class = if a + f64::from(i * 53 % 89) / 100.0 > 0.4 { "yes" } else { "no" };
        format!("{},{a},{class}\n", column(i))
    };
    format!("{name},a,y\n") + &(0..rows).map(row).collect::<String>()
}

/// Case F3 and its kind: the id is named at training and in the diagnosis, with what to do; and ids that go on where they ended
/// are said where predictions are made.
#[test]
fn ids_are_named_and_later_ones_said() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    for (name, column, is_id) in [
        ("running", &|i| (i + 1).to_string(), true),
        ("tens", &|i| format!("{}.0", 70_000 + 10 * i), true),
        ("shuffled", &|i| (1001 + i * 97 % 300).to_string(), true),
        ("long", &|i| (1_582_218_195_625_938_945_u64 + 4097 * u64::from(i)).to_string(), true),
        ("zip", &|i| (10_115 + 37 * (i % 40)).to_string(), false),
        ("price", &|i| (250_000 + u64::from(i).pow(3) * 7919 % 400_000).to_string(), false),
    ] as [(&str, &dyn Fn(u32) -> String, bool); 6]
    {
        fs::write(path.join(format!("{name}.csv")), table("c", 300, column)).unwrap();
        let (file, out) = (format!("{name}.csv"), format!("runs/{name}"));
        let output = nablab(path, &["train", &file, "--target", "y", "--epochs", "1", "--out", &out]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        let said = stderr(&output);
        assert_eq!(said.contains("warning: Column `c` looks like"), is_id, "{name}: {said}");
        assert_eq!(said.contains("--ignore=c leaves it out"), is_id, "{name}: {said}");
        let found = stdout(&nablab(path, &["diagnose", &out]));
        assert_eq!(found.contains("id-as-feature (likely)"), is_id, "{name}: {found}");
        assert_eq!(found.contains("try: --ignore=c"), is_id, "{name}: {found}");
        let metrics = fs::read_to_string(path.join(&out).join("metrics.json")).unwrap();
        assert_eq!(metrics.contains("\"lookalikes\""), is_id, "{name}");
        let page = fs::read_to_string(path.join(&out).join("report.html")).unwrap();
        assert_eq!(page.contains("looks like "), is_id, "{name}");
    }
    fs::write(path.join("later.csv"), table("c", 300, |i| (3001 + i).to_string())).unwrap();
    let output = nablab(path, &["evaluate", "runs/running", "later.csv", "--json"]);
    let said = stderr(&output);
    assert!(said.contains("warning: column c: 300 of the rows are outside"), "{said}");
    assert!(said.contains("(1 to 300)") && said.contains("the furthest is 3300"), "{said}");
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(json["seen"]["outside"][0]["rows"], 300);
    // Rows like those learned from are no news; a single slip is.
    fs::write(path.join("same.csv"), table("c", 30, |i| (i + 1).to_string())).unwrap();
    assert_eq!(stderr(&nablab(path, &["predict", "runs/running", "same.csv"])), "");
    fs::write(path.join("slip.csv"), table("c", 30, |i| if i == 7 { "-999" } else { "5" }.to_owned()))
        .unwrap();
    let said = stderr(&nablab(path, &["predict", "runs/running", "slip.csv"]));
    assert!(said.contains("column c: 1 of the rows are far outside"), "{said}");
    assert!(said.contains("(1 to 300): -999"), "{said}");
}

/// Ids whose last digits alone differ are one number, and texts again where that is asked for.
#[test]
fn ids_beyond_the_digits_of_a_number_are_left_out_with_a_remedy() {
    let folder = TempDir::new().unwrap();
    let text = table("author", 60, |i| (1_096_580_123_456_789_012_u64 + u64::from(i % 3)).to_string());
    fs::write(folder.path().join("t.csv"), text).unwrap();
    let train = ["train", "t.csv", "--target", "y", "--epochs", "1"];
    let said = stderr(&nablab(folder.path(), &train));
    assert!(said.contains("left out: column author, every value is about 1096580123456789000"), "{said}");
    assert!(said.contains("--types author=category reads texts"), "{said}");
    let said = stderr(&nablab(folder.path(), &[&train[..], &["--types", "author=category"]].concat()));
    assert!(said.contains("1 column of categories: author"), "{said}");
}

/// Sales that grow with time and rise on weekends, a row each half a day, in any order.
fn sales(written: impl Fn(u32) -> String) -> String {
    let row = |i: u32| {
        let at = i * 97 % 360;
        let weekday = (at / 2 + 4) % 7;
        let sales = 100 + at + if weekday >= 5 { 200 } else { 0 } + at * 31 % 7;
        format!("{},{},{sales}\n", written(at), at * 53 % 17)
    };
    "when,x,sales\n".to_owned() + &(0..360).map(row).collect::<String>()
}

/// The first of January 2021, a Friday, and so many half days later.
fn day(at: u32, form: &str) -> String {
    let (mut month, mut day) = (0, at / 2);
    for days in [31, 28, 31, 30, 31, 30] {
        if day < days {
            break;
        }
        (month, day) = (month + 1, day - days);
    }
    let (month, day, hour) = (month + 1, day + 1, 12 * (at % 2));
    match form {
        "iso" => format!("2021-{month:02}-{day:02} {hour:02}:00"),
        "points" => format!("{day}.{month}.2021 {hour}:00"),
        _ => (1_609_459_200 + at * 43_200).to_string(),
    }
}

/// However they are written, the same features, the same network, and the same predictions.
#[test]
fn dates_are_features_where_they_are_wanted() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let mut answers = Vec::new();
    for form in ["iso", "points", "seconds"] {
        let (file, out) = (format!("{form}.csv"), format!("runs/{form}"));
        fs::write(path.join(&file), sales(|at| day(at, form))).unwrap();
        // Without a word nothing is made of them, or a number, and how to make more of them is said.
        let plain = ["train", &file, "--target", "sales", "--epochs", "1", "--out", &format!("{out}-plain")];
        let said = stderr(&nablab(path, &plain));
        assert!(said.contains("--types when=date makes features of "), "{form}: {said}");
        let flags = ["--types", "when=date", "--layers", "32", "--dropout", "0", "--epochs", "60"];
        let output =
            nablab(path, &[&["train", &file, "--target", "sales", "--out", &out], &flags[..]].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains("1 column of dates: when (written as "), "{said}");
        assert!(said.contains(" to 2021-06-29 12:00)"), "{said}");
        assert!(!said.contains("looks like"), "{said}");
        let metrics: serde_json::Value =
            serde_json::from_slice(&fs::read(path.join(&out).join("metrics.json")).unwrap()).unwrap();
        assert!(metrics["validation"]["r2"].as_f64().unwrap() > 0.9, "{metrics}");
        // A row alone is read as the table was.
        fs::write(path.join("one.csv"), format!("when,x\n{},3\n", day(7, form))).unwrap();
        let output = nablab(path, &["predict", &out, "one.csv"]);
        assert_eq!(stderr(&output), "");
        answers.push(stdout(&output));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let refused = |args: &[&str], words: &[&str]| crate::assert_refused(path, args, words);
    fs::write(path.join("bad.csv"), "when,x\n4.1.2021 12:00,1\n2021-01-04,2\n").unwrap();
    refused(
        &["predict", "runs/points", "bad.csv"],
        &["column when, row 2: expected a date such as 31.01.2024"],
    );
    refused(
        &["export", "runs/iso", "--format", "onnx"],
        &["column when", "got dates", "hint: ONNX reads no dates"],
    );
    assert_eq!(nablab(path, &["export", "runs/iso", "--format", "npz"]).status.code(), Some(0));
    // A date in numbers is named in the diagnosis, with the types that were given already.
    let args = [
        "train",
        "seconds.csv",
        "--target",
        "sales",
        "--types",
        "x=category",
        "--epochs",
        "1",
        "--out",
        "typed",
    ];
    assert_eq!(nablab(path, &args).status.code(), Some(0));
    let found = stdout(&nablab(path, &["diagnose", "typed"]));
    assert!(found.contains("date-as-number (likely)"), "{found}");
    assert!(found.contains("try: --types x=category,when=date\n"), "{found}");
}

/// The last rows are held out, whatever order they stand in; folds lie behind what they are learned from; and whoever makes
/// the split anew makes the same.
#[test]
fn a_table_is_cut_at_a_time() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("t.csv"), sales(|at| day(at, "points"))).unwrap();
    let common = ["train", "t.csv", "--target", "sales", "--layers", "8", "--validation-by", "when"];
    let train = |args: &[&str]| nablab(path, &[&common[..], args].concat());
    let typed = ["--types", "when=date", "--epochs", "3", "--out", "run"];
    let said = stderr(&train(&typed));
    assert!(said.contains("2021-01-01 to 2021-06-11 12:00"), "{said}");
    assert!(said.contains("324 training rows, 36 validation rows"), "{said}");
    // Later days are beyond what was learned from, which is why one cuts in this way.
    assert!(said.contains("column when: 36 of the validation rows are outside"), "{said}");
    assert_eq!(nablab(path, &["check", "run"]).status.code(), Some(0));
    let resumed = train(&[&typed[..2], &["--epochs", "4", "--out", "run", "--resume"]].concat());
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    // It may be a column to cut by alone; then it is no feature.
    let only_cut = ["--ignore", "when", "--types", "when=date", "--epochs", "1", "--out", "cut"];
    let said = stderr(&train(&only_cut));
    assert!(said.contains("324 training rows, 36 validation rows; network 1-8-1"), "{said}");

    // Numbers as they are written, too.
    let row = |i: u32| format!("\"{},{:03}\",{}.5,{}\n", 1 + i / 50, i * 7 % 1000, i % 9, i % 2);
    let rows: String = (0..100).map(row).collect();
    fs::write(path.join("marks.csv"), format!("n,x,y\n{rows}")).unwrap();
    let by_marks =
        ["train", "marks.csv", "--target", "y", "--validation-by", "n", "--ignore", "n", "--epochs", "1"];
    let said = stderr(&nablab(path, &by_marks));
    assert!(said.contains("90 training rows, 10 validation rows; network 1-128-64-1"), "{said}");

    let output = train(&["--epochs", "1", "--folds", "4", "--out", "folds"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = fs::read_to_string(path.join("folds/out-of-fold.csv")).unwrap();
    let is_blank = |line: &str| line.trim_matches('"').is_empty();
    let table = fs::read_to_string(path.join("t.csv")).unwrap();
    assert_eq!(text.lines().count(), table.lines().count());
    // scikit-learn's TimeSeriesSplit(4) of 360 rows: the first 72 are only learned from.
    assert_eq!(text.lines().filter(|line| is_blank(line)).count(), 72);
    for (answer, row) in text.lines().zip(table.lines()).skip(1) {
        let is_first = (0..72).any(|at| row.starts_with(&format!("{},", day(at, "points"))));
        assert_eq!(is_blank(answer), is_first, "{row}");
    }
    let recipe = fs::read_to_string(path.join("folds/fold-2/recipe.toml")).unwrap();
    assert!(recipe.contains("by = \"when\""), "{recipe}");

    let refused = |args: &[&str], words: &[&str]| {
        crate::assert_refused(path, &[&common[..], &["--out", "no"], args].concat(), words);
    };
    refused(&["--group", "x"], &["`validation.by` must be left away beside a group"]);
    refused(&["--validation", "0"], &["`validation.by` must be left away where no rows"]);
    refused(&["--validation", "t.csv"], &["`validation.by` must be left away where no rows"]);
    refused(&["--validation-by", "sales"], &["`validation.by` must be another column than the target"]);
    refused(&["--validation-by", "nope"], &["expected one named nope"]);
    fs::write(path.join("words.csv"), "k,x,y\nred,1,2\nblue,2,3\ngreen,3,5\n").unwrap();
    let by_words = ["train", "words.csv", "--target", "y", "--validation-by", "k", "--out", "no"];
    crate::assert_refused(path, &by_words, &["column k, row ", "expected a date"]);
    fs::write(path.join("holes.csv"), "k,x,y\n1,1,2\n,2,3\n3,3,5\n").unwrap();
    let by_holes = ["train", "holes.csv", "--target", "y", "--validation-by", "k", "--out", "no"];
    crate::assert_refused(path, &by_holes, &["column k, row 2", "a missing value"]);
}

/// Rows without a target are an error, or left out and counted: at training, in folds and in an evaluation.
#[test]
fn rows_without_a_target_are_left_out_on_request() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let cut = |(i, line): (usize, &str)| match i % 10 {
        3 => line[..line.rfind(',').unwrap() + 1].to_owned() + "\n",
        _ => line.to_owned() + "\n",
    };
    let whole = table("c", 200, |i| (i % 7).to_string());
    fs::write(path.join("t.csv"), whole.lines().enumerate().map(cut).collect::<String>()).unwrap();
    let train = ["train", "t.csv", "--target", "y", "--epochs", "2", "--out"];
    let refused = nablab(path, &[&train[..], &["r"]].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("row 3: expected a target"), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("--drop-missing-target"), "{}", stderr(&refused));

    let drop = ["--drop-missing-target"];
    let output = nablab(path, &[&train[..], &["r"], &drop].concat());
    let said = stderr(&output);
    assert!(
        said.contains("left out: 20 rows without a target") && said.contains("162 training rows"),
        "{said}"
    );
    let metrics = fs::read_to_string(path.join("r/metrics.json")).unwrap();
    assert!(metrics.contains("\"without_target\": 20"), "{metrics}");
    // The model's own recipe says it, so that it can be judged on such a table.
    let said = stdout(&nablab(path, &["evaluate", "r", "t.csv"]));
    assert!(said.starts_with("180 rows; 20 without a target are left out"), "{said}");
    let output = nablab(path, &[&train[..], &["f", "--folds", "3"], &drop].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let rows = fs::read_to_string(path.join("f/out-of-fold.csv")).unwrap();
    assert_eq!((rows.lines().count(), rows.lines().nth(3)), (201, Some(",,")));
}

/// As in CSV, a name that has a comma stands in quotes, in every flag that takes several.
#[test]
fn a_name_with_a_comma_is_named_in_quotes() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let mut text = String::from("\"a,b\",c,\"say \"\"no\"\"\",y\n");
    (0..40).for_each(|i| text += &format!("{},{},{},{}\n", i % 7, i * i % 11, i % 5, ["u", "v"][i % 2]));
    fs::write(path.join("t.csv"), text).unwrap();
    let train = ["train", "t.csv", "--epochs", "2"];
    let columns = |args: &[&str]| {
        let _ = fs::remove_dir_all(path.join("runs"));
        let trained = nablab(path, &[&train[..], args].concat());
        assert_eq!(trained.status.code(), Some(0), "{args:?}: {}", stderr(&trained));
        stderr(&trained)
    };
    let quoted = "\"a,b\",c";
    assert!(columns(&["--target", "y", "--ignore", quoted]).contains("1 column of numbers: say \"no\""));
    assert!(columns(&["--target", "y", "--features", quoted]).contains("2 columns of numbers: a,b, c"));
    assert!(columns(&["--target", "y", "--features", "\"say \"\"no\"\"\",c"]).contains("numbers: c, say"));
    let types = columns(&["--target", "y", "--types", "\"a,b\"=category,c=category"]);
    assert!(types.contains("2 columns of categories: a,b (7 texts), c"), "{types}");
    columns(&["--target", quoted, "--task", "regression"]);
    let recipe = fs::read_to_string(path.join("runs/t/recipe.toml")).unwrap();
    assert!(recipe.contains("target = [\"a,b\", \"c\"]"), "{recipe}");
    columns(&["--target", "y", "--missing", "\"no,ne\",none", "--ignore", "c", "--ignore", "\"a,b\""]);
    let recipe = fs::read_to_string(path.join("runs/t/recipe.toml")).unwrap();
    assert!(recipe.contains("missing = [\"no,ne\", \"none\"]"), "{recipe}");
    assert!(recipe.contains("ignore = [\"c\", \"a,b\"]"), "{recipe}");
    // Where a flag takes one column, quotes do no harm.
    assert!(columns(&["--target", "y", "--group", "\"a,b\""]).contains("2 columns of numbers: c, say"));
    assert!(columns(&["--target", "y", "--group", "a,b"]).contains("2 columns of numbers: c, say"));
    let open = [&train[..], &["--target", "y", "--ignore", "\"a,b"]].concat();
    assert_refused(path, &open, &["--ignore", "a quote is not closed"]);
}
