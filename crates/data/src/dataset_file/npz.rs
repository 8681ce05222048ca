//! NumPy's archive of arrays: `X` (examples, features) and `y` (examples,), as `np.savez(f, X=X, y=y)` writes.

use std::io::{Cursor, Read, Seek};

use zip::ZipArchive;

pub use super::npz_archive::Archive;
use crate::dataset_file::label;
use crate::dataset_file::npy::Array;
use crate::named_arrays::NamedArray;
use crate::{DataError, Dataset, Parts};

/// Write `X` as float64 and `y` as int64; `np.load` reads it.
///
/// ```
/// use nablab_data::{Dataset, dataset_file::npz};
/// let set = Dataset::from_rows(2, &[0.1, -2.0, 3.0, 4.0], vec![1, 0])?;
/// assert_eq!(npz::read(&npz::write(&set), "a.npz")?.train, set);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
pub fn write(set: &Dataset) -> Vec<u8> {
    let mut archive = Archive::new();
    let points = set.rows().flatten().map(f64::to_le_bytes);
    archive.array("X", &[set.examples(), set.features()], "<f8", points);
    let labels = set.labels().iter().map(|&label| i64::from(label).to_le_bytes());
    archive.array("y", &[set.examples()], "<i8", labels);
    archive.into_bytes()
}

/// Read `X` and `y`, and `X_test` and `y_test` where the archive has them. Numbers may have any real type.
///
/// # Errors
/// [`DataError::Format`] naming the array for anything else.
pub fn read(bytes: &[u8], file: &str) -> Result<Parts, DataError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| DataError::format(file, "file", "a NumPy .npz archive", error.to_string(), HINT))?;
    let Some(train) = read_set(&mut archive, file, "X", "y")? else {
        return Err(missing(&archive, file, "X", "y"));
    };
    let test = read_set(&mut archive, file, "X_test", "y_test")?;
    Ok(Parts { train, test })
}

/// An archive that is read.
pub(crate) type Reading<'a> = ZipArchive<Cursor<&'a [u8]>>;

const HINT: &str = "write it with np.savez(file, X=X, y=y)";

fn missing(archive: &Reading<'_>, file: &str, x: &str, y: &str) -> DataError {
    let names: Vec<_> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    DataError::format(file, "archive", format!("arrays {x} and {y}"), format!("{names:?}"), HINT)
}

/// `None` if neither of the two arrays is there.
fn read_set(archive: &mut Reading<'_>, file: &str, x: &str, y: &str) -> Result<Option<Dataset>, DataError> {
    let (points, labels) = match (numbers(archive, file, x)?, numbers(archive, file, y)?) {
        (Some(points), Some(labels)) => (points, labels),
        (None, None) => return Ok(None),
        _ => return Err(missing(archive, file, x, y)),
    };
    let fail = |array: &str, expected: String, shape: &[usize]| {
        let hint = "X is (examples, features), y is (examples,)";
        Err(DataError::format(file, format!("array {array}"), expected, format!("shape {shape:?}"), hint))
    };
    let &[examples, features] = points.shape.as_slice() else {
        return fail(x, "two dimensions".into(), &points.shape);
    };
    if examples == 0 || features == 0 {
        return fail(x, "at least one example and one feature".into(), &points.shape);
    }
    if labels.values.len() != examples {
        return fail(y, format!("{examples} labels"), &labels.shape);
    }
    if let Some(value) = points.values.iter().find(|v| !v.is_finite()) {
        let hint = "remove or fill missing values first";
        return Err(DataError::format(file, format!("array {x}"), "finite numbers", value.to_string(), hint));
    }
    let label_at = |(j, &value): (usize, &f64)| label(value, file, || format!("array {y}, element {j}"));
    let labels = labels.values.iter().enumerate().map(label_at).collect::<Result<_, _>>()?;
    Dataset::from_rows(features, &points.values, labels).map(Some)
}

/// An array of numbers, row after row; none if the archive has none of this name.
pub(crate) fn numbers(
    archive: &mut Reading<'_>,
    file: &str,
    name: &str,
) -> Result<Option<NamedArray>, DataError> {
    let Some(bytes) = member(archive, file, name)? else { return Ok(None) };
    let array = Array::new(&bytes, file, format!("array {name}"))?;
    // Dates can be read as whole numbers, but mean something else.
    let Some(raw) = array.raw() else {
        let hint =
            "store numbers, not text, dates or objects; those of a dictionary with np.savez(file, **arrays)";
        return Err(array.refused("real numbers", hint));
    };
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
    Ok(Some(NamedArray::new(name, array.shape, values)))
}

/// The bytes of an array; none if the archive has none of this name.
pub(crate) fn member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    file: &str,
    name: &str,
) -> Result<Option<Vec<u8>>, DataError> {
    let damaged = |error: &dyn std::fmt::Display| {
        let hint = "the archive is damaged; write it again";
        DataError::format(file, format!("array {name}"), "a readable array", error.to_string(), hint)
    };
    let mut member = match archive.by_name(&format!("{name}.npy")) {
        Ok(member) => member.take(MAX_BYTES),
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(damaged(&error)),
    };
    // Reading to the end also compares the checksum of the archive.
    let mut bytes = Vec::new();
    member.read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
    Ok(Some(bytes))
}

/// An array larger than this is not a data set for a laptop, or the file is damaged.
const MAX_BYTES: u64 = 1 << 32;
