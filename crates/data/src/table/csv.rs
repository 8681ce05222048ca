//! Tables in text: comma-, semicolon- or tab-separated values (RFC 4180), with a line of names or without.
//!
//! What the columns are is known at the end of the text: a column of numbers whose last value turns out to be a word is a column
//! of words, as they were written. So each is kept as what its first rows look like, and where one of them turns out to be
//! something else the text is read a second time.

use std::collections::HashSet;
use std::io::{Cursor, Read, Seek};

use super::decoded::Decoded;
use super::first_pass::{Expected, Found, not_utf8};
use super::growing::{Growing, Plan, Points};
use super::guess::Look;
use super::kind::{Kind, Rules, Verdict};
use super::note::Note;
use super::rows::{Block, Rows};
use super::second_pass::{self, Reread};
use super::source::{Again, Progress, Watched, unreadable};
use super::text::{Known, Text};
pub use super::words::MISSING;
use super::{Column, Decimal, Kept, MAX_COLUMNS, Reading, Separator, Table, Values, header};
use crate::threads::in_order;
use crate::{DataError, Wording};

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
    read_as(bytes, file, &Reading::default())
}

/// The same, read as is said: of a model's further tables, as its own was: [`Kept`].
///
/// # Errors
/// As [`read`].
pub fn read_as(bytes: &[u8], file: &str, reading: &Reading) -> Result<Table, DataError> {
    read_from(Cursor::new(bytes), file, reading, &mut |_, _| ())
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
    read_blocks(source, file, separator, reading, block_length)
}

/// How long the blocks are that a text is cut into, whose first row has so many bytes: so short that they lie in a processor's own
/// memory, but not of so few rows that to begin a column takes longer than to read it.
fn block_length(row: usize) -> usize {
    const BYTES: usize = 1 << 20;
    const ROWS: usize = 32;
    // A row may have any length; several blocks are in memory at once.
    const MOST: usize = 32 << 20;
    (ROWS * row).clamp(BYTES, MOST)
}

fn read_blocks(
    source: &mut dyn Again,
    file: &str,
    separator: Option<Separator>,
    reading: &Reading,
    block_length: fn(usize) -> usize,
) -> Result<Table, DataError> {
    let (dialect, rules) = (&reading.dialect, Rules::new(reading));
    let mut source = Decoded::new(source, dialect.encoding);
    let earlier = reading.kept.as_ref().and_then(|kept| kept.separator);
    let known = Known { separator: dialect.separator.or(separator), earlier, skip_lines: dialect.skip_lines };
    let mut text = Text::new(&mut source, file, known)?;
    let cut = text.cut();
    let Names { names, header, note, rows: first_rows, length } = Names::of(&mut text, reading, file)?;
    let mut notes: Vec<Note> = note.into_iter().collect();
    if known.separator.is_none() && matches!(cut.separator, Separator::Blanks | Separator::Byte(b'|')) {
        notes.push(Note::Separator(cut.separator));
    }
    let looks = looks(&first_rows, &names, &rules);
    drop(first_rows);
    if header {
        text.next_row()?;
    }
    let expected = Expected { names: &names, looks: &looks, rules: &rules, cut, file };
    let mut found: Option<Found> = None;
    let of_block = |block: Result<Block, DataError>| Found::of(&block?, &expected);
    in_order(reading.threads(), text.blocks(block_length(length)), of_block, |later| {
        match &mut found {
            Some(found) => found.extend(later?),
            None => found = Some(later?),
        }
        Ok(())
    })?;
    let found = found.unwrap_or_else(|| Found::none(&expected));
    let Found { rows, kinds, guesses } = found;
    if rows == 0 {
        let line = if header { 2 } else { 1 };
        let (place, hint) = (format!("line {line}"), "a table has at least one row");
        return Err(DataError::format(file, place, "a row of values", "the end of the file", hint));
    }
    let plans = plans(&kinds, &names, &rules, &mut notes, file)?;
    let guessed = guesses.into_iter().zip(&plans).map(|(guess, plan)| guess.fitting(plan)).collect();
    let columns: Vec<Values> = match guessed {
        Some(columns) => columns,
        None => {
            let known =
                second_pass::Known { names: &names, kinds: &kinds, plans: &plans, rules: &rules, cut, file };
            read_again(text, (header, block_length(length)), rows as usize, &known)?
        }
    };
    let before = reading.kept.as_ref().and_then(|kept| kept.columns);
    let columns_there = (!header).then(|| before.unwrap_or(names.len()));
    let numeral = |(name, plan): (&String, &Plan)| Some((name.clone(), plan.numeral()?.clone()));
    let numerals = names.iter().zip(&plans).filter_map(numeral).collect();
    let kept =
        Kept { header: Some(header), columns: columns_there, separator: Some(cut.separator), numerals };
    let column = |(name, values)| Column { name, values };
    let table = Table::new(names.into_iter().zip(columns).map(column).collect(), file)?;
    Ok(table.read_as(kept, notes))
}

/// What each column looks like in the first rows.
fn looks(rows: &[Vec<String>], names: &[String], rules: &Rules<'_>) -> Vec<Look> {
    let of_column = |(i, name): (usize, &String)| {
        let values = rows.iter().filter_map(|row| row.get(i)).map(String::as_str);
        let missing = rules.missing(rules.reading.targets.contains(name));
        Look::of(values, missing, rules.reading.written.contains(name))
    };
    names.iter().enumerate().map(of_column).collect()
}

/// The columns of a text that is read a second time, and has so many rows.
fn read_again(
    text: Text<'_>,
    (header, most): (bool, usize),
    rows: usize,
    known: &second_pass::Known<'_>,
) -> Result<Vec<Values>, DataError> {
    let sum = text.checksum();
    let mut text = text.again()?;
    if header {
        text.next_row()?;
    }
    let mut again = Reread::none(known, rows);
    let of_block = |block: Result<Block, DataError>| Reread::of(&block?, known);
    let threads = known.rules.reading.threads();
    in_order(threads, text.blocks(most), of_block, |later| again.extend(later?, known))?;
    if text.checksum() != sum {
        let (got, hint) = ("another one the second time", "wait until nobody writes to the file");
        return Err(DataError::format(known.file, "file", "the same text in both readings", got, hint));
    }
    match again.doubtful(known) {
        Some(name) => {
            let got = "points that may stand between thousands, as other columns have decimal commas";
            let hint = Wording::with_settings("[thousands point] says so; ");
            let hint = hint.set("types", format!("{name}=category")).and(" reads texts");
            Err(DataError::format(known.file, format!("column {name}"), "numbers", got, hint))
        }
        None => Ok(again.columns.into_iter().map(Growing::finish).collect()),
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

/// The names of the columns, and where they are from.
struct Names {
    /// Made up where there are none.
    names: Vec<String>,
    /// The first row holds them.
    header: bool,
    note: Option<Note>,
    /// The first rows of values.
    rows: Vec<Vec<String>>,
    /// Bytes of the first row of all.
    length: usize,
}

/// Rows by which the first one is judged.
const JUDGED_BY: usize = 1000;

impl Names {
    fn of(text: &mut Text<'_>, reading: &Reading, file: &str) -> Result<Self, DataError> {
        let first = text.first()?;
        let length = first.as_ref().map_or(0, |first| first.bytes.len());
        let mut first = first.as_ref().map(|first| first.rows(text.cut(), file));
        let Some(first) = first.as_mut().map(Rows::next).transpose()?.flatten() else {
            return Ok(Self { names: Vec::new(), header: false, note: None, rows: Vec::new(), length });
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
                let hint =
                    Wording::with_settings("rename one of them; [header no] says that the line is no names");
                Err(DataError::format(file, place, expected, got, hint))
            }
            None => {
                rows.drain(..usize::from(header).min(rows.len()));
                Ok(Self { names, header, note, rows, length })
            }
        }
    }
}

fn utf8(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests;
