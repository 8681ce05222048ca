//! What is left on the disk: nothing of other people's lost, nothing of ours behind.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{assert_refused, nablab, names, stderr};

const REPORT: [&str; 4] = ["figures", "index.html", "report.md", "results.json"];

fn lab(folder: &Path, out: &str) {
    let output = nablab(folder, &["lab", "gradient-checking", "--out", out, "-q"]);
    assert_eq!(output.status.code(), Some(0), "{out}: {}", stderr(&output));
}

#[test]
fn folders_that_cannot_be_written_are_refused_and_kept() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "precious").unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("mine/thesis.txt"), "precious").unwrap();
    // The names are a report's, the contents are not.
    fs::create_dir(folder.path().join("site")).unwrap();
    fs::write(folder.path().join("site/index.html"), "precious").unwrap();
    lab(folder.path(), "photos");
    fs::write(folder.path().join("photos/figures/photo.raw"), "precious").unwrap();
    let refused = |out: &str, words: &[&str]| {
        assert_refused(folder.path(), &["lab", "gradient-checking", "--out", out], words);
    };
    refused("file", &["file", "hint"]);
    refused("file/r", &["file/r", "hint"]);
    for (name, file) in [("mine", "thesis.txt"), ("site", "index.html"), ("photos", "figures/photo.raw")] {
        refused(name, &[name, "not a report", "hint"]);
        assert_eq!(fs::read_to_string(folder.path().join(name).join(file)).unwrap(), "precious");
    }
    for around in [".", "./", "mine/..", "nowhere/..", "/"] {
        refused(around, &["current folder", "--out report"]);
    }
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "precious");
    assert_refused(folder.path(), &["data", "moons", "--out", "file/m.csv"], &["file/m.csv", "hint"]);
}

/// Two runs into one folder: one report is there in the end, whole, and nothing else.
#[test]
fn reports_written_at_once_do_not_mix() {
    let folder = TempDir::new().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| lab(folder.path(), "r"));
        }
    });
    assert_eq!(names(folder.path()), ["r"]);
    assert_eq!(names(&folder.path().join("r")), REPORT);
}

#[cfg(unix)]
#[test]
fn links_stay_and_permissions_too() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mode = |name: &str| fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
    let set_mode =
        |name: &str, mode| fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();

    fs::create_dir(at("real")).unwrap();
    set_mode("real", 0o700);
    for (link, target) in [("link", "real"), ("dangling", "new/r")] {
        symlink(target, at(link)).unwrap();
        lab(folder.path(), link);
        assert!(at(link).is_symlink());
        assert_eq!(names(&at(target)), REPORT);
    }
    assert_eq!(mode("real"), 0o700);

    let data = |out: &str| nablab(folder.path(), &["data", "moons", "--out", out, "-q"]).status.code();
    fs::write(at("real.csv"), "").unwrap();
    set_mode("real.csv", 0o640);
    symlink("real.csv", at("link.csv")).unwrap();
    assert_eq!(data("link.csv"), Some(0));
    assert!(at("link.csv").is_symlink());
    assert!(fs::read_to_string(at("real.csv")).unwrap().starts_with("x1,x2,label\n"));
    assert_eq!(mode("real.csv"), 0o640);

    symlink("/dev/null", at("null.csv")).unwrap();
    let arguments = ["data", "moons", "--out", "null.csv"];
    assert_refused(folder.path(), &arguments, &["null.csv", "expected a regular file", "hint"]);
}

/// Folders made on the way to a place that turns out to be closed.
#[test]
fn a_refused_path_leaves_no_folders() {
    let folder = TempDir::new().unwrap();
    let long = format!("new/sub/{}", "x".repeat(300));
    assert_refused(folder.path(), &["lab", "gradient-checking", "--out", &long], &["cannot write", "hint"]);
    let file = format!("{long}.csv");
    assert_refused(folder.path(), &["data", "moons", "--out", &file], &["cannot write", "hint"]);
}
