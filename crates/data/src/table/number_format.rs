//! How the numbers of a column are written: with a decimal comma, marks between thousands, a sign of money or per cent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::dialect::{Decimal, Dialect, Thousands};
use crate::Wording;

/// How the numbers of a column are written, and which words stand for a missing one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Numeral {
    /// Before the decimals.
    pub decimal: Decimal,
    /// Between the thousands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<Thousands>,
    /// Stands before or behind every number, and is left away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Words that are no number, and count as missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// Signs of money and shares; of equal beginnings the longer first.
const UNITS: [&str; 20] = [
    "US$", "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "$", "€", "£", "¥", "￥", "₹", "₽", "₩", "₺", "¢", "%",
    "％", "‰",
];

/// How numbers may be written apart from their unit; of equals, the first is taken.
pub(super) const STYLES: [(Decimal, Option<Thousands>); 8] = [
    (Decimal::Point, None),
    (Decimal::Point, Some(Thousands::Comma)),
    (Decimal::Point, Some(Thousands::Space)),
    (Decimal::Point, Some(Thousands::Apostrophe)),
    (Decimal::Comma, None),
    (Decimal::Comma, Some(Thousands::Point)),
    (Decimal::Comma, Some(Thousands::Space)),
    (Decimal::Comma, Some(Thousands::Apostrophe)),
];
/// Where `1,234` is a thousand, and where it is little more than one.
pub(super) const THOUSANDS_COMMA: usize = 1;
pub(super) const DECIMAL_COMMA: usize = 4;

/// The minus of printed numbers, which every page of figures copied into a table has.
const PRINTED_MINUS: char = '\u{2212}';

/// A number, infinite ones included; texts that stand for a missing value are none.
pub(super) fn number(value: &str) -> Option<f64> {
    let number = |text: &str| text.parse().ok().filter(|v: &f64| !v.is_nan());
    match value.strip_prefix(PRINTED_MINUS) {
        Some(digits) if !digits.starts_with(['-', '+']) => number(digits).map(|v| -v),
        _ => number(value),
    }
}

/// The sign before a text, and what is behind it.
fn signed(text: &str) -> (&str, &str) {
    match text.strip_prefix(['-', '+', PRINTED_MINUS]) {
        Some(rest) => text.split_at(text.len() - rest.len()),
        None => ("", text),
    }
}

impl Numeral {
    /// Nothing but digits, a point, and what else every language reads.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn decimal_and_thousands(&self) -> (Decimal, Option<Thousands>) {
        (self.decimal, self.thousands)
    }

    /// The same with the marks of one of the [`STYLES`].
    pub(super) fn in_style(self, style: usize) -> Self {
        let (decimal, thousands) = STYLES[style];
        Self { decimal, thousands, ..self }
    }

    /// The number of a text that is written so.
    pub(super) fn parse(&self, text: &str) -> Option<f64> {
        match (&self.unit, split_unit(text)) {
            (None, None) if self.decimal_and_thousands() == STYLES[0] => number(text),
            (None, None) => body(text, self.decimal, self.thousands),
            (Some(unit), Some((other, rest))) if unit == other => body(&rest, self.decimal, self.thousands),
            _ => None,
        }
    }
}

/// In which of the [`STYLES`] a text is a number, a bit for each, and its unit.
pub(super) fn styles(text: &str) -> (u8, Option<&'static str>) {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return (0, None);
    }
    let (unit, rest) = match split_unit(text) {
        Some((unit, rest)) => (Some(unit), Cow::Owned(rest)),
        None => (None, Cow::Borrowed(text)),
    };
    let fits = |(i, &(decimal, thousands)): (usize, &(Decimal, Option<Thousands>))| {
        u8::from(body(&rest, decimal, thousands).is_some()) << i
    };
    (STYLES.iter().enumerate().map(fits).sum(), unit)
}

/// A number in any of the styles, with or without a unit.
pub(super) fn is_number(text: &str) -> bool {
    number(text).is_some() || styles(text).0 != 0
}

/// A style is one of those that were asked for.
pub(super) fn is_asked(style: usize, dialect: &Dialect) -> bool {
    let (decimal, thousands) = STYLES[style];
    dialect.decimal.is_none_or(|asked| asked == decimal)
        && dialect.thousands.is_none_or(|asked| Some(asked) == thousands)
}

/// The settings with which a text that is no plain number is one, if there are any.
pub(crate) fn number_with(text: &str) -> Option<Wording> {
    let (fits, unit) = styles(text);
    let is_there = |style: usize| STYLES[style].1.is_none_or(|mark| text.contains(|c| mark.is(c)));
    let fitting =
        (0..STYLES.len()).filter(|&style| unit.is_none() && fits >> style & 1 == 1 && is_there(style));
    let mut settings: Vec<_> = fitting
        .filter_map(|style| match STYLES[style] {
            // Points between thousands follow from it.
            (Decimal::Comma, None | Some(Thousands::Point)) => Some(("decimal", Decimal::Comma.to_string())),
            (_, thousands) => Some(("thousands", thousands?.to_string())),
        })
        .collect();
    settings.sort_unstable();
    settings.dedup();
    let set = |(name, value)| Wording::default().set(name, value);
    settings.into_iter().map(set).reduce(|said, setting| said.and(" or ").and(setting))
}

/// The unit before or behind a number, and the text without it; the sign may stand before either.
fn split_unit(text: &str) -> Option<(&'static str, String)> {
    let (sign, unsigned) = signed(text);
    let unsigned = unsigned.trim_start();
    // Most numbers have none.
    if let [b'0'..=b'9', .., b'0'..=b'9'] = unsigned.as_bytes() {
        return None;
    }
    let unit = |unit: &'static str| {
        let rest = unsigned.strip_prefix(unit).or_else(|| unsigned.strip_suffix(unit))?.trim();
        (!rest.is_empty()).then(|| (unit, format!("{sign}{rest}")))
    };
    UNITS.into_iter().find_map(unit)
}

/// The number of digits with these marks.
fn body(text: &str, decimal: Decimal, thousands: Option<Thousands>) -> Option<f64> {
    let (sign, unsigned) = signed(text);
    let is_end = |c: char| c == decimal.mark() || matches!(c, 'e' | 'E');
    let (whole, rest) = unsigned.split_at(unsigned.find(is_end).unwrap_or(unsigned.len()));
    // A comma at either end is a list or a slip.
    let decimals = rest.strip_prefix(decimal.mark());
    let is_bare =
        whole.is_empty() || decimals.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    if decimal == Decimal::Comma && is_bare {
        return None;
    }
    let is_mark = |c: char| thousands.is_some_and(|mark| mark.is(c));
    if !whole.chars().all(|c| c.is_ascii_digit() || is_mark(c)) {
        return None;
    }
    let (first, others) =
        whole.split_once(is_mark).map_or((whole, None), |(first, others)| (first, Some(others)));
    if let Some(others) = others {
        let grouped = (1..=3).contains(&first.len()) && !first.starts_with('0');
        if !grouped || others.split(is_mark).any(|group| group.len() != 3) {
            return None;
        }
    }
    let whole = whole.replace(is_mark, "");
    number(&format!("{sign}{whole}{}", rest.replacen(decimal.mark(), ".", 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<f64> {
        let (fits, unit) = styles(text);
        let numeral = |i: usize| Numeral { unit: unit.map(str::to_owned), ..Numeral::default() }.in_style(i);
        let mut all: Vec<f64> =
            (0..STYLES.len()).filter(|i| fits >> i & 1 == 1).filter_map(|i| numeral(i).parse(text)).collect();
        all.dedup();
        all
    }

    #[test]
    fn marks_say_what_a_number_is_or_leave_it_open() {
        for (text, number) in [
            ("1287,32", 1287.32),
            ("0,123", 0.123),
            ("-1,5e3", -1500.0),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1,234,567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("1 234", 1234.0),
            ("1\u{202f}234,5", 1234.5),
            ("1'234.5", 1234.5),
            ("$1,234.50", 1234.5),
            ("-$5", -5.0),
            ("\u{2212}7", -7.0),
            ("\u{2212}1,5 €", -1.5),
            ("12,5 %", 12.5),
            ("1.299,00 €", 1299.0),
            ("EUR 7", 7.0),
        ] {
            assert_eq!(read(text), [number], "{text}");
        }
        assert_eq!(read("1,234"), [1234.0, 1.234], "thousands or decimals");
        for text in [
            "1,2,3",
            "1,23,456",
            "01,234,567",
            "0,",
            ",5",
            "1.2.3",
            "12-5",
            "\u{2212}-5",
            "",
            ",",
            "%",
            "$",
            "1 2",
            "a1",
            "1a",
        ] {
            assert!(read(text).is_empty(), "{text}: {:?}", read(text));
        }
    }
}
