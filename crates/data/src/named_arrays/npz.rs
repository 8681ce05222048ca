//! NumPy's archive: an array for each name.

use std::io::Cursor;

use zip::ZipArchive;

use super::NamedArray;
use crate::DataError;
use crate::dataset_file::npy::Array;
use crate::dataset_file::npz::{Archive, member};

/// Write arrays; `np.load` reads them.
///
/// ```
/// use nablab_data::named_arrays::{NamedArray, npz};
/// let arrays = vec![NamedArray::new("W1", [1, 2], [0.1, -2.0]), NamedArray::new("lambda", [], [0.7])];
/// assert_eq!(npz::read(&npz::write(&arrays), "a.npz")?, arrays);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
pub fn write(arrays: &[NamedArray]) -> Vec<u8> {
    let mut archive = Archive::new();
    for array in arrays {
        archive.numbers(&array.name, &array.shape, &array.values);
    }
    archive.into_bytes()
}

const HINT: &str = "write it with np.savez(file, W1=W1, b1=b1), or np.savez(file, **arrays) of a dictionary";

/// Read all arrays, in the order of the archive. Numbers may have any real type.
///
/// # Errors
/// [`DataError::Format`] naming the array that holds something else.
pub fn read(bytes: &[u8], file: &str) -> Result<Vec<NamedArray>, DataError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| DataError::format(file, "file", "a NumPy .npz archive", error.to_string(), HINT))?;
    let names: Vec<String> = archive
        .file_names()
        .flatten()
        .filter_map(|name| Some(name.strip_suffix(".npy")?.to_owned()))
        .collect();
    names.into_iter().map(|name| array(&mut archive, file, name)).collect()
}

fn array(archive: &mut ZipArchive<Cursor<&[u8]>>, file: &str, name: String) -> Result<NamedArray, DataError> {
    let bytes = member(archive, file, &name)?.unwrap_or_default();
    let array = Array::new(&bytes, file, format!("array {name}"))?;
    let Some(raw) = array.raw() else { return Err(array.refused("real numbers", HINT)) };
    let values: Vec<f64> = match array.shape.as_slice() {
        // Of no columns there may be any number of rows.
        &[rows, width] if array.fortran && width > 0 => {
            (0..rows).flat_map(|row| raw.every(row, rows)).collect()
        }
        shape if array.fortran && shape.len() > 2 => {
            return Err(array.refused("C order", "write np.ascontiguousarray of it"));
        }
        _ => raw.every(0, 1).collect(),
    };
    Ok(NamedArray::new(name, array.shape, values))
}
