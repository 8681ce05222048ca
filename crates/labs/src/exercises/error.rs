//! What can go wrong with an exercise.

use crate::LabError;

/// Why an exercise cannot be shown, solved or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExerciseError {
    /// There is none of this number.
    #[error(
        "expected an exercise from 1.1 to 4.10, got {got}\n\
         hint: 1 is regularization, 2 initialization, 3 gradient checking, 4 optimization; each has ten"
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
