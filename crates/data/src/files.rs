//! The one place that opens files.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::format::{csv, mat, npz};
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

/// A new file under a name nobody else has, with the permissions of any new file: what the umask leaves.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".nablab-").suffix(".tmp").tempfile_in(folder)
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
