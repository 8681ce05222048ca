//! A column of texts, each kept once.

use std::collections::HashMap;

/// Texts, each kept once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Categories {
    levels: Vec<String>,
    codes: Vec<u32>,
    /// Where each level stands while they are collected.
    places: HashMap<String, u32>,
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

    /// The text of each row.
    pub fn texts(&self) -> impl Iterator<Item = Option<&str>> + '_ {
        self.codes().map(|code| code.map(|code| self.levels[code].as_str()))
    }
}

impl Categories {
    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    pub(super) fn missing(&self) -> usize {
        self.codes.iter().filter(|&&code| code == MISSING).count()
    }

    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self { codes: Vec::with_capacity(rows), ..Self::default() }
    }

    /// The text of the next row.
    pub(crate) fn push(&mut self, text: Option<&str>) {
        let code = text.map_or(MISSING, |text| match self.places.get(text) {
            Some(&code) => code,
            None => {
                let code = self.levels.len() as u32;
                self.levels.push(text.to_owned());
                self.places.insert(text.to_owned(), code);
                code
            }
        });
        self.codes.push(code);
    }

    /// With the levels in the order of the alphabet instead of that of their appearance: shuffled rows have the same.
    pub(crate) fn sorted(self) -> Self {
        let mut order: Vec<u32> = (0..self.levels.len() as u32).collect();
        order.sort_unstable_by_key(|&level| &self.levels[level as usize]);
        let mut place = vec![0; order.len()];
        (0..).zip(&order).for_each(|(at, &level)| place[level as usize] = at);
        let code = |code| if code == MISSING { MISSING } else { place[code as usize] };
        let codes = self.codes.into_iter().map(code).collect();
        let mut levels = self.levels;
        levels.sort_unstable();
        Self { levels, codes, places: HashMap::new() }
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
        let mut categories = Self::default();
        texts.into_iter().for_each(|text| categories.push(text));
        categories.sorted()
    }
}
