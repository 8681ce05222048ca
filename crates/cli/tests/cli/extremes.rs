//! Numbers at the ends of their types, names that no recipe holds, and flags that contradict themselves: one error each, and nothing left.

use std::fs;

use crate::assert_refused;
use crate::train::with_houses;

const BEYOND: [&str; 3] = ["9223372036854775808", "18446744073709551615", "18446744073709551616"];

#[test]
fn numbers_beyond_those_of_a_recipe_are_refused() {
    let folder = with_houses();
    let train = ["train", "houses.csv", "--target", "dear", "--out", "r"];
    let tune = ["tune", "houses.csv", "--target", "dear", "--epochs", "1", "--out", "t"];
    for number in BEYOND {
        for flag in
            ["--seed", "--epochs", "--batch-size", "--early-stopping", "--layers", "--folds", "--threads"]
        {
            assert_refused(folder.path(), &[&train[..], &[flag, number]].concat(), &[]);
        }
        for flag in ["--trials", "--seeds", "--folds", "--confirm", "--epochs", "--seed"] {
            assert_refused(folder.path(), &[&tune[..], &[flag, number]].concat(), &[]);
        }
        for args in [
            &["lab", "--seeds", number][..],
            &["landscape", "--size", number, "--x", "learning_rate=0.1..1", "--y", "init.normal.scale=1..2"],
            &["data", "moons", "--samples", number, "--out", "m.csv"],
            &["check", "--examples", number],
        ] {
            assert_refused(folder.path(), args, &[]);
        }
    }
    for folds in ["0", "1", "9223372036854775807", "100000"] {
        assert_refused(folder.path(), &[&train[..], &["--folds", folds]].concat(), &["folds"]);
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let folder = with_houses();
    let train = ["train", "houses.csv", "--target", "dear", "--out", "r"];
    for (flags, words) in [
        (&["--layers", "none,3"][..], &["--layers", "none"][..]),
        (&["--batch-size", "some"], &["a whole number, or all, got some\nhint: --batch-size 32"]),
        (&["--learning-rate", "1_0"], &["a number, or find, got 1_0\nhint: --learning-rate 0.001"]),
        (&["--weight", "dear"], &["data.weight", "another column than the target"]),
        (&["--validation", "houses.csv"], &["`validation.file` must be another table", "got houses.csv"]),
        (&["--validation", "./houses.csv"], &["must be another table"]),
        (&["--group", "dear"], &["`validation.group` must be another column than the target"]),
        (&["--layers", ""], &["--layers must be whole numbers", "got \"\""]),
        (&["--layers", "3,,3"], &["--layers must be whole numbers"]),
    ] {
        assert_refused(folder.path(), &[&train[..], flags].concat(), words);
    }
}

/// A recipe is text in UTF-8; a table of another name is refused, and predicted from all the same.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_no_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::process::Command;

    use crate::stderr;
    use nablab_testing::running::output;

    let folder = with_houses();
    let name = OsStr::from_bytes(b"na\xefve.csv");
    fs::copy(folder.path().join("houses.csv"), folder.path().join(name)).unwrap();
    let run = |args: &[&OsStr]| {
        output(Command::new(env!("CARGO_BIN_EXE_nablab")).args(args).current_dir(folder.path()))
    };
    let os = |text: &'static str| OsStr::new(text);
    let flags = [os("--target"), os("dear"), os("--epochs"), os("2")];
    let refused = run(&[&[os("train"), name][..], &flags, &[os("--out"), os("r")]].concat());
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("UTF-8"), "{}", stderr(&refused));
    assert!(!folder.path().join("r").exists());
    let out = OsStr::from_bytes(b"r\xe9");
    let trained = run(&[&[os("train"), os("houses.csv")][..], &flags, &[os("--out"), out]].concat());
    assert_eq!(trained.status.code(), Some(0), "{}", stderr(&trained));
    let predicted = run(&[os("predict"), out, name]);
    assert_eq!(predicted.status.code(), Some(0), "{}", stderr(&predicted));
}
