//! The choice of a number type.

use serde::{Deserialize, Serialize};

/// The choice of a number type, as plain data: what a recipe asks for, and whoever trains it takes.
///
/// `f32` computes twice as many numbers at once and holds seven digits, which is enough to train; `f64` holds sixteen,
/// which a gradient check or a comparison with published digits needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Single precision.
    #[default]
    F32,
    /// Double precision.
    F64,
}
