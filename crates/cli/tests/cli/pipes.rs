//! Tables from standard input and pipes, which can be read only once, and files whose names do not say what they are.

use std::fs;
use std::path::Path;

use crate::train::with_houses;
use crate::{assert_refused, nablab, names, shell, stderr, stdout};
use nablab_testing::running::output;

/// A line of the shell that ends well; what it prints.
fn line(folder: &Path, line: &str) -> String {
    let output = output(&mut shell(folder, line, &[]));
    assert_eq!(output.status.code(), Some(0), "{line}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn what_can_be_read_once_is_a_table_like_any_other() {
    let folder = with_houses();
    let path = folder.path();
    let train = "--target dear --epochs 5 --quiet";
    let model = |run: &str| fs::read(path.join(run).join("history.csv")).unwrap().len();
    line(path, &format!("\"$0\" train houses.csv {train} --out file"));
    for (from, run) in [
        ("cat houses.csv | \"$0\" train -", "pipe"),
        ("\"$0\" train - < houses.csv", "redirected"),
        ("cat houses.csv | \"$0\" train /dev/stdin", "stdin"),
        ("gzip -c houses.csv | \"$0\" train -", "packed"),
        ("mkfifo pipe.csv; cat houses.csv > pipe.csv & \"$0\" train pipe.csv", "fifo"),
    ] {
        line(path, &format!("{from} {train} --out {run}"));
        assert!(model(run) > 0);
    }
    // The same rows are predicted in the same way, whatever they were learned through.
    let expected = line(path, "\"$0\" predict file houses.csv");
    for predict in [
        "\"$0\" predict pipe houses.csv",
        "\"$0\" predict packed houses.csv",
        "\"$0\" predict fifo houses.csv",
        "cat houses.csv | \"$0\" predict file -",
        "cat houses.csv | \"$0\" predict file /dev/stdin",
    ] {
        assert_eq!(line(path, predict), expected, "{predict}");
    }
    assert!(line(path, "cat houses.csv | \"$0\" evaluate file -").contains("90 rows"));
    // Without --out it has a folder of its own.
    line(path, &format!("cat houses.csv | \"$0\" train - {train}"));
    assert_eq!(names(&path.join("runs")), ["stdin"]);
    assert_refused(path, &["tune", "-", "--target", "dear"], &["standard input", "save it as a file"]);
}

#[test]
fn a_signal_ends_a_command_that_waits_for_an_endless_pipe() {
    use crate::signals::{send, start};
    use std::process::Stdio;
    use std::time::Duration;

    let folder = with_houses();
    // The command takes the shell's place, so the signal is its own; what feeds it ends with its reader.
    let text = "mkfifo p.csv; (while echo 1,2; do sleep 0.01; done) > p.csv & exec \"$0\" train p.csv --target 0 --out r";
    let running = start(shell(folder.path(), text, &[]).stdout(Stdio::null()).stderr(Stdio::null()));
    std::thread::sleep(Duration::from_millis(300));
    send("-TERM", &running);
    let status = running.end().status;
    assert_eq!(status.code(), Some(143));
    assert_eq!(names(folder.path()), ["houses.csv", "p.csv"]);
}

#[test]
fn a_name_that_says_nothing_takes_a_flag() {
    let folder = with_houses();
    let path = folder.path();
    fs::rename(path.join("houses.csv"), path.join("houses.data")).unwrap();
    let train = ["train", "houses.data", "--target", "dear", "--epochs", "2", "--out", "r"];
    assert_refused(path, &train, &["houses.data: extension", ".csv", "--format"]);
    assert_refused(path, &[&train[..], &["--format", "xlsx"]].concat(), &["expected csv, tsv, npy", "xlsx"]);
    let output = nablab(path, &[&train[..], &["--format", "csv"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // The recipe keeps it, and so does the model.
    let output = nablab(path, &["predict", "r", "houses.data"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// What is no file is refused before anything is read, and standard output is written into.
#[test]
fn a_pipe_is_no_file_to_write_and_a_dash_is_standard_output() {
    let folder = with_houses();
    let path = folder.path();
    line(path, "\"$0\" train houses.csv --target dear --epochs 2 --quiet --out r");
    line(path, "mkfifo f.csv p.html");
    let before = names(path);
    for args in [
        &["predict", "r", "houses.csv", "--out", "f.csv"][..],
        &["predict", "r", "houses.csv", "--out", "f.csv", "--force"],
        &["export", "r", "--format", "npz", "--out", "f.csv"],
        &["data", "moons", "--out", "f.csv", "--force"],
        &["report", "r", "--out", "p.html"],
    ] {
        // With a reader at its other end, and without.
        assert_refused(path, args, &["expected a regular file"]);
        let mut running =
            shell(path, "cat f.csv p.html > /dev/null 2>&1 & exec timeout 60 \"$0\" \"$@\"", args);
        let refused = output(&mut running);
        assert!(stderr(&refused).contains("expected a regular file"), "{args:?}: {refused:?}");
        // The reader waits for a writer, which this is.
        line(path, ": > f.csv; : > p.html");
    }
    let predicted = line(path, "\"$0\" predict r houses.csv");
    for out in ["-", "/dev/stdout"] {
        assert_eq!(line(path, &format!("\"$0\" predict r houses.csv --out {out} | cat")), predicted);
        let npz = line(path, &format!("\"$0\" export r --format npz --out {out} | wc -c"));
        assert!(npz.trim().parse::<u64>().unwrap() > 1000, "{npz}");
        assert!(line(path, &format!("\"$0\" report r --out {out} | cat")).ends_with("</html>\n"));
        assert_eq!(line(path, &format!("\"$0\" data moons --samples 9 --out {out} | wc -l")).trim(), "10");
    }
    assert_eq!(names(path), before);
}

#[test]
fn standard_input_is_not_written_over() {
    let folder = with_houses();
    let path = folder.path();
    line(path, "\"$0\" train houses.csv --target dear --epochs 2 --quiet --out r");
    let before = fs::read(path.join("houses.csv")).unwrap();
    for from in ["-", "/dev/stdin"] {
        let text = "\"$0\" predict r \"$1\" --out houses.csv --force < houses.csv";
        let refused = output(&mut shell(path, text, &[from]));
        assert_eq!(refused.status.code(), Some(2), "{from}");
        assert!(stderr(&refused).contains("over what is read"), "{from}: {}", stderr(&refused));
        assert!(fs::read(path.join("houses.csv")).unwrap() == before, "{from}");
    }
    // Another file is.
    line(path, "echo old > new.csv; \"$0\" predict r - --out new.csv --force < houses.csv");
    assert!(fs::read_to_string(path.join("new.csv")).unwrap().starts_with("dear"));
}
