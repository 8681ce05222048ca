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
    /// A network or batch that does not fit into memory: refused before anything is allocated.
    #[error(
        "{what} needs {bytes} bytes, which cannot be had\nhint: fewer or smaller layers, or a smaller batch"
    )]
    Memory {
        /// What was to be allocated, with its sizes.
        what: String,
        /// How much; saturates.
        bytes: u64,
    },
    /// An order that leaves examples out, or names one twice.
    #[error("the order of an epoch: expected each of the numbers 0 to {} once", examples.saturating_sub(1))]
    Order {
        /// Examples there are.
        examples: usize,
    },
    /// A target that the loss has no meaning for.
    #[error("Y, row {row}, example {example} (both from 0): expected {expected}, got {got}")]
    Target {
        /// Output.
        row: usize,
        /// Example.
        example: usize,
        /// What the loss takes.
        expected: &'static str,
        /// The number.
        got: String,
    },
    /// Data that is infinite or not a number.
    #[error("{what}, row {row}, example {example} (both from 0): expected a finite number, got {got}")]
    NotFinite {
        /// X or Y.
        what: &'static str,
        /// Feature or output.
        row: usize,
        /// Example.
        example: usize,
        /// The number.
        got: String,
    },
}
