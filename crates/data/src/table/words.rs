//! Words that stand for a missing value.

use super::dialect::Dialect;
use super::number_format::number;

/// What stands for a missing value: what pandas takes for one, and the `?` of older collections.
pub const MISSING: &[&str] = &[
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "?",
];

/// Stands for all of [`MISSING`] where words are named.
const DEFAULT: &str = "default";

/// The words of a column.
pub(super) struct Missing {
    usual: bool,
    asked: Vec<String>,
    /// Those of them that are numbers, however they are written.
    numbers: Vec<f64>,
}

impl Missing {
    /// Of a column that is predicted, or of another one.
    pub(super) fn of(dialect: &Dialect, is_target: bool) -> Self {
        let asked = if is_target { &dialect.missing_target } else { &dialect.missing };
        let usual = asked.as_ref().is_none_or(|words| words.iter().any(|word| word == DEFAULT));
        let asked: Vec<String> = asked.iter().flatten().filter(|word| *word != DEFAULT).cloned().collect();
        let numbers = asked.iter().filter_map(|word| number(word)).collect();
        Self { usual, asked, numbers }
    }

    /// Some words are numbers, such as -999.
    #[inline]
    pub(super) fn has_numbers(&self) -> bool {
        !self.numbers.is_empty()
    }

    /// An empty value is missing whatever is said; one in quotes only if its word was asked for.
    #[inline]
    pub(super) fn is(&self, value: &[u8], quoted: bool) -> bool {
        const LONGEST: usize = 8;
        let is = |word: &str| word.as_bytes() == value;
        value.is_empty()
            || self.usual && !quoted && value.len() <= LONGEST && MISSING.iter().any(|word| is(word))
            || self.asked.iter().any(|word| is(word))
            || self.has_numbers()
                && std::str::from_utf8(value).ok().and_then(number).is_some_and(|v| self.numbers.contains(&v))
    }
}
