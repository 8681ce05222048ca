//! What a feature adds to the command; without it, how it is had is said. `cargo xtask check` runs these with all features, too.

use std::fs;

use tempfile::TempDir;

use crate::train::houses;
use crate::{assert_refused, nablab, stderr};

/// A table by column, made by the command itself.
#[test]
fn predictions_go_into_parquet_and_come_back() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("houses.csv"), houses()).unwrap();
    let train = ["train", "houses.csv", "--target", "dear", "--epochs", "20", "--out", "r"];
    assert_eq!(nablab(path, &train).status.code(), Some(0));
    let args = ["predict", "r", "houses.csv", "--proba", "--out", "p.parquet"];
    if !cfg!(feature = "arrow") {
        assert_refused(path, &args, &["p.parquet", "--features arrow"]);
        assert_refused(path, &["predict", "r", "x.parquet"], &["x.parquet", "--features arrow"]);
        return;
    }
    assert_eq!(nablab(path, &args).status.code(), Some(0));
    let output = nablab(path, &["train", "p.parquet", "--target", "dear", "--epochs", "2", "--out", "q"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("2 columns of numbers: p(no), p(yes)"), "{}", stderr(&output));
    let bytes = fs::read(path.join("p.parquet")).unwrap();
    fs::write(path.join("cut.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    assert_refused(path, &["train", "cut.parquet", "--target", "dear"], &["cut.parquet"]);
}

#[test]
fn a_server_that_is_not_there_is_said() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("houses.csv"), houses()).unwrap();
    let study = "epochs = 2\nlearning_rate = { low = 1e-4, high = 1e-1 }\n[data]\nfile = \"houses.csv\"\ntarget = [\"dear\"]\n\
                 [study]\ntrials = 1\n";
    fs::write(path.join("s.toml"), study).unwrap();
    let hint = match cfg!(feature = "postgres") {
        true => "check that the server runs",
        false => "cargo install --locked --path crates/cli --features postgres",
    };
    let url = "postgresql://lab@127.0.0.1:1/studies";
    let refused = nablab(path, &["study", "run", "s.toml", "--storage", url]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains(&format!("hint: {hint}")), "{}", stderr(&refused));
}
