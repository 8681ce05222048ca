//! What can be wrong with a recipe or with data handed to the engine.

/// A setting or a shape that does not fit: where, what was expected, what came, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A value of a recipe outside its range.
    #[error("`{field}` must be {expected}, got {got}")]
    Setting {
        /// Dotted path of the field, as in the recipe file.
        field: String,
        /// The legal range.
        expected: &'static str,
        /// The value.
        got: String,
    },
    /// Two shapes that must agree.
    #[error("{what}: expected {expected}, got {got}")]
    Shape {
        /// What was measured.
        what: &'static str,
        /// What fits.
        expected: String,
        /// What came.
        got: String,
    },
}
