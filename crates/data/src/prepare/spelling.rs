//! Which level a text stands for.
//!
//! A level is a text of the file. What reads tables for other programs takes some texts for numbers or truth values, and
//! writes them back in another way: pandas makes `1` of `01`, and `1.0` where a value of the column is missing. Those
//! count as the level they came from. No text becomes a number on the way, so that no two long codes become one.

use std::collections::BTreeMap;

use crate::table::Categories;

/// Every text that stands for a level, and the place of that level: the levels themselves, and what readers of tables make of
/// them, unless it may be one of several.
///
/// ```
/// use nablab_data::prepare::spellings;
/// let levels = ["01", "1.50", "true", "X1"].map(String::from);
/// let of = spellings(&levels);
/// assert_eq!((of.get("01"), of.get("1"), of.get("1.0"), of.get("1.5")), (Some(&0), Some(&0), Some(&0), Some(&1)));
/// assert_eq!((of.get("True"), of.get("X1"), of.get("001")), (Some(&2), Some(&3), None));
/// let of = spellings(&["01", "1"].map(String::from));
/// assert_eq!((of.get("01"), of.get("1"), of.get("1.0")), (Some(&0), Some(&1), None));
/// ```
pub fn spellings(levels: &[String]) -> BTreeMap<String, usize> {
    let mut others: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (place, level) in levels.iter().enumerate() {
        for text in written_back(level) {
            others
                .entry(text)
                .and_modify(|of| *of = of.filter(|&other| other == place))
                .or_insert(Some(place));
        }
    }
    let others = others.into_iter().filter_map(|(text, place)| Some((text, place?)));
    // The levels last: they stand for themselves.
    others.chain(levels.iter().cloned().zip(0..)).collect()
}

/// For each different text of a column the place of the level that it stands for.
pub(super) fn places(levels: &[String], texts: &Categories) -> Vec<Option<usize>> {
    let of = spellings(levels);
    texts.levels().iter().map(|text| of.get(text).copied()).collect()
}

/// What readers of tables write for a text that they took for a number or a truth value.
fn written_back(level: &str) -> Vec<String> {
    /// A double holds all decimals of so many digits apart.
    const EXACT: usize = 15;
    const TRUTH: [[&str; 3]; 2] = [["true", "True", "TRUE"], ["false", "False", "FALSE"]];
    if let Some(words) = TRUTH.iter().find(|words| words.contains(&level)) {
        return words.map(String::from).to_vec();
    }
    let Some(value) = level.parse().ok().filter(|v: &f64| v.is_finite()) else { return Vec::new() };
    let unsigned = level.trim_start_matches(['+', '-']);
    let mantissa = unsigned.split(['e', 'E']).next().unwrap_or_default();
    let significant = mantissa.trim_start_matches(['0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if significant <= EXACT {
        let whole = value.fract() == 0.0 && value.abs() < 1e15;
        let whole = whole.then(|| (value as i64).to_string());
        return whole.into_iter().chain([as_python_writes(value)]).collect();
    }
    // Too long for a double; a whole number of 64 bits keeps its digits.
    match level.parse::<i128>() {
        Ok(whole) => vec![whole.to_string()],
        Err(_) => Vec::new(),
    }
}

/// The shortest decimal of a double, in Python's form.
fn as_python_writes(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e16).contains(&size) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    format!("{value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python 3.12: `repr(float(text))`.
    #[test]
    fn doubles_are_written_as_python_writes_them() {
        for (text, expected) in [
            ("1", "1.0"),
            ("-0", "-0.0"),
            ("39.0", "39.0"),
            ("0.10", "0.1"),
            ("1e5", "100000.0"),
            ("123456789012345", "123456789012345.0"),
            ("1e15", "1000000000000000.0"),
            ("1e16", "1e+16"),
            ("2.5e-5", "2.5e-05"),
            ("0.0001", "0.0001"),
            ("1.5e-300", "1.5e-300"),
        ] {
            assert_eq!(as_python_writes(text.parse().unwrap()), expected);
        }
    }

    #[test]
    fn long_codes_are_not_rounded() {
        let codes =
            ["1582218195625938945", "1582218195625938946", "0001582218195625938947"].map(String::from);
        let of = spellings(&codes);
        assert_eq!(of.len(), 4, "{of:?}");
        assert_eq!(of["1582218195625938947"], 2);
    }
}
