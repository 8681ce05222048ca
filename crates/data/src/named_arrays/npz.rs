//! NumPy's archive: an array for each name.

use std::io::Cursor;

use zip::ZipArchive;

use super::NamedArray;
use crate::DataError;
use crate::dataset_file::npz::{Archive, numbers};

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

const HINT: &str = "write it with np.savez(file, NAME=array, …), each array by the name it is asked for, or np.savez(file, **arrays) of a dictionary";

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
    names.iter().filter_map(|name| numbers(&mut archive, file, name).transpose()).collect()
}
