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

/// Do something in single or double precision: `F` is `f32` or `f64` in what stands behind the arrow.
///
/// ```
/// use nablab_engine::{Precision, in_precision};
/// let bytes = |precision| in_precision!(precision, F => size_of::<F>());
/// assert_eq!((bytes(Precision::F32), bytes(Precision::F64)), (4, 8));
/// ```
#[macro_export]
macro_rules! in_precision {
    ($precision:expr, $float:ident => $done:expr) => {
        match $precision {
            $crate::Precision::F32 => {
                type $float = f32;
                $done
            }
            $crate::Precision::F64 => {
                type $float = f64;
                $done
            }
        }
    };
}
