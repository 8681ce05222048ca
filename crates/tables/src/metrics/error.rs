//! What cannot be measured.

/// Arguments that do not fit: what was expected, what came, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricsError {
    /// Lengths that disagree.
    #[error(
        "{what}: expected {expected}, got {got}\nhint: a row is an example, and all its numbers are together"
    )]
    Shape {
        /// What was measured.
        what: &'static str,
        /// What fits.
        expected: String,
        /// What came.
        got: usize,
    },
    /// Nothing to take a mean of.
    #[error("no examples\nhint: give at least one example of positive weight")]
    NoExamples,
    /// A number of one example that cannot be.
    #[error("{what} of example {example} (from 0): expected {expected}, got {got}\nhint: {hint}")]
    Value {
        /// What the number is.
        what: &'static str,
        /// Its row.
        example: usize,
        /// What fits.
        expected: String,
        /// What came.
        got: String,
        /// What to do.
        hint: &'static str,
    },
}
