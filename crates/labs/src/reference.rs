//! The published numbers, and a verdict on ours.
//!
//! `reference/course.csv` holds one row per number: as printed in public notebooks, as recomputed (trainings in
//! 113-bit arithmetic), and the tolerance a correct program can honestly be held to. See the README beside it.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Serialize, Serializer};

/// A number, or a text such as a string of predicted labels.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// May be infinite; written as `"inf"` then.
    Number(f64),
    /// Compared letter by letter.
    Text(String),
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(value) if value.is_finite() => serializer.serialize_f64(*value),
            Self::Number(value) => serializer.serialize_str(&value.to_string()),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
struct Entry {
    published: Option<String>,
    recomputed: Value,
    /// Absolute.
    tolerance: f64,
    source: String,
}

/// A number of ours beside the published one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// `cost[1000]`, `W1[0, 2]`, …
    pub name: String,
    /// The digits as printed; none if the number was never printed.
    pub published: Option<String>,
    /// Recomputed independently.
    pub recomputed: Value,
    /// Ours.
    pub got: Value,
    /// Distance of ours from the recomputed number, as a share of it; of texts, the share of letters that differ.
    pub relative_difference: f64,
    /// The largest relative difference that counts as agreement.
    pub tolerance: f64,
    /// Within the tolerance of the recomputed number, and of the published one as far as its digits go.
    pub agrees: bool,
    /// Who printed it.
    pub source: String,
}

/// The table of the course.
#[derive(Debug)]
pub struct Reference {
    entries: HashMap<(String, String), Entry>,
}

static COURSE: LazyLock<Reference> = LazyLock::new(|| {
    Reference::parse(include_str!("../reference/course.csv")).expect("the table is well formed")
});

impl Reference {
    /// The embedded table.
    ///
    /// ```
    /// use nablab_labs::reference::Reference;
    /// let comparison = Reference::course().compare("gradient-checking.1", "J", 8.0).unwrap();
    /// assert!(comparison.agrees && comparison.published.as_deref() == Some("8"));
    /// assert!(!Reference::course().compare("gradient-checking.1", "J", 8.001).unwrap().agrees);
    /// assert!(Reference::course().compare("gradient-checking.1", "no such name", 8.0).is_none());
    /// ```
    pub fn course() -> &'static Self {
        &COURSE
    }

    fn parse(text: &str) -> Result<Self, csv::Error> {
        let mut entries = HashMap::new();
        for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
            type Row = (String, String, Option<String>, String, f64, String);
            let (item, name, published, recomputed, tolerance, source): Row = row?;
            // A string of predicted labels would read as a number.
            let text = ["predictions", "grid", "shape"].iter().any(|kind| name.starts_with(kind));
            let recomputed = match recomputed.parse() {
                Ok(value) if !text => Value::Number(value),
                _ => Value::Text(recomputed),
            };
            entries.insert((item, name), Entry { published, recomputed, tolerance, source });
        }
        Ok(Self { entries })
    }

    /// Names in the table for an item, sorted.
    pub fn names(&self, item: &str) -> Vec<&str> {
        let mut names: Vec<_> =
            self.entries.keys().filter(|(i, _)| i == item).map(|(_, name)| name.as_str()).collect();
        names.sort_unstable();
        names
    }

    /// Compare a number or text; `None` if the table does not have it.
    pub fn compare(&self, item: &str, name: &str, got: impl Into<Value>) -> Option<Comparison> {
        let Entry { published, recomputed, tolerance, source } =
            self.entries.get(&(item.to_owned(), name.to_owned()))?;
        let got = got.into();
        let (relative_difference, relative_tolerance, agrees) = match (&got, recomputed) {
            (Value::Number(got), Value::Number(expected)) => {
                let size = if *expected == 0.0 || expected.is_infinite() { 1.0 } else { expected.abs() };
                let near = distance(*got, *expected) <= *tolerance;
                let as_printed =
                    published.as_deref().is_none_or(|text| agrees_with_print(*got, text, *tolerance));
                (distance(*got, *expected) / size, tolerance / size, near && as_printed)
            }
            (Value::Text(got), Value::Text(expected)) => {
                let letters = got.chars().count().max(expected.chars().count()).max(1);
                let same = got.chars().zip(expected.chars()).filter(|(a, b)| a == b).count();
                ((letters - same) as f64 / letters as f64, 0.0, got == expected)
            }
            _ => (f64::INFINITY, 0.0, false),
        };
        Some(Comparison {
            name: name.to_owned(),
            published: published.clone(),
            recomputed: recomputed.clone(),
            got,
            relative_difference,
            tolerance: relative_tolerance,
            agrees,
            source: source.clone(),
        })
    }
}

/// |a − b|, where two equal infinities are at the same place.
fn distance(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { (a - b).abs() }
}

/// Printed digits are right to half a unit of the last one.
fn agrees_with_print(got: f64, printed: &str, tolerance: f64) -> bool {
    let Ok(value) = printed.parse::<f64>() else { return false };
    let (mantissa, exponent) = printed.split_once(['e', 'E']).unwrap_or((printed, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, digits)| digits.len()) as i32;
    let last_digit = 10_f64.powi(exponent.parse().unwrap_or(0) - decimals);
    // A hair more: a printed number may be rounded exactly at the half.
    distance(got, value) <= tolerance + 0.500001 * last_digit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_allows_half_a_unit_of_its_last_digit() {
        assert!(agrees_with_print(0.82999, "0.83", 0.0) && !agrees_with_print(0.836, "0.83", 0.0));
        assert!(agrees_with_print(2.919335883291695e-10, "2.91933588329e-10", 0.0));
        assert!(!agrees_with_print(2.9194e-10, "2.91933588329e-10", 0.0));
        assert!(agrees_with_print(f64::INFINITY, "inf", 0.0) && !agrees_with_print(0.6, "inf", 0.0));
        assert!(agrees_with_print(8.4, "8", 0.0) && !agrees_with_print(8.6, "8", 0.0));
    }

    #[test]
    fn texts_are_compared_letter_by_letter() {
        let item = "initialization.4";
        let right = "0".repeat(100);
        let compare = |text: String| Reference::course().compare(item, "predictions_test", text).unwrap();
        assert!(compare(right.clone()).agrees);
        let wrong = compare(format!("1{}", &right[1..]));
        assert!(!wrong.agrees && (wrong.relative_difference - 0.01).abs() < 1e-15);
        assert!(!Reference::course().compare(item, "predictions_test", 0.0).unwrap().agrees);
    }
}
