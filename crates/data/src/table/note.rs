//! What was decided about a text that might have been meant otherwise, to be said to people.

use std::fmt;

use super::dialect::Separator;
use crate::readable;

/// A decision about how a table is read that might have been meant otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// The first line holds names, or none.
    Header {
        /// It does.
        names: bool,
        /// How that was decided.
        why: String,
    },
    /// Values are separated by something unusual.
    Separator(Separator),
    /// Numbers are written with other marks than a decimal point.
    Numerals {
        /// The column.
        column: String,
        /// One of its cells.
        text: String,
        /// The number that is taken for.
        number: f64,
    },
    /// All but a few cells are numbers, the others count as missing.
    Words {
        /// The column.
        column: String,
        /// Cells that are numbers.
        numbers: u64,
        /// Cells with a value.
        of: u64,
        /// The words, and the row of the first of each.
        words: Vec<(String, u64)>,
    },
    /// Most cells are numbers, but so many are not that the column is one of texts.
    Texts {
        /// The column.
        column: String,
        /// Cells that are numbers.
        numbers: u64,
        /// Cells with a value.
        of: u64,
        /// A cell that is none, and its row.
        word: (String, u64),
    },
    /// Some numbers have a sign of money or per cent, and the others have none, so that the column is one of texts.
    Mixed {
        /// The column.
        column: String,
        /// The sign.
        unit: String,
        /// Cells with it.
        with: u64,
        /// Cells with a value.
        of: u64,
    },
    /// A word for a missing value stands in quotes, and is a text.
    Quoted {
        /// The column.
        column: String,
        /// The word.
        word: String,
        /// Rows with it.
        rows: u64,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { names: true, why } => {
                write!(out, "line 1 is read as names: {}; --header no reads it as data", readable(why))
            }
            Self::Header { names: false, why } => {
                write!(out, "line 1 is read as data: {}; --header yes takes it for names", readable(why))
            }
            Self::Separator(separator) => {
                write!(out, "values are separated by {separator}; --separator says otherwise")
            }
            Self::Numerals { column, text, number } => {
                let (column, text) = (readable(column), readable(text));
                write!(
                    out,
                    "column {column}: {text} is read as {number}; --decimal and --thousands say otherwise"
                )
            }
            Self::Words { column, numbers, of, words } => {
                const SHOWN: usize = 5;
                let shown: Vec<_> = words
                    .iter()
                    .take(SHOWN)
                    .map(|(word, row)| format!("{} (row {row})", readable(word)))
                    .collect();
                let more = if words.len() > SHOWN { ", …" } else { "" };
                let (column, shown) = (readable(column), shown.join(", "));
                write!(
                    out,
                    "column {column}: {numbers} of {of} are numbers, not: {shown}{more}; that counts as missing; \
                     --types {column}=category reads texts"
                )
            }
            Self::Texts { column, numbers, of, word: (word, row) } => {
                let (column, word) = (readable(column), readable(word));
                write!(
                    out,
                    "column {column}: {numbers} of {of} are numbers, not: {word} (row {row}); it is read as texts; \
                     --missing default,{word} counts that word as missing"
                )
            }
            Self::Mixed { column, unit, with, of } => {
                let column = readable(column);
                write!(
                    out,
                    "column {column}: {with} of {of} numbers have a {unit}, the others none; they may mean different things, \
                     so it is read as texts: write all in one way"
                )
            }
            Self::Quoted { column, word, rows } => {
                let (column, word) = (readable(column), readable(word));
                write!(
                    out,
                    "column {column}: \"{word}\" in quotes is a text ({rows} rows); --missing and --missing-target \
                     name words that are missing even so"
                )
            }
        }
    }
}
