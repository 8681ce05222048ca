//! MATLAB level 5 files: numeric arrays, plain or compressed; the format of the course's data file.
//!
//! Our own reader, because a damaged file must be refused with its place: the readers there are skip what they
//! do not understand, or print. Layout as in MathWorks' "MAT-File Format": a header of 128 bytes, then
//! elements of a tag (type, size) and a payload. Structs, cells, text and complex arrays are refused by name
//! when asked for, and passed over otherwise.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::dataset_file::label;
use crate::dataset_file::raw::{Kind, Raw};
use crate::{DataError, Dataset, Parts};

/// A numeric array, stored column after column.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Name of the variable.
    pub name: String,
    /// Size in each dimension, at least two.
    pub dims: Vec<usize>,
    /// The numbers; `None` if the variable is no real numeric array.
    pub values: Option<Vec<f64>>,
}

const HEADER: usize = 128;
const COMPRESSED: u32 = 15;
const MATRIX: u32 = 14;
/// A variable larger than this is not a data set for a laptop, or the file is damaged.
const MAX_INFLATED: u64 = 1 << 30;

/// Read the course's file: `X` (m, 2) and `y` (m, 1) to train on, `Xval` and `yval` to test on.
///
/// # Errors
/// [`DataError::Format`] with the byte or the variable for anything else.
pub fn read(bytes: &[u8], file: &str) -> Result<Parts, DataError> {
    let variables = variables(bytes, file)?;
    let train = set(&variables, file, "X", "y")?;
    let test = set(&variables, file, "Xval", "yval")?;
    Ok(Parts { train, test: Some(test) })
}

/// All variables of a file.
///
/// # Errors
/// [`DataError::Format`] with the byte where the file stops making sense.
pub fn variables(bytes: &[u8], file: &str) -> Result<Vec<Variable>, DataError> {
    let header = bytes.get(..HEADER).ok_or_else(|| {
        let got = format!("{} bytes", bytes.len());
        DataError::format(file, "header", "128 bytes", got, "is this a MATLAB file, and whole?")
    })?;
    let (version, little) = match &header[124..128] {
        [low, high, b'I', b'M'] => (u16::from_le_bytes([*low, *high]), true),
        [high, low, b'M', b'I'] => (u16::from_be_bytes([*high, *low]), false),
        other => {
            let hint = "save it in MATLAB with save('data.mat', '-v7')";
            return Err(DataError::format(
                file,
                "byte 126",
                "the mark of a MATLAB 5 file",
                format!("{other:?}"),
                hint,
            ));
        }
    };
    if version != 0x0100 {
        let hint = "version 7.3 files are HDF5: save with '-v7' instead";
        return Err(DataError::format(file, "byte 124", "version 0x0100", format!("{version:#06x}"), hint));
    }
    let mut cursor = Cursor { bytes, at: HEADER, little, file, inside: None };
    let mut variables = Vec::new();
    while cursor.at < bytes.len() {
        let start = cursor.at;
        let (kind, payload) = cursor.element(false)?;
        match kind {
            COMPRESSED => {
                let inflated = inflate(payload, file, start)?;
                let mut inner = Cursor { bytes: &inflated, at: 0, little, file, inside: Some(start) };
                let (kind, payload) = inner.element(false)?;
                if kind != MATRIX {
                    return inner.fail("a variable", format!("an element of type {kind}"));
                }
                variables.push(inner.within(payload).matrix()?);
                inner.end()?;
            }
            MATRIX => variables.push(cursor.within(payload).matrix()?),
            // Only damage and foreign bytes after the last variable look like this.
            _ => {
                cursor.at = start;
                return cursor.fail("a variable or the end", format!("an element of type {kind}"));
            }
        }
    }
    Ok(variables)
}

fn inflate(payload: &[u8], file: &str, start: usize) -> Result<Vec<u8>, DataError> {
    let damaged = |got: String| {
        let hint = "the file is damaged; fetch or save it again";
        DataError::format(file, format!("byte {start}"), "whole compressed data", got, hint)
    };
    let mut inflated = Vec::new();
    let mut decoder = ZlibDecoder::new(payload).take(MAX_INFLATED);
    // Reading to the end also compares the checksum.
    decoder.read_to_end(&mut inflated).map_err(|error| damaged(error.to_string()))?;
    let used = decoder.get_ref().total_in();
    if decoder.limit() == 0 || used != payload.len() as u64 {
        return Err(damaged(format!("{used} of {} bytes in use", payload.len())));
    }
    Ok(inflated)
}

/// Reads elements from a run of bytes.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    little: bool,
    file: &'a str,
    /// Byte of the element this run was inflated from or lies in.
    inside: Option<usize>,
}

impl<'a> Cursor<'a> {
    fn within(&self, payload: &'a [u8]) -> Cursor<'a> {
        let inside = self.inside.or(Some(self.at));
        Cursor { bytes: payload, at: 0, little: self.little, file: self.file, inside }
    }

    fn fail<T>(&self, expected: &str, got: impl Into<String>) -> Result<T, DataError> {
        let place = match self.inside {
            Some(outer) => format!("element at byte {outer}, offset {}", self.at),
            None => format!("byte {}", self.at),
        };
        Err(DataError::format(self.file, place, expected, got, "the file is damaged; fetch or save it again"))
    }

    fn end(&self) -> Result<(), DataError> {
        match self.bytes.len() - self.at {
            0 => Ok(()),
            more => self.fail("the end of the variable", format!("{more} more bytes")),
        }
    }

    fn word(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at + 4)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// Type and payload of the next element. Inside a matrix elements are padded to 8 bytes.
    fn element(&mut self, padded: bool) -> Result<(u32, &'a [u8]), DataError> {
        let (Some(first), Some(second)) = (self.word(self.at), self.word(self.at + 4)) else {
            return self.fail("a tag of 8 bytes", format!("{} bytes", self.bytes.len() - self.at));
        };
        // A small element keeps its size in the upper half of the type, and up to 4 bytes in the tag.
        let (kind, size, start) = match first >> 16 {
            0 => (first, second as usize, self.at + 8),
            small => (first & 0xffff, small as usize, self.at + 4),
        };
        let end = if first >> 16 == 0 { start.saturating_add(size) } else { start + 4 };
        if first >> 16 != 0 && size > 4 {
            return self.fail("a small element of at most 4 bytes", format!("{size}"));
        }
        let Some(payload) = start.checked_add(size).and_then(|stop| self.bytes.get(start..stop)) else {
            return self.fail("the whole element", format!("{size} bytes announced, the data ends before"));
        };
        self.at = if padded { end.next_multiple_of(8).min(self.bytes.len()) } else { end };
        Ok((kind, payload))
    }

    /// The parts of a matrix: flags, dimensions, name, numbers.
    fn matrix(mut self) -> Result<Variable, DataError> {
        let (kind, flags) = self.element(true)?;
        let (6, Some(&flags)) = (kind, flags.first_chunk::<4>()) else {
            return self.fail("array flags", format!("an element of type {kind}"));
        };
        let flags = if self.little { u32::from_le_bytes(flags) } else { u32::from_be_bytes(flags) };
        let (class, complex) = (flags & 0xff, flags & 0x0800 != 0);

        let (kind, payload) = self.element(true)?;
        if kind != 5 || payload.len() < 8 || payload.len() % 4 != 0 {
            return self.fail("dimensions", format!("an element of type {kind}"));
        }
        let dims = numbers(5, payload, self.little).unwrap_or_default();
        let dims: Vec<usize> = dims.into_iter().filter(|d| *d >= 0.0).map(|d| d as usize).collect();
        if dims.len() * 4 != payload.len() {
            return self.fail("dimensions of 0 or more", "a negative one");
        }

        let (kind, name) = self.element(true)?;
        if kind != 1 {
            return self.fail("the name", format!("an element of type {kind}"));
        }
        let Some(name) = std::str::from_utf8(name).ok().filter(|name| name.is_ascii()) else {
            return self.fail("a name in ASCII", format!("{name:?}"));
        };
        let name = name.to_owned();

        // Classes 6 to 15 are the real numeric arrays; 1 to 5 cells, structs, objects, text, sparse.
        if !(6..=15).contains(&class) || complex {
            return Ok(Variable { name, dims, values: None });
        }
        let (kind, payload) = self.element(true)?;
        let Some(values) = numbers(kind, payload, self.little) else {
            return self.fail("numbers", format!("an element of type {kind} and {} bytes", payload.len()));
        };
        let count = dims.iter().try_fold(1_usize, |n, &d| n.checked_mul(d));
        if count != Some(values.len()) {
            return self.fail(&format!("{name} of shape {dims:?}"), format!("{} numbers", values.len()));
        }
        self.end()?;
        Ok(Variable { name, dims, values: Some(values) })
    }
}

/// Numbers of a MATLAB storage type.
fn numbers(kind: u32, bytes: &[u8], little: bool) -> Option<Vec<f64>> {
    let kind = match kind {
        1 => Kind::I8,
        2 => Kind::U8,
        3 => Kind::I16,
        4 => Kind::U16,
        5 => Kind::I32,
        6 => Kind::U32,
        7 => Kind::F32,
        9 => Kind::F64,
        12 => Kind::I64,
        13 => Kind::U64,
        _ => return None,
    };
    let whole = bytes.len().is_multiple_of(kind.size());
    whole.then(|| Raw { kind, little, bytes }.every(0, 1).collect())
}

/// A set from variables `x` (m, features) and `y` (m, 1).
fn set(variables: &[Variable], file: &str, x: &str, y: &str) -> Result<Dataset, DataError> {
    let array = |wanted: &str| {
        let hint = "the course's file has X, y, Xval and yval; a missing one may mean a file cut short";
        let mut named = variables.iter().filter(|v| v.name == wanted);
        let found = named.next().ok_or_else(|| {
            let names: Vec<_> = variables.iter().map(|v| v.name.as_str()).collect();
            DataError::format(file, "variables", wanted, format!("{names:?}"), hint)
        })?;
        if named.next().is_some() {
            let hint = "save the file again, with each variable once";
            return Err(DataError::format(file, "variables", format!("one {wanted}"), "several", hint));
        }
        let values = found.values.as_ref().ok_or_else(|| {
            DataError::format(
                file,
                format!("variable {wanted}"),
                "a real numeric array",
                "another kind",
                hint,
            )
        })?;
        Ok::<_, DataError>((found.dims.as_slice(), values))
    };
    let ((x_dims, points), (y_dims, labels)) = (array(x)?, array(y)?);
    let &[examples, features] = x_dims else {
        let (got, hint) = (format!("shape {x_dims:?}"), "rows are examples, columns are features");
        return Err(DataError::format(file, format!("variable {x}"), "two dimensions", got, hint));
    };
    if labels.len() != examples || examples == 0 || features == 0 {
        let expected = format!("{x} (m, features) and {y} (m, 1)");
        let got = format!("{x} {x_dims:?}, {y} {y_dims:?}");
        return Err(DataError::format(
            file,
            format!("variables {x}, {y}"),
            expected,
            got,
            "rows are examples",
        ));
    }
    if let Some((at, value)) = points.iter().enumerate().find(|(_, v)| !v.is_finite()) {
        let place = format!("variable {x}, row {}, column {}", at % examples + 1, at / examples + 1);
        let hint = "remove or fill missing values first";
        return Err(DataError::format(file, place, "a finite number", value.to_string(), hint));
    }
    let label_at = |(j, &value): (usize, &f64)| label(value, file, || format!("variable {y}, row {}", j + 1));
    let labels = labels.iter().enumerate().map(label_at).collect::<Result<_, _>>()?;
    // Stored column after column: the row of example j holds every `examples`-th number.
    let rows: Vec<f64> =
        (0..examples).flat_map(|j| points.iter().skip(j).step_by(examples).copied()).collect();
    Dataset::from_rows(features, &rows, labels)
}
