//! A column of texts, each kept once.

use std::hash::{BuildHasher, RandomState};

/// Texts, each kept once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Categories {
    levels: Vec<String>,
    codes: Vec<u32>,
}

/// The code of a value that is missing.
const MISSING: u32 = u32::MAX;

impl Categories {
    /// The different texts, sorted.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// For each row the place of its text among the levels.
    pub fn codes(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.codes.iter().map(|&code| (code != MISSING).then_some(code as usize))
    }

    /// The place of a row's text among the levels.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn code(&self, row: usize) -> Option<usize> {
        let code = self.codes[row];
        (code != MISSING).then_some(code as usize)
    }

    /// The text of a row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.code(row).map(|code| self.levels[code].as_str())
    }

    /// The text of each row.
    pub fn texts(&self) -> impl Iterator<Item = Option<&str>> + '_ {
        self.codes().map(|code| code.map(|code| self.levels[code].as_str()))
    }
}

impl Categories {
    pub(super) fn of(texts: impl Iterator<Item = Option<impl AsRef<str>>>) -> Self {
        let mut collected = Collected::default();
        texts.for_each(|text| collected.push(text.as_ref().map(AsRef::as_ref)));
        collected.sorted()
    }

    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    pub(super) fn missing(&self) -> usize {
        self.codes.iter().filter(|&&code| code == MISSING).count()
    }
}

/// Texts while they are collected, with a table of where each one is: places in it are taken from a text's hash on, by the
/// number of the text alone. A map of the standard library would hold each text once more.
#[derive(Default)]
pub(super) struct Collected {
    levels: Vec<String>,
    codes: Vec<u32>,
    /// A power of two of places, or none yet.
    places: Vec<u32>,
    hasher: RandomState,
}

/// A place that no text has taken.
const FREE: u32 = u32::MAX;

impl Collected {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { codes: Vec::with_capacity(rows), ..Self::default() }
    }

    /// The text of the next row.
    pub(super) fn push(&mut self, text: Option<&str>) {
        let code = text.and_then(|text| self.code(text, |text| Some(text.to_owned())));
        self.codes.push(code.unwrap_or(MISSING));
    }

    /// The same, and the number of the text: those that came for the first time are counted from 0. None if it is not UTF-8, which only
    /// a new one may be.
    pub(super) fn push_text(&mut self, text: &[u8]) -> Option<usize> {
        let code = self.code(text, |text| Some(std::str::from_utf8(text).ok()?.to_owned()))?;
        self.codes.push(code);
        Some(code as usize)
    }

    /// The texts of the rows behind these, and the number that each different one of them has here.
    pub(super) fn extend(&mut self, later: Self) -> Vec<u32> {
        let numbers: Vec<u32> = later.levels.into_iter().filter_map(|text| self.code(text, Some)).collect();
        let here = |code: u32| if code == MISSING { MISSING } else { numbers[code as usize] };
        self.codes.extend(later.codes.into_iter().map(here));
        numbers
    }

    /// The different texts, in the order of their appearance.
    pub(super) fn levels(&self) -> &[String] {
        &self.levels
    }

    /// The number of a text. A new one is kept, if it can be.
    fn code<T: AsRef<[u8]>>(&mut self, text: T, kept: impl FnOnce(T) -> Option<String>) -> Option<u32> {
        // At most three quarters full: a free place is always near.
        if 4 * self.levels.len() >= 3 * self.places.len() {
            self.places = vec![FREE; (2 * self.places.len()).max(16)];
            for code in 0..self.levels.len() {
                let place = self.place(self.levels[code].as_bytes());
                self.places[place] = code as u32;
            }
        }
        let place = self.place(text.as_ref());
        if self.places[place] == FREE {
            self.levels.push(kept(text)?);
            self.places[place] = self.levels.len() as u32 - 1;
        }
        Some(self.places[place])
    }

    /// The place of a text, or the free one where it belongs.
    fn place(&self, text: &[u8]) -> usize {
        let last = self.places.len() - 1;
        let mut place = self.hasher.hash_one(text) as usize & last;
        while self.places[place] != FREE && self.levels[self.places[place] as usize].as_bytes() != text {
            place = (place + 1) & last;
        }
        place
    }

    /// With the levels in the order of the alphabet instead of that of their appearance: shuffled rows have the same.
    pub(super) fn sorted(self) -> Categories {
        self.sorted_without(|_| false)
    }

    /// The same where some of the texts stand for a missing value, by their numbers.
    pub(super) fn sorted_without(self, is_missing: impl Fn(usize) -> bool) -> Categories {
        let Self { mut levels, mut codes, places, .. } = self;
        drop(places);
        codes.shrink_to_fit();
        let mut order: Vec<u32> =
            (0..levels.len() as u32).filter(|&level| !is_missing(level as usize)).collect();
        order.sort_unstable_by_key(|&level| &levels[level as usize]);
        let mut place = vec![MISSING; levels.len()];
        (0..).zip(&order).for_each(|(at, &level)| place[level as usize] = at);
        drop(order);
        codes.iter_mut().filter(|code| **code != MISSING).for_each(|code| *code = place[*code as usize]);
        let mut number = 0..;
        levels.retain(|_| !number.next().is_some_and(&is_missing));
        levels.sort_unstable();
        levels.shrink_to_fit();
        Categories { levels, codes }
    }
}

impl<'a> FromIterator<Option<&'a str>> for Categories {
    /// ```
    /// use nablab_data::table::Categories;
    /// let colours: Categories = [Some("red"), None, Some("blue"), Some("red")].into_iter().collect();
    /// assert_eq!(colours.levels(), ["blue", "red"]);
    /// assert_eq!(colours.codes().collect::<Vec<_>>(), [Some(1), None, Some(0), Some(1)]);
    /// ```
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(texts: I) -> Self {
        Self::of(texts.into_iter())
    }
}
