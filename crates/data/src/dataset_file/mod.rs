//! Data sets of numbers and one label in files, as the labs take and give them. Readers take bytes and the name to use in errors; writers
//! return bytes. Tables of all kinds are read in [`table`](crate::table).

pub mod csv;
pub mod mat;
pub mod npy;
mod npy_header;
pub mod npz;
mod npz_archive;
pub(crate) mod raw;

use std::path::Path;

use crate::files::extension;
use crate::{DataError, Dataset};

/// Writes a data set in the format of a file's name: `.csv` or `.npz`.
///
/// ```
/// use nablab_data::{Generator, dataset_file};
/// let moons = Generator::Moons { samples: 4, noise: 0.0, seed: 0 }.generate()?;
/// let csv = dataset_file::writer("moons.csv".as_ref())?(&moons);
/// assert_eq!(csv.iter().filter(|&&byte| byte == b'\n').count(), 5);
/// let error = dataset_file::writer("moons.txt".as_ref()).unwrap_err().to_string();
/// assert_eq!(error, "moons.txt: extension: expected .csv or .npz, got .txt\nhint: for example moons.csv");
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Format`] for another name.
pub fn writer(path: &Path) -> Result<fn(&Dataset) -> Vec<u8>, DataError> {
    let hint = format!("for example {}", path.with_extension("csv").display());
    match &*extension(path, &["csv", "npz"], &hint)? {
        "csv" => Ok(csv::write),
        _ => Ok(npz::write),
    }
}

/// A label must be a whole number from 0 up to here.
const MAX_LABEL: f64 = 999.0;

/// A label from a number in a file.
fn label(value: f64, file: &str, place: impl Fn() -> String) -> Result<u32, DataError> {
    if value.fract() == 0.0 && (0.0..=MAX_LABEL).contains(&value) {
        return Ok(value as u32);
    }
    let hint = "labels count the classes from 0";
    Err(DataError::format(
        file,
        place(),
        format!("a whole number from 0 to {MAX_LABEL}"),
        value.to_string(),
        hint,
    ))
}
