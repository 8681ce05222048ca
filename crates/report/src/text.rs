//! Words in two languages, and numbers as words.

use serde::{Deserialize, Serialize};

/// Language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

/// The same sentence in both languages.
///
/// ```
/// use nablab_report::{Lang, Text};
/// let text = Text::new("cost", "代价");
/// assert_eq!(text.get(Lang::Zh), "代价");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    en: String,
    zh: String,
}

impl Text {
    /// From both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// A name or formula that is the same in both.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: text.clone(), zh: text }
    }

    /// In one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A number for reading: at most `digits` significant digits, without trailing zeros, scientific where very
/// large or small.
///
/// ```
/// use nablab_report::number;
/// assert_eq!(number(0.69314718, 4), "0.6931");
/// assert_eq!(number(2.9e-10, 4), "2.9e-10");
/// assert_eq!(number(300.0, 4), "300");
/// assert_eq!(number(f64::INFINITY, 4), "∞");
/// ```
pub fn number(value: f64, digits: usize) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "∞".into() } else { "−∞".into() };
    }
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".into() } else { "not a number".into() };
    }
    let exponent = value.abs().log10().floor() as i32;
    if !(-5..15).contains(&exponent) {
        let text = format!("{value:.*e}", digits.saturating_sub(1));
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{power}", trim_zeros(mantissa));
    }
    let decimals = (digits as i32 - 1 - exponent).clamp(0, 17) as usize;
    trim_zeros(&format!("{value:.decimals$}")).to_owned()
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}
