//! What a column is taken for.

use serde::{Deserialize, Serialize};

/// What a column is taken for, where that is not to be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// A quantity.
    Number,
    /// One of a few kinds.
    Category,
    /// A day, or a point in time.
    Date,
    /// The same, written with the day before the month.
    DateDayFirst,
    /// The same, written with the month before the day.
    DateMonthFirst,
}

impl Type {
    /// As in a recipe.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Date => "date",
            Self::DateDayFirst => "date-day-first",
            Self::DateMonthFirst => "date-month-first",
        }
    }

    /// It is a date.
    pub fn is_date(self) -> bool {
        matches!(self, Self::Date | Self::DateDayFirst | Self::DateMonthFirst)
    }

    /// What it says of the order of day and month.
    pub fn day_first(self) -> Option<bool> {
        match self {
            Self::DateDayFirst => Some(true),
            Self::DateMonthFirst => Some(false),
            _ => None,
        }
    }
}
