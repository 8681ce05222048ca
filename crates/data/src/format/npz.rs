//! NumPy's archive of arrays: `X` (examples, features) and `y` (examples,), as `np.savez(f, X=X, y=y)` writes.

use std::io::{Cursor, Read, Write};

use npyz::half::f16;
use npyz::{DType, NpyFile, TypeChar, WriterBuilder};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::format::label;
use crate::{DataError, Dataset, Parts};

/// Write `X` as float64 and `y` as int64; `np.load` reads it.
///
/// ```
/// use nablab_data::{Dataset, format::npz};
/// let set = Dataset::from_rows(2, &[0.1, -2.0, 3.0, 4.0], vec![1, 0])?;
/// assert_eq!(npz::read(&npz::write(&set), "a.npz")?.train, set);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
pub fn write(set: &Dataset) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_arrays(set, &mut bytes).expect("writing to memory does not fail");
    bytes
}

fn write_arrays(set: &Dataset, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    let mut archive = ZipWriter::new(Cursor::new(bytes));
    let (examples, features) = (set.examples() as u64, set.features() as u64);
    archive.start_file("X.npy", SimpleFileOptions::default())?;
    write_array(&mut archive, &[examples, features], set.rows().flatten())?;
    archive.start_file("y.npy", SimpleFileOptions::default())?;
    write_array(&mut archive, &[examples], set.labels().iter().map(|&label| i64::from(label)))?;
    archive.finish()?;
    Ok(())
}

fn write_array<T: npyz::AutoSerialize>(
    archive: &mut impl Write,
    shape: &[u64],
    values: impl Iterator<Item = T>,
) -> std::io::Result<()> {
    let mut array = npyz::WriteOptions::new().default_dtype().shape(shape).writer(archive).begin_nd()?;
    array.extend(values)?;
    array.finish()
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

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

const HINT: &str = "write it with np.savez(file, X=X, y=y)";

fn missing(archive: &Archive<'_>, file: &str, x: &str, y: &str) -> DataError {
    let names: Vec<_> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    DataError::format(file, "archive", format!("arrays {x} and {y}"), format!("{names:?}"), HINT)
}

/// `None` if neither of the two arrays is there.
fn read_set(archive: &mut Archive<'_>, file: &str, x: &str, y: &str) -> Result<Option<Dataset>, DataError> {
    let (points, labels) = match (numbers(archive, file, x)?, numbers(archive, file, y)?) {
        (Some(points), Some(labels)) => (points, labels),
        (None, None) => return Ok(None),
        _ => return Err(missing(archive, file, x, y)),
    };
    let fail = |array: &str, expected: String, shape: &[u64]| {
        let hint = "X is (examples, features), y is (examples,)";
        Err(DataError::format(file, format!("array {array}"), expected, format!("shape {shape:?}"), hint))
    };
    let &[examples, features] = points.shape.as_slice() else {
        return fail(x, "two dimensions".into(), &points.shape);
    };
    if examples == 0 || features == 0 {
        return fail(x, "at least one example and one feature".into(), &points.shape);
    }
    if labels.values.len() as u64 != examples {
        return fail(y, format!("{examples} labels"), &labels.shape);
    }
    if let Some(value) = points.values.iter().find(|v| !v.is_finite()) {
        let hint = "remove or fill missing values first";
        return Err(DataError::format(file, format!("array {x}"), "finite numbers", value.to_string(), hint));
    }
    let label_at = |(j, &value): (usize, &f64)| label(value, file, || format!("array {y}, element {j}"));
    let labels = labels.values.iter().enumerate().map(label_at).collect::<Result<_, _>>()?;
    Dataset::from_rows(features as usize, &points.values, labels).map(Some)
}

struct Numbers {
    shape: Vec<u64>,
    /// In row-major order.
    values: Vec<f64>,
}

fn numbers(archive: &mut Archive<'_>, file: &str, name: &str) -> Result<Option<Numbers>, DataError> {
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

    if brackets(&bytes) > MAX_BRACKETS {
        return Err(damaged(&"more brackets in its header than a table of numbers has"));
    }
    let array = NpyFile::new(&bytes[..]).map_err(|error| damaged(&error))?;
    let shape = array.shape().to_vec();
    // A damaged header can promise any size, and at least a byte is needed for each number.
    let count = shape.iter().try_fold(1_u64, |n, &d| n.checked_mul(d));
    if count.is_none_or(|count| count > bytes.len() as u64) {
        return Err(damaged(&format!("shape {shape:?} in {} bytes", bytes.len())));
    }
    let fortran = array.order() == npyz::Order::Fortran;
    let kind = array.dtype();
    let refused = || {
        let (place, got) = (format!("array {name}"), format!("type {}", kind.descr()));
        DataError::format(file, place, "real numbers", got, "store numbers, not text, dates or objects")
    };
    // Dates can be read as whole numbers, but mean something else.
    let is_number =
        |kind: TypeChar| matches!(kind, TypeChar::Bool | TypeChar::Int | TypeChar::Uint | TypeChar::Float);
    if !matches!(&kind, DType::Plain(kind) if is_number(kind.type_char())) {
        return Err(refused());
    }
    macro_rules! read_as {
        ($($t:ty: $to_f64:expr),*) => {{
            $(if let Ok(values) = NpyFile::new(&bytes[..]).map_err(|error| damaged(&error))?.data::<$t>() {
                let values = values.map(|v| v.map($to_f64)).collect::<Result<Vec<f64>, _>>();
                let values = values.map_err(|error| damaged(&error))?;
                return Ok(Some(arrange(shape, values, fortran)));
            })*
        }};
    }
    read_as!(
        f64: |v| v, f32: f64::from, f16: f64::from, bool: f64::from,
        i64: |v| v as f64, i32: f64::from, i16: f64::from, i8: f64::from,
        u64: |v| v as f64, u32: f64::from, u16: f64::from, u8: f64::from
    );
    Err(refused())
}

/// The header of a table of numbers has a bracket for all and one for the shape.
const MAX_BRACKETS: usize = 8;

/// Opening brackets in an array's header. Its parser takes twice as long for each one within another; that they nest need
/// not be known, and is easily hidden by brackets within quotes.
fn brackets(bytes: &[u8]) -> usize {
    // After the magic string: version, length of the header in two bytes or, from version 2 on, four.
    let (length, rest) = match *bytes {
        [_, _, _, _, _, _, 1, _, low, high, ref rest @ ..] => (u32::from_le_bytes([low, high, 0, 0]), rest),
        [_, _, _, _, _, _, _, _, a, b, c, d, ref rest @ ..] => (u32::from_le_bytes([a, b, c, d]), rest),
        _ => return 0,
    };
    rest.iter().take(length as usize).filter(|byte| b"[({".contains(byte)).count()
}

/// An array larger than this is not a data set for a laptop, or the file is damaged.
const MAX_BYTES: u64 = 1 << 32;

/// Column-major arrays turned row-major.
fn arrange(shape: Vec<u64>, values: Vec<f64>, fortran: bool) -> Numbers {
    let values = match shape.as_slice() {
        &[rows, cols] if fortran => {
            let (rows, cols) = (rows as usize, cols as usize);
            (0..rows)
                .flat_map(|i| (0..cols).map(move |j| (i, j)))
                .map(|(i, j)| values[j * rows + i])
                .collect()
        }
        _ => values,
    };
    Numbers { shape, values }
}
