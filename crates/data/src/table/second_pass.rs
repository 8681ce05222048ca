//! The second reading of a text, where a guess was wrong: now it is known what the columns are.

use super::Decimal;
use super::growing::{Growing, Plan};
use super::kind::{Kind, Rules};
use super::number_format::{Numeral, number};
use super::rows::{Block, Cut};
use crate::{DataError, Wording};

/// What is known of all rows.
pub(super) struct Known<'r> {
    pub(super) names: &'r [String],
    pub(super) kinds: &'r [Kind],
    pub(super) plans: &'r [Plan],
    pub(super) rules: &'r Rules<'r>,
    pub(super) cut: Cut,
    pub(super) file: &'r str,
}

/// The columns of rows that stand behind one another.
pub(super) struct Reread {
    rows: u64,
    pub(super) columns: Vec<Growing>,
    /// Where they end before their text does.
    wrong: Option<Wrong>,
}

/// A cell that is no finite number in a column of numbers.
struct Wrong {
    text: Vec<u8>,
    line: u64,
    row: u64,
    column: usize,
}

impl Reread {
    /// No rows yet, with room for so many.
    pub(super) fn none(known: &Known<'_>, rows: usize) -> Self {
        let new = |(plan, kind): (&Plan, &Kind)| Growing::new(plan, kind, rows);
        Self { rows: 0, columns: known.plans.iter().zip(known.kinds).map(new).collect(), wrong: None }
    }

    /// The rows of a block.
    pub(super) fn of(block: &Block, known: &Known<'_>) -> Result<Self, DataError> {
        let mut again = Self::none(known, 0);
        let mut rows = block.rows(known.cut, known.file);
        while let Some(row) = rows.next()? {
            again.rows += 1;
            for (i, (field, column)) in row.fields.zip(&mut again.columns).enumerate() {
                let missing = known.rules.missing(known.kinds[i].is_target);
                if let Err(text) = column.push(field, missing) {
                    let text = text.to_vec();
                    again.wrong = Some(Wrong { text, line: row.line, row: again.rows, column: i });
                    return Ok(again);
                }
            }
        }
        Ok(again)
    }

    /// And the rows behind these.
    pub(super) fn extend(&mut self, later: Self, known: &Known<'_>) -> Result<(), DataError> {
        if let Some(wrong) = later.wrong {
            return Err(wrong.told(self.rows, known));
        }
        self.rows += later.rows;
        self.columns.iter_mut().zip(later.columns).for_each(|(column, later)| column.extend(later));
        Ok(())
    }

    /// The first column whose points may be decimals or stand between thousands.
    pub(super) fn doubtful<'n>(&self, known: &Known<'n>) -> Option<&'n String> {
        let doubtful = known.names.iter().zip(&self.columns).find(|(_, column)| column.is_doubtful());
        doubtful.map(|(name, _)| name)
    }
}

impl Wrong {
    /// With so many rows before those that it is counted among.
    fn told(&self, before: u64, known: &Known<'_>) -> DataError {
        let (name, got) = (&known.names[self.column], String::from_utf8_lossy(&self.text));
        let place = format!("line {}, column {name}", self.line);
        if number(&got).is_some_and(f64::is_infinite) {
            let hint = "an infinite number cannot be learned from";
            return DataError::format(known.file, place, "a finite number", got, hint);
        }
        let (expected, hint) = match known.plans[self.column].numeral() {
            Some(Numeral { decimal: Decimal::Comma, .. }) => (
                "a number with a decimal comma",
                "[thousands point], [decimal point] or [missing] say how it is read",
            ),
            Some(_) => ("a number as the others are written", "[missing] names words that count as missing"),
            None => ("a number", "a missing value is left empty, or [missing] names its word"),
        };
        DataError::format(
            known.file,
            format!("{place}, row {}", before + self.row),
            expected,
            got,
            Wording::with_settings(hint),
        )
    }
}
