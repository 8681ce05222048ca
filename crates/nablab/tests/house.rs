//! The house keeps its shape: which crate may use which, and that a door goes through the façade alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Crates, and those of ours that each may use. What is not named here has no place in the house yet.
const MAY_USE: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("engine", &["kernel"]),
    ("statistics", &[]),
    ("data", &["engine", "statistics"]),
    ("report", &[]),
    ("arrow", &["data"]),
    ("diagnosis", &["engine", "report", "statistics"]),
    ("labs", &["data", "diagnosis", "engine", "report", "statistics"]),
    ("tables", &["arrow", "data", "diagnosis", "engine", "report", "statistics"]),
    ("study", &["data", "engine", "report", "statistics", "tables"]),
    ("nablab", &["data", "diagnosis", "engine", "kernel", "labs", "report", "statistics", "study", "tables"]),
    ("testing", &["diagnosis"]),
    // Doors. Whoever installs Python's package has the command with it.
    ("cli", &["nablab"]),
    ("python", &["nablab", "cli"]),
];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn manifest(of: &Path) -> toml::Table {
    fs::read_to_string(of.join("Cargo.toml")).unwrap().parse().unwrap()
}

/// Ours among the dependencies of a crate, by the names of their folders.
fn ours(manifest: &toml::Table) -> Vec<String> {
    let Some(dependencies) = manifest.get("dependencies").and_then(toml::Value::as_table) else {
        return Vec::new();
    };
    let folder = |name: &String| match name.as_str() {
        "nablab" => Some("nablab".to_owned()),
        other => other.strip_prefix("nablab-").map(str::to_owned),
    };
    dependencies.keys().filter_map(folder).collect()
}

#[test]
fn crates_use_one_another_in_one_direction() {
    let may_use: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let folders = fs::read_dir(crates()).unwrap().map(|entry| entry.unwrap().path());
    let mut seen = 0;
    for folder in folders.filter(|folder| folder.join("Cargo.toml").exists()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let allowed = may_use.get(name).unwrap_or_else(|| panic!("crates/{name} is in no list"));
        for used in ours(&manifest(&folder)) {
            assert!(allowed.contains(&used.as_str()), "crates/{name} must not use {used}");
        }
        seen += 1;
    }
    assert_eq!(seen, MAY_USE.len(), "a crate of the list is gone");
}

/// All files of Rust below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// A file is read in one sitting.
#[test]
fn files_stay_small() {
    const MOST_LINES: usize = 400;
    let mut all = Vec::new();
    sources(&crates(), &mut all);
    let tests = |file: &PathBuf| file.components().any(|part| part.as_os_str() == "tests");
    for file in all.iter().filter(|file| !tests(file)) {
        let lines = fs::read_to_string(file).unwrap().lines().count();
        assert!(lines <= MOST_LINES, "{}: {lines} lines, expected at most {MOST_LINES}", file.display());
    }
}

/// What a door reads and writes is the library's to read and write; only of the machine and its own process it knows by itself.
#[test]
fn doors_open_no_files() {
    const OF_THE_MACHINE: [&str; 2] = ["memory.rs", "signals.rs"];
    let mut all = Vec::new();
    for (door, _) in MAY_USE.iter().filter(|(_, uses)| uses.first() == Some(&"nablab")) {
        sources(&crates().join(door).join("src"), &mut all);
    }
    assert!(all.len() > 20, "{} files are not all", all.len());
    for file in all.iter().filter(|file| !OF_THE_MACHINE.iter().any(|name| file.ends_with(name))) {
        let text = fs::read_to_string(file).unwrap();
        for way in ["std::fs", "fs::"] {
            assert!(!text.contains(way), "{}: {way} is for the library", file.display());
        }
    }
}

#[test]
fn no_crate_takes_a_file_of_another() {
    let mut all = Vec::new();
    sources(&crates(), &mut all);
    assert!(all.len() > 300, "{} files are not all", all.len());
    let outside = concat!("#[", "path = \"../../");
    for file in all {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains(outside), "{}: what tests share is in crates/testing", file.display());
    }
}
