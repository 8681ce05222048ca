//! The one place that opens files.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use crate::dataset_file::{csv, mat, npz};
use crate::named_arrays::{self, NamedArray};
use crate::{DataError, Dataset, Parts};

/// Read a data file by its extension: `.csv`, `.npz` or `.mat`.
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, [`DataError::Format`] if it is not what its name says.
pub fn load(path: &Path) -> Result<Parts, DataError> {
    let name = path.display().to_string();
    let extension = extension(path, &["csv", "npz", "mat"], "rename or convert the file")?;
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_owned(), source })?;
    match extension.as_str() {
        "csv" => csv::read(&bytes, &name).map(|train| Parts { train, test: None }),
        "npz" => npz::read(&bytes, &name),
        _ => mat::read(&bytes, &name),
    }
}

/// Read the arrays of a file by its extension: `.npz` or `.csv` ([`named_arrays`]).
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("mine.csv");
/// std::fs::write(&file, "name,row,column,value\nb1,0,0,0.25\n")?;
/// assert_eq!(nablab_data::load_arrays(&file)?[0].values, [0.25]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`load`].
pub fn load_arrays(path: &Path) -> Result<Vec<NamedArray>, DataError> {
    let name = path.display().to_string();
    let read = match &*extension(
        path,
        &["csv", "npz"],
        "write it with np.savez(file, NAME=array, …), each array by the name it is asked for",
    )? {
        "csv" => named_arrays::csv::read,
        _ => named_arrays::npz::read,
    };
    read(&fs::read(path).map_err(|source| DataError::Read { path: path.to_owned(), source })?, &name)
}

/// Read a data file, and one with the points to judge on.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let [train, test] = ["train.csv", "test.csv"].map(|name| folder.path().join(name));
/// std::fs::write(&train, "x1,x2,label\n0,1,0\n1,0,1\n")?;
/// std::fs::write(&test, "x1,x2,label\n0.5,1,0\n")?;
/// let parts = nablab_data::load_with_test(&train, &test)?;
/// assert_eq!((parts.train.examples(), parts.test.map(|set| set.examples())), (2, Some(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As of [`load`], and [`DataError::Format`] where either file has a test set of its own, or the points of the two differ in their
/// number of features.
pub fn load_with_test(path: &Path, test: &Path) -> Result<Parts, DataError> {
    let (train, judged) = (load(path)?, load(test)?);
    for (file, parts) in [(path, &train), (test, &judged)] {
        if parts.test.is_some() {
            let hint = "leave the other file with a test set away, or keep one set in each file";
            let name = file.display().to_string();
            return Err(DataError::format(&name, "file", "one set", "a training and a test set", hint));
        }
    }
    let [expected, got] = [&train.train, &judged.train].map(Dataset::features);
    if expected != got {
        let hint = "both files have the same columns";
        let (expected, got) = (format!("{expected} features as in {}", path.display()), got.to_string());
        return Err(DataError::format(&test.display().to_string(), "columns", expected, got, hint));
    }
    Ok(Parts { train: train.train, test: Some(judged.train) })
}

/// The extension of a path, in small letters: one of these.
pub(crate) fn extension(path: &Path, known: &[&str], hint: &str) -> Result<String, DataError> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if known.contains(&extension.as_str()) {
        return Ok(extension);
    }
    let [first @ .., last] = known else { return Ok(extension) };
    let first: Vec<String> = first.iter().map(|known| format!(".{known}")).collect();
    let expected = format!("{} or .{last}", first.join(", "));
    let got = if extension.is_empty() { "none".to_owned() } else { format!(".{extension}") };
    Err(DataError::format(&path.display().to_string(), "extension", expected, got, hint))
}

/// The file at a path, to be read from the start and again. Standard input, called `-`, and what can be read only once, as a pipe,
/// is copied into a nameless file first.
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, or copied.
pub fn open(path: &Path) -> Result<File, DataError> {
    let unreadable = |source| DataError::Read { path: path.to_owned(), source };
    if path == Path::new(STDIN) {
        return kept(&mut io::stdin().lock()).map_err(unreadable);
    }
    let mut file = File::open(path).map_err(unreadable)?;
    match file.metadata().map_err(unreadable)?.is_file() {
        true => Ok(file),
        false => kept(&mut file).map_err(unreadable),
    }
}

/// The text in a file.
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, or is no text in UTF-8.
pub fn read_text(path: &Path) -> Result<String, DataError> {
    fs::read_to_string(path).map_err(|source| DataError::Read { path: path.to_owned(), source })
}

/// What standard input is called.
const STDIN: &str = "-";

/// What a path is called in errors.
pub fn name_of(path: &Path) -> String {
    if path == Path::new(STDIN) { "standard input".to_owned() } else { path.display().to_string() }
}

/// The path is no name of a file: of standard input, or of a pipe.
pub fn is_pipe(path: &Path) -> bool {
    path == Path::new(STDIN) || fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Two paths lead to one file, links and all. Neither is opened: a pipe would wait for somebody at its other end.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let (a, b) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
/// std::fs::write(&a, "x,y\n")?;
/// std::fs::hard_link(&a, &b)?;
/// assert!(nablab_data::is_same_file(&a, &b) && !nablab_data::is_same_file(&a, folder.path()));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
        id(a).is_ok_and(|a| id(b).is_ok_and(|b| a == b))
    }
    #[cfg(not(unix))]
    fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
}

fn kept(source: &mut dyn Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(source, &mut file)?;
    file.rewind()?;
    Ok(file)
}

/// Write a file whole or not at all: into a temporary file beside it, flushed to the disk, then renamed. A link stays,
/// its target is written; a file that is there keeps its permissions.
///
/// # Errors
/// [`DataError::Write`], and [`DataError::Cancelled`] once `cancelled` says so; what was there before is untouched, and
/// no temporary file or new folder stays.
pub fn write_file(path: &Path, bytes: &[u8], cancelled: &dyn Fn() -> bool) -> Result<(), DataError> {
    write_then_rename(path, bytes, cancelled).map_err(|source| match source.kind() {
        ErrorKind::Interrupted => DataError::Cancelled,
        _ => DataError::Write { path: path.to_owned(), source },
    })
}

/// The file that [`write_file`] would replace, if there is one. Nothing is opened: a pipe would wait for its other end.
///
/// # Errors
/// [`DataError::Write`] where it would not write: over what is no file, or where it cannot look.
pub fn file_to_replace(path: &Path) -> Result<Option<Metadata>, DataError> {
    earlier(path).map_err(|source| DataError::Write { path: path.to_owned(), source })
}

fn earlier(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        // A device or a pipe would become a file, a folder would go.
        Ok(earlier) if !earlier.is_file() => {
            Err(io::Error::new(ErrorKind::InvalidInput, "expected a regular file, got another kind"))
        }
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        earlier => Ok(earlier.ok()),
    }
}

/// Held by whoever writes a file.
static WRITERS: RwLock<()> = RwLock::new(());

/// Wait until no file is half written; as long as the answer lives, none is begun. Whoever ends the process from outside its work
/// asks for it first. None after so long, because a disk may have gone away: a file is then a name that nobody reads.
pub fn wait_for_writers(most: Duration) -> Option<RwLockWriteGuard<'static, ()>> {
    let begun = Instant::now();
    loop {
        match WRITERS.try_write() {
            Ok(lock) => return Some(lock),
            Err(TryLockError::Poisoned(lock)) => return Some(lock.into_inner()),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= most => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Something is half written as long as the answer lives.
pub(crate) fn writing() -> RwLockReadGuard<'static, ()> {
    WRITERS.read().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes written between two looks at whether to go on.
const CHUNK: usize = 1 << 20;

fn write_then_rename(path: &Path, bytes: &[u8], cancelled: &dyn Fn() -> bool) -> io::Result<()> {
    let _writing = writing();
    let path = follow_links(path)?;
    let earlier = earlier(&path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let _parents = NewFolders::create(folder)?;
    remove_half_written(folder);
    let mut file = temporary_in(folder)?;
    for chunk in bytes.chunks(CHUNK) {
        if cancelled() {
            return Err(ErrorKind::Interrupted.into());
        }
        file.write_all(chunk)?;
    }
    if let Some(earlier) = earlier {
        file.as_file().set_permissions(earlier.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

/// A file of this name is one that [`write_file`] had not finished when its process was killed, or is about to finish.
pub fn is_half_written(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX))
}

/// Of names of files that are being written.
const PREFIX: &str = ".nablab-";
const SUFFIX: &str = ".tmp";

/// Remove what processes had not finished in a folder when they were killed. Who still writes a file holds its lock.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let left = folder.path().join(".nablab-a1B2c3.tmp");
/// std::fs::write(&left, "half of a table")?;
/// nablab_data::remove_half_written(folder.path());
/// assert!(!left.exists());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn remove_half_written(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    for entry in entries.filter(|entry| is_half_written(&entry.file_name())) {
        let path = entry.path();
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_ok() {
            // Best effort: it only takes up space.
            let _ = fs::remove_file(&path);
        }
    }
}

/// A new file under a name nobody else has, with the permissions of any new file: what the umask leaves. Locked, so that nobody
/// takes it for one that a killed process left.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(PREFIX).suffix(SUFFIX);
    loop {
        let file = builder.tempfile_in(folder)?;
        // A file system without locks is one where nothing is taken for left behind, either.
        let _ = file.as_file().lock();
        // Somebody may have been faster.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// Where a path leads once all links are followed; the last one may lead to what is not there yet.
///
/// # Errors
/// Links that lead in a circle, or folders that cannot be read.
pub fn follow_links(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        result => return result,
    }
    // No circle: that would have been another error.
    let mut path = path.to_owned();
    while let Ok(next) = fs::read_link(&path) {
        path = path.parent().unwrap_or(Path::new("")).join(next);
    }
    Ok(path)
}

/// Folders made for what is to be written into them. Dropped, those still empty are removed.
#[derive(Clone, Debug)]
pub struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Make the folder and those around it, where they are not there.
    ///
    /// # Errors
    /// Where one cannot be made; those made before it are removed.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let mut new: Vec<_> = folder.ancestors().take_while(missing).map(Path::to_owned).collect();
        new.reverse();
        let mut made = Self(Vec::new());
        for folder in new {
            match fs::create_dir(&folder) {
                // Someone else was faster: theirs to remove.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                result => {
                    result?;
                    made.0.push(folder);
                }
            }
        }
        Ok(made)
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // Fails for a folder that is not empty, which is to stay.
            let _ = fs::remove_dir(folder);
        }
    }
}
