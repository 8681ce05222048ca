//! What the values of a column are: numbers, dates or texts, found out before any of them is kept.

use super::cell::Cell;
use super::dialect::Decimal;
use super::note::Note;
use super::number_format::{Numeral, THOUSANDS_COMMA, is_asked, number};
use super::others::{CELLS_PER_WORD, Others};
use super::seen::Seen;
use super::words::Missing;
use super::{Numbers, Reading};
use crate::{DataError, Wording, readable};

/// What is said of all columns.
pub(super) struct Rules<'r> {
    pub(super) reading: &'r Reading,
    /// Words for a missing value, of what is learned from and of what is predicted.
    features: Missing,
    targets: Missing,
    /// Numbers with a decimal point are numbers, whatever else may be.
    plain: bool,
    /// They need no second look.
    quick: bool,
}

impl<'r> Rules<'r> {
    pub(super) fn new(reading: &'r Reading) -> Self {
        let dialect = &reading.dialect;
        let (features, targets) = (Missing::of(dialect, false), Missing::of(dialect, true));
        let plain = is_asked(0, dialect) || is_asked(THOUSANDS_COMMA, dialect);
        let quick = plain && !features.has_numbers() && !targets.has_numbers();
        Self { reading, features, targets, plain, quick }
    }

    /// A number that is one whatever the others are.
    #[inline]
    pub(super) fn is_plain(&self, field: Cell<'_>) -> bool {
        self.quick && field.decimal.is_some()
    }

    pub(super) fn missing(&self, is_target: bool) -> &Missing {
        if is_target { &self.targets } else { &self.features }
    }
}

/// What the values of a column have all been so far.
pub(super) struct Kind {
    pub(super) numbers: u64,
    pub(super) seen: Seen,
    dates: bool,
    pub(super) is_target: bool,
    /// Somebody says that it is one of numbers.
    is_number: bool,
    others: Option<Box<Others>>,
}

/// What a column is, and what is to be said of that.
pub(super) enum Verdict {
    Numbers(Numeral, Option<Note>),
    Dates,
    Texts(Option<Note>),
    /// Numbers whose commas or points are thousands or decimals: the text of one.
    Open(Box<Open>),
}

/// A column whose marks other columns have to explain.
pub(super) struct Open {
    text: String,
    row: u64,
    /// As it is apart from its marks.
    numeral: Numeral,
    /// A style with a decimal point, and one with a decimal comma.
    styles: [usize; 2],
    /// What is said of it anyway.
    said: Option<Note>,
}

impl Kind {
    pub(super) fn new(name: &str, reading: &Reading) -> Self {
        let (is_target, is_number) = (reading.targets.contains(name), reading.numbers.contains(name));
        Self { numbers: 0, seen: Seen::default(), dates: true, is_target, is_number, others: None }
    }

    /// Another value; none if it is not UTF-8.
    #[inline]
    pub(super) fn see(&mut self, field: Cell<'_>, row: u64, rules: &Rules<'_>) -> Option<()> {
        match field.decimal {
            Some(decimal) if rules.quick => {
                self.numbers += 1;
                self.dates = false;
                self.seen.see(decimal);
                Some(())
            }
            _ => self.see_text(field, row, rules),
        }
    }

    /// Numbers, or none where a value is missing, of which so many were seen before: the others are plain.
    pub(super) fn see_numbers(&mut self, numbers: &Numbers, before: usize) {
        let plain = numbers.len() - before;
        if plain > 0 {
            self.numbers += plain as u64;
            self.dates = false;
            // To see one twice changes nothing.
            self.seen.see_all(numbers);
        }
    }

    fn see_text(&mut self, field: Cell<'_>, row: u64, rules: &Rules<'_>) -> Option<()> {
        let text = std::str::from_utf8(field.text).ok()?;
        self.see_texts(text, field.is_quoted(), (row, 1), rules);
        Some(())
    }

    /// A text, the row where it comes first, and how often it comes.
    pub(super) fn see_texts(
        &mut self,
        text: &str,
        quoted: bool,
        (row, times): (u64, u64),
        rules: &Rules<'_>,
    ) {
        let missing = rules.missing(self.is_target);
        if missing.is(text.as_bytes(), quoted) {
            self.seen.see(f64::NAN);
            return;
        }
        if rules.plain
            && let Some(number) = number(text)
        {
            self.numbers += times;
            self.dates = false;
            self.seen.see(number);
            return;
        }
        let others = self.others.get_or_insert_default();
        if quoted && missing.is(text.as_bytes(), false) {
            *others.quoted.entry(text.to_owned()).or_default() += times;
            return;
        }
        self.dates = self.dates && is_date(text.as_bytes());
        others.see(text, (row, times), self.is_number);
    }

    /// What the values of the rows behind these have been, of which there are `before`: the same as if they had been seen one by one.
    pub(super) fn extend(&mut self, later: Self, before: u64) {
        self.numbers += later.numbers;
        self.seen.extend(&later.seen);
        self.dates &= later.dates;
        if let Some(later) = later.others {
            self.others.get_or_insert_default().extend(*later, before);
        }
    }

    /// All values are seen.
    pub(super) fn judge(&self, name: &str, rules: &Rules<'_>) -> Verdict {
        let reading = rules.reading;
        if let Some(numeral) = reading.kept.as_ref().and_then(|kept| kept.numerals.get(name)) {
            return Verdict::Numbers(numeral.clone(), None);
        }
        let Some(others) = &self.others else { return Verdict::Numbers(Numeral::default(), None) };
        let is_asked = reading.dialect.decimal.is_some() || reading.dialect.thousands.is_some();
        // What an earlier file decided, and what is asked for, is not judged by how many cells agree.
        if reading.kept.is_some() && !is_asked && others.count > 0 && !self.dates {
            return Verdict::Texts(None);
        }
        if others.count > 0 && self.numbers == 0 && self.dates {
            return Verdict::Dates;
        }
        let of = self.numbers + others.count;
        let (unit, style, numbers) = others.best(self, rules);
        let numeral = |missing| {
            Numeral { unit: unit.map(str::to_owned), missing, ..Numeral::default() }.in_style(style)
        };
        let plain = numeral(Vec::new());
        let words = others.other_than(&plain);
        let strict = reading.kept.is_some() || self.is_number;
        let few = (of - numbers) * CELLS_PER_WORD <= of && !strict;
        let is_number = numbers > 0 && (numbers == of || few && words.is_some() || self.is_number)
            || of == 0 && others.quoted.is_empty();
        if !is_number {
            let likely = numbers * 2 > of && !strict && !others.words.many;
            let name = name.to_owned();
            let quoted = others.quoted.iter().max_by_key(|(_, rows)| **rows);
            let quoted =
                quoted.map(|(word, &rows)| Note::Quoted { column: name.clone(), word: word.clone(), rows });
            let word = words.iter().flatten().next().cloned();
            let texts = match (word, unit) {
                (Some(word), _) => Some(Note::Texts { column: name, numbers, of, word }),
                // What is left has no sign.
                (None, Some(unit)) => {
                    Some(Note::Mixed { column: name, unit: unit.to_owned(), with: numbers, of })
                }
                (None, None) => None,
            };
            let texts = texts.filter(|_| likely);
            return Verdict::Texts(texts.or(quoted));
        }
        let words = if numbers == of || strict { Vec::new() } else { words.unwrap_or_default() };
        let missing: Vec<String> = words.iter().map(|(word, _)| word.clone()).collect();
        let said = (!words.is_empty()).then(|| Note::Words { column: name.to_owned(), numbers, of, words });
        if let Some(styles) = others.open(unit, style, self).filter(|_| !is_asked) {
            let text = others.numerals.texts.iter().find(|(text, _)| text.contains([',', '.']));
            let (text, row) = text.map(|(text, &row)| (text.clone(), row)).unwrap_or_default();
            let numeral = numeral(missing);
            return Verdict::Open(Box::new(Open { text, row, numeral, styles, said }));
        }
        let note = said.or_else(|| others.example(name, &plain));
        Verdict::Numbers(numeral(missing), note)
    }

    /// A column of plain numbers some of which have decimals.
    pub(super) fn has_decimals(&self) -> bool {
        self.others.is_none() && self.seen.has_decimals()
    }
}

impl Open {
    /// Settled by how the decimals of other columns are written, or by nobody.
    pub(super) fn settle(
        &self,
        decimal: Option<Decimal>,
        name: &str,
        file: &str,
    ) -> Result<(Numeral, Note), DataError> {
        let numeral = |style: usize| self.numeral.clone().in_style(style);
        let read = self.styles.map(|style| numeral(style).parse(&self.text).unwrap_or(f64::NAN));
        match decimal {
            Some(decimal) => {
                let at = usize::from(decimal == Decimal::Comma);
                let note =
                    || Note::Numerals { column: name.to_owned(), text: self.text.clone(), number: read[at] };
                Ok((numeral(self.styles[at]), self.said.clone().unwrap_or_else(note)))
            }
            None => {
                let place = format!("column {name}, row {}", self.row);
                let got = format!("{}, which is {} or {}", readable(&self.text), read[0], read[1]);
                let hint = Wording::with_settings("[decimal point] or [decimal comma] says which; ");
                let hint = hint.set("types", format!("{name}=category")).and(" reads texts");
                Err(DataError::format(file, place, "a number", got, hint))
            }
        }
    }
}

/// Begins with a day, as `2026-11-24`.
fn is_date(value: &[u8]) -> bool {
    let digits = |range: std::ops::Range<usize>| value[range].iter().all(u8::is_ascii_digit);
    let is_day = value.len() >= 10
        && value[4] == b'-'
        && value[7] == b'-'
        && digits(0..4)
        && digits(5..7)
        && digits(8..10);
    is_day && value.get(10).is_none_or(|next| matches!(next, b'T' | b' '))
}
