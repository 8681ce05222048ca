//! A column while the text is read for the first time: kept as what its first rows look like, until it turns out to be something
//! else.

use super::Values;
use super::categories::{Categories, Collected};
use super::cell::Cell;
use super::growing::{Growing, Plan};
use super::kind::{Kind, Rules};
use super::number_format::{number, styles};
use super::words::Missing;

/// What a column looks like in the first rows.
#[derive(Clone, Copy)]
pub(super) enum Look {
    /// Plain numbers, whose texts may be asked for.
    Numbers {
        written: bool,
    },
    Texts,
    /// Numbers written otherwise, or with words among them: as texts they would take many times the memory, so nothing is kept.
    Other,
}

impl Look {
    pub(super) fn of<'v>(values: impl Iterator<Item = &'v str>, missing: &Missing, written: bool) -> Self {
        let given: Vec<&str> = values.filter(|text| !missing.is(text.as_bytes(), false)).collect();
        let plain = given.iter().filter(|text| number(text).is_some()).count();
        let numerals = given.iter().filter(|text| number(text).is_some() || styles(text).0 != 0).count();
        match plain == given.len() {
            true => Self::Numbers { written },
            false if 2 * numerals > given.len() => Self::Other,
            false => Self::Texts,
        }
    }
}

/// What is kept of a column.
pub(super) enum Guess {
    /// So many of them are known to the column's kind; of the others it is told at once, at the end.
    Numbers { column: Growing, told: usize },
    /// The kind is told of each different one, at the end.
    Texts(Box<TextColumn>),
    /// It was guessed wrongly.
    Nothing,
}

/// A column of texts. What one means is asked once for each different one, however often it comes.
#[derive(Default)]
pub(super) struct TextColumn {
    texts: Collected,
    /// Of each different one.
    different: Vec<Different>,
}

struct Different {
    first_row: u64,
    count: u64,
    /// Without quotes its text is a word for a missing value.
    is_missing: bool,
}

impl Guess {
    /// No rows yet.
    pub(super) fn new(look: Look) -> Self {
        match look {
            Look::Numbers { written } => Self::Numbers { column: Growing::plain(written), told: 0 },
            Look::Texts => Self::Texts(Box::default()),
            Look::Other => Self::Nothing,
        }
    }

    /// Another value, from which the kind of the column is learned; none if it is not UTF-8.
    #[inline]
    pub(super) fn see(
        &mut self,
        field: Cell<'_>,
        row: u64,
        kind: &mut Kind,
        rules: &Rules<'_>,
    ) -> Option<()> {
        let missing = rules.missing(kind.is_target);
        match self {
            Self::Numbers { column, told } => {
                let is_plain = rules.is_plain(field);
                if !is_plain {
                    kind.see(field, row, rules)?;
                }
                match column.push(field, missing) {
                    Ok(()) => *told += usize::from(!is_plain),
                    // A plain one never comes here: no word for a missing value is a number.
                    Err(_) => {
                        self.end(kind, rules);
                        *self = Self::Nothing;
                    }
                }
                return Some(());
            }
            Self::Texts(cells) => {
                if cells.push(field, row, missing)? {
                    return Some(());
                }
                self.end(kind, rules);
                *self = Self::Nothing;
            }
            Self::Nothing => {}
        }
        kind.see(field, row, rules)
    }

    /// There are no more values: what of them the kind does not know, it is told.
    pub(super) fn end(&self, kind: &mut Kind, rules: &Rules<'_>) {
        match self {
            Self::Numbers { column, told } => {
                if let Some(numbers) = column.numbers() {
                    kind.see_numbers(numbers, *told);
                }
            }
            Self::Texts(cells) => cells.tell(kind, rules),
            Self::Nothing => {}
        }
    }

    /// The rows behind these. The kinds of both know all.
    pub(super) fn extend(&mut self, later: Self) {
        match (&mut *self, later) {
            (Self::Numbers { column, .. }, Self::Numbers { column: later, .. }) => column.extend(later),
            (Self::Texts(cells), Self::Texts(later)) => cells.extend(*later),
            _ => *self = Self::Nothing,
        }
    }

    /// The column, if it was to be what was guessed.
    pub(super) fn fitting(self, plan: &Plan) -> Option<Values> {
        match (self, plan) {
            (Self::Numbers { column, .. }, plan) => Some(column.fitting(plan)?.finish()),
            (Self::Texts(cells), Plan::Texts) => Some(Values::Categories(cells.given())),
            (Self::Texts(cells), Plan::Dates) => Some(Values::Dates(cells.given())),
            _ => None,
        }
    }
}

impl TextColumn {
    /// Another one; none if it is not UTF-8. False if it is a text in quotes that without them is a missing value: no more are kept.
    fn push(&mut self, field: Cell<'_>, row: u64, missing: &Missing) -> Option<bool> {
        let code = self.texts.push_text(field.text)?;
        if code == self.different.len() {
            self.different.push(Different {
                first_row: row,
                count: 0,
                is_missing: missing.is(field.text, false),
            });
        }
        let cell = &mut self.different[code];
        if field.is_quoted() && cell.is_missing && !missing.is(field.text, true) {
            return Some(false);
        }
        cell.count += 1;
        Some(true)
    }

    fn tell(&self, kind: &mut Kind, rules: &Rules<'_>) {
        for (text, cell) in self.texts.levels().iter().zip(&self.different).filter(|(_, cell)| cell.count > 0)
        {
            kind.see_texts(text, false, (cell.first_row, cell.count), rules);
        }
    }

    fn extend(&mut self, later: Self) {
        for (number, cell) in self.texts.extend(later.texts).into_iter().zip(later.different) {
            if number as usize == self.different.len() {
                self.different.push(cell);
            }
        }
    }

    fn given(self) -> Categories {
        self.texts.sorted_without(|number| self.different[number].is_missing)
    }
}
