//! The values of a column that are no plain number.

use std::collections::BTreeMap;

use super::dialect::Decimal;
use super::kind::{Kind, Rules};
use super::name::too_long;
use super::note::Note;
use super::number_format::{DECIMAL_COMMA, Numeral, STYLES, THOUSANDS_COMMA, is_asked, styles};

/// Values that are no plain number.
#[derive(Default)]
pub(super) struct Others {
    pub(super) count: u64,
    /// Numbers written otherwise, by their unit and in each style.
    fits: BTreeMap<Option<&'static str>, Fits>,
    /// Some of them, and some of those that are no number in any style, with how often each comes and its first row.
    pub(super) numerals: Few,
    pub(super) words: Few,
    /// Words for a missing value in quotes.
    pub(super) quoted: BTreeMap<String, u64>,
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
pub(super) struct Few {
    pub(super) texts: BTreeMap<String, u64>,
    pub(super) many: bool,
}

/// More different words than this are texts, not words for a missing value; so is a long one.
const MOST_WORDS: usize = 100;
/// One cell in so many may be another word than a number.
pub(super) const CELLS_PER_WORD: u64 = 50;

impl Others {
    pub(super) fn see(&mut self, text: &str, (row, times): (u64, u64), is_number: bool) {
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

    pub(super) fn extend(&mut self, later: Self, before: u64) {
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
    pub(super) fn best(&self, kind: &Kind, rules: &Rules<'_>) -> (Option<&'static str>, usize, u64) {
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
    pub(super) fn open(&self, unit: Option<&'static str>, style: usize, kind: &Kind) -> Option<[usize; 2]> {
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
    pub(super) fn other_than(&self, numeral: &Numeral) -> Option<Vec<(String, u64)>> {
        let numerals = self.numerals.texts.iter().filter(|(text, _)| numeral.parse(text).is_none());
        let mut all: Vec<_> =
            self.words.texts.iter().chain(numerals).map(|(text, &row)| (text.clone(), row)).collect();
        all.sort_by_key(|&(_, row)| row);
        (!self.words.many && all.len() <= MOST_WORDS).then_some(all)
    }

    /// What to say of numbers that are not plain.
    pub(super) fn example(&self, name: &str, numeral: &Numeral) -> Option<Note> {
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
