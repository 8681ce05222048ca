//! Lines of text: `name,row,column,value`, rows and columns counted from 0, in any order.

use std::collections::BTreeMap;

use super::NamedArray;
use super::written::{Written, rounding};
use crate::DataError;

/// Write a line for each number, with the fewest digits that read back the same.
///
/// ```
/// use nablab_data::named_arrays::{NamedArray, csv};
/// let text = csv::write(&[NamedArray::new("b1", [2, 1], [0.25, -2.0]), NamedArray::new("lambda", [], [0.7])]);
/// assert_eq!(text, b"name,row,column,value\nb1,0,0,0.25\nb1,1,0,-2\nlambda,0,0,0.7\n");
/// assert_eq!(csv::read(&text, "a.csv")?[0].shape, [2, 1]);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
pub fn write(arrays: &[NamedArray]) -> Vec<u8> {
    const IN_MEMORY: &str = "rows of one width, into memory";
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS).expect(IN_MEMORY);
    for array in arrays {
        // A flat array is a column, as in the formulas.
        let columns = if array.shape.len() < 2 { 1 } else { array.shape[1..].iter().product() };
        for (k, value) in array.values.iter().enumerate() {
            let [row, column, value] =
                [(k / columns).to_string(), (k % columns).to_string(), value.to_string()];
            out.write_record([&array.name, &row, &column, &value]).expect(IN_MEMORY);
        }
    }
    out.into_inner().expect(IN_MEMORY)
}

/// By row and column.
type Entries = BTreeMap<(usize, usize), Written>;

const COLUMNS: [&str; 4] = ["name", "row", "column", "value"];
const HINT: &str = "a line is name,row,column,value, such as dW1,0,2,0.125; rows and columns count from 0";

/// Read matrices; each is as large as its last row and column say. A row or column left out is 0.
///
/// # Errors
/// [`DataError::Format`] with the line for anything else: also for an entry that is there twice, or not at all.
pub fn read(bytes: &[u8], file: &str) -> Result<Vec<NamedArray>, DataError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let damaged =
        |error: csv::Error| DataError::format(file, "file", "lines of text", error.to_string(), HINT);
    let header = reader.headers().map_err(damaged)?.clone();
    let place = |name: &str| header.iter().position(|found| found.eq_ignore_ascii_case(name));
    let [Some(name), Some(row), Some(column), Some(value)] = COLUMNS.map(place) else {
        let got = header.iter().collect::<Vec<_>>().join(",");
        return Err(DataError::format(file, "line 1", COLUMNS.join(","), got, HINT));
    };
    let mut matrices: Vec<(String, Entries)> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(damaged)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let wrong = |column: &str, expected: &str, got: &str| {
            DataError::format(
                file,
                format!("line {line}, column {column}"),
                expected,
                format!("{got:?}"),
                HINT,
            )
        };
        let index = |which: &str, text: &str| match text {
            "" => Ok(0),
            text => text.parse::<usize>().map_err(|_| wrong(which, "a whole number from 0", text)),
        };
        let at = (index("row", cell(row))?, index("column", cell(column))?);
        let written =
            Written::parse(cell(value)).ok_or_else(|| wrong("value", "a finite number", cell(value)))?;
        let known = matrices.iter().position(|(known, _)| known == cell(name));
        let known = known.unwrap_or_else(|| {
            matrices.push((cell(name).to_owned(), BTreeMap::new()));
            matrices.len() - 1
        });
        if matrices[known].1.insert(at, written).is_some() {
            let got = format!("{} a second time", entry(cell(name), at));
            return Err(DataError::format(file, format!("line {line}"), "each entry once", got, HINT));
        }
    }
    matrices.into_iter().map(|(name, entries)| matrix(name, &entries, file)).collect()
}

fn entry(name: &str, (row, column): (usize, usize)) -> String {
    format!("{name}[{row}, {column}]")
}

fn matrix(name: String, entries: &Entries, file: &str) -> Result<NamedArray, DataError> {
    let end = |of: fn(&(usize, usize)) -> usize| entries.keys().map(of).max().unwrap_or(0).saturating_add(1);
    let (rows, columns) = (end(|at| at.0), end(|at| at.1));
    // Sorted, the entries stand row after row: the first that is not at its place is behind a gap.
    let gap = entries.keys().enumerate().find(|&(k, &at)| at != (k / columns, k % columns));
    if let Some((k, _)) = gap {
        let missing = entry(&name, (k / columns, k % columns));
        let (expected, got) = (format!("{missing} among {rows} rows of {columns}"), "no line for it");
        return Err(DataError::format(file, format!("matrix {name}"), expected, got, HINT));
    }
    if rows.checked_mul(columns) != Some(entries.len()) {
        let expected = format!("{rows} rows of {columns}");
        let got = format!("{} entries", entries.len());
        return Err(DataError::format(file, format!("matrix {name}"), expected, got, HINT));
    }
    let written: Vec<Written> = entries.values().copied().collect();
    let values = written.iter().map(|number| number.value()).collect();
    Ok(NamedArray { name, shape: vec![rows, columns], values, rounding: rounding(&written) })
}
