//! Tables in text: comma-, semicolon- or tab-separated values (RFC 4180), with a line of names or without.
//!
//! The text is read twice, first to find out what the columns are, then to keep them: a column of numbers whose last value
//! turns out to be a word is a column of words, as they were written.

use std::collections::HashSet;

use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord, Trim};

use super::{Categories, Column, Table, Values};
use crate::DataError;
use crate::format::csv::damaged;

/// What stands for a missing value: what pandas takes for one, and the `?` of older collections.
const MISSING: &[&str] = &[
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "?",
];

const ENCODING: &str = "save the file with the encoding UTF-8";

/// Read a table.
///
/// Values are separated by whichever of comma, semicolon and tab the first line holds most of; quotes may surround
/// them; space around them does not count. The first line is names unless it is all numbers; columns without one are
/// called `column 1`, …. A column is of numbers if all its values are, of dates if all begin like `2026-11-24`, else of
/// categories.
///
/// ```
/// use nablab_data::table::{Values, csv};
/// let table = csv::read(b"size;colour\n1.5;red\nNA;\"deep; blue\"\n", "t.csv")?;
/// let [size, colour] = table.columns() else { panic!("two columns") };
/// assert_eq!((size.name.as_str(), size.values.missing()), ("size", 1));
/// let Values::Categories(colours) = &colour.values else { panic!("texts") };
/// assert_eq!(colours.texts().collect::<Vec<_>>(), [Some("red"), Some("deep; blue")]);
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Format`] with line and column: rows of another length, text that is not UTF-8, infinite numbers, two
/// columns of one name, no row at all.
pub fn read(bytes: &[u8], file: &str) -> Result<Table, DataError> {
    let text = Text::new(bytes, file);
    let names = text.names()?;
    let mut kinds = vec![Kind::default(); names.len()];
    let mut rows = 0;
    text.each_row(|_, row| {
        rows += 1;
        row.iter().zip(&mut kinds).for_each(|(value, kind)| kind.see(value));
        Ok(())
    })?;
    if rows == 0 {
        let place = if text.has_names { "line 2" } else { "line 1" };
        return Err(text.wrong(
            place,
            "a row of values",
            "the end of the file",
            "a table has at least one row",
        ));
    }
    let mut columns: Vec<_> = kinds.into_iter().map(|kind| Growing::new(kind, rows)).collect();
    text.each_row(|line, row| {
        for ((value, column), name) in row.iter().zip(&mut columns).zip(&names) {
            column.push(value).map_err(|got| {
                let hint = "a missing value is left empty; an infinite one cannot be learned from";
                text.wrong(&format!("line {line}, column {name}"), "a finite number", got, hint)
            })?;
        }
        Ok(())
    })?;
    let columns = names.into_iter().zip(columns);
    Ok(Table::new(columns.map(|(name, column)| Column { name, values: column.finish() }).collect(), rows))
}

/// The text of a file, and how it is cut.
struct Text<'a> {
    bytes: &'a [u8],
    file: &'a str,
    delimiter: u8,
    has_names: bool,
}

impl<'a> Text<'a> {
    fn new(bytes: &'a [u8], file: &'a str) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut text = Self { bytes, file, delimiter: delimiter(bytes), has_names: false };
        let mut first = StringRecord::new();
        let is_row = text.reader().read_record(&mut first).unwrap_or(false);
        text.has_names = is_row && !first.iter().all(|value| is_missing(value) || number(value).is_some());
        text
    }

    fn reader(&self) -> Reader<&'a [u8]> {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(self.has_names)
            .trim(Trim::All)
            .from_reader(self.bytes)
    }

    /// The names of the columns, made up where there are none.
    fn names(&self) -> Result<Vec<String>, DataError> {
        let mut reader = self.reader();
        // Without a line of names this is the first row, which tells how many columns there are.
        let first = reader.headers().map_err(|error| self.damaged(&error))?;
        let name = |(i, name): (usize, &str)| match self.has_names && !name.is_empty() {
            true => name.to_owned(),
            false => format!("column {}", i + 1),
        };
        let names: Vec<String> = first.iter().enumerate().map(name).collect();
        let mut seen = HashSet::new();
        match names.iter().find(|name| !seen.insert(*name)) {
            Some(twice) => {
                let got = format!("two named {twice}");
                Err(self.wrong("line 1", "another name for each column", &got, "rename one of them"))
            }
            None => Ok(names),
        }
    }

    /// Every row of values, with its line.
    fn each_row(
        &self,
        mut take: impl FnMut(u64, &StringRecord) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        // As bytes first: of text that is not UTF-8 the reader itself does not know the line.
        let (mut reader, mut bytes) = (self.reader(), ByteRecord::new());
        while reader.read_byte_record(&mut bytes).map_err(|error| self.damaged(&error))? {
            let line = bytes.position().map_or(0, csv::Position::line);
            let row = StringRecord::from_byte_record(bytes).map_err(|error| {
                let place = format!("line {line}, value {}", error.utf8_error().field() + 1);
                self.wrong(&place, "UTF-8 text", "other bytes", ENCODING)
            })?;
            take(line, &row)?;
            bytes = row.into_byte_record();
        }
        Ok(())
    }

    fn wrong(&self, place: &str, expected: &str, got: &str, hint: &str) -> DataError {
        DataError::format(self.file, place, expected, got, hint)
    }

    fn damaged(&self, error: &csv::Error) -> DataError {
        let hint = match error.kind() {
            csv::ErrorKind::UnequalLengths { .. } => {
                "every line has as many values as the first; a value that holds the separator needs quotes"
            }
            csv::ErrorKind::Utf8 { .. } => ENCODING,
            _ => "save the file as CSV",
        };
        damaged(error, self.file, hint)
    }
}

/// Whichever of comma, semicolon and tab the first line holds most of, outside quotes; comma where it holds none.
fn delimiter(bytes: &[u8]) -> u8 {
    let (mut counts, mut quoted) = ([(b',', 0), (b';', 0), (b'\t', 0)], false);
    for &byte in bytes {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(d, _)| *d == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    // Of equals, the first.
    counts.into_iter().rev().max_by_key(|&(_, count)| count).map_or(b',', |(delimiter, _)| delimiter)
}

fn is_missing(value: &str) -> bool {
    MISSING.contains(&value)
}

/// A number, infinite ones included; texts that stand for a missing value are none.
fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|v: &f64| !v.is_nan())
}

/// Begins with a day, as `2026-11-24`.
fn is_date(value: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| value.as_bytes()[range].iter().all(u8::is_ascii_digit);
    let is_day = value.len() >= 10
        && value.as_bytes()[4] == b'-'
        && value.as_bytes()[7] == b'-'
        && digits(0..4)
        && digits(5..7)
        && digits(8..10);
    is_day && value.as_bytes().get(10).is_none_or(|next| matches!(next, b'T' | b' '))
}

/// What the values of a column have all been so far.
#[derive(Clone, Copy)]
struct Kind {
    numbers: bool,
    dates: bool,
}

impl Default for Kind {
    fn default() -> Self {
        Self { numbers: true, dates: true }
    }
}

impl Kind {
    fn see(&mut self, value: &str) {
        if !is_missing(value) {
            self.numbers = self.numbers && number(value).is_some();
            self.dates = self.dates && is_date(value);
        }
    }
}

/// A column while it is read.
enum Growing {
    Numbers(Vec<f64>),
    Dates(Vec<Option<String>>),
    Categories(Categories),
}

impl Growing {
    fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            // Where every value is missing, too.
            Kind { numbers: true, .. } => Self::Numbers(Vec::with_capacity(rows)),
            Kind { dates: true, .. } => Self::Dates(Vec::with_capacity(rows)),
            _ => Self::Categories(Categories::with_capacity(rows)),
        }
    }

    /// The next value; an error with it if it is infinite.
    fn push<'v>(&mut self, value: &'v str) -> Result<(), &'v str> {
        let given = (!is_missing(value)).then_some(value);
        match self {
            Self::Numbers(numbers) => {
                let number = given.and_then(number).unwrap_or(f64::NAN);
                if number.is_infinite() {
                    return Err(value);
                }
                numbers.push(number);
            }
            Self::Dates(dates) => dates.push(given.map(str::to_owned)),
            Self::Categories(categories) => categories.push(given),
        }
        Ok(())
    }

    fn finish(self) -> Values {
        match self {
            Self::Numbers(numbers) => Values::Numbers(numbers),
            Self::Dates(dates) => Values::Dates(dates),
            Self::Categories(categories) => Values::Categories(categories.sorted()),
        }
    }
}
