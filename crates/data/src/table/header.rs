//! Whether the first line holds names.

use super::note::Note;
use super::number_format::{is_number, styles};
use super::reading::Reading;
use super::words::MISSING;
use crate::DataError;

/// Whether the first row holds names, judged by the rows behind it, and how that was decided where it is not plain.
pub(super) fn decide(first: &[String], rows: &[Vec<String>], reading: &Reading) -> (bool, Option<Note>) {
    let kept = reading.kept.as_ref().and_then(|kept| kept.header);
    if let Some(asked) = reading.dialect.header.or(kept) {
        return (asked, None);
    }
    let said = |names: bool, why: String| (names, Some(Note::Header { names, why }));
    // A quantile's name, such as 25%, stands above numbers without the sign.
    let has_unit = |text: &String| styles(text).1.is_some();
    let is_name =
        |i: usize| has_unit(&first[i]) && rows.iter().any(|row| row.get(i).is_some_and(|t| !has_unit(t)));
    let cell = |i: usize| if is_name(i) { HeaderCell::Text } else { HeaderCell::of(&first[i]) };
    let cells: Vec<HeaderCell> = (0..first.len()).map(cell).collect();
    let has_texts = cells.contains(&HeaderCell::Text);
    if let Some(name) = reading.names.iter().find(|name| first.contains(name)) {
        return if has_texts { (true, None) } else { said(true, format!("it has the column {name}")) };
    }
    let made_up = |name: &&String| {
        let number = name.strip_prefix("column ").and_then(|number| number.parse().ok());
        number.is_some_and(|number: usize| (1..=first.len()).contains(&number))
    };
    if let Some(name) = reading.names.iter().find(made_up) {
        return said(false, format!("{name} is how a column without a name is called"));
    }
    match has_texts {
        false => all_numbers(first, rows, &said),
        true => with_texts(first, &cells, rows, &said),
    }
}

/// How a column without a name is called, from 1.
pub(super) fn made_up(place: usize) -> String {
    format!("column {place}")
}

/// The names of columns that have none: their places. Those of an earlier file are known by them, so that a file with more or
/// fewer is another one; only what is predicted may be missing, and the others keep their names.
///
/// # Errors
/// [`DataError::Format`] for such a file.
pub(super) fn by_places(there: usize, reading: &Reading, file: &str) -> Result<Vec<String>, DataError> {
    let Some(before) = reading.kept.as_ref().and_then(|kept| kept.columns) else {
        return Ok((1..=there).map(made_up).collect());
    };
    let others: Vec<String> =
        (1..=before).map(made_up).filter(|name| !reading.targets.contains(name)).collect();
    match there {
        _ if there == before => Ok((1..=before).map(made_up).collect()),
        _ if there == others.len() => Ok(others),
        _ => {
            let expected = match before - others.len() {
                0 => format!("{before} columns, as in the file that was learned from"),
                _ => format!(
                    "{before} columns, as in the file that was learned from, or {} without what is predicted",
                    others.len()
                ),
            };
            let hint = "columns without names are known by their places";
            Err(DataError::format(file, "columns", expected, there.to_string(), hint))
        }
    }
}

type Decided = (bool, Option<Note>);

/// Names are no numbers, apart from pandas' count of its columns.
fn all_numbers(first: &[String], rows: &[Vec<String>], said: &dyn Fn(bool, String) -> Decided) -> Decided {
    let index = first.iter().take_while(|text| text.is_empty()).count();
    let counts_from = |start: usize| {
        let numbers = &first[index..];
        !numbers.is_empty() && (start..).zip(numbers).all(|(i, text)| *text == i.to_string())
    };
    let wide = first.len() - index;
    // Of two columns, 0 and 1 may as well be the first point.
    let unlike = wide == 2
        && !rows.is_empty()
        && rows
            .iter()
            .all(|row| row.iter().skip(index).all(|text| HeaderCell::of(text) == HeaderCell::Decimal));
    if counts_from(0) && (wide > 2 || unlike || index > 0 && wide > 0) {
        return said(true, "it counts the columns from 0, as pandas does".into());
    }
    if counts_from(1) && wide > 2 {
        return said(false, "it is all numbers, though they count the columns".into());
    }
    said(false, "it is all numbers".into())
}

/// A text above numbers is the name of its column. A text that comes again in its column is no name, nor is a number with decimals.
fn with_texts(
    first: &[String],
    cells: &[HeaderCell],
    rows: &[Vec<String>],
    said: &dyn Fn(bool, String) -> Decided,
) -> Decided {
    // Files that were joined have their names again.
    let others: Vec<&Vec<String>> = rows.iter().filter(|row| *row != first).collect();
    let is_joined = (0..first.len()).any(|i| cells[i] == HeaderCell::Text && is_above_numbers(&others, i));
    let rows = if is_joined { others } else { rows.iter().collect() };
    let comes_again = |i: usize| below(&rows, i).any(|text| *text == first[i]);
    let of = |kind: HeaderCell| (0..first.len()).filter(move |&i| cells[i] == kind);
    let names = of(HeaderCell::Text).filter(|&i| is_above_numbers(&rows, i)).count();
    let again: Vec<usize> = of(HeaderCell::Text).filter(|&i| comes_again(i)).collect();
    let decimals: Vec<usize> = of(HeaderCell::Decimal).collect();
    let whole: Vec<&String> = of(HeaderCell::Whole).map(|i| &first[i]).collect();
    let (values, numbers) = (again.len() + decimals.len(), whole.len());
    let why = || match (again.first(), decimals.first()) {
        (Some(&i), _) => format!("{} stands in column {} again", first[i], i + 1),
        (None, Some(&i)) => format!("{} is no name", first[i]),
        (None, None) => format!("{} is a number", whole[0]),
    };
    if names > values || names == values && names > 0 && numbers == 0 {
        return match values {
            0 => (true, None),
            _ => said(true, format!("{names} of its texts stand above numbers")),
        };
    }
    if values > 0 {
        return said(false, why());
    }
    // Years and counts are names, too.
    let counts = |numbers: &[&String]| {
        let numbers: Vec<u64> = numbers.iter().filter_map(|text| text.parse().ok()).collect();
        numbers.len() == whole.len() && numbers.windows(2).all(|pair| pair[1] == pair[0].saturating_add(1))
    };
    match numbers {
        0 => (true, None),
        1 if whole[0] != "0" => said(false, why()),
        _ if counts(&whole) => said(true, format!("{} is followed by a text or the next number", whole[0])),
        _ => said(false, why()),
    }
}

fn below<'r>(rows: &'r [&Vec<String>], column: usize) -> impl Iterator<Item = &'r String> {
    rows.iter().filter_map(move |row| row.get(column))
}

fn is_above_numbers(rows: &[&Vec<String>], column: usize) -> bool {
    let cells = below(rows, column).map(|text| HeaderCell::of(text));
    let mut given = cells.filter(|cell| *cell != HeaderCell::Missing).peekable();
    given.peek().is_some() && given.all(|cell| cell != HeaderCell::Text)
}

/// What a cell looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HeaderCell {
    Missing,
    Whole,
    Decimal,
    Text,
}

impl HeaderCell {
    fn of(text: &str) -> Self {
        match text {
            _ if MISSING.contains(&text) => Self::Missing,
            _ if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => Self::Whole,
            _ if is_number(text) => Self::Decimal,
            _ => Self::Text,
        }
    }
}
