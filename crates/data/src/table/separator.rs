//! Which character separates values.

use super::dialect::Separator;
use super::number_format::is_number;
use super::rows::{Cut, sample};

/// Of equals, the first.
const CANDIDATES: [u8; 4] = [b'\t', b';', b'|', b','];
/// Rows looked at.
const ROWS: usize = 100;

/// The separator of a text by its beginning: the one by which every row has the same number of values, and most of them are
/// numbers; where there is none, whichever stands in the first line most.
pub(super) fn find(bytes: &[u8], terminator: u8, ended: bool) -> Separator {
    let rows = |separator| sample(bytes, Cut { separator, terminator }, ended, ROWS);
    let even = CANDIDATES.map(Separator::Byte).into_iter().filter_map(|separator| {
        let score = score(&rows(separator))?;
        Some((separator, score))
    });
    // Of equals, `max_by` takes the last.
    let best = even.collect::<Vec<_>>().into_iter().rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
    let blanks = || score(&rows(Separator::Blanks)).is_some_and(|score| score > 0.5);
    match best {
        // Between quoted words, say, behind a row of numbers.
        Some((_, 0.0)) if blanks() => return Separator::Blanks,
        Some((separator, _)) => return separator,
        None => {}
    }
    let mut quoted = false;
    let first = bytes.iter().filter(|&&byte| {
        quoted ^= byte == b'"';
        !quoted
    });
    let first: Vec<u8> = first.copied().take_while(|&byte| byte != terminator).collect();
    let count = |byte: u8| first.iter().filter(|&&other| other == byte).count();
    let most = CANDIDATES.into_iter().rev().max_by_key(|&byte| count(byte)).unwrap_or(b',');
    match count(most) {
        0 if are_numbers(&rows(Separator::Blanks)) => Separator::Blanks,
        0 => Separator::Byte(b','),
        _ => Separator::Byte(most),
    }
}

/// The share of values that are numbers, if all rows have the same number of values and more than one.
fn score(rows: &[Vec<String>]) -> Option<f64> {
    let width = width(rows)?;
    let numbers = rows.iter().flatten().filter(|text| is_number(text)).count();
    Some(numbers as f64 / (width * rows.len()) as f64)
}

/// How many values each row has, if it is more than one and the same of all.
fn width(rows: &[Vec<String>]) -> Option<usize> {
    let width = rows.first()?.len();
    (width > 1 && rows.iter().all(|row| row.len() == width)).then_some(width)
}

/// Words are separated by blanks as well: of a table at least one column is all numbers, apart from its name.
fn are_numbers(rows: &[Vec<String>]) -> bool {
    let is_column = |i: usize| rows[1..].iter().all(|row| is_number(&row[i]));
    rows.len() > 1 && width(rows).is_some_and(|width| (0..width).any(is_column))
}
