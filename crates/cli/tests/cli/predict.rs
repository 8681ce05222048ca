//! What is written beside predictions, and whose predictions they are.

use std::fs;
use std::path::Path;

#[cfg(unix)]
use nablab_testing::running::output;

#[cfg(unix)]
use crate::shell;
use crate::train::with_houses;
use crate::{assert_refused, nablab, stderr, stdout};

fn done(folder: &Path, args: &str) -> String {
    let output = nablab(folder, &args.split(' ').collect::<Vec<_>>());
    assert_eq!(output.status.code(), Some(0), "{args}: {}", stderr(&output));
    stdout(&output)
}

/// The houses with an id that is not learned from.
fn with_ids() -> tempfile::TempDir {
    let folder = with_houses();
    let houses = fs::read_to_string(folder.path().join("houses.csv")).unwrap();
    let id = |(row, line): (usize, &str)| match row {
        0 => format!("id,{line}\n"),
        7 => format!(",{line}\n"),
        row => format!("{row:04},{line}\n"),
    };
    let rows: String = houses.lines().enumerate().map(id).collect();
    fs::write(folder.path().join("ids.csv"), rows).unwrap();
    done(folder.path(), "train ids.csv -t dear --ignore id,price --epochs 3 -q --out r");
    folder
}

#[test]
fn columns_are_kept_beside_the_predictions() {
    let folder = with_ids();
    let path = folder.path();
    let alone = done(path, "predict r ids.csv -q --proba");
    let beside = done(path, "predict r ids.csv -q --proba --keep id,area --keep price");
    let table = fs::read_to_string(path.join("ids.csv")).unwrap();
    let place = |name: &str| table.lines().next().unwrap().split(',').position(|n| n == name).unwrap();
    let (area, price) = (place("area"), place("price"));
    for ((alone, beside), row) in alone.lines().zip(beside.lines()).zip(table.lines()) {
        let cells: Vec<_> = row.split(',').collect();
        // As it stands in the table: an id keeps its zeros, and a missing one stays empty.
        assert_eq!(beside, format!("{},{},{},{alone}", cells[0], cells[area], cells[price]));
    }
    // From standard input as from a file.
    #[cfg(unix)]
    {
        let args = ["predict", "r", "-", "-q", "--keep", "id"];
        let piped = output(&mut shell(path, "cat ids.csv | \"$0\" \"$@\"", &args));
        assert!(stdout(&piped).starts_with("id,dear\n0001,"), "{piped:?}");
    }
    for (keep, words) in [
        ("idd", &["column idd", "a column of the table", "there are id, ", "did you mean id?"][..]),
        ("id,id", &["each column of the predictions once"]),
        ("dear", &["column dear", "each column of the predictions once"]),
        ("\"id", &["--keep", "a quote is not closed"]),
    ] {
        assert_refused(path, &["predict", "r", "ids.csv", "-q", "--keep", keep], words);
    }
}

#[cfg(feature = "arrow")]
#[test]
fn columns_are_kept_in_parquet() {
    let folder = with_ids();
    let path = folder.path();
    done(path, "predict r ids.csv -q --keep id,price --out p.parquet");
    done(path, "predict r ids.csv -q --keep id,price --out p.csv");
    // An id is a text there, and a price a number: the file is read, and learned from, like the other.
    for file in ["p.parquet", "p.csv"] {
        let said = nablab(path, &["train", file, "-t", "dear", "--epochs", "1", "--types", "id=category"]);
        let said = stderr(&said);
        assert!(said.contains("1 column of numbers: price"), "{file}: {said}");
    }
}

#[test]
fn the_models_of_a_cross_validation_predict_together() {
    let folder = with_houses();
    let path = folder.path();
    let train = "train houses.csv --folds 3 --epochs 3 -q --out";
    done(path, &format!("{train} c -t dear --ignore price"));
    done(path, &format!("{train} r -t price --ignore dear"));
    let numbers = |args: &str| -> Vec<f64> {
        let said = done(path, args);
        said.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect()
    };
    for (run, flags) in [("c", " --proba"), ("r", "")] {
        let of = |run: &str| numbers(&format!("predict {run} houses.csv -q{flags}"));
        let together = of(run);
        let folds = ["fold-1", "fold-2", "fold-3"].map(|fold| of(&format!("{run}/{fold}")));
        assert_eq!(together.len(), 90);
        for (row, mean) in together.into_iter().enumerate() {
            let sum: f64 = folds.iter().map(|fold| fold[row]).sum();
            assert!((sum / 3.0 - mean).abs() < 1e-9 * mean.abs().max(1.0), "{run}, row {row}");
        }
        let said = stderr(&nablab(path, &["predict", run, "houses.csv"]));
        assert!(
            said.contains(&format!("note: the predictions of the 3 models of {run} are averaged")),
            "{said}"
        );
    }
    // What is evaluated is what is predicted.
    let evaluated = done(path, "evaluate r houses.csv --json -q");
    let evaluated: serde_json::Value = serde_json::from_str(&evaluated).unwrap();
    assert_eq!(evaluated["models"], 3);
    let table = fs::read_to_string(path.join("houses.csv")).unwrap();
    let price = |line: &str| line.split(',').nth(6).unwrap().parse::<f64>().unwrap();
    let prices: Vec<f64> = table.lines().skip(1).map(price).collect();
    let predicted = numbers("predict r houses.csv -q");
    let errors = prices.iter().zip(&predicted).map(|(price, said)| (price - said).abs());
    let mae = errors.sum::<f64>() / 90.0;
    let said = evaluated["metrics"]["mae"].as_f64().unwrap();
    assert!((said - mae).abs() < 1e-9 * mae, "{said} {mae}");
    let said = done(path, "evaluate c houses.csv -q --threshold 0.4");
    assert!(said.starts_with("90 rows\n") && said.contains("true \\ predicted"), "{said}");
    // A fold that is not there, and one of another cross-validation.
    assert_refused(
        path,
        &["export", "c", "--format", "npz"],
        &["holds a cross-validation", "name one of them: c/fold-1"],
    );
    fs::rename(path.join("c/fold-3"), path.join("third")).unwrap();
    assert_refused(path, &["predict", "c", "houses.csv", "-q"], &["c/fold-3", "there is no model"]);
    fs::rename(path.join("r/fold-3"), path.join("c/fold-3")).unwrap();
    assert_refused(
        path,
        &["predict", "c", "houses.csv", "-q"],
        &["c/fold-3", "no fold of the same cross-validation"],
    );
}
