//! Comma-separated values: a header `x1,x2,…,label`, then one line per example.

use crate::dataset_file::label;
use crate::{DataError, Dataset};

/// Write a header and one line per example, numbers with the fewest digits that read back the same.
///
/// ```
/// use nablab_data::{Dataset, dataset_file::csv};
/// let set = Dataset::from_rows(2, &[0.1, -2.0], vec![1])?;
/// assert_eq!(csv::write(&set), b"x1,x2,label\n0.1,-2,1\n");
/// assert_eq!(csv::read(&csv::write(&set), "a.csv")?, set);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
pub fn write(set: &Dataset) -> Vec<u8> {
    let mut out = String::new();
    for i in 1..=set.features() {
        out += &format!("x{i},");
    }
    out += "label\n";
    for (row, label) in set.rows().zip(set.labels()) {
        for value in row {
            out += &format!("{value},");
        }
        out += &format!("{label}\n");
    }
    out.into_bytes()
}

/// Read what [`write`](fn@write) writes: a header, numbers, and the label in the column named `label`, `y` or, failing
/// that, the last.
///
/// # Errors
/// [`DataError::Format`] with line and column for anything else.
pub fn read(bytes: &[u8], file: &str) -> Result<Dataset, DataError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let damaged = |error: csv::Error| damaged(&error, file, HINT);
    let header = reader.headers().map_err(damaged)?.clone();
    if header.len() < 2 {
        let got = format!("{} column(s)", header.len());
        return Err(DataError::format(file, "line 1", "at least one feature and a label", got, HINT));
    }
    if header.iter().all(|name| name.parse::<f64>().is_ok()) {
        let hint = "add a first line such as x1,x2,label";
        return Err(DataError::format(file, "line 1", "the names of the columns", "numbers", hint));
    }
    let label_column = label_column(&header, file)?;

    let (mut rows, mut labels) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(damaged)?;
        let line = record.position().map_or(0, csv::Position::line);
        for (column, text) in record.iter().enumerate() {
            let place = || format!("line {line}, column {}", &header[column]);
            let value: f64 = text.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| {
                DataError::format(file, place(), "a finite number", format!("{text:?}"), HINT)
            })?;
            if column == label_column {
                labels.push(label(value, file, place)?);
            } else {
                rows.push(value);
            }
        }
    }
    if labels.is_empty() {
        return Err(DataError::format(file, "line 2", "an example", "the end of the file", HINT));
    }
    Dataset::from_rows(header.len() - 1, &rows, labels)
}

/// What the reader says of damaged text, in our words.
pub(crate) fn damaged(error: &csv::Error, file: &str, hint: &str) -> DataError {
    let line = error.position().map_or_else(|| "file".to_owned(), |p| format!("line {}", p.line()));
    let (expected, got) = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            (format!("{expected_len} values"), len.to_string())
        }
        csv::ErrorKind::Utf8 { .. } => ("UTF-8 text".to_owned(), "other bytes".to_owned()),
        _ => ("comma-separated text".to_owned(), error.to_string()),
    };
    DataError::format(file, line, expected, got, hint)
}

/// The column named `label`, `y` or, failing that, the last.
fn label_column(header: &csv::StringRecord, file: &str) -> Result<usize, DataError> {
    for wanted in ["label", "y"] {
        let named: Vec<_> = (0..header.len()).filter(|&i| header[i].eq_ignore_ascii_case(wanted)).collect();
        match named[..] {
            [] => {}
            [column] => return Ok(column),
            _ => {
                let (expected, got) =
                    (format!("one column {wanted}"), format!("{} of that name", named.len()));
                let hint = "rename or remove the others";
                return Err(DataError::format(file, "line 1", expected, got, hint));
            }
        }
    }
    Ok(header.len() - 1)
}

const HINT: &str = "a data file has a line of names, then numbers, the label last or in a column named label";
