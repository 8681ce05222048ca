//! What was decided about a text that might have been meant otherwise, to be said to people.

use std::fmt;

use super::dialect::Separator;
use crate::{Wording, readable};

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

impl Note {
    /// The decision, and the settings that decide otherwise.
    ///
    /// ```
    /// use nablab_data::table::Note;
    /// let note = Note::Header { names: true, why: "no value is a number".into() };
    /// let flag = |name: &str, value: Option<&str>| format!("--{name} {}", value.unwrap_or_default());
    /// let said = "line 1 is read as names: no value is a number; --header no reads it as data";
    /// assert_eq!(note.wording().worded(&flag), said);
    /// ```
    pub fn wording(&self) -> Wording {
        match self {
            Self::Header { names: true, why } => {
                let said = Wording::from(format!("line 1 is read as names: {}; ", readable(why)));
                said.set("header", "no").and(" reads it as data")
            }
            Self::Header { names: false, why } => {
                let said = Wording::from(format!("line 1 is read as data: {}; ", readable(why)));
                said.set("header", "yes").and(" takes it for names")
            }
            Self::Separator(separator) => {
                let said = Wording::from(format!("values are separated by {separator}; "));
                said.and(Wording::with_settings("[separator] says otherwise"))
            }
            Self::Numerals { column, text, number } => {
                let (column, text) = (readable(column), readable(text));
                let said = Wording::from(format!("column {column}: {text} is read as {number}; "));
                said.and(Wording::with_settings("[decimal] and [thousands] say otherwise"))
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
                Wording::from(format!(
                    "column {column}: {numbers} of {of} are numbers, not: {shown}{more}; that counts as missing; "
                ))
                .set("types", format!("{column}=category"))
                .and(" reads texts")
            }
            Self::Texts { column, numbers, of, word: (word, row) } => {
                let (column, word) = (readable(column), readable(word));
                Wording::from(format!(
                    "column {column}: {numbers} of {of} are numbers, not: {word} (row {row}); it is read as texts; "
                ))
                .set("missing", format!("default,{word}"))
                .and(" counts that word as missing")
            }
            Self::Mixed { column, unit, with, of } => {
                let column = readable(column);
                Wording::from(format!(
                    "column {column}: {with} of {of} numbers have a {unit}, the others none; they may mean different things, \
                     so it is read as texts: write all in one way"
                ))
            }
            Self::Quoted { column, word, rows } => {
                let (column, word) = (readable(column), readable(word));
                let said = format!("column {column}: \"{word}\" in quotes is a text ({rows} rows); ");
                let names = "[missing] and [missing_target] name words that are missing even so";
                Wording::from(said).and(Wording::with_settings(names))
            }
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.wording())
    }
}
