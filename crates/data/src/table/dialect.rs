//! What people say of how a text is to be read; what they leave out is found out from the text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Format, charset};

/// How a table of separated values is written. What is left out is found out where it is certain.
///
/// ```
/// use nablab_data::table::{Dialect, Reading, Values, csv};
/// let dialect = Dialect { decimal: Some("comma".parse()?), skip_lines: 1, ..Dialect::default() };
/// let reading = Reading { dialect, ..Reading::default() };
/// let text = std::io::Cursor::new("Report of March\nsize;price\n1;1.234\n2;0,5\n");
/// let table = csv::read_from(text, "t.csv", &reading, &mut |_, _| ())?;
/// let Values::Numbers(prices) = &table.columns()[1].values else { panic!("numbers") };
/// assert_eq!(prices.iter().collect::<Vec<_>>(), [1234.0, 0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dialect {
    /// The kind of file, where its name does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The first line holds the names of the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// Between two values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<Separator>,
    /// Before the decimals of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimal>,
    /// Between the thousands of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thousands: Option<Thousands>,
    /// How characters are written as bytes. UTF-8, and UTF-16 where the file begins with its mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Lines before the table.
    #[serde(skip_serializing_if = "is_zero")]
    pub skip_lines: usize,
    /// Words that stand for a missing value, instead of the usual ones; `default` stands for those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<String>>,
    /// The same of what is predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_target: Option<Vec<String>>,
}

fn is_zero(lines: &usize) -> bool {
    *lines == 0
}

impl Dialect {
    /// Nothing is said of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same, but what the other one says.
    pub fn change(&mut self, other: &Self) {
        fn set<T: Clone>(value: &mut Option<T>, other: &Option<T>) {
            if other.is_some() {
                value.clone_from(other);
            }
        }
        set(&mut self.format, &other.format);
        set(&mut self.header, &other.header);
        set(&mut self.separator, &other.separator);
        set(&mut self.decimal, &other.decimal);
        set(&mut self.thousands, &other.thousands);
        set(&mut self.encoding, &other.encoding);
        set(&mut self.missing, &other.missing);
        set(&mut self.missing_target, &other.missing_target);
        if other.skip_lines > 0 {
            self.skip_lines = other.skip_lines;
        }
    }
}

/// What stands between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Separator {
    /// This character of ASCII.
    Byte(u8),
    /// Any number of spaces and tabs.
    Blanks,
}

/// What stands before the decimals of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Decimal {
    /// `1.5`
    #[default]
    Point,
    /// `1,5`
    Comma,
}

/// What stands between the thousands of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Thousands {
    /// `1,234,567`
    Comma,
    /// `1.234.567`
    Point,
    /// `1 234 567`, also with spaces that do not break.
    Space,
    /// `1'234'567`
    Apostrophe,
}

/// How characters are written as bytes: a name that browsers know, such as `windows-1252`, `latin-1`, `utf-16le`, `gbk`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Encoding(pub(super) &'static charset::Encoding);

impl Decimal {
    /// The character itself.
    pub(super) fn mark(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

impl Thousands {
    /// The character is one of these marks.
    pub(super) fn is(self, c: char) -> bool {
        match self {
            Self::Comma => c == ',',
            Self::Point => c == '.',
            Self::Space => matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'),
            Self::Apostrophe => matches!(c, '\'' | '’'),
        }
    }
}

impl FromStr for Separator {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "comma" => Self::Byte(b','),
            "semicolon" => Self::Byte(b';'),
            "tab" | "\\t" => Self::Byte(b'\t'),
            "bar" => Self::Byte(b'|'),
            "blanks" | " " => Self::Blanks,
            _ => match *text.as_bytes() {
                [byte] if byte.is_ascii_punctuation() && byte != b'"' || byte == b'\t' => Self::Byte(byte),
                _ => {
                    return Err(format!(
                        "expected comma, semicolon, tab, bar, blanks or a single character, got {text:?}"
                    ));
                }
            },
        })
    }
}

impl fmt::Display for Separator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(b',') => out.write_str("comma"),
            Self::Byte(b';') => out.write_str("semicolon"),
            Self::Byte(b'\t') => out.write_str("tab"),
            Self::Byte(b'|') => out.write_str("bar"),
            Self::Byte(byte) => write!(out, "{}", char::from(*byte)),
            Self::Blanks => out.write_str("blanks"),
        }
    }
}

impl FromStr for Decimal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "." | "point" => Ok(Self::Point),
            "," | "comma" => Ok(Self::Comma),
            _ => Err(format!("expected point or comma, got {text:?}")),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Point => "point",
            Self::Comma => "comma",
        })
    }
}

impl FromStr for Thousands {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "," | "comma" => Ok(Self::Comma),
            "." | "point" => Ok(Self::Point),
            " " | "space" => Ok(Self::Space),
            "'" | "apostrophe" => Ok(Self::Apostrophe),
            _ => Err(format!("expected comma, point, space or apostrophe, got {text:?}")),
        }
    }
}

impl fmt::Display for Thousands {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Comma => "comma",
            Self::Point => "point",
            Self::Space => "space",
            Self::Apostrophe => "apostrophe",
        })
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Python writes latin-1 and utf_16 for what browsers call latin1 and utf-16.
        let names = [text.to_owned(), text.replace('_', "-"), text.replace(['-', '_'], "")];
        let found =
            names.iter().find_map(|name| charset::Encoding::for_label_no_replacement(name.as_bytes()));
        found.map(Self).ok_or_else(|| {
            format!("expected an encoding such as utf-8, utf-16le, windows-1252 or latin-1, got {text:?}")
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.name().to_ascii_lowercase())
    }
}

macro_rules! text {
    ($($t:ty),*) => {$(
        impl TryFrom<String> for $t {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl From<$t> for String {
            fn from(value: $t) -> Self {
                value.to_string()
            }
        }
    )*};
}
text!(Separator, Decimal, Thousands, Encoding);
