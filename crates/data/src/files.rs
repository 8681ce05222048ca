//! The one place that opens files.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::format::{csv, mat, npz};
use crate::table::{self, Gunzip, Progress, Reading, Separator, Table, Watched, unreadable};
use crate::{DataError, Parts};

/// Read a data file by its extension: `.csv`, `.npz` or `.mat`.
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, [`DataError::Format`] if it is not what its name says.
pub fn load(path: &Path) -> Result<Parts, DataError> {
    let name = path.display().to_string();
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !["csv", "npz", "mat"].contains(&extension.as_str()) {
        let got = if extension.is_empty() { "none".to_owned() } else { format!(".{extension}") };
        return Err(DataError::format(
            &name,
            "extension",
            ".csv, .npz or .mat",
            got,
            "rename or convert the file",
        ));
    }
    let bytes = fs::read(path).map_err(|source| DataError::Read { path: path.to_owned(), source })?;
    match extension.as_str() {
        "csv" => csv::read(&bytes, &name).map(|train| Parts { train, test: None }),
        "npz" => npz::read(&bytes, &name),
        _ => mat::read(&bytes, &name),
    }
}

/// Read a file as a table, by its name's ending; `progress` is called now and then.
///
/// | File | Columns |
/// |---|---|
/// | `.csv`, `.tsv`, `.txt`, also with `.gz` | as [`table::csv::read`] |
/// | `.npy` | `x0`, `x1`, … |
/// | `.npz`, `.mat` with an array `X` | `x0`, `x1`, … and those of `y`: `y`, or `y0`, `y1`, …; further arrays do not count |
/// | `.npz`, `.mat` without | each array, of one dimension, is a column of its name |
/// | MNIST's idx, also with `.gz` | `pixel0`, `pixel1`, … and, where `…labels-idx1…` lies beside `…images-idx3…`, `label` |
///
/// ```
/// use nablab_data::table::{self, Reading};
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("t.csv");
/// std::fs::write(&file, "size,colour\n1.5,red\n")?;
/// let table = table::load(&file, &Reading::default(), &mut |read, total| assert!(read <= total))?;
/// assert_eq!((table.rows(), table.columns()[1].name.as_str()), (1, "colour"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, [`DataError::Format`] if it is not what its name says, or another kind.
pub fn load_table(path: &Path, reading: &Reading, progress: &mut Progress<'_>) -> Result<Table, DataError> {
    let name = path.display().to_string();
    let beside = || {
        let Some(labels) = labels_beside(path) else { return Ok(None) };
        let name = labels.display().to_string();
        let bytes = whole(open(&labels)?, &name, &mut |_, _| ())?;
        Ok(Some((bytes, name)))
    };
    table_from(open(path)?, &name, reading, beside, progress)
}

/// Read the bytes of a file as [`load`](load_table) does, by the ending of its name. No file beside it is looked for.
///
/// ```
/// use nablab_data::table;
/// let table = table::read(b"size\tcolour\n1.5\tred\n", "t.tsv")?;
/// assert_eq!((table.rows(), table.columns()[1].name.as_str()), (1, "colour"));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Format`] if it is not what its name says, or another kind.
pub fn read_table(bytes: &[u8], name: &str) -> Result<Table, DataError> {
    table_from(Cursor::new(bytes), name, &Reading::default(), || Ok(None), &mut |_, _| ())
}

/// Bytes, and the name of their file.
type Named = (Vec<u8>, String);

/// A table by the ending of its name; `labels` are asked for where pictures need them.
fn table_from(
    mut source: impl Read + Seek,
    name: &str,
    reading: &Reading,
    labels: impl FnOnce() -> Result<Option<Named>, DataError>,
    progress: &mut Progress<'_>,
) -> Result<Table, DataError> {
    let unreadable = |error| unreadable(error, name);
    let lower = name.to_ascii_lowercase();
    let (lower, zipped) = match lower.strip_suffix(".gz") {
        Some(inner) => (inner, true),
        None => (lower.as_str(), false),
    };
    let extension = Path::new(lower).extension().and_then(|e| e.to_str()).unwrap_or_default();
    match (extension, zipped) {
        ("csv" | "tsv" | "txt", _) => {
            let separator = (extension == "tsv").then_some(Separator::Byte(b'\t'));
            let mut source = Watched::new(source, 2, progress).map_err(unreadable)?;
            match zipped {
                false => table::csv::read_twice(&mut source, name, separator, reading),
                true => table::csv::read_twice(&mut Gunzip::new(source), name, separator, reading),
            }
        }
        ("npy", false) => table::read_npy(&whole(source, name, progress)?, name),
        ("npz", false) => {
            let source = Watched::new(source, 1, progress).map_err(unreadable)?;
            table::read_npz(BufReader::new(source), name)
        }
        ("mat", false) => table::read_mat(&whole(source, name, progress)?, name),
        _ if is_idx(&mut source).map_err(unreadable)? => {
            let bytes = whole(source, name, progress)?;
            let labels = labels()?;
            table::read_idx(&bytes, name, labels.as_ref().map(|(bytes, name)| (&bytes[..], name.as_str())))
        }
        _ => {
            let got = match (extension, zipped) {
                ("", false) => "none".to_owned(),
                ("", true) => ".gz".to_owned(),
                (other, false) => format!(".{other}"),
                (other, true) => format!(".{other}.gz"),
            };
            let expected =
                ".csv, .tsv, .txt (also with .gz), .npy, .npz, .mat, or a file of MNIST's format idx";
            Err(DataError::format(name, "extension", expected, got, "rename or convert the file"))
        }
    }
}

fn open(path: &Path) -> Result<File, DataError> {
    File::open(path).map_err(|source| DataError::Read { path: path.to_owned(), source })
}

/// More than this is not held in memory at once.
const MAX_WHOLE: u64 = 1 << 32;

/// All that a file holds, unpacked if it is a gzip file.
fn whole(source: impl Read + Seek, name: &str, progress: &mut Progress<'_>) -> Result<Vec<u8>, DataError> {
    let unreadable = |error| unreadable(error, name);
    let mut source = Watched::new(source, 1, progress).map_err(unreadable)?;
    let mut bytes = Vec::new();
    (&mut source).take(MAX_WHOLE).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.starts_with(GZIP) {
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(&bytes[..]).take(MAX_WHOLE);
        decoder.read_to_end(&mut unpacked).map_err(unreadable)?;
        bytes = unpacked;
    }
    if bytes.len() as u64 >= MAX_WHOLE {
        let hint = "save it as CSV or Parquet, or in parts";
        return Err(DataError::format(name, "file", "less than 4 GiB", "more", hint));
    }
    Ok(bytes)
}

const GZIP: &[u8] = b"\x1f\x8b";

/// The file is one of MNIST's format, plain or as a gzip file: its names have no extension.
fn is_idx(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let start = |source: &mut dyn Read| {
        let mut start = Vec::new();
        source.take(4).read_to_end(&mut start).map(|_| start)
    };
    let mut found = start(file)?;
    file.rewind()?;
    if found.starts_with(GZIP) {
        // A damaged one is none.
        found = start(&mut flate2::read::GzDecoder::new(&mut *file)).unwrap_or_default();
        file.rewind()?;
    }
    Ok(table::is_idx(&found))
}

/// MNIST's labels that belong to its pictures, plain or as a gzip file.
fn labels_beside(pictures: &Path) -> Option<PathBuf> {
    let name = pictures.file_name()?.to_str()?;
    let labels = name.replace("images", "labels").replace("idx3", "idx1");
    let plain = labels.trim_end_matches(".gz");
    let beside = [labels.clone(), plain.to_owned(), format!("{plain}.gz")];
    beside
        .into_iter()
        .filter(|labels| labels != name)
        .map(|l| pictures.with_file_name(l))
        .find(|l| l.is_file())
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

/// Bytes written between two looks at whether to go on.
const CHUNK: usize = 1 << 20;

fn write_then_rename(path: &Path, bytes: &[u8], cancelled: &dyn Fn() -> bool) -> io::Result<()> {
    let path = follow_links(path)?;
    let earlier = match fs::metadata(&path) {
        // A device or a pipe would become a file, a folder would go.
        Ok(earlier) if !earlier.is_file() => {
            return Err(io::Error::new(ErrorKind::InvalidInput, "expected a regular file, got another kind"));
        }
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        earlier => earlier.ok(),
    };
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

    /// With one more, that was made within them.
    pub fn and(mut self, folder: PathBuf) -> Self {
        self.0.push(folder);
        self
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
