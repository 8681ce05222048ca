//! Tables in text: comma-, semicolon- or tab-separated values (RFC 4180), with a line of names or without.
//!
//! The text is read twice, first to find out what the columns are, then to keep them: a column of numbers whose last value
//! turns out to be a word is a column of words, as they were written; and each column is made once, in its final size.

use std::collections::HashSet;
use std::io::{Cursor, Read, Seek};

use super::categories::Collected;
use super::fields::Field;
use super::numbers::Seen;
use super::rows::{Row, Rows};
use super::source::{Again, Progress, Watched, unreadable};
use super::{Column, MAX_COLUMNS, Numbers, Reading, Table, Values};
use crate::DataError;

/// What stands for a missing value: what pandas takes for one, and the `?` of older collections.
pub const MISSING: &[&str] = &[
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "?",
];

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
    read_from(Cursor::new(bytes), file, &Reading::default(), &mut |_, _| ())
}

/// Read a table from a stream, of which only pieces are in memory at a time.
///
/// ```
/// use std::io::Cursor;
/// use nablab_data::table::{Reading, csv};
/// let mut last = (0, 0);
/// let (source, reading) = (Cursor::new("a,b\n1,2\n"), Reading::default());
/// let table = csv::read_from(source, "t.csv", &reading, &mut |read, total| last = (read, total))?;
/// assert_eq!((table.rows(), last), (1, (16, 16)), "8 bytes, read twice");
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// As [`read`], and [`DataError::Read`] if the stream cannot be read.
pub fn read_from(
    source: impl Read + Seek,
    file: &str,
    reading: &Reading,
    progress: &mut Progress<'_>,
) -> Result<Table, DataError> {
    let mut source = Watched::new(source, 2, progress).map_err(|error| unreadable(error, file))?;
    read_twice(&mut source, file, None, reading)
}

/// Read a table whose values are separated by `delimiter` or, without one, by what the first line suggests.
pub(crate) fn read_twice(
    source: &mut dyn Again,
    file: &str,
    delimiter: Option<u8>,
    reading: &Reading,
) -> Result<Table, DataError> {
    let mut text = Rows::new(source, file, delimiter)?;
    let (names, has_names) = names(&mut text, file)?;
    let mut kinds = vec![Kind::default(); names.len()];
    let mut rows = 0;
    each_row(&mut text, has_names, |row| {
        rows += 1;
        see(row, &mut kinds, file)
    })?;
    if rows == 0 {
        let place = if has_names { "line 2" } else { "line 1" };
        let hint = "a table has at least one row";
        return Err(DataError::format(file, place, "a row of values", "the end of the file", hint));
    }
    let sum = text.checksum();
    let mut text = text.again()?;
    let column = |(kind, name): (Kind, &String)| Growing::new(kind, rows, reading.written.contains(name));
    let mut columns: Vec<_> = kinds.into_iter().zip(&names).map(column).collect();
    each_row(&mut text, has_names, |row| {
        let line = row.line;
        for ((field, column), name) in row.fields.zip(&mut columns).zip(&names) {
            column.push(field).map_err(|got| {
                let (place, got) = (format!("line {line}, column {name}"), String::from_utf8_lossy(got));
                let hint = "a missing value is left empty; an infinite one cannot be learned from";
                DataError::format(file, place, "a finite number", got, hint)
            })?;
        }
        Ok(())
    })?;
    if text.checksum() != sum {
        let (got, hint) = ("another one the second time", "wait until nobody writes to the file");
        return Err(DataError::format(file, "file", "the same text in both readings", got, hint));
    }
    let column = |(name, column): (String, Growing)| Column { name, values: column.finish() };
    Table::new(names.into_iter().zip(columns).map(column).collect(), file)
}

/// The names of the columns, made up where there are none, and whether the first line held them.
fn names(text: &mut Rows<'_>, file: &str) -> Result<(Vec<String>, bool), DataError> {
    let Some(first) = text.first()? else { return Ok((Vec::new(), false)) };
    let (line, mut given) = (first.line, Vec::new());
    // A file of few bytes can be unpacked to a line of any number of names.
    for (i, field) in first.fields.enumerate().take(MAX_COLUMNS + 1) {
        given.push(utf8(field.text).ok_or_else(|| not_utf8(file, line, i))?.to_owned());
    }
    if given.len() > MAX_COLUMNS {
        let (expected, hint) =
            (format!("at most {MAX_COLUMNS} columns"), "is this a table of separated values?");
        return Err(DataError::format(file, "line 1", expected, "more", hint));
    }
    let has_names = !given.iter().all(|value| is_missing(value.as_bytes()) || number(value).is_some());
    let name = |(i, name): (usize, String)| match has_names && !name.is_empty() {
        true => name,
        false => format!("column {}", i + 1),
    };
    let names: Vec<String> = given.into_iter().enumerate().map(name).collect();
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(*name)) {
        Some(twice) => {
            let (expected, got) = ("another name for each column", format!("two named {twice}"));
            Err(DataError::format(file, "line 1", expected, got, "rename one of them"))
        }
        None => Ok((names, has_names)),
    }
}

/// Every row of values.
fn each_row(
    text: &mut Rows<'_>,
    has_names: bool,
    mut take: impl FnMut(Row<'_>) -> Result<(), DataError>,
) -> Result<(), DataError> {
    if has_names {
        text.next()?;
    }
    while let Some(row) = text.next()? {
        take(row)?;
    }
    Ok(())
}

/// Learn from a row what kinds its columns are of.
fn see(row: Row<'_>, kinds: &mut [Kind], file: &str) -> Result<(), DataError> {
    let (line, expected, mut fields, mut count) = (row.line, kinds.len(), row.fields, 0);
    // The kinds first: a zip asks its second side only if its first has one.
    for (kind, field) in kinds.iter_mut().zip(&mut fields) {
        kind.see(field).ok_or_else(|| not_utf8(file, line, count))?;
        count += 1;
    }
    count += fields.count();
    if count == expected {
        return Ok(());
    }
    let hint = "every line has as many values as the first; a value that holds the separator needs quotes";
    let (place, expected) = (format!("line {line}"), format!("{expected} values"));
    Err(DataError::format(file, place, expected, count.to_string(), hint))
}

fn not_utf8(file: &str, line: u64, value: usize) -> DataError {
    let place = format!("line {line}, value {}", value + 1);
    DataError::format(file, place, "UTF-8 text", "other bytes", "save the file with the encoding UTF-8")
}

fn utf8(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text).ok()
}

fn is_missing(value: &[u8]) -> bool {
    const LONGEST: usize = 8;
    value.len() <= LONGEST && MISSING.iter().any(|missing| missing.as_bytes() == value)
}

/// A number, infinite ones included; texts that stand for a missing value are none.
pub(super) fn number(value: &str) -> Option<f64> {
    value.parse().ok().filter(|v: &f64| !v.is_nan())
}

/// Begins with a day, as `2026-11-24`.
fn is_date(value: &[u8]) -> bool {
    let digits = |range: std::ops::Range<usize>| value[range].iter().all(u8::is_ascii_digit);
    let is_day = value.len() >= 10
        && value[4] == b'-'
        && value[7] == b'-'
        && digits(0..4)
        && digits(5..7)
        && digits(8..10);
    is_day && value.get(10).is_none_or(|next| matches!(next, b'T' | b' '))
}

/// What the values of a column have all been so far.
#[derive(Clone, Copy)]
struct Kind {
    numbers: bool,
    dates: bool,
    seen: Seen,
}

impl Default for Kind {
    fn default() -> Self {
        Self { numbers: true, dates: true, seen: Seen::default() }
    }
}

impl Kind {
    /// Another value; none if it is not UTF-8.
    #[inline]
    fn see(&mut self, field: Field<'_>) -> Option<()> {
        match field.decimal {
            Some(decimal) => {
                self.dates = false;
                self.seen.see(decimal);
                Some(())
            }
            None => self.see_text(field.text),
        }
    }

    fn see_text(&mut self, text: &[u8]) -> Option<()> {
        if is_missing(text) {
            self.seen.see(f64::NAN);
            return Some(());
        }
        let value = utf8(text)?;
        if self.numbers {
            match number(value) {
                Some(number) => self.seen.see(number),
                None => self.numbers = false,
            }
        }
        self.dates = self.dates && is_date(text);
        Some(())
    }
}

/// A column while it is read.
enum Growing {
    Numbers(Numbers),
    /// Numbers that are names, with their texts.
    Written(Box<(Numbers, Collected)>),
    /// Boxed: the columns of one row should fit into the nearest cache.
    Dates(Box<Collected>),
    Categories(Box<Collected>),
}

impl Growing {
    fn new(kind: Kind, rows: usize, written: bool) -> Self {
        match kind {
            Kind { numbers: true, seen, .. } if written => {
                Self::Written(Box::new((Numbers::with_capacity(seen, rows), Collected::with_capacity(rows))))
            }
            // Where every value is missing, too.
            Kind { numbers: true, seen, .. } => Self::Numbers(Numbers::with_capacity(seen, rows)),
            Kind { dates: true, .. } => Self::Dates(Box::new(Collected::with_capacity(rows))),
            _ => Self::Categories(Box::new(Collected::with_capacity(rows))),
        }
    }

    /// The next value; an error with it if it is infinite.
    #[inline]
    fn push<'v>(&mut self, field: Field<'v>) -> Result<(), &'v [u8]> {
        match (self, field.decimal) {
            (Self::Numbers(numbers), Some(decimal)) => numbers.push(decimal),
            (column, _) => return column.push_text(field.text),
        }
        Ok(())
    }

    fn push_text<'v>(&mut self, text: &'v [u8]) -> Result<(), &'v [u8]> {
        let given = utf8(text).filter(|_| !is_missing(text));
        match self {
            Self::Numbers(numbers) => numbers.push(finite(given).ok_or(text)?),
            Self::Written(written) => {
                written.0.push(finite(given).ok_or(text)?);
                written.1.push(given);
            }
            Self::Dates(texts) | Self::Categories(texts) => texts.push(given),
        }
        Ok(())
    }

    fn finish(self) -> Values {
        match self {
            Self::Numbers(numbers) => Values::Numbers(numbers),
            Self::Written(written) => {
                let (numbers, texts) = *written;
                Values::Numbers(numbers.with_texts(texts.sorted()))
            }
            Self::Dates(dates) => Values::Dates(dates.sorted()),
            Self::Categories(categories) => Values::Categories(categories.sorted()),
        }
    }
}

/// The number of a column of numbers, not-a-number where none is given; none if it is infinite.
fn finite(given: Option<&str>) -> Option<f64> {
    Some(given.and_then(number).unwrap_or(f64::NAN)).filter(|v| !v.is_infinite())
}
