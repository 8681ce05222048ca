//! Nothing is swallowed: what could not be written or read is said, and what is only read is not written.

use std::fs;
use std::process::{Command, Stdio};

use crate::train::with_houses;
use crate::{assert_refused, nablab, names, stderr, stdout};
use nablab_testing::running::{Running, output};

const TRAIN: [&str; 8] = ["train", "houses.csv", "--target", "dear", "--layers", "2", "--out", "r"];

/// A training does not end because nobody can watch it, but that nobody can is no success.
#[cfg(unix)]
#[test]
fn events_that_cannot_be_written_are_said() {
    let folder = with_houses();
    let path = folder.path();
    // Blocks of 512 bytes: all of the run fits, the events do not.
    let full = "ulimit -f 330; exec \"$0\" \"$@\"";
    let args = [&TRAIN[..], &["--epochs", "2000", "--quiet", "--no-signals", "--tensorboard", "tb"]].concat();
    let trained = output(&mut crate::shell(path, full, &args));
    let said = stderr(&trained);
    assert_eq!(trained.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write tb/r/events.out") && said.contains("File too large"), "{said}");
    assert!(said.contains("hint: "), "{said}");
    assert_eq!(nablab(path, &["predict", "r", "houses.csv"]).status.code(), Some(0), "the run is whole");
    fs::remove_dir_all(path.join("r")).unwrap();
    let nowhere = [&TRAIN[..], &["--epochs", "2", "--tensorboard", "houses.csv"]].concat();
    assert_refused(path, &nowhere, &["cannot write houses.csv/r/events", "hint: "]);
}

#[test]
fn a_name_that_is_too_long_is_not_a_matter_of_rights() {
    let folder = with_houses();
    let long = "n".repeat(600);
    let file = format!("{long}.csv");
    let study = ["tune", "houses.csv", "--target", "dear", "--trials", "1", "--epochs", "1", "--quiet"];
    for args in [
        &[&TRAIN[..7], &[&long]].concat()[..],
        &["train", &file, "--target", "dear"],
        &["data", "moons", "--out", &file],
        &["predict", &long, "houses.csv"],
        &[&study[..], &["--out", "t", "--storage", &file]].concat(),
        &[&study[..], &["--out", &long]].concat(),
        &["lab", "gradient-checking", "--out", &long],
        &["landscape", "--size", "2", "--epochs", "1", "--out", &long],
        &[&TRAIN[..], &["--epochs", "1", "--tensorboard", &long]].concat(),
    ] {
        let refused = nablab(folder.path(), args);
        let said = stderr(&refused);
        assert_eq!(refused.status.code(), Some(2), "{args:?}: {said}");
        let hint = said.lines().find(|line| line.starts_with("hint: ")).unwrap_or_default();
        assert!(hint.contains("shorter") && !hint.contains("permissions"), "{}: {said}", args[0]);
        assert!(!names(folder.path()).iter().any(|name| name == "r"), "{args:?}");
    }
}

#[test]
fn reading_commands_write_nothing() {
    let folder = with_houses();
    let path = folder.path();
    let tune = ["tune", "houses.csv", "--target", "dear", "--trials", "2", "--epochs", "1", "--confirm", "0"];
    assert_eq!(nablab(path, &[&tune[..], &["--quiet", "--out", "s"]].concat()).status.code(), Some(0));
    let read = |args: &[&str]| -> String {
        let read = nablab(path, args);
        assert_eq!(read.status.code(), Some(0), "{args:?}: {}", stderr(&read));
        stdout(&read)
    };
    let shown = read(&["study", "show", "s"]);
    let before = crate::overwriting::snapshot(path);
    read(&["study", "show", "s"]);
    read(&["study", "best", "s"]);
    assert!(crate::overwriting::snapshot(path) == before);
    // An empty file stays one.
    fs::create_dir(path.join("empty")).unwrap();
    fs::write(path.join("empty/study.db"), "").unwrap();
    for args in [&["study", "show"][..], &["study", "best"], &["study", "report"], &["study", "confirm"]] {
        assert_refused(path, &[args, &["empty"]].concat(), &["empty/study.db: there is no study in it"]);
        assert_refused(
            path,
            &[args, &["--storage", "empty/study.db"]].concat(),
            &["there is no study in it"],
        );
    }
    assert_eq!(fs::metadata(path.join("empty/study.db")).unwrap().len(), 0);
    assert_eq!(names(&path.join("empty")), ["study.db"]);
    // A study whose trials are somewhere else, and a place without any.
    fs::rename(path.join("s/study.db"), path.join("else.db")).unwrap();
    assert_refused(
        path,
        &["study", "show", "s"],
        &["looked for ", "s/study.db", "--storage with the same address"],
    );
    assert_refused(
        path,
        &["study", "show", "nowhere"],
        &["looked for ", "nowhere/study.db", "--storage FILE"],
    );
    assert_eq!(read(&["study", "show", "--storage", "else.db"]), shown);
}

/// As somebody who may read and not write; the superuser may write everywhere, and becomes nobody for it.
#[cfg(target_os = "linux")]
#[test]
fn a_study_that_can_only_be_read_is_read() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    let folder = with_houses();
    let path = folder.path();
    let tune = ["tune", "houses.csv", "--target", "dear", "--trials", "2", "--epochs", "1", "--confirm", "0"];
    assert_eq!(nablab(path, &[&tune[..], &["--quiet", "--out", "s"]].concat()).status.code(), Some(0));
    let mode =
        |name: &str, mode| fs::set_permissions(path.join(name), fs::Permissions::from_mode(mode)).unwrap();
    fs::create_dir(path.join("mine")).unwrap();
    mode("mine", 0o777);
    mode("", 0o755);
    let is_root = fs::metadata(path).unwrap().uid() == 0;
    let program = env!("CARGO_BIN_EXE_nablab");
    let run = |args: &[&str]| {
        let mut command = match is_root {
            true => Command::new("setpriv"),
            false => Command::new(program),
        };
        if is_root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
        }
        command.args(args).current_dir(path).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running::start(&mut command).end()
    };
    if is_root
        && (Command::new("setpriv").arg("--version").output().is_err()
            || !run(&["--version"]).status.success())
    {
        eprintln!("skipped: nobody may not start nablab here");
        return;
    }
    for (folder_mode, file_mode) in [(0o555, 0o444), (0o555, 0o644)] {
        mode("s/study.db", file_mode);
        mode("s", folder_mode);
        for args in [
            &["study", "show", "s"][..],
            &["study", "best", "s"],
            &["study", "show", "--storage", "s/study.db", "--csv"],
            &["study", "report", "s", "--out", "mine/page.html"],
        ] {
            let read = run(args);
            assert_eq!(read.status.code(), Some(0), "{args:?}: {}", stderr(&read));
        }
        let refused = run(&["study", "report", "s"]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains("cannot write s/report.html"), "{}", stderr(&refused));
        mode("s", 0o755);
    }
}
