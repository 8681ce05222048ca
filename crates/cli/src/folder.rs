//! A report's folder, written whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use nablab::data::{NewFolders, follow_links};
use tempfile::TempDir;

use crate::signals::{self, Unfinished};

/// What a report's folder holds, and nothing else: only such a folder is replaced.
pub(crate) const PAGE: &str = "index.html";
pub(crate) const MARKDOWN: &str = "report.md";
pub(crate) const RESULTS: &str = "results.json";
pub(crate) const FIGURES: &str = "figures";
/// The schema of [`RESULTS`], which is the first thing in it.
pub(crate) const SCHEMA: &str = "nablab.lab/1";

const HINT: &str = "hint: choose another folder with --out";
/// Another run may put its report in place between our taking the earlier one away and our putting ours there.
const ATTEMPTS: usize = 20;

/// A folder beside the final one, renamed to it by [`Staged::publish`] and removed if dropped before.
pub(crate) struct Staged {
    target: PathBuf,
    staging: TempDir,
    /// Says that its process lives.
    _lock: Option<File>,
    /// Dropped last: those still empty go.
    _parents: NewFolders,
}

impl Staged {
    /// Begin, and find out at once whether the folder can be written.
    pub(crate) fn new(out: &Path) -> anyhow::Result<Self> {
        let cannot = || format!("cannot write {}\n{HINT}", out.display());
        let target = follow_links(out).with_context(cannot)?;
        // A folder someone stands in cannot be exchanged for another.
        let here = std::env::current_dir().and_then(fs::canonicalize).with_context(cannot)?;
        if target.file_name().is_none() || here.starts_with(&target) {
            bail!(
                "{}: expected a folder for the report alone, got the current folder or one around it\n\
                 hint: name a new one, for example --out report",
                out.display()
            );
        }
        check_replaceable(&target, out)?;
        let folder = target.parent().unwrap_or(Path::new(""));
        let mut unfinished = signals::unfinished();
        let parents = NewFolders::create(folder).with_context(cannot)?;
        let (staging, lock) = loop {
            let staging = beside(&target).with_context(cannot)?;
            let lock = locked(staging.path());
            // Until it was locked, another run may have taken it for left behind.
            if staging.path().exists() {
                break (staging, lock);
            }
        };
        *unfinished = Some(Unfinished {
            folder: staging.path().to_owned(),
            parents: parents.clone(),
            remove: |folder| drop(fs::remove_dir_all(folder)),
        });
        drop(unfinished);
        fs::create_dir(staging.path().join(FIGURES)).with_context(cannot)?;
        Ok(Self { target, staging, _lock: lock, _parents: parents })
    }

    /// Write a file of the folder.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.staging.path().join(name);
        let cannot = || format!("cannot write {}\n{HINT}", self.target.join(name).display());
        let _whole = signals::unfinished();
        fs::write(&path, bytes).with_context(cannot)
    }

    /// Put the folder in its place; an earlier report there goes only once this one is whole.
    pub(crate) fn publish(self) -> anyhow::Result<()> {
        let Self { target, staging, _lock, _parents } = self;
        let cannot = || format!("cannot write {}\n{HINT}", target.display());
        // Between the two renames a second signal must not end the program.
        let mut unfinished = signals::unfinished();
        if let Ok(earlier) = fs::metadata(&target) {
            fs::set_permissions(staging.path(), earlier.permissions()).with_context(cannot)?;
        }
        // What was there before, and is removed when dropped.
        let mut aside: Vec<TempDir> = Vec::new();
        while let Err(error) = fs::rename(staging.path(), &target) {
            let occupied = matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists);
            if !occupied || aside.len() == ATTEMPTS {
                if let Some(earlier) = aside.pop() {
                    // Back to how it was; if that fails too, the first error is the one to report.
                    let _ = fs::rename(earlier.path(), &target);
                }
                return Err(error).with_context(cannot);
            }
            check_replaceable(&target, &target)?;
            let earlier = beside(&target).with_context(cannot)?;
            match fs::rename(&target, earlier.path()) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).with_context(cannot),
                _ => aside.push(earlier),
            }
        }
        *unfinished = None;
        let _ = staging.keep();
        for earlier in aside {
            let path = earlier.path().to_owned();
            match earlier.close() {
                // Another run has cleared up.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                result => result.with_context(|| format!("cannot remove {}", path.display()))?,
            }
        }
        remove_left(&target);
        Ok(())
    }
}

/// A folder of ours, locked; none where there are no such locks, or where another process has it.
fn locked(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock().ok().map(|()| file)
}

/// Remove what a process had not finished when it was killed, of a report in the same place: it has our name for such a folder,
/// holds nothing but parts of a report, and nobody has its lock. Once a report is in its place: of one that was put aside there is
/// no need any more.
fn remove_left(target: &Path) {
    const RANDOM: usize = 6;
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_named = |other: &str| {
        let random = other.strip_prefix(&name).and_then(|rest| rest.strip_prefix('.')?.strip_suffix(".tmp"));
        random
            .is_some_and(|random| random.len() == RANDOM && random.chars().all(|c| c.is_ascii_alphanumeric()))
    };
    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    for entry in fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        let is_ours = entry.file_name().to_str().is_some_and(is_named) && matches!(parts(&path), Ok(Some(_)));
        if let Some(_lock) = is_ours.then(|| locked(&path)).flatten() {
            // Best effort: it only takes up space.
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// A new folder in the same folder, so that a rename stays on one file system, under a name nobody else has.
fn beside(target: &Path) -> io::Result<TempDir> {
    let mut prefix = target.file_name().unwrap_or_default().to_owned();
    prefix.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".tmp");
    #[cfg(unix)]
    // As any new folder: what the umask leaves.
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(target.parent().unwrap_or(Path::new("")))
}

/// Only what is not there, an empty folder, or a report of ours is replaced.
fn check_replaceable(target: &Path, out: &Path) -> anyhow::Result<()> {
    let replaceable = match is_replaceable(target) {
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        result => result.with_context(|| format!("cannot read {}\n{HINT}", out.display()))?,
    };
    if !replaceable {
        bail!("{} is there already and is not a report of nablab\n{HINT}", out.display());
    }
    Ok(())
}

fn is_replaceable(target: &Path) -> io::Result<bool> {
    if !fs::metadata(target)?.is_dir() {
        return Ok(false);
    }
    Ok(match parts(target)? {
        None => false,
        Some(parts) if parts.is_empty() => true,
        Some(parts) => parts.iter().any(|name| name == RESULTS) && holds_results(&target.join(RESULTS))?,
    })
}

/// The names in a folder that holds parts of a report and nothing else.
fn parts(folder: &Path) -> io::Result<Option<Vec<OsString>>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let ours = |entry: &fs::DirEntry| {
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        if name == FIGURES {
            return Ok(kind.is_dir() && holds_figures(&entry.path())?);
        }
        Ok(kind.is_file() && [PAGE, MARKDOWN, RESULTS].iter().any(|known| name == *known))
    };
    let all = entries.iter().map(ours).collect::<io::Result<Vec<_>>>()?;
    Ok(all.iter().all(|&ours| ours).then(|| entries.iter().map(fs::DirEntry::file_name).collect()))
}

/// The names are not proof: `index.html` is anybody's. What our schema stands in is a report. One that is not there any more has
/// been taken away with its folder, by another run.
fn holds_results(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    Ok(String::from_utf8_lossy(&start).starts_with(&format!("{{\n  \"schema\": \"{SCHEMA}\"")))
}

fn holds_figures(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let drawn = [Some(OsStr::new("svg")), Some(OsStr::new("png"))].contains(&path.extension());
        if !drawn || !entry.file_type()?.is_file() {
            return Ok(false);
        }
    }
    Ok(true)
}
