//! What the values of a column are: numbers, dates or texts, found out before any of them is kept.

use std::collections::BTreeMap;

use super::Reading;
use super::dialect::Decimal;
use super::fields::Field;
use super::name::too_long;
use super::note::Note;
use super::numbers::{Numbers, Seen};
use super::numeral::{DECIMAL_COMMA, Numeral, STYLES, THOUSANDS_COMMA, is_asked, number, styles};
use super::words::Missing;
use crate::{DataError, readable};

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
    pub(super) fn is_plain(&self, field: Field<'_>) -> bool {
        self.quick && field.decimal.is_some()
    }

    pub(super) fn missing(&self, is_target: bool) -> &Missing {
        if is_target { &self.targets } else { &self.features }
    }
}

/// What the values of a column have all been so far.
pub(super) struct Kind {
    numbers: u64,
    pub(super) seen: Seen,
    dates: bool,
    pub(super) is_target: bool,
    /// Somebody says that it is one of numbers.
    is_number: bool,
    others: Option<Box<Others>>,
}

/// Values that are no plain number.
#[derive(Default)]
struct Others {
    count: u64,
    /// Numbers written otherwise, by their unit and in each style.
    fits: BTreeMap<Option<&'static str>, Fits>,
    /// Some of them, and some of those that are no number in any style, with how often each comes and its first row.
    numerals: Few,
    words: Few,
    /// Words for a missing value in quotes.
    quoted: BTreeMap<String, u64>,
}

#[derive(Clone, Copy, Default)]
struct Fits {
    style: [u64; STYLES.len()],
    /// Texts such as `1,234`, which are thousands or decimals, and such as `1.234`.
    commas: u64,
    points: u64,
}

/// Different texts, as long as they are few and short.
#[derive(Default)]
struct Few {
    texts: BTreeMap<String, u64>,
    many: bool,
}

/// More different words than this are texts, not words for a missing value; so is a long one.
const MOST_WORDS: usize = 100;
/// One cell in so many may be another word than a number.
const CELLS_PER_WORD: u64 = 50;

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
    pub(super) fn see(&mut self, field: Field<'_>, row: u64, rules: &Rules<'_>) -> Option<()> {
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

    fn see_text(&mut self, field: Field<'_>, row: u64, rules: &Rules<'_>) -> Option<()> {
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
                let hint = format!(
                    "--decimal point or --decimal comma says which; --types {name}=category reads texts"
                );
                Err(DataError::format(file, place, "a number", got, hint))
            }
        }
    }
}

impl Others {
    fn see(&mut self, text: &str, (row, times): (u64, u64), is_number: bool) {
        self.count += times;
        if self.words.many && !is_number {
            // Texts, whatever comes: nobody asks for the rest.
            return;
        }
        let (fits, unit) = styles(text);
        if fits == 0 {
            self.words.see(text, row);
            return;
        }
        self.numerals.see(text, row);
        let is = |style: usize| fits >> style & 1 == 1;
        let of_unit = self.fits.entry(unit).or_default();
        (0..STYLES.len()).for_each(|style| of_unit.style[style] += times * u64::from(is(style)));
        of_unit.commas += times * u64::from(is(THOUSANDS_COMMA) && is(DECIMAL_COMMA) && text.contains(','));
        of_unit.points += times * u64::from(is(0) && is(DECIMAL_COMMA + 1) && text.contains('.'));
    }

    fn extend(&mut self, later: Self, before: u64) {
        self.count += later.count;
        for (unit, later) in later.fits {
            let fits = self.fits.entry(unit).or_default();
            fits.style.iter_mut().zip(later.style).for_each(|(cells, later)| *cells += later);
            fits.commas += later.commas;
            fits.points += later.points;
        }
        self.numerals.extend(&later.numerals, before);
        self.words.extend(&later.words, before);
        for (word, rows) in later.quoted {
            *self.quoted.entry(word).or_default() += rows;
        }
    }

    /// The unit and style in which most cells are numbers, and how many; of equals, the first.
    fn best(&self, kind: &Kind, rules: &Rules<'_>) -> (Option<&'static str>, usize, u64) {
        let of = kind.numbers + self.count;
        let plain = Fits::default();
        let units = self.fits.iter().map(|(unit, fits)| (*unit, fits)).chain([(None, &plain)]);
        let mut best = (None, 0, 0);
        for (unit, fits) in units {
            for style in (0..STYLES.len()).filter(|&style| is_asked(style, &rules.reading.dialect)) {
                let numbers = fits.style[style] + if unit.is_none() { kind.numbers } else { 0 };
                // A few commas among many decimal points are slips.
                let is_slip = STYLES[style].0 == Decimal::Comma
                    && unit.is_none()
                    && kind.seen.has_decimals()
                    && fits.style[style] * CELLS_PER_WORD <= of;
                if numbers > best.2 && !is_slip {
                    best = (unit, style, numbers);
                }
            }
        }
        best
    }

    /// Two styles that agree on every cell and give other numbers.
    fn open(&self, unit: Option<&'static str>, style: usize, kind: &Kind) -> Option<[usize; 2]> {
        let fits = self.fits.get(&unit)?;
        let even = |a: usize, b: usize| fits.style[a] == fits.style[b];
        match style {
            THOUSANDS_COMMA if fits.commas > 0 && even(THOUSANDS_COMMA, DECIMAL_COMMA) => {
                (!kind.seen.has_decimals() || unit.is_some()).then_some([THOUSANDS_COMMA, DECIMAL_COMMA])
            }
            0 if fits.points > 0 && even(0, DECIMAL_COMMA + 1) => Some([0, DECIMAL_COMMA + 1]),
            _ => None,
        }
    }

    /// The different texts that are no number of this kind, with their rows; none if they are many.
    fn other_than(&self, numeral: &Numeral) -> Option<Vec<(String, u64)>> {
        let numerals = self.numerals.texts.iter().filter(|(text, _)| numeral.parse(text).is_none());
        let mut all: Vec<_> =
            self.words.texts.iter().chain(numerals).map(|(text, &row)| (text.clone(), row)).collect();
        all.sort_by_key(|&(_, row)| row);
        (!self.words.many && all.len() <= MOST_WORDS).then_some(all)
    }

    /// What to say of numbers that are not plain.
    fn example(&self, name: &str, numeral: &Numeral) -> Option<Note> {
        if numeral.is_plain() {
            return None;
        }
        let of = |(text, _): (&String, &u64)| Some((text.clone(), numeral.parse(text)?));
        let (text, number) = self.numerals.texts.iter().find_map(of)?;
        Some(Note::Numerals { column: name.to_owned(), text, number })
    }
}

impl Few {
    fn see(&mut self, text: &str, row: u64) {
        if self.many || self.texts.contains_key(text) {
            return;
        }
        self.many = self.texts.len() >= MOST_WORDS || too_long(text).is_some();
        self.texts.insert(text.to_owned(), row);
    }

    fn extend(&mut self, later: &Self, before: u64) {
        let mut texts: Vec<(&String, u64)> = later.texts.iter().map(|(text, &row)| (text, row)).collect();
        texts.sort_unstable_by_key(|&(_, row)| row);
        texts.into_iter().for_each(|(text, row)| self.see(text, before + row));
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
