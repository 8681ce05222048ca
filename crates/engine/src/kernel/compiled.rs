//! The products, compiled once for each type of number.
//!
//! A generic function is compiled again in every crate that calls it, and these are most of the engine's code: three
//! instruction sets, blocks of many sizes. Methods of a trait that is implemented for `f32` and `f64` are compiled here
//! alone.

use super::gradient::add_dz_xt_lanes;
use super::product::{Then, add_dz_xt, set_w_x_plus_b, set_wt_dz};
use super::simd::Isa;
use crate::tiles::TilesRef;
use crate::{Float, MatRef};

/// Makes methods of functions.
macro_rules! compiled {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $ty:ty),+ $(,)?);)+) => {
        /// The products of a type of number: a supertrait of [`Float`].
        ///
        /// n_in inputs, n_out units, m examples: W (n_out, n_in), b (n_out), X and dX (n_in, m), Z and dZ (n_out, m).
        pub trait Products: Sized {
            $($(#[$doc])* fn $name($($arg: $ty),+) where Self: Float;)+
        }
        impl Products for f32 {
            $(fn $name($($arg: $ty),+) { $name($($arg),+); })+
        }
        impl Products for f64 {
            $(fn $name($($arg: $ty),+) { $name($($arg),+); })+
        }
    };
}

compiled! {
    /// `Z = W·X + b`, and what then happens to Z.
    fn set_w_x_plus_b(
        isa: Isa,
        w: MatRef<'_, Self>,
        x: TilesRef<'_, Self>,
        b: &[Self],
        then: Then<'_, Self>,
        z: &mut [<Self as Float>::Line],
    );
    /// `dX = Wᵀ·dZ`. With a gate and a factor, dX is 0 wherever the gate is not above 0, and multiplied elsewhere: the
    /// derivative of relu, with the factor of its mask.
    fn set_wt_dz(
        isa: Isa,
        w: MatRef<'_, Self>,
        dz: TilesRef<'_, Self>,
        gate: Option<(&[<Self as Float>::Line], Self)>,
        dx: &mut [<Self as Float>::Line],
    );
    /// `dW += dZ·Xᵀ` for the inputs of tile `tile` of Xᵀ, in the layout of a tile whose lanes are inputs. `fresh` sets
    /// dW instead.
    fn add_dz_xt(
        isa: Isa,
        dz: TilesRef<'_, Self>,
        x: TilesRef<'_, Self>,
        tile: usize,
        fresh: bool,
        dw: &mut [<Self as Float>::Line],
    );
    /// `dW += dZ·Xᵀ` (n_out · n_in lines) and `db += Σ dZ` (n_out lines, or none where that is not wanted), a line of
    /// partial sums for each entry. Lanes beyond the last example must be 0 in dZ.
    fn add_dz_xt_lanes(
        isa: Isa,
        dz: TilesRef<'_, Self>,
        x: TilesRef<'_, Self>,
        dw: &mut [<Self as Float>::Line],
        db: &mut [<Self as Float>::Line],
    );
}
