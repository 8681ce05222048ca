//! Tables in text: comma-, semicolon- or tab-separated values (RFC 4180), with a line of names or without.
//!
//! What the columns are is known at the end of the text: a column of numbers whose last value turns out to be a word is a column
//! of words, as they were written. So each is kept as what its first rows look like, and where one of them turns out to be
//! something else the text is read a second time.

use std::collections::HashSet;
use std::io::{Cursor, Read, Seek};

use super::decoded::Decoded;
use super::growing::{Growing, Plan, Points};
use super::guess::Guess;
use super::kind::{Kind, Rules, Verdict};
use super::note::Note;
use super::numeral::{Numeral, number};
use super::rows::{Known, Row, Rows};
use super::source::{Again, Progress, Watched, unreadable};
pub use super::words::MISSING;
use super::{Column, Decimal, Kept, MAX_COLUMNS, Reading, Separator, Table, Values, header};
use crate::DataError;

/// Read a table.
///
/// Values are separated by a comma, semicolon, tab, bar or blanks, whichever gives every row the same number of values; quotes
/// may surround them; space around them does not count. Whether the first line is names is judged by the rows behind it;
/// columns without one are called `column 1`, …. A column is of numbers if all its values are, apart from at most one in
/// fifty; of dates if all begin like `2026-11-24`; else of categories. Numbers may have decimal commas, marks between
/// thousands, signs of money or per cent. What might have been meant otherwise is in [`Table::notes`].
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
/// assert_eq!((table.rows(), last), (1, (8, 8)));
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
    let mut source = Watched::new(source, progress).map_err(|error| unreadable(error, file))?;
    read_text(&mut source, file, None, reading)
}

/// Read a table whose values are separated by `separator` or, without one, by what the first lines suggest.
pub(crate) fn read_text(
    source: &mut dyn Again,
    file: &str,
    separator: Option<Separator>,
    reading: &Reading,
) -> Result<Table, DataError> {
    let (dialect, rules) = (&reading.dialect, Rules::new(reading));
    let mut source = Decoded::new(source, dialect.encoding);
    let earlier = reading.kept.as_ref().and_then(|kept| kept.separator);
    let known = Known { separator: dialect.separator.or(separator), earlier, skip_lines: dialect.skip_lines };
    let mut text = Rows::new(&mut source, file, known)?;
    let separator = text.separator();
    let Names { names, header, note, rows: first_rows } = Names::of(&mut text, reading, file)?;
    let mut notes: Vec<Note> = note.into_iter().collect();
    if known.separator.is_none() && matches!(separator, Separator::Blanks | Separator::Byte(b'|')) {
        notes.push(Note::Separator(separator));
    }
    let mut kinds: Vec<_> = names.iter().map(|name| Kind::new(reading.targets.contains(name))).collect();
    let mut guesses = guesses(&first_rows, (&names, &kinds), &rules);
    drop(first_rows);
    let mut rows = 0;
    each_row(&mut text, header, |row| {
        rows += 1;
        see(row, rows, &mut kinds, &mut guesses, &rules, file)
    })?;
    if rows == 0 {
        let line = if header { 2 } else { 1 };
        let (place, hint) = (format!("line {line}"), "a table has at least one row");
        return Err(DataError::format(file, place, "a row of values", "the end of the file", hint));
    }
    guesses.iter().zip(&mut kinds).for_each(|(guess, kind)| guess.end(kind, &rules));
    let plans = plans(&kinds, &names, &rules, &mut notes, file)?;
    let guessed = guesses.into_iter().zip(&plans).map(|(guess, plan)| guess.fitting(plan)).collect();
    let columns: Vec<Values> = match guessed {
        Some(columns) => columns,
        None => read_again(text, header, (&names, &kinds, &plans), rows as usize, &rules, file)?,
    };
    let before = reading.kept.as_ref().and_then(|kept| kept.columns);
    let columns_there = (!header).then(|| before.unwrap_or(names.len()));
    let numeral = |(name, plan): (&String, &Plan)| Some((name.clone(), plan.numeral()?.clone()));
    let numerals = names.iter().zip(&plans).filter_map(numeral).collect();
    let kept = Kept { header: Some(header), columns: columns_there, separator: Some(separator), numerals };
    let column = |(name, values)| Column { name, values };
    let table = Table::new(names.into_iter().zip(columns).map(column).collect(), file)?;
    Ok(table.read_as(kept, notes))
}

/// What each column looks like in the first rows.
fn guesses(rows: &[Vec<String>], (names, kinds): (&[String], &[Kind]), rules: &Rules<'_>) -> Vec<Guess> {
    let of_column = |(i, (name, kind)): (usize, (&String, &Kind))| {
        let values = rows.iter().filter_map(|row| row.get(i)).map(String::as_str);
        Guess::of(values, rules.missing(kind.is_target), rules.reading.written.contains(name))
    };
    names.iter().zip(kinds).enumerate().map(of_column).collect()
}

/// The columns of a text that is read a second time.
fn read_again(
    text: Rows<'_>,
    header: bool,
    (names, kinds, plans): (&[String], &[Kind], &[Plan]),
    rows: usize,
    rules: &Rules<'_>,
    file: &str,
) -> Result<Vec<Values>, DataError> {
    let new = |(plan, kind): (&Plan, &Kind)| Growing::new(plan, kind, rows);
    let mut columns: Vec<_> = plans.iter().zip(kinds).map(new).collect();
    let sum = text.checksum();
    let mut text = text.again()?;
    let mut row_number = 0;
    each_row(&mut text, header, |row| {
        let line = row.line;
        row_number += 1;
        for (i, (field, column)) in row.fields.zip(&mut columns).enumerate() {
            let missing = rules.missing(kinds[i].is_target);
            column
                .push(field, missing)
                .map_err(|got| no_number(got, line, row_number, &names[i], plans[i].numeral(), file))?;
        }
        Ok(())
    })?;
    if text.checksum() != sum {
        let (got, hint) = ("another one the second time", "wait until nobody writes to the file");
        return Err(DataError::format(file, "file", "the same text in both readings", got, hint));
    }
    match names.iter().zip(&columns).find(|(_, column)| column.is_doubtful()) {
        Some((name, _)) => {
            let got = "points that may stand between thousands, as other columns have decimal commas";
            let hint = format!("--thousands point says so; --types {name}=category reads texts");
            Err(DataError::format(file, format!("column {name}"), "numbers", got, hint))
        }
        None => Ok(columns.into_iter().map(Growing::finish).collect()),
    }
}

/// What the columns are, and how their values are kept.
fn plans(
    kinds: &[Kind],
    names: &[String],
    rules: &Rules<'_>,
    notes: &mut Vec<Note>,
    file: &str,
) -> Result<Vec<Plan>, DataError> {
    let reading = rules.reading;
    let mut verdicts: Vec<_> = kinds.iter().zip(names).map(|(kind, name)| kind.judge(name, rules)).collect();
    let has_commas = |verdict: &Verdict| matches!(verdict, Verdict::Numbers(numeral, _) if numeral.decimal == Decimal::Comma);
    let commas = reading.dialect.decimal.is_none()
        && reading.dialect.thousands.is_none()
        && verdicts.iter().any(has_commas);
    let points = kinds.iter().any(Kind::has_decimals);
    let decimal = match (commas, points) {
        (true, false) => Some(Decimal::Comma),
        (false, true) => Some(Decimal::Point),
        _ => None,
    };
    for (verdict, name) in verdicts.iter_mut().zip(names) {
        match verdict {
            // Of what is text anyway nobody wants to know.
            Verdict::Open(_) if reading.is_text(name) => *verdict = Verdict::Texts(None),
            Verdict::Open(open) => {
                let (numeral, note) = open.settle(decimal, name, file)?;
                *verdict = Verdict::Numbers(numeral, Some(note));
            }
            _ => {}
        }
    }
    let mut plans = Vec::with_capacity(names.len());
    for ((verdict, kind), name) in verdicts.into_iter().zip(kinds).zip(names) {
        let (plan, note) = match verdict {
            Verdict::Numbers(numeral, note) => {
                let doubtful = commas && reading.kept.is_none() && numeral.is_plain() && kind.has_decimals();
                let points = if doubtful { Points::Unseen } else { Points::Decimal };
                (Plan::numbers(numeral, reading.written.contains(name), points), note)
            }
            Verdict::Dates => (Plan::Dates, None),
            Verdict::Texts(note) => (Plan::Texts, note),
            Verdict::Open(_) => unreachable!("all are settled"),
        };
        plans.push(plan);
        notes.extend(note.filter(|_| !reading.is_text(name) && reading.kept.is_none()));
    }
    Ok(plans)
}

/// A cell that is no finite number in a column of numbers.
fn no_number(
    got: &[u8],
    line: u64,
    row: u64,
    name: &str,
    numeral: Option<&Numeral>,
    file: &str,
) -> DataError {
    let got = String::from_utf8_lossy(got);
    if number(&got).is_some_and(f64::is_infinite) {
        let (place, hint) =
            (format!("line {line}, column {name}"), "an infinite number cannot be learned from");
        return DataError::format(file, place, "a finite number", got, hint);
    }
    let place = format!("line {line}, column {name}, row {row}");
    let (expected, hint) = match numeral {
        Some(Numeral { decimal: Decimal::Comma, .. }) => (
            "a number with a decimal comma",
            "--thousands point, --decimal point or --missing say how it is read",
        ),
        Some(_) => ("a number as the others are written", "--missing names words that count as missing"),
        None => ("a number", "a missing value is left empty, or --missing names its word"),
    };
    DataError::format(file, place, expected, got, hint)
}

/// The names of the columns, and where they are from.
struct Names {
    /// Made up where there are none.
    names: Vec<String>,
    /// The first row holds them.
    header: bool,
    note: Option<Note>,
    /// The first rows of values.
    rows: Vec<Vec<String>>,
}

/// Rows by which the first one is judged.
const JUDGED_BY: usize = 1000;

impl Names {
    fn of(text: &mut Rows<'_>, reading: &Reading, file: &str) -> Result<Self, DataError> {
        let Some(first) = text.first()? else {
            return Ok(Self { names: Vec::new(), header: false, note: None, rows: Vec::new() });
        };
        let (line, mut given) = (first.line, Vec::new());
        // A file of few bytes can be unpacked to a line of any number of names.
        for (i, field) in first.fields.enumerate().take(MAX_COLUMNS + 1) {
            given.push(utf8(field.text).ok_or_else(|| not_utf8(file, line, i))?.to_owned());
        }
        let place = format!("line {line}");
        if given.len() > MAX_COLUMNS {
            let (expected, hint) =
                (format!("at most {MAX_COLUMNS} columns"), "is this a table of separated values?");
            return Err(DataError::format(file, place, expected, "more", hint));
        }
        let mut rows = text.sample(JUDGED_BY);
        let (header, note) = header::decide(&given, rows.get(1..).unwrap_or_default(), reading);
        let made_up = match header {
            true => (1..=given.len()).map(header::made_up).collect(),
            false => header::by_places(given.len(), reading, file)?,
        };
        let name =
            |(name, made_up): (String, String)| if header && !name.is_empty() { name } else { made_up };
        let names: Vec<String> = given.into_iter().zip(made_up).map(name).collect();
        let mut seen = HashSet::new();
        match names.iter().find(|name| !seen.insert(*name)) {
            Some(twice) => {
                let (expected, got) = ("another name for each column", format!("two named {twice}"));
                let hint = "rename one of them; --header no says that the line is no names";
                Err(DataError::format(file, place, expected, got, hint))
            }
            None => {
                rows.drain(..usize::from(header).min(rows.len()));
                Ok(Self { names, header, note, rows })
            }
        }
    }
}

/// Every row of values.
fn each_row(
    text: &mut Rows<'_>,
    header: bool,
    mut take: impl FnMut(Row<'_>) -> Result<(), DataError>,
) -> Result<(), DataError> {
    if header {
        text.next()?;
    }
    while let Some(row) = text.next()? {
        take(row)?;
    }
    Ok(())
}

/// Learn from a row what kinds its columns are of, and keep its values where they are what was guessed.
fn see(
    row: Row<'_>,
    number: u64,
    kinds: &mut [Kind],
    guesses: &mut [Guess],
    rules: &Rules<'_>,
    file: &str,
) -> Result<(), DataError> {
    let (line, expected, mut fields, mut count) = (row.line, kinds.len(), row.fields, 0);
    // The kinds first: a zip asks its second side only if its first has one.
    for ((kind, guess), field) in kinds.iter_mut().zip(guesses).zip(&mut fields) {
        guess.see(field, number, kind, rules).ok_or_else(|| not_utf8(file, line, count))?;
        count += 1;
    }
    count += fields.count();
    if count == expected {
        return Ok(());
    }
    let hint = "every line has as many values as the first; a value that holds the separator needs quotes, --separator names \
                another one, --skip-lines leaves out lines before the table";
    let (place, expected) = (format!("line {line}"), format!("{expected} values"));
    Err(DataError::format(file, place, expected, count.to_string(), hint))
}

fn not_utf8(file: &str, line: u64, value: usize) -> DataError {
    let place = format!("line {line}, value {}", value + 1);
    let hint =
        "say its encoding, such as --encoding windows-1252 (Western Europe) or gbk, or save it as UTF-8";
    DataError::format(file, place, "UTF-8 text", "other bytes", hint)
}

fn utf8(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text).ok()
}
