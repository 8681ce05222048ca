//! What can go wrong with an exercise.

use crate::LabError;

/// Why an exercise cannot be shown, solved or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExerciseError {
    /// There is none of this number.
    #[error(
        "expected an exercise from {}, got {got}\nhint: 1 is regularization, 2 initialization, 3 gradient checking, 4 optimization",
        range()
    )]
    Unknown {
        /// What was asked for.
        got: String,
    },
    /// The answer cannot be read.
    #[error("expected {expected}, got {got}\nhint: {hint}")]
    Unreadable {
        /// What kind of answer.
        expected: String,
        /// What came.
        got: String,
        /// What to do.
        hint: String,
    },
    /// It cannot be computed.
    #[error(transparent)]
    Lab(#[from] LabError),
}

/// `1.1 to 4.10`.
fn range() -> String {
    let ids: Vec<_> = super::ids().collect();
    let [first, .., last] = &ids[..] else { return String::new() };
    format!("{first} to {last}")
}
