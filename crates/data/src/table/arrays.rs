//! Tables from files of arrays: NumPy's, MATLAB's and MNIST's. A row of an array is an example.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::{Categories, Column, MAX_COLUMNS, Numbers, Table, Values};
use crate::DataError;
use crate::dataset_file::npy::Array;
use crate::dataset_file::raw::Raw;
use crate::dataset_file::{mat, npz};

/// The name of column `i` of the array that is `x`, `y` or other.
fn numbered(name: &str, i: usize) -> String {
    format!("{name}{i}")
}

/// Columns `name0`, `name1`, … of an array of that many rows.
pub(super) fn columns(
    name: &str,
    raw: Raw<'_>,
    shape: (usize, usize),
    fortran: bool,
    file: &str,
) -> Result<Vec<Column>, DataError> {
    let (rows, width) = shape;
    if width > MAX_COLUMNS {
        let (expected, hint) = (format!("at most {MAX_COLUMNS} columns"), "rows are examples");
        return Err(DataError::format(file, "array", expected, width.to_string(), hint));
    }
    let column = |i| {
        let numbers = match fortran {
            true => Numbers::of(raw.every(i * rows, 1).take(rows)),
            false => Numbers::of(raw.every(i, width).take(rows)),
        };
        Column { name: numbered(name, i), values: Values::Numbers(numbers) }
    };
    Ok((0..width).map(column).collect())
}

/// Rows, and the product of the other dimensions.
fn rows_of(shape: &[usize]) -> Option<(usize, usize)> {
    let (&rows, others) = shape.split_first()?;
    Some((rows, others.iter().try_fold(1_usize, |n, &d| n.checked_mul(d))?))
}

const NUMBERS_OR_TEXTS: &str = "store numbers or texts, not dates, records or objects";

/// The columns of an array of NumPy's. A picture or anything of three or more dimensions is laid out in one row; of these,
/// Fortran's order is not read.
fn array(name: &str, array: &Array<'_>, file: &str) -> Result<Vec<Column>, DataError> {
    let Some(shape) = rows_of(&array.shape) else {
        return Err(array.refused("at least one dimension", "rows are examples"));
    };
    if array.fortran && array.shape.len() > 2 {
        return Err(array.refused("C order", "write np.ascontiguousarray of it"));
    }
    match array.raw() {
        Some(raw) => columns(name, raw, shape, array.fortran, file),
        None if shape.1 == 1 => vector(name, array).map(|column| vec![column]),
        None => Err(array.refused("numbers, or one column of texts", NUMBERS_OR_TEXTS)),
    }
}

/// The column of an array of one dimension.
fn vector(name: &str, array: &Array<'_>) -> Result<Column, DataError> {
    let values = match (array.raw(), array.texts()) {
        (Some(raw), _) => Values::Numbers(Numbers::of(raw.every(0, 1))),
        (None, Some(texts)) => {
            Values::Categories(texts?.iter().map(|text| Some(text.as_str())).collect::<Categories>())
        }
        (None, None) => return Err(array.refused("numbers or texts", NUMBERS_OR_TEXTS)),
    };
    Ok(Column { name: name.to_owned(), values })
}

/// The columns of the labels: `y`, or `y0`, `y1`, … where there are several.
fn labels(mut columns: Vec<Column>) -> Vec<Column> {
    if let [column] = &mut columns[..] {
        column.name = "y".to_owned();
    }
    columns
}

/// An array of NumPy's: columns `x0`, `x1`, ….
pub(crate) fn read_npy(bytes: &[u8], file: &str) -> Result<Table, DataError> {
    let mut columns = array("x", &Array::new(bytes, file, "array".to_owned())?, file)?;
    if let [column] = &mut columns[..] {
        column.name = numbered("x", 0);
    }
    Table::new(columns, file)
}

/// NumPy's archive: columns `x0`, `x1`, … of `X` and `y` of `y`, else a column for each array.
pub(crate) fn read_npz(source: impl Read + Seek, file: &str) -> Result<Table, DataError> {
    let hint = "write it with np.savez(file, X=X, y=y)";
    let mut archive = ZipArchive::new(source)
        .map_err(|error| DataError::format(file, "file", "a NumPy .npz archive", error.to_string(), hint))?;
    if let Some(bytes) = npz::member(&mut archive, file, "X")? {
        let mut columns = array("x", &Array::new(&bytes, file, "array X".to_owned())?, file)?;
        drop(bytes);
        if let Some(bytes) = npz::member(&mut archive, file, "y")? {
            columns.extend(labels(array("y", &Array::new(&bytes, file, "array y".to_owned())?, file)?));
        }
        return Table::new(columns, file);
    }
    let names: Vec<_> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let mut columns = Vec::new();
    for name in names.iter().filter_map(|name| name.strip_suffix(".npy")) {
        let Some(bytes) = npz::member(&mut archive, file, name)? else { continue };
        let array = Array::new(&bytes, file, format!("array {name}"))?;
        if array.shape.len() != 1 {
            let hint = "name the examples X and the labels y, or store each column by itself";
            return Err(array.refused("one dimension", hint));
        }
        columns.push(vector(name, &array)?);
    }
    Table::new(columns, file)
}

/// MATLAB's variables: columns `x0`, `x1`, … of `X` and `y` of `y`, else a column for each vector.
pub(crate) fn read_mat(bytes: &[u8], file: &str) -> Result<Table, DataError> {
    let variables = mat::variables(bytes, file)?;
    let refused = |variable: &mat::Variable, expected: &str| {
        let kind = if variable.values.is_some() { "numbers" } else { "no real numbers" };
        let (place, got) =
            (format!("variable {}", variable.name), format!("{kind}, shape {:?}", variable.dims));
        let hint = "name the examples X and the labels y, or store each column by itself; rows are examples";
        DataError::format(file, place, expected, got, hint)
    };
    let named = |name: &str| variables.iter().find(|variable| variable.name == name);
    // A vector that lies is one, too: so Python writes what has one dimension.
    let split = |variable: &mat::Variable, name: &str| match (&variable.values, &variable.dims[..]) {
        (Some(values), &[1, _] | &[_, 1]) => {
            let values = Values::Numbers(Numbers::of(values.iter().copied()));
            Ok(vec![Column { name: numbered(name, 0), values }])
        }
        (Some(values), &[rows, width]) if rows > 0 && width <= MAX_COLUMNS => {
            let column = |(i, values): (usize, &[f64])| {
                let values = Values::Numbers(Numbers::of(values.iter().copied()));
                Column { name: numbered(name, i), values }
            };
            Ok(values.chunks(rows).enumerate().map(column).collect())
        }
        _ => Err(refused(variable, "real numbers in two dimensions")),
    };
    let mut columns = Vec::new();
    if let Some(x) = named("X") {
        // One example of several features is no vector.
        columns = match (&x.values, &x.dims[..]) {
            (Some(values), &[1, width]) if width > 1 => {
                let column = |(i, &value)| Column {
                    name: numbered("x", i),
                    values: Values::Numbers([value].into_iter().collect()),
                };
                values.iter().enumerate().take(MAX_COLUMNS + 1).map(column).collect()
            }
            _ => split(x, "x")?,
        };
        if let Some(y) = named("y") {
            columns.extend(labels(split(y, "y")?));
        }
        return Table::new(columns, file);
    }
    for variable in &variables {
        match (&variable.values, &variable.dims[..]) {
            (Some(values), &[1, _] | &[_, 1]) => {
                let values = Values::Numbers(Numbers::of(values.iter().copied()));
                columns.push(Column { name: variable.name.clone(), values });
            }
            _ => return Err(refused(variable, "a vector of real numbers")),
        }
    }
    Table::new(columns, file)
}
