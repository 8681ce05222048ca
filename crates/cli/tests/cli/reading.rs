//! How a file is read: what is said, which flags and recipe keys decide otherwise, and that predictions read as the training.

use std::fs;

use tempfile::TempDir;

use crate::{assert_refused, nablab, stderr, stdout};

/// Flats with semicolons and decimal commas, as a German spreadsheet writes them.
fn flats() -> String {
    let row = |i: u32| {
        let (size, rooms) = (30 + i * 37 % 150, 1 + i * 7 % 6);
        let cents = size * 1137 + rooms * 8000 + i * 13 % 700;
        let age = if i == 5 { "unknown".into() } else { (i % 60).to_string() };
        format!("{size};{rooms};{age};{},{:02}\n", cents / 100, cents % 100)
    };
    "size;rooms;age;price\n".to_owned() + &(0..120).map(row).collect::<String>()
}

fn trained(text: &[u8], flags: &[&str]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("t.csv"), text).unwrap();
    let output =
        nablab(folder.path(), &[&["train", "t.csv", "--epochs", "30", "--out", "run"], flags].concat());
    assert_eq!(output.status.code(), Some(0), "{flags:?}: {}", stderr(&output));
    (folder, stderr(&output))
}

#[test]
fn a_german_table_is_read_said_and_predicted_in_the_same_way() {
    let (folder, said) = trained(flats().as_bytes(), &["--target", "price"]);
    for words in ["note: column price: ", " is read as ", "119 of 120 are numbers, not: unknown (row 6)"] {
        assert!(said.contains(words), "no `{words}` in {said}");
    }
    assert!(said.contains("3 columns of numbers: size, rooms, age"), "{said}");
    // Rows that alone would be read otherwise: a word, and a comma that might stand between thousands.
    let predicted = |text: &str| {
        fs::write(folder.path().join("later.csv"), text).unwrap();
        let output = nablab(folder.path(), &["evaluate", "run", "later.csv", "--json"]);
        assert_eq!(output.status.code(), Some(0), "{text}: {}", stderr(&output));
        stdout(&output)
    };
    let later = predicted("size;rooms;age;price\n90;3;unknown;1,500\n60;2;7;900,5\n");
    assert_eq!(later, predicted("size;rooms;age;price\n90;3;;1,5\n60;2;7;900,50\n"));
    assert_ne!(later, predicted("size;rooms;age;price\n90;3;;1500\n60;2;7;900,50\n"));
    fs::write(folder.path().join("odd.csv"), "size;rooms;age\n90;3;5\n60;2;-\n").unwrap();
    assert_refused(folder.path(), &["predict", "run", "odd.csv"], &["row 2", "column age", "-", "hint"]);
    let output = nablab(folder.path(), &["predict", "run", "odd.csv", "--missing", "-"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// What was written plainly in training has no notation of its own that a flag could change.
#[test]
fn flags_say_how_a_later_file_is_written_though_the_training_was_plain() {
    let rows = |mark: &str, between: &str| {
        let row = |i: u32| {
            let x = format!("{}{mark}{:02}", i * 7 % 10, 25 + i % 50);
            [x, ["p", "q"][(i % 3 / 2) as usize].to_owned(), format!("{i}{mark}5")].join(between)
        };
        let names = ["x", "k", "y"].join(between);
        names + "\n" + &(0..80).map(|i| row(i) + "\n").collect::<String>()
    };
    let (folder, _) = trained(rows(".", ",").as_bytes(), &["--target", "y"]);
    fs::write(folder.path().join("comma.csv"), rows(",", ";")).unwrap();
    let expected = nablab(folder.path(), &["evaluate", "run", "t.csv"]);
    let output = nablab(folder.path(), &["evaluate", "run", "comma.csv", "--decimal", "comma"]);
    assert_eq!(stdout(&output), stdout(&expected), "{}", stderr(&output));
    let expected = nablab(folder.path(), &["predict", "run", "t.csv"]);
    let output = nablab(folder.path(), &["predict", "run", "comma.csv", "--decimal", "comma"]);
    assert_eq!(stdout(&output), stdout(&expected), "{}", stderr(&output));
    assert_refused(
        folder.path(),
        &["predict", "run", "comma.csv"],
        &["column x, row 1", "0,25", "with --decimal comma it is a number"],
    );
    // Of both files of a training: only the second has thousands.
    let amounts = |from: u32, text: &dyn Fn(u32) -> String| {
        let row = |i: u32| format!("{};{}\n", text(from + i * 17 % 900), i % 2);
        "v;y\n".to_owned() + &(0..60).map(row).collect::<String>()
    };
    fs::write(folder.path().join("small.csv"), amounts(10, &|v| v.to_string())).unwrap();
    let grouped = |v: u32| format!("{},{:03}", v / 1000, v % 1000);
    fs::write(folder.path().join("large.csv"), amounts(1000, &grouped)).unwrap();
    let args = ["train", "small.csv", "--target", "y", "--epochs", "2", "--validation", "large.csv"];
    let output = nablab(folder.path(), &[&args[..], &["--thousands", "comma", "--out", "r2"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// A program that opens a file by its name would not find CSV in it.
#[test]
fn predictions_are_not_written_under_the_name_of_another_kind() {
    let (folder, _) = trained(flats().as_bytes(), &["--target", "price", "--quiet"]);
    let predict = ["predict", "run", "t.csv", "--out"];
    for (name, kind) in
        [("p.json", ".json"), ("p.xlsx", ".xlsx"), ("p.csv.gz", ".gz"), ("p.tsv", ".tsv"), ("p.npz", ".npz")]
    {
        let words = [&format!("as CSV or Parquet, got {kind}"), ".csv or .parquet"];
        assert_refused(folder.path(), &[&predict[..], &[name]].concat(), &words);
        assert!(!folder.path().join(name).exists());
    }
    for name in ["p.csv", "p.CSV", "p.txt", "p"] {
        let output = nablab(folder.path(), &[&predict[..], &[name]].concat());
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
    }
}

/// Classes keep their texts, so there is no number that they could be read as; what is predicted as a number has one.
#[test]
fn which_number_a_class_would_be_is_not_said() {
    let text = |cell: &dyn Fn(u32) -> String| {
        "x;y\n".to_owned() + &(0..60).map(|i| format!("{};{}\n", i % 9, cell(i))).collect::<String>()
    };
    let classes = text(&|i| format!("{}%", 10 * (1 + i % 9 / 5)));
    let (folder, said) = trained(classes.as_bytes(), &["--target", "y"]);
    assert!(!said.contains("is read as"), "{said}");
    assert!(stdout(&nablab(folder.path(), &["predict", "run", "t.csv"])).contains("10%"));
    let (_, said) = trained(text(&|i| format!("{}%", i % 50)).as_bytes(), &["--target", "y"]);
    assert!(said.contains("note: column y: 0% is read as 0"), "{said}");
}

#[test]
fn flags_become_keys_of_the_recipe_and_the_model_keeps_them() {
    let latin: Vec<u8> =
        "Statistik\nGröße|y\n".chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let rows: String =
        (0..60).map(|i| format!("{},5|{}\n", i % 7, ["None", "some"][usize::from(i % 7 > 3)])).collect();
    let text = [latin, rows.into_bytes()].concat();
    let flags = ["--target", "y", "--encoding", "latin-1", "--skip-lines", "1", "--missing-target", ""];
    let (folder, _) = trained(&text, &flags);
    let recipe = fs::read_to_string(folder.path().join("run/recipe.toml")).unwrap();
    for words in
        ["[data.reading]", "encoding = \"windows-1252\"", "skip_lines = 1", "missing_target = [\"\"]"]
    {
        assert!(recipe.contains(words), "no `{words}` in {recipe}");
    }
    let output = nablab(folder.path(), &["evaluate", "run", "t.csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("None"), "a class: {}", stdout(&output));
    let again = ["train", "t.csv", "--recipe", "run/recipe.toml", "--out", "again", "--quiet"];
    let output = nablab(folder.path(), &again);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn what_cannot_be_told_is_refused_and_a_wrong_flag_too() {
    let folder = TempDir::new().unwrap();
    let text: String = (0..40).map(|i| format!("1,{:03};{}\n", 100 + i, ["a", "b"][i % 2])).collect();
    fs::write(folder.path().join("t.csv"), "v;y\n".to_owned() + &text).unwrap();
    let train = ["train", "t.csv", "--target", "y", "--epochs", "1"];
    assert_refused(folder.path(), &train, &["column v, row 1", "1100 or 1.1", "--decimal comma"]);
    for (flag, value, expected) in [
        ("--decimal", "dot", "expected point or comma"),
        ("--separator", "ab", "expected comma, semicolon, tab, bar, blanks or a single character"),
        ("--encoding", "klingon", "expected an encoding such as"),
        ("--header", "maybe", "--header must be yes or no"),
    ] {
        assert_refused(folder.path(), &[&train[..], &[flag, value]].concat(), &[flag, expected]);
    }
}

/// Codes that all look like numbers in one file, and not in another.
#[test]
fn a_category_is_the_text_of_the_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    let write = |name: &str, text: String| fs::write(path.join(name), text).unwrap();
    let codes = ["01", "02", "03", "04", "X1"];
    let class = |code: &str| if ["01", "03"].contains(&code) { "007" } else { "1" };
    let rows = (0..100).flat_map(|i| codes.map(|code| format!("{code},{},{}\n", i % 7, class(code))));
    write("train.csv", "code,x,y\n".to_owned() + &rows.collect::<String>());
    let judged = codes[..4].iter().map(|code| format!("{code},0,{}\n", class(code))).collect::<String>();
    write("numbers.csv", format!("code,x,y\n{judged}"));
    let args = ["train", "train.csv", "--target", "y", "--epochs", "40", "--out", "r"];
    let output = nablab(path, &[&args[..], &["--validation", "numbers.csv"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stderr(&output).contains("warning"), "{}", stderr(&output));
    let output = nablab(path, &["predict", "r", "numbers.csv"]);
    assert_eq!(stdout(&output), "y\n007\n1\n007\n1\n", "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let output = nablab(path, &["evaluate", "r", "numbers.csv"]);
    assert!(stdout(&output).contains("accuracy") && stdout(&output).contains("007"), "{}", stderr(&output));
    assert_refused(
        path,
        &[&args[..6], &["--types", "y=number", "--task", "binary"]].concat(),
        &["as its type says"],
    );
    assert_refused(
        path,
        &[&args[..6], &["--types", "x=number", "--ignore", "x"]].concat(),
        &["column x", "leave its type away"],
    );
}
