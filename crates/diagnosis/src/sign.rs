//! What findings point at, where that is one of several things.

use serde::{Deserialize, Serialize};

use crate::number;

/// By which sign a learning rate is too high.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Sign {
    /// The loss is well above its lowest.
    Rose,
    /// It jumps from epoch to epoch.
    Jumps,
    /// The first steps made it leap above where it began, and it never came back.
    Leapt,
    /// Weights moved to several times their initial size, while nothing was learned.
    Thrown,
    /// The last step alone changed a layer's weights by this share of their size.
    Stride {
        /// ‖ΔW‖ / ‖W‖.
        #[serde(with = "number")]
        share: f64,
    },
    /// So many units of a layer died on the way.
    Died {
        /// How many.
        units: usize,
    },
}

/// What a metric says: the larger, the better, 1 at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Score {
    /// Share of right answers.
    Accuracy,
    /// The coefficient of determination.
    R2,
}

/// Why a loss does not suit a target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Misfit {
    /// Cross-entropy of targets beyond 0 and 1.
    Beyond {
        /// The least target.
        #[serde(with = "number")]
        low: f64,
        /// The largest.
        #[serde(with = "number")]
        high: f64,
    },
    /// A distance between numbers, of which there are only two.
    TwoValues {
        /// One.
        #[serde(with = "number")]
        low: f64,
        /// The other.
        #[serde(with = "number")]
        high: f64,
    },
    /// Classes that are numbers, nearly as many as rows.
    ManyClasses {
        /// How many.
        classes: usize,
        /// Rows there are.
        rows: usize,
    },
}
