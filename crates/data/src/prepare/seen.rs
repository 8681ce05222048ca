//! What later rows have that the training rows had not.

use serde::{Deserialize, Serialize};

use super::Outside;

/// What was met while rows were encoded that the training rows did not have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seen {
    /// Columns that are not there: every value counts as missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
    /// Columns with categories that were not there in training, how many values, and one of them. They are none of the
    /// levels: 0 in all features.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<(String, usize, String)>,
    /// Columns with missing values that had none in training, and how many. A number is filled, a category is none of
    /// the levels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<(String, usize)>,
    /// Columns with numbers far outside those of the training rows, or with more outside than chance explains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<Outside>,
}

impl Seen {
    /// There is nothing to be said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What two models say of the same rows, together: values that neither knows, and columns that either misses.
    ///
    /// ```
    /// use nablab_data::prepare::Seen;
    /// let of = |absent: &str, unknown: usize| Seen {
    ///     absent: vec![absent.into()],
    ///     unknown: vec![("colour".into(), unknown, "red".into())],
    ///     ..Seen::default()
    /// };
    /// let both = of("size", 3).by_both(&of("age", 2));
    /// assert_eq!(both, Seen { absent: vec!["size".into(), "age".into()], ..of("size", 2) });
    /// assert_eq!(of("size", 3).by_both(&Seen::default()).unknown, []);
    /// ```
    #[must_use]
    pub fn by_both(mut self, other: &Self) -> Self {
        let more: Vec<_> = other.absent.iter().filter(|name| !self.absent.contains(name)).cloned().collect();
        self.absent.extend(more);
        self.unknown.retain_mut(|(name, rows, _)| {
            let theirs = other.unknown.iter().find(|(column, ..)| column == name);
            *rows = theirs.map_or(0, |(_, theirs, _)| *theirs.min(rows));
            *rows > 0
        });
        self.missing.retain_mut(|(name, rows)| {
            let theirs = other.missing.iter().find(|(column, _)| column == name);
            *rows = theirs.map_or(0, |(_, theirs)| *theirs.min(rows));
            *rows > 0
        });
        self.outside.retain(|outside| other.outside.iter().any(|of| of.column == outside.column));
        self
    }

    /// And of further columns.
    pub(super) fn extend(&mut self, later: Self) {
        self.absent.extend(later.absent);
        self.unknown.extend(later.unknown);
        self.missing.extend(later.missing);
        self.outside.extend(later.outside);
    }
}
