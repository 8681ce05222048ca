//! The language of words, and numbers as words.

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

impl Lang {
    /// The words of this language.
    ///
    /// ```
    /// use nablab_report::Lang;
    /// assert_eq!(Lang::Zh.choose("cost", "代价"), "代价");
    /// ```
    pub fn choose<T>(self, en: T, zh: T) -> T {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }
}

/// A number for reading: at most `digits` significant digits, without trailing zeros, scientific where very
/// large or small. With 17 digits or more, the shortest text that reads back to the same number.
///
/// ```
/// use nablab_report::number;
/// assert_eq!(number(0.69314718, 4), "0.6931");
/// assert_eq!(number(2.9e-10, 4), "2.9e-10");
/// assert_eq!(number(300.0, 4), "300");
/// assert_eq!(number(0.1 + 0.2, 17), "0.30000000000000004");
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
    let shortest = digits >= f64::DIGITS as usize + 2;
    if !(-5..15).contains(&exponent) {
        let text = match shortest {
            true => format!("{value:e}"),
            false => format!("{value:.*e}", digits.saturating_sub(1)),
        };
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{power}", trim_zeros(mantissa));
    }
    if shortest {
        return value.to_string();
    }
    let decimals = (digits as i32 - 1 - exponent).clamp(0, 17) as usize;
    trim_zeros(&format!("{value:.decimals$}")).to_owned()
}

/// A count with its English noun.
///
/// ```
/// use nablab_report::counted;
/// assert_eq!(counted(1, "seed"), "1 seed");
/// assert_eq!(counted(30, "seed"), "30 seeds");
/// ```
pub fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// A length of time, in seconds, as a clock shows it.
///
/// ```
/// use nablab_report::clock;
/// assert_eq!([7.4, 65.0, 3720.0].map(clock), ["7 s", "1:05 min", "1:02 h"]);
/// ```
pub fn clock(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02} min", seconds / 60, seconds % 60),
        _ => format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60),
    }
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}
