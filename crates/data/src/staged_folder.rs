//! A folder that is written beside its place, and takes it once it is whole.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::files::writing;
use crate::{DataError, NewFolders, follow_links, numbered};

/// What a folder of some kind holds, and nothing else: only such a folder is replaced.
#[derive(Clone, Copy, Debug)]
pub struct FolderKind {
    /// How it is called where something else is in its place: `report`.
    pub what: &'static str,
    /// Its files.
    pub files: &'static [&'static str],
    /// A folder in it, if it has one, which holds files of these extensions alone.
    pub folder: Option<(&'static str, &'static [&'static str])>,
    /// One of the files, and how it begins. The names are no proof: `index.html` is anybody's.
    pub proof: (&'static str, &'static str),
}

/// Another process may put its folder in place between our taking the earlier one away and our putting ours there.
const ATTEMPTS: usize = 20;

/// A folder beside its place, renamed to it by [`StagedFolder::publish`] and removed if dropped before.
#[derive(Debug)]
pub struct StagedFolder {
    target: PathBuf,
    kind: FolderKind,
    staging: TempDir,
    /// Says that its process lives.
    _lock: Option<File>,
    /// Dropped last: those still empty go.
    parents: NewFolders,
}

impl StagedFolder {
    /// Begin, and find out at once whether the folder can be written.
    ///
    /// ```
    /// use nablab_data::{FolderKind, StagedFolder};
    /// let kind = FolderKind {
    ///     what: "report",
    ///     files: &["index.html"],
    ///     folder: Some(("figures", &["svg"])),
    ///     proof: ("index.html", "<!-- mine -->"),
    /// };
    /// let place = tempfile::tempdir()?;
    /// let out = place.path().join("report");
    /// for page in ["<!-- mine -->1", "<!-- mine -->2"] {
    ///     let staged = StagedFolder::begin(&out, kind)?;
    ///     staged.write("index.html", page.as_bytes())?;
    ///     staged.publish()?;
    ///     assert_eq!(std::fs::read_to_string(out.join("index.html"))?, page);
    /// }
    /// std::fs::write(out.join("mine.txt"), "not a part of such a folder")?;
    /// assert!(StagedFolder::begin(&out, kind).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Occupied`] where something else is in its place, or the process stands in it; [`DataError::Write`].
    pub fn begin(out: &Path, kind: FolderKind) -> Result<Self, DataError> {
        let cannot = |source| DataError::Write { path: out.to_owned(), source };
        let target = follow_links(out).map_err(cannot)?;
        // A folder someone stands in cannot be exchanged for another.
        let here = std::env::current_dir().and_then(fs::canonicalize).map_err(cannot)?;
        if target.file_name().is_none() || here.starts_with(&target) {
            let what = format!(
                "expected a folder for the {} alone, got the current folder or one around it",
                kind.what
            );
            return Err(DataError::Occupied { path: out.to_owned(), what });
        }
        check_replaceable(&target, out, kind)?;
        let parents = NewFolders::create(target.parent().unwrap_or(Path::new(""))).map_err(cannot)?;
        let (staging, lock) = loop {
            let staging = beside(&target).map_err(cannot)?;
            let lock = locked(staging.path());
            // Until it was locked, another process may have taken it for left behind.
            if staging.path().exists() {
                break (staging, lock);
            }
        };
        if let Some((folder, _)) = kind.folder {
            fs::create_dir(staging.path().join(folder)).map_err(cannot)?;
        }
        Ok(Self { target, kind, staging, _lock: lock, parents })
    }

    /// The first of the numbered folders that is not there, is empty, or whose proof begins as this one's will: there it may take the place of
    /// its like, and every other one stays.
    ///
    /// ```
    /// use nablab_data::{FolderKind, StagedFolder};
    /// let kind = FolderKind {
    ///     what: "report",
    ///     files: &["index.html"],
    ///     folder: Some(("figures", &["svg"])),
    ///     proof: ("index.html", "<!-- mine -->"),
    /// };
    /// let place = tempfile::tempdir()?;
    /// let out = place.path().join("report");
    /// std::fs::create_dir(&out)?;
    /// for (begins, name) in [("<!-- mine --> a", "report"), ("<!-- mine --> b", "report-2"), ("<!-- mine --> a", "report")] {
    ///     let chosen = StagedFolder::place(out.clone(), kind, begins);
    ///     assert_eq!(chosen, place.path().join(name));
    ///     let staged = StagedFolder::begin(&chosen, kind)?;
    ///     staged.write("index.html", begins.as_bytes())?;
    ///     staged.publish()?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn place(first: PathBuf, kind: FolderKind, begins_with: &str) -> PathBuf {
        let is_ours = |folder: &PathBuf| {
            !folder.exists()
                || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
                || begins(&folder.join(kind.proof.0), begins_with).unwrap_or(false)
        };
        numbered(first.clone()).find(is_ours).unwrap_or(first)
    }

    /// Where it is until it is whole, and the folders made for it: what has to go if the process ends before.
    pub fn unfinished(&self) -> (&Path, &NewFolders) {
        (self.staging.path(), &self.parents)
    }

    /// Remove what is [unfinished](Self::unfinished), where the process ends before it could.
    pub fn remove(folder: &Path) {
        // Best effort: it only takes up space.
        let _ = fs::remove_dir_all(folder);
    }

    /// Write a file of the folder.
    ///
    /// # Errors
    /// [`DataError::Write`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DataError> {
        let cannot = |source| DataError::Write { path: self.target.join(name), source };
        let _writing = writing();
        fs::write(self.staging.path().join(name), bytes).map_err(cannot)
    }

    /// Put the folder in its place; an earlier one there goes only once this one is whole.
    ///
    /// # Errors
    /// [`DataError::Occupied`] where something else has come in between; [`DataError::Write`].
    pub fn publish(self) -> Result<(), DataError> {
        let Self { target, kind, staging, _lock, parents: _parents } = self;
        let cannot = |source| DataError::Write { path: target.clone(), source };
        // Between the two renames the process must not end.
        let _writing = writing();
        if let Ok(earlier) = fs::metadata(&target) {
            fs::set_permissions(staging.path(), earlier.permissions()).map_err(cannot)?;
        }
        // What was there before, and is removed when dropped.
        let mut aside: Vec<TempDir> = Vec::new();
        while let Err(error) = fs::rename(staging.path(), &target) {
            let occupied = matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists);
            if !occupied || aside.len() == ATTEMPTS {
                put_back(aside, &target);
                return Err(cannot(error));
            }
            match take_aside(&target, kind) {
                Ok(earlier) => aside.push(earlier),
                Err(error) => {
                    put_back(aside, &target);
                    return Err(error);
                }
            }
        }
        let _ = staging.keep();
        for earlier in aside {
            let path = earlier.path().to_owned();
            match earlier.close() {
                // Another process has cleared up.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                result => result.map_err(|source| DataError::Write { path, source })?,
            }
        }
        remove_left(&target, kind);
        Ok(())
    }
}

/// The folder that is in the way, if it is one of the kind, under another name.
fn take_aside(target: &Path, kind: FolderKind) -> Result<TempDir, DataError> {
    check_replaceable(target, target, kind)?;
    let cannot = |source| DataError::Write { path: target.to_owned(), source };
    let earlier = beside(target).map_err(cannot)?;
    match fs::rename(target, earlier.path()) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(cannot(error)),
        _ => Ok(earlier),
    }
}

/// Back to how it was. What finds its place taken stays under its other name, for it is somebody's.
fn put_back(mut aside: Vec<TempDir>, target: &Path) {
    let Some(earlier) = aside.pop() else { return };
    if fs::rename(earlier.path(), target).is_err() {
        let _ = earlier.keep();
    }
}

/// A folder of ours, locked; none where there are no such locks, or where another process has it.
fn locked(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock().ok().map(|()| file)
}

/// Remove what a process had not finished when it was killed, of a folder of this kind in the same place: it has our name for such a folder,
/// holds nothing but parts of it, and nobody has its lock. Once one is in its place: of one that was put aside there is
/// no need any more.
fn remove_left(target: &Path, kind: FolderKind) {
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
        let is_ours =
            entry.file_name().to_str().is_some_and(is_named) && matches!(parts(&path, kind), Ok(Some(_)));
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

/// Only what is not there, an empty folder, or one of the kind is replaced.
fn check_replaceable(target: &Path, out: &Path, kind: FolderKind) -> Result<(), DataError> {
    match is_replaceable(target, kind) {
        Ok(true) => Ok(()),
        Ok(false) => {
            let what = format!("it is there already and is not a {} of nablab", kind.what);
            Err(DataError::Occupied { path: out.to_owned(), what })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(DataError::Read { path: out.to_owned(), source }),
    }
}

fn is_replaceable(target: &Path, kind: FolderKind) -> io::Result<bool> {
    if !fs::metadata(target)?.is_dir() {
        return Ok(false);
    }
    Ok(match parts(target, kind)? {
        None => false,
        Some(parts) if parts.is_empty() => true,
        Some(parts) => {
            parts.iter().any(|name| name == kind.proof.0) && begins(&target.join(kind.proof.0), kind.proof.1)?
        }
    })
}

/// The names in a folder that holds parts of the kind and nothing else.
fn parts(folder: &Path, kind: FolderKind) -> io::Result<Option<Vec<OsString>>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let ours = |entry: &fs::DirEntry| {
        let (name, of) = (entry.file_name(), entry.file_type()?);
        if let Some((_, extensions)) = kind.folder.filter(|(folder, _)| name == *folder) {
            return Ok(of.is_dir() && holds_only(&entry.path(), extensions)?);
        }
        Ok(of.is_file() && kind.files.iter().any(|known| name == *known))
    };
    let all = entries.iter().map(ours).collect::<io::Result<Vec<_>>>()?;
    Ok(all.iter().all(|&ours| ours).then(|| entries.iter().map(fs::DirEntry::file_name).collect()))
}

/// How a file begins. One that is not there any more has been taken away with its folder, by another process.
fn begins(path: &Path, with: &str) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(path)?.take(with.len() as u64).read_to_end(&mut start)?;
    Ok(start == with.as_bytes())
}

fn holds_only(folder: &Path, extensions: &[&str]) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        if !extensions.contains(&extension) || !entry.file_type()?.is_file() {
            return Ok(false);
        }
    }
    Ok(true)
}
