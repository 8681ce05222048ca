//! The first reading of a text: what its columns are, and their values as far as they are what the first rows look like.

use super::guess::{Guess, Look};
use super::kind::{Kind, Rules};
use super::rows::{Block, Cut, Row};
use crate::{DataError, Wording};

/// What is known of all rows before they are read.
pub(super) struct Expected<'r> {
    pub(super) names: &'r [String],
    pub(super) looks: &'r [Look],
    pub(super) rules: &'r Rules<'r>,
    pub(super) cut: Cut,
    pub(super) file: &'r str,
}

/// What is found out of rows that stand behind one another.
pub(super) struct Found {
    pub(super) rows: u64,
    pub(super) kinds: Vec<Kind>,
    pub(super) guesses: Vec<Guess>,
}

impl Found {
    /// No rows yet.
    pub(super) fn none(expected: &Expected<'_>) -> Self {
        let reading = expected.rules.reading;
        Self {
            rows: 0,
            kinds: expected.names.iter().map(|name| Kind::new(name, reading)).collect(),
            guesses: expected.looks.iter().map(|&look| Guess::new(look)).collect(),
        }
    }

    /// The rows of a block.
    pub(super) fn of(block: &Block, expected: &Expected<'_>) -> Result<Self, DataError> {
        let mut found = Self::none(expected);
        let mut rows = block.rows(expected.cut, expected.file);
        while let Some(row) = rows.next()? {
            found.see(row, expected)?;
        }
        found.guesses.iter().zip(&mut found.kinds).for_each(|(guess, kind)| guess.end(kind, expected.rules));
        Ok(found)
    }

    /// Learn from a row what kinds its columns are of, and keep its values where they are what was guessed.
    fn see(&mut self, row: Row<'_>, expected: &Expected<'_>) -> Result<(), DataError> {
        self.rows += 1;
        let (line, mut fields, mut count) = (row.line, row.fields, 0);
        // The kinds first: a zip asks its second side only if its first has one.
        for ((kind, guess), field) in self.kinds.iter_mut().zip(&mut self.guesses).zip(&mut fields) {
            let seen = guess.see(field, self.rows, kind, expected.rules);
            seen.ok_or_else(|| not_utf8(expected.file, line, count))?;
            count += 1;
        }
        count += fields.count();
        if count == self.kinds.len() {
            return Ok(());
        }
        let hint = Wording::with_settings(
            "every line has as many values as the first; a value that holds the separator needs quotes, [separator] names another \
             one, [skip_lines] leaves out lines before the table",
        );
        let (place, wanted) = (format!("line {line}"), format!("{} values", self.kinds.len()));
        Err(DataError::format(expected.file, place, wanted, count.to_string(), hint))
    }

    /// And of the rows behind these: the same as if they had been read one by one.
    pub(super) fn extend(&mut self, later: Self) {
        self.kinds.iter_mut().zip(later.kinds).for_each(|(kind, later)| kind.extend(later, self.rows));
        self.guesses.iter_mut().zip(later.guesses).for_each(|(guess, later)| guess.extend(later));
        self.rows += later.rows;
    }
}

pub(super) fn not_utf8(file: &str, line: u64, value: usize) -> DataError {
    let place = format!("line {line}, value {}", value + 1);
    let hint = Wording::with_settings(
        "say its encoding, such as [encoding windows-1252] (Western Europe) or gbk, or save it as UTF-8",
    );
    DataError::format(file, place, "UTF-8 text", "other bytes", hint)
}
