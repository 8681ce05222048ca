//! What lies in a directory: a walk of so many steps, for it may be a whole disk.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use nablab_tables::run::{SoFar, Status};
use serde::Serialize;

use crate::{Storage, StudyFolder};

/// What a directory holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Listed {
    /// Its runs.
    pub runs: Vec<ListedRun>,
    /// Its studies.
    pub studies: Vec<ListedStudy>,
    /// All of it was looked at.
    pub is_whole: bool,
}

/// A run of a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListedRun {
    /// From the directory on; empty for the directory itself.
    pub place: String,
    /// Seconds since something of it was written last.
    pub age: u64,
    /// How it ended; nothing where it has not, or cannot be read.
    pub ended: Option<Status>,
    /// Epochs done by its end.
    pub epochs: Option<u64>,
    /// The share of right answers, or R², of the rows held out, or else of those learned from.
    pub score: Option<f64>,
    /// It has a page of itself.
    pub has_report: bool,
}

/// A study of a list.
#[derive(Clone, Debug, Serialize)]
pub struct ListedStudy {
    /// From the directory on, its folder or its database.
    pub place: String,
    /// Its name in the database.
    pub name: String,
    /// Seconds since something of it was written last.
    pub age: u64,
    /// It has a page of itself.
    pub has_report: bool,
}

/// Entries that are looked at, how deep, and what is listed of them.
const MOST_ENTRIES: usize = 20_000;
const DEEPEST: usize = 8;
const MOST_RUNS: usize = 500;
const MOST_DATABASES: usize = 100;
/// Folders of programs, in which nobody trains.
const OTHERS: [&str; 3] = ["node_modules", "target", "__pycache__"];
/// A recipe alone is no run: one of these is beside it.
const OF_A_RUN: [&str; 4] = ["history.csv", "metrics.json", "checkpoint.safetensors", "lock"];
const DATABASES: [&str; 3] = ["db", "sqlite", "sqlite3"];

pub(super) fn list(root: &Path) -> Listed {
    let (mut listed, mut databases) = (Listed { is_whole: true, ..Listed::default() }, 0);
    let mut folders = vec![(root.to_owned(), 0)];
    let mut left = MOST_ENTRIES;
    while let Some((folder, depth)) = folders.pop() {
        if is_run(&folder) {
            match listed.runs.len() < MOST_RUNS {
                true => listed.runs.push(listed_run(root, &folder)),
                false => listed.is_whole = false,
            }
            continue;
        }
        for entry in fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok) {
            if left == 0 {
                listed.is_whole = false;
                break;
            }
            left -= 1;
            // Of a link it says neither: who wants what is elsewhere names that directory.
            let (name, Ok(kind)) = (entry.file_name(), entry.file_type()) else { continue };
            let is_other = is_hidden(&name) || OTHERS.iter().any(|other| name == *other);
            if kind.is_dir() && !is_other {
                match depth < DEEPEST {
                    true => folders.push((entry.path(), depth + 1)),
                    false => listed.is_whole = false,
                }
            } else if kind.is_file() && is_database(&entry.path()) {
                match databases < MOST_DATABASES {
                    true => listed.studies.extend(studies(root, &entry.path())),
                    false => listed.is_whole = false,
                }
                databases += 1;
            }
        }
    }
    listed.runs.sort_by_cached_key(|run| (run.age, run.place.clone()));
    listed.studies.sort_by_cached_key(|study| (study.age, study.name.clone()));
    listed
}

fn listed_run(root: &Path, folder: &Path) -> ListedRun {
    // The summary is written last: where the history is younger, the training goes on again.
    let time = |file: &str| fs::metadata(folder.join(file)).and_then(|file| file.modified()).ok();
    let is_over = time("metrics.json") >= time("history.csv");
    let summary = SoFar::summary(folder).ok().flatten().filter(|_| is_over);
    let judged = summary.as_ref().map(|summary| summary.validation.as_ref().unwrap_or(&summary.train));
    ListedRun {
        place: place(root, folder),
        age: age(folder),
        ended: summary.as_ref().map(|summary| summary.ended),
        epochs: summary.as_ref().map(|summary| summary.epochs),
        score: judged.map(|metrics| metrics.headline()).filter(|score| score.is_finite()),
        has_report: report_of(folder).is_file(),
    }
}

/// The studies of a database. One in the folder of a study is called by that.
fn studies(root: &Path, database: &Path) -> Vec<ListedStudy> {
    let folder = database.parent().filter(|folder| StudyFolder::new(Some(folder), "").database() == database);
    let path = folder.unwrap_or(database);
    let names = database.to_str().and_then(|url| Storage::reading(url).ok()?.names().ok());
    let listed = |name: String| ListedStudy {
        place: place(root, path),
        name,
        age: age(path),
        has_report: report_of(path).is_file(),
    };
    names.unwrap_or_default().into_iter().map(listed).collect()
}

/// From the directory on, as an address has it.
fn place(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

pub(super) fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

pub(super) fn is_run(folder: &Path) -> bool {
    folder.join("recipe.toml").is_file() && OF_A_RUN.iter().any(|file| folder.join(file).exists())
}

/// The file of a database, by its first bytes.
fn is_database(path: &Path) -> bool {
    const FIRST: &[u8; 16] = b"SQLite format 3\0";
    let mut first = [0; FIRST.len()];
    let extension = path.extension().unwrap_or_default();
    DATABASES.iter().any(|known| extension == *known)
        && File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok_and(|()| first == *FIRST)
}

/// The database at a place: that of a study's folder, or the file itself.
fn database_of(path: &Path) -> PathBuf {
    if path.is_dir() { StudyFolder::new(Some(path), "").database() } else { path.to_owned() }
}

pub(super) fn is_study(path: &Path) -> bool {
    is_database(&database_of(path))
}

pub(super) fn report_of(folder: &Path) -> PathBuf {
    StudyFolder::new(Some(folder), "").report()
}

/// Files of a run or study that change when there is more to be shown.
pub(super) fn files_of(path: &Path) -> Vec<PathBuf> {
    if is_run(path) {
        return ["history.csv", "metrics.json", "recipe.toml", "report.html"]
            .map(|file| path.join(file))
            .into();
    }
    let database = database_of(path);
    // What was written last may not be in the database itself yet.
    let mut log = database.clone().into_os_string();
    log.push("-wal");
    vec![database, log.into(), path.join("confirmed.json"), report_of(path)]
}

/// Seconds since something of it was written last; of a file of the future, none.
fn age(path: &Path) -> u64 {
    let time = |file: PathBuf| fs::metadata(file).and_then(|file| file.modified()).ok();
    let last = files_of(path).into_iter().filter_map(time).max();
    last.and_then(|last| last.elapsed().ok()).unwrap_or_default().as_secs()
}
