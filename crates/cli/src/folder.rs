//! A report's folder, written whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// What a report's folder holds, and nothing else: only such a folder is replaced.
pub(crate) const PAGE: &str = "index.html";
pub(crate) const MARKDOWN: &str = "report.md";
pub(crate) const RESULTS: &str = "results.json";
pub(crate) const FIGURES: &str = "figures";

/// A folder beside the final one, renamed to it by [`Staged::publish`] and removed if dropped before.
pub(crate) struct Staged {
    target: PathBuf,
    staging: PathBuf,
}

impl Staged {
    /// Begin, and find out at once whether the folder can be written.
    pub(crate) fn new(target: &Path) -> anyhow::Result<Self> {
        let hint = "hint: choose another folder with --out";
        if !is_replaceable(target).with_context(|| format!("cannot read {}\n{hint}", target.display()))? {
            bail!("{} is there already and is not a report of nablab\n{hint}", target.display());
        }
        let staging = beside(target, "tmp");
        let cannot = || format!("cannot write {}\n{hint}", target.display());
        fs::create_dir_all(staging.join(FIGURES)).with_context(cannot)?;
        Ok(Self { target: target.to_owned(), staging })
    }

    /// Write a file of the folder.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.staging.join(name);
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", self.target.join(name).display()))
    }

    /// Put the folder in its place; an earlier report there goes only once this one is whole.
    pub(crate) fn publish(self) -> anyhow::Result<()> {
        let Self { target, staging } = &self;
        let cannot = || format!("cannot write {}", target.display());
        let before = beside(target, "old");
        let replaces = target.exists();
        if replaces {
            fs::rename(target, &before).with_context(cannot)?;
        }
        if let Err(error) = fs::rename(staging, target) {
            if replaces {
                // Back to how it was; if that fails too, the first error is the one to report.
                let _ = fs::rename(&before, target);
            }
            return Err(error).with_context(cannot);
        }
        if replaces {
            fs::remove_dir_all(&before).with_context(|| format!("cannot remove {}", before.display()))?;
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // After `publish` there is nothing left to remove.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

/// `path.<process>.<suffix>` in the same folder, so that a rename stays on one file system.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or(path.as_os_str()).to_owned();
    name.push(format!(".{}.{suffix}", std::process::id()));
    path.with_file_name(name)
}

/// Nothing there, an empty folder, or a report of ours.
fn is_replaceable(target: &Path) -> io::Result<bool> {
    if !target.exists() {
        return Ok(true);
    }
    if !target.is_dir() {
        return Ok(false);
    }
    let ours = [PAGE, MARKDOWN, RESULTS, FIGURES];
    for entry in fs::read_dir(target)? {
        if !ours
            .iter()
            .any(|name| *name == entry.as_ref().map_or_else(|_| "".into(), fs::DirEntry::file_name))
        {
            return Ok(false);
        }
    }
    Ok(true)
}
