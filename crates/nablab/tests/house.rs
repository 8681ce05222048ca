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
    ("by-hand", &["engine", "report"]),
    ("labs", &["by-hand", "data", "diagnosis", "engine", "report", "statistics"]),
    ("tables", &["arrow", "data", "diagnosis", "engine", "report", "statistics"]),
    ("session", &["by-hand", "data", "diagnosis", "engine", "report", "statistics", "tables"]),
    ("study", &["data", "engine", "report", "statistics", "tables"]),
    (
        "nablab",
        &[
            "arrow",
            "data",
            "diagnosis",
            "engine",
            "kernel",
            "labs",
            "report",
            "session",
            "statistics",
            "study",
            "tables",
        ],
    ),
    ("testing", &["diagnosis"]),
    // Doors. Whoever installs Python's package has the command with it.
    ("serve", &["nablab"]),
    ("cli", &["nablab", "serve"]),
    ("python", &["nablab", "cli"]),
    ("web", &["nablab"]),
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

/// Files of the libraries that may name a flag, and why.
const NAME_FLAGS: &[(&str, &str)] = &[
    (
        "diagnosis/src/advice/flags.rs",
        "an advice as flags: the command's words, beside the advice that they say",
    ),
    ("labs/src/exercises/", "an exercise is a text that teaches, and says what to type"),
    ("tables/src/report/", "the page of a run folder says how its training goes on with the command"),
    ("study/src/report/", "the same of a study"),
    ("session/src/plan.rs", "the commands that repeat a training in a terminal"),
    ("data/src/table/load.rs", "a flag of cargo"),
    ("tables/src/tables.rs", "a flag of cargo"),
    ("study/src/storage/schema.rs", "a flag of Optuna"),
    ("report/src/", "style sheets have names with two dashes"),
];

/// The first flag in a line, comments apart: two dashes before a letter, behind nothing that a word could end with.
fn flag_in(line: &str) -> Option<&str> {
    let is_flag = |at: &usize| {
        let (before, behind) = (line[..*at].chars().next_back(), line[at + 2..].chars().next());
        behind.is_some_and(|c| c.is_ascii_lowercase())
            && before.is_none_or(|c| c != '-' && c != '_' && !c.is_alphanumeric())
    };
    let at = line.match_indices("--").map(|(at, _)| at).find(is_flag)?;
    (!line.trim_start().starts_with("//")).then(|| &line[at..])
}

/// What may help is worded by a door: a flag means nothing in Python or on a page. A library names settings (`Wording`), or causes.
#[test]
fn libraries_name_no_flags() {
    assert_eq!(flag_in("    let hint = \"a smaller --batch-size\";"), Some("--batch-size\";"));
    assert_eq!(flag_in("/// as `--types` says"), None);
    assert_eq!(flag_in("a--b"), None);
    let doors = ["serve", "cli", "python", "web"];
    let (mut used, mut read) = (Vec::new(), 0);
    for (library, _) in MAY_USE.iter().filter(|(name, _)| !doors.contains(name)) {
        let mut files = Vec::new();
        sources(&crates().join(library).join("src"), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            // Tests in a file stand at its end.
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            read += 1;
            let Some(flag) = code.lines().find_map(flag_in) else { continue };
            let name = file.strip_prefix(crates()).unwrap().to_str().unwrap().replace('\\', "/");
            match NAME_FLAGS.iter().find(|(allowed, _)| name.starts_with(allowed)) {
                Some((allowed, _)) => used.push(*allowed),
                None => panic!("{name}: {flag}: a library names no flag; see `Wording` in crates/data"),
            }
        }
    }
    assert!(read > 500, "{read} files are not all");
    let unused = NAME_FLAGS.iter().find(|(allowed, _)| !used.contains(allowed));
    assert_eq!(unused, None, "this names no flag any more");
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
