//! WebAssembly with relaxed instructions: a line is four registers of 128 bits.
//!
//! The relaxed multiply-add is fused or not, as the browser likes. Where [`is_fused`] finds that it is, it rounds once, as on
//! every other set, and the bits are the same; elsewhere plain Rust computes, whose exact multiply-add takes some
//! fifty times as long. A browser that does not know the relaxed instructions does not load a module that has them.

use core::arch::wasm32::*;

use super::joined::Joined;
use super::{EXPONENT_F32, EXPONENT_F64, MOST_LANES, Set, Shapes, Simd};
use crate::Float;

/// A register, and the word that the multiply-add [is fused](is_fused).
#[derive(Clone, Copy, Debug)]
pub(super) struct Quarter(());

impl<F: Float> Set<F> for Joined<Quarter, 4>
where
    Quarter: Simd<F>,
    Self: Simd<F, Memory = F::Line>,
{
    type Register = Quarter;
    // Most processors that browsers run on have sixteen registers.
    const SHAPES: Shapes = Shapes::Narrow;

    #[inline(always)]
    fn register(self) -> Quarter {
        self.0
    }
}

/// Where [`is_fused`] has said yes.
pub(super) const FUSED: Joined<Quarter, 4> = Joined(Quarter(()));

/// Does this machine round a relaxed multiply-add once? (1 + h)(1 − h) − 1 is −h², which a rounded product loses.
pub(super) fn is_fused() -> bool {
    use std::hint::black_box;
    let (wide, narrow) = (2f64.powi(-30), 2f32.powi(-13));
    let is_f64 = {
        let [a, b, c] = [1.0 + wide, 1.0 - wide, -1.0].map(|a| f64x2_splat(black_box(a)));
        let (sum, difference) = (f64x2_relaxed_madd(a, b, c), f64x2_relaxed_nmadd(a, b, f64x2_neg(c)));
        let square = -wide * wide;
        f64x2_extract_lane::<1>(sum) == square && f64x2_extract_lane::<1>(difference) == -square
    };
    let is_f32 = {
        let [a, b, c] = [1.0 + narrow, 1.0 - narrow, -1.0].map(|a| f32x4_splat(black_box(a)));
        let (sum, difference) = (f32x4_relaxed_madd(a, b, c), f32x4_relaxed_nmadd(a, b, f32x4_neg(c)));
        let square = -narrow * narrow;
        f32x4_extract_lane::<3>(sum) == square && f32x4_extract_lane::<3>(difference) == -square
    };
    is_f64 && is_f32
}

/// A quarter of a line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(16))]
pub(super) struct QuarterLine<F, const N: usize>([F; N]);

/// Methods that are one instruction, which every module of this target may use.
macro_rules! one {
    ($($name:ident($($arg:ident),+) = $instruction:ident;)+) => {$(
        #[inline(always)]
        fn $name(self, $($arg: v128),+) -> v128 {
            $instruction($($arg),+)
        }
    )+};
}

/// What both types of number have in common.
macro_rules! common {
    ($t:ty, $n:literal) => {
        type V = v128;
        type Memory = QuarterLine<$t, $n>;

        #[inline(always)]
        fn load(self, quarter: &Self::Memory) -> v128 {
            // SAFETY: a quarter is sixteen bytes.
            unsafe { v128_load(quarter.0.as_ptr().cast()) }
        }
        #[inline(always)]
        fn load_start(self, numbers: &[$t]) -> v128 {
            let mut quarter = QuarterLine([0.0; $n]);
            quarter.0.iter_mut().zip(numbers).for_each(|(lane, &v)| *lane = v);
            Simd::<$t>::load(self, &quarter)
        }
        #[inline(always)]
        fn store(self, v: v128, quarter: &mut Self::Memory) {
            // SAFETY: as for those that are read.
            unsafe { v128_store(quarter.0.as_mut_ptr().cast(), v) }
        }
    };
}

impl Simd<f64> for Quarter {
    common!(f64, 2);
    one! {
        add(a, b) = f64x2_add;
        sub(a, b) = f64x2_sub;
        mul(a, b) = f64x2_mul;
        div(a, b) = f64x2_div;
        abs(a) = f64x2_abs;
        mul_add(a, b, c) = f64x2_relaxed_madd;
        neg_mul_add(a, b, c) = f64x2_relaxed_nmadd;
    }
    #[inline(always)]
    fn splat(self, a: f64) -> v128 {
        f64x2_splat(a)
    }
    #[inline(always)]
    fn max(self, a: v128, b: v128) -> v128 {
        f64x2_pmax(b, a)
    }
    #[inline(always)]
    fn min(self, a: v128, b: v128) -> v128 {
        f64x2_pmin(b, a)
    }
    #[inline(always)]
    fn if_positive(self, test: v128, then: v128, otherwise: v128) -> v128 {
        v128_bitselect(then, otherwise, f64x2_gt(test, f64x2_splat(0.0)))
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: v128) -> v128 {
        let lane = i64x2(1, 2);
        v128_and(v, i64x2_eq(v128_and(i64x2_splat(i64::from(bits)), lane), lane))
    }
    #[inline(always)]
    fn exp2_whole(self, n: v128) -> v128 {
        i64x2_shl(f64x2_add(n, f64x2_splat(EXPONENT_F64)), 52)
    }
    #[inline(always)]
    fn transpose(self, v: &mut [v128; MOST_LANES]) {
        (v[0], v[1]) = (i64x2_shuffle::<0, 2>(v[0], v[1]), i64x2_shuffle::<1, 3>(v[0], v[1]));
    }
    #[inline(always)]
    fn sum(self, v: v128) -> f64 {
        f64x2_extract_lane::<0>(v) + f64x2_extract_lane::<1>(v)
    }
}

impl Simd<f32> for Quarter {
    common!(f32, 4);
    one! {
        add(a, b) = f32x4_add;
        sub(a, b) = f32x4_sub;
        mul(a, b) = f32x4_mul;
        div(a, b) = f32x4_div;
        abs(a) = f32x4_abs;
        mul_add(a, b, c) = f32x4_relaxed_madd;
        neg_mul_add(a, b, c) = f32x4_relaxed_nmadd;
    }
    #[inline(always)]
    fn splat(self, a: f32) -> v128 {
        f32x4_splat(a)
    }
    #[inline(always)]
    fn max(self, a: v128, b: v128) -> v128 {
        f32x4_pmax(b, a)
    }
    #[inline(always)]
    fn min(self, a: v128, b: v128) -> v128 {
        f32x4_pmin(b, a)
    }
    #[inline(always)]
    fn if_positive(self, test: v128, then: v128, otherwise: v128) -> v128 {
        v128_bitselect(then, otherwise, f32x4_gt(test, f32x4_splat(0.0)))
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: v128) -> v128 {
        let lane = i32x4(1, 2, 4, 8);
        v128_and(v, i32x4_eq(v128_and(i32x4_splat(i32::from(bits)), lane), lane))
    }
    #[inline(always)]
    fn exp2_whole(self, n: v128) -> v128 {
        i32x4_shl(f32x4_add(n, f32x4_splat(EXPONENT_F32)), 23)
    }
    #[inline(always)]
    fn transpose(self, v: &mut [v128; MOST_LANES]) {
        // Pairs of lanes, then fours.
        let low = [i32x4_shuffle::<0, 4, 1, 5>(v[0], v[1]), i32x4_shuffle::<0, 4, 1, 5>(v[2], v[3])];
        let high = [i32x4_shuffle::<2, 6, 3, 7>(v[0], v[1]), i32x4_shuffle::<2, 6, 3, 7>(v[2], v[3])];
        v[0] = i64x2_shuffle::<0, 2>(low[0], low[1]);
        v[1] = i64x2_shuffle::<1, 3>(low[0], low[1]);
        v[2] = i64x2_shuffle::<0, 2>(high[0], high[1]);
        v[3] = i64x2_shuffle::<1, 3>(high[0], high[1]);
    }
    #[inline(always)]
    fn sum(self, v: v128) -> f32 {
        let pair = f32x4_add(v, i64x2_shuffle::<1, 1>(v, v));
        f32x4_extract_lane::<0>(pair) + f32x4_extract_lane::<1>(pair)
    }
}
