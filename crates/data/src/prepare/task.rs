//! The kind of a prediction: what it is, and what is asked for.

use serde::{Deserialize, Serialize};

/// The kind of a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// One of two classes.
    Binary,
    /// One of several classes.
    Multiclass,
    /// Several columns, each yes or no on its own.
    Multilabel,
    /// Numbers.
    Regression,
}

/// The kind of a prediction that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskedTask {
    /// One of two classes.
    Binary,
    /// One of several classes.
    Multiclass,
    /// Several columns, each yes or no on its own.
    Multilabel,
    /// Numbers.
    Regression,
    /// Classes, also of numbers: one of two or of several, as many as are found; of several columns, yes or no to each.
    Classification,
}

impl AskedTask {
    /// What it is for target columns that have so many different values each.
    pub(super) fn of_counts(self, mut counts: impl ExactSizeIterator<Item = usize>) -> Task {
        match self {
            Self::Binary => Task::Binary,
            Self::Multiclass => Task::Multiclass,
            Self::Multilabel => Task::Multilabel,
            Self::Regression => Task::Regression,
            Self::Classification if counts.len() > 1 => Task::Multilabel,
            Self::Classification if counts.next() == Some(2) => Task::Binary,
            Self::Classification => Task::Multiclass,
        }
    }
}
