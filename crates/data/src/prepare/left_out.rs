//! Columns that become no feature, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::readable;
use crate::table::LONGEST_NAME;

/// A column that became no feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Of the column.
    pub name: String,
    /// Why.
    pub why: Reason,
}

/// Why a column became no feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// No row has a value.
    Missing,
    /// All rows have this one.
    Constant(String),
    /// All rows have this number, as far as the digits of a double tell; their texts may differ.
    Rounded(String),
    /// They would be nonsense as categories, and nobody said that they are to be features.
    Dates,
    /// Too many different ones for categories.
    Texts {
        /// Different texts.
        different: usize,
        /// Rows they were found in.
        rows: usize,
    },
    /// A text is too long for a category.
    Long {
        /// Characters of it.
        characters: usize,
        /// The first such row, from 1.
        row: usize,
    },
    /// Numbers were asked for, and this text came, in this row from 1.
    Text(String, usize),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "every value is missing"),
            Self::Constant(value) => write!(f, "every value is {}", readable(value)),
            Self::Rounded(value) => {
                write!(
                    f,
                    "every value is about {}: a number keeps 16 digits, and those behind are lost",
                    readable(value)
                )
            }
            Self::Dates => write!(f, "dates are not learned from unasked"),
            Self::Texts { different, rows } => write!(f, "{different} different texts in {rows} rows"),
            Self::Long { characters, row } => {
                write!(f, "{characters} characters in row {row}, a category has at most {LONGEST_NAME}")
            }
            Self::Text(text, row) => write!(f, "{text:?} in row {row}"),
        }
    }
}
