//! A folder that is the same before each input, for targets that write.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, io, process};

/// The current folder of this process, and what it is to hold.
pub struct Folder {
    here: PathBuf,
    kept: PathBuf,
    files: Vec<Entry>,
    /// Says that its process lives: the fuzzer ends one without a word to anybody.
    _lock: File,
}

/// By path, length and time it is known whether something has changed.
type Entry = (PathBuf, u64, SystemTime);

impl Folder {
    /// A new one among the temporary files, with what `fill` makes in it. What earlier processes left there goes.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn enter(name: &str, fill: impl FnOnce()) -> io::Result<Self> {
        let temporary = env::temp_dir();
        for left in fs::read_dir(&temporary)?.flatten().map(|entry| entry.path()) {
            let is_ours = left.file_stem().is_some_and(|stem| stem == name);
            if is_ours && File::open(&left)?.try_lock().is_ok() {
                fs::remove_dir_all(&left)?;
            }
        }
        let root = temporary.join(format!("{name}.{}", process::id()));
        let (here, kept) = (root.join("here"), root.join("kept"));
        fs::create_dir_all(&here)?;
        let lock = File::open(&root)?;
        lock.lock()?;
        env::set_current_dir(&here)?;
        fill();
        copy(&here, &kept)?;
        let files = entries(&here)?;
        Ok(Self { here, kept, files, _lock: lock })
    }

    /// Undo what was done in it.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn restore(&mut self) -> io::Result<()> {
        if entries(&self.here)? == self.files {
            return Ok(());
        }
        for entry in fs::read_dir(&self.here)? {
            let path = entry?.path();
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
        copy(&self.kept, &self.here)?;
        self.files = entries(&self.here)?;
        Ok(())
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy(&path, &to)? } else { fs::copy(&path, &to).map(|_| ())? }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_dir() {
            all.extend(entries(&entry.path())?);
        }
        all.push((entry.path(), about.len(), about.modified()?));
    }
    all.sort();
    Ok(all)
}
