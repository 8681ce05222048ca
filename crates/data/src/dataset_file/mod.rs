//! Data sets of numbers and one label in files, as the labs take and give them. Readers take bytes and the name to use in errors; writers
//! return bytes. Tables of all kinds are read in [`table`](crate::table).

pub mod csv;
pub mod mat;
pub mod npy;
mod npy_header;
pub mod npz;
mod npz_archive;
pub(crate) mod raw;

use crate::DataError;

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
