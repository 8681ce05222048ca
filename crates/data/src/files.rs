//! The one place that opens files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

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

/// Write a file whole or not at all: into a temporary file beside it, flushed to the disk, then renamed.
///
/// # Errors
/// [`DataError::Write`]; what was there before is untouched, and no temporary file stays.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), DataError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = Path::new(&temporary);
    let result = write_then_rename(temporary, path, bytes);
    result.map_err(|source| {
        // Best effort: the error to report is the first one.
        let _ = fs::remove_file(temporary);
        DataError::Write { path: path.to_owned(), source }
    })
}

fn write_then_rename(temporary: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create(temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(temporary, path)
}
