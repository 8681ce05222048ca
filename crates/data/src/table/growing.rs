//! A column while its values are kept.

use super::categories::Collected;
use super::cell::Cell;
use super::kind::Kind;
use super::number_format::{DECIMAL_COMMA, Numeral, STYLES, number};
use super::words::Missing;
use super::{Numbers, Values};

/// A column while it is read.
pub(super) enum Growing {
    /// Plain numbers.
    Numbers(Numbers),
    /// Other numbers, or those whose texts are kept. Boxed: the columns of one row should fit into the nearest cache.
    Numerals(Box<Numerals>),
    Dates(Box<Collected>),
    Categories(Box<Collected>),
}

pub(super) struct Numerals {
    numeral: Numeral,
    numbers: Numbers,
    /// What stands in the file, where numbers are names.
    written: Option<Collected>,
    /// All points so far may as well stand between thousands.
    points: Points,
}

/// What the points in a column may be, in a table whose other numbers have decimal commas. Of two parts of a column, the greater holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Points {
    /// Decimals, and nobody doubts it.
    Decimal,
    /// None has come yet.
    Unseen,
    /// Each might stand between thousands.
    Doubtful,
    /// At least one of them is before decimals.
    Proven,
}

/// How the values of a column are to be kept.
pub(super) enum Plan {
    /// Plain numbers.
    Numbers,
    /// Other numbers, or those whose texts are kept.
    Numerals {
        numeral: Numeral,
        written: bool,
        points: Points,
    },
    Dates,
    Texts,
}

impl Plan {
    pub(super) fn numbers(numeral: Numeral, written: bool, points: Points) -> Self {
        // Where every value is missing, too.
        match numeral.is_plain() && !written && points == Points::Decimal {
            true => Self::Numbers,
            false => Self::Numerals { numeral, written, points },
        }
    }

    /// How its numbers are written, where that is not plain.
    pub(super) fn numeral(&self) -> Option<&Numeral> {
        match self {
            Self::Numerals { numeral, .. } => Some(numeral).filter(|numeral| !numeral.is_plain()),
            Self::Numbers | Self::Dates | Self::Texts => None,
        }
    }
}

impl Growing {
    /// Plain numbers, and their texts where these are asked for.
    pub(super) fn plain(written: bool) -> Self {
        let (numeral, numbers, points) = (Numeral::default(), Numbers::default(), Points::Decimal);
        match written.then(Collected::default) {
            None => Self::Numbers(numbers),
            written => Self::Numerals(Box::new(Numerals { numeral, numbers, written, points })),
        }
    }

    /// A column of plain numbers, if it was to be one.
    pub(super) fn fitting(mut self, plan: &Plan) -> Option<Self> {
        let numbers = match (&mut self, plan) {
            (Self::Numbers(numbers), Plan::Numbers) => numbers,
            (Self::Numerals(column), Plan::Numerals { numeral, written: true, points: Points::Decimal })
                if numeral.is_plain() =>
            {
                &mut column.numbers
            }
            _ => return None,
        };
        numbers.shrink();
        Some(self)
    }

    /// No rows yet, with room for so many.
    pub(super) fn new(plan: &Plan, kind: &Kind, rows: usize) -> Self {
        let texts = || Box::new(Collected::with_capacity(rows));
        let (numeral, written, points) = match plan {
            Plan::Numbers => return Self::Numbers(Numbers::with_capacity(kind.seen, rows)),
            Plan::Dates => return Self::Dates(texts()),
            Plan::Texts => return Self::Categories(texts()),
            Plan::Numerals { numeral, written, points } => (numeral.clone(), *written, *points),
        };
        let numbers = match numeral.decimal_and_thousands() == STYLES[0] && numeral.unit.is_none() {
            true => Numbers::with_capacity(kind.seen.with_missing(), rows),
            false => Numbers::of_doubles(rows),
        };
        let written = written.then(|| Collected::with_capacity(rows));
        Self::Numerals(Box::new(Numerals { numeral, numbers, written, points }))
    }

    /// The next value; an error with it if it is no finite number where there has to be one.
    #[inline]
    pub(super) fn push<'v>(&mut self, field: Cell<'v>, missing: &Missing) -> Result<(), &'v [u8]> {
        match (self, field.decimal) {
            (Self::Numbers(numbers), Some(decimal)) if !missing.has_numbers() => numbers.push(decimal),
            (column, _) => return column.push_text(field, missing),
        }
        Ok(())
    }

    fn push_text<'v>(&mut self, field: Cell<'v>, missing: &Missing) -> Result<(), &'v [u8]> {
        let is_missing = missing.is(field.text, field.is_quoted());
        let given = std::str::from_utf8(field.text).ok().filter(|_| !is_missing);
        match self {
            Self::Numbers(numbers) => {
                // In quotes it is no number either.
                let given = given.filter(|_| !(field.is_quoted() && missing.is(field.text, false)));
                numbers.push(finite(given, number).ok_or(field.text)?);
            }
            Self::Numerals(column) => {
                column.push(given, field.is_quoted() && missing.is(field.text, false)).ok_or(field.text)?
            }
            Self::Dates(texts) | Self::Categories(texts) => texts.push(given),
        }
        Ok(())
    }

    /// The values of the rows behind these, kept by the same plan.
    pub(super) fn extend(&mut self, later: Self) {
        match (self, later) {
            (Self::Numbers(numbers), Self::Numbers(later)) => numbers.extend(&later),
            (Self::Numerals(column), Self::Numerals(later)) => {
                column.numbers.extend(&later.numbers);
                column.points = column.points.max(later.points);
                if let (Some(texts), Some(later)) = (&mut column.written, later.written) {
                    texts.extend(later);
                }
            }
            (Self::Dates(texts), Self::Dates(later)) | (Self::Categories(texts), Self::Categories(later)) => {
                texts.extend(*later);
            }
            _ => unreachable!("one plan, one kind of column"),
        }
    }

    /// Its numbers, if it has any.
    pub(super) fn numbers(&self) -> Option<&Numbers> {
        match self {
            Self::Numbers(numbers) => Some(numbers),
            Self::Numerals(column) => Some(&column.numbers),
            Self::Dates(_) | Self::Categories(_) => None,
        }
    }

    /// Points of this column may be decimals or stand between thousands.
    pub(super) fn is_doubtful(&self) -> bool {
        matches!(self, Self::Numerals(column) if column.points == Points::Doubtful)
    }

    pub(super) fn finish(self) -> Values {
        match self {
            Self::Numbers(numbers) => Values::Numbers(numbers),
            Self::Numerals(column) => Values::Numbers(match column.written {
                Some(texts) => column.numbers.with_texts(texts.sorted()),
                None => column.numbers,
            }),
            Self::Dates(dates) => Values::Dates(dates.sorted()),
            Self::Categories(categories) => Values::Categories(categories.sorted()),
        }
    }
}

impl Numerals {
    fn push(&mut self, given: Option<&str>, is_word: bool) -> Option<()> {
        let is_word = |text: &&str| is_word || self.numeral.missing.iter().any(|word| word == text);
        let number = finite(given.filter(|text| !is_word(text)), |text| self.numeral.parse(text))?;
        if matches!(self.points, Points::Unseen | Points::Doubtful)
            && given.is_some_and(|text| text.contains('.'))
        {
            let other = self.numeral.clone().in_style(DECIMAL_COMMA + 1);
            let is_open = given.is_some_and(|text| other.parse(text).is_some());
            self.points = if is_open { Points::Doubtful } else { Points::Proven };
        }
        self.numbers.push(number);
        if let Some(texts) = &mut self.written {
            texts.push(given);
        }
        Some(())
    }
}

/// The number of a column of numbers, not-a-number where none is given; none if it is infinite or none.
fn finite(given: Option<&str>, number: impl Fn(&str) -> Option<f64>) -> Option<f64> {
    given.map_or(Some(f64::NAN), number).filter(|v| !v.is_infinite())
}
