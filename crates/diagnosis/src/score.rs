//! What a metric says, and its name.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::words::{n, percent};

/// What a metric says: the larger, the better, 1 at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Score {
    /// Share of right answers.
    Accuracy,
    /// The coefficient of determination.
    R2,
}

impl Score {
    /// What it is called.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Accuracy => lang.choose("accuracy", "准确率"),
            Self::R2 => "R²",
        }
    }

    pub(crate) fn number(self, v: f64) -> String {
        match self {
            Self::Accuracy => percent(v),
            Self::R2 => n(v),
        }
    }
}
