//! The two numbers a network can be made of: `f32` and `f64`.
//!
//! The engine is generic over [`Float`]; the trait is sealed, so the kernels may assume IEEE-754 arithmetic.
//! Elementary functions (exp, tanh, …) are our own: `math.rs`.

use crate::kernels::Kernels;
use crate::math::{self, Constants};
use crate::simd::Dispatch;
use crate::tiles::Line;
use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A floating-point number: `f32` or `f64`, and nothing else (the trait is sealed).
///
/// ```
/// use nablab_kernel::Float;
/// assert_eq!((f32::LANES, f64::LANES), (16, 8)); // numbers in a cache line
/// assert!(f32::from_f64(0.1).to_f64() != 0.1); // rounded to single precision
/// ```
pub trait Float:
    sealed::Sealed
    + Dispatch
    + Kernels
    + Copy
    + Debug
    + Display
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// Distance from 1 to the next larger number.
    const EPSILON: Self;
    /// Numbers in a cache line of 64 bytes: 16 of `f32`, 8 of `f64`. As many partial sums are kept of a sum over
    /// examples, on every processor.
    const LANES: usize;
    /// A smaller error of a prediction counts as none: 2⁻¹⁰⁰ of `f32`, 2⁻⁹⁰⁰ of `f64`. It would move no weight, but
    /// its products with weights would be subnormal, and a processor takes a hundred times longer over those.
    const LEAST_ERROR: Self;
    /// A smaller component of a gradient counts as none, for the same reason: its square would be subnormal.
    /// 2⁻⁵⁶ of `f32`, 2⁻⁵⁰⁰ of `f64`.
    const LEAST_GRADIENT: Self;
    /// The square of a larger component overflows, or is near it: 2⁶³ of `f32`, 2⁵¹¹ of `f64`.
    const LARGEST_GRADIENT: Self;
    /// Such a line.
    type Line: Copy + Debug + PartialEq + Send + Sync + AsRef<[Self]> + AsMut<[Self]>;
    /// The constants of the elementary functions.
    #[doc(hidden)]
    const MATH: Constants<Self>;
    /// A line of zeros.
    const ZERO_LINE: Self::Line;
    /// A line of ones.
    const ONE_LINE: Self::Line;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number in double precision (exact).
    fn to_f64(self) -> f64;
    /// `self` · `b` + `c`, rounded once.
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// Absolute value.
    fn abs(self) -> Self;
    /// The larger of two numbers; the other one if one is not a number.
    fn max(self, other: Self) -> Self;
    /// The smaller of two numbers; the other one if one is not a number.
    fn min(self, other: Self) -> Self;
    /// The number itself, or 0 if it is smaller than `least` in size; not-a-number stays.
    #[inline(always)]
    fn or_zero_below(self, least: Self) -> Self {
        if self.abs() < least { Self::ZERO } else { self }
    }
    /// Neither infinite nor not-a-number.
    fn is_finite(self) -> bool;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

macro_rules! impl_float {
    ($t:ty, $lanes:literal, $math:expr, $least:literal, $least_gradient:literal, $largest_gradient:literal) => {
        impl Float for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const EPSILON: Self = <$t>::EPSILON;
            const LANES: usize = $lanes;
            const MATH: Constants<Self> = $math;
            const LEAST_ERROR: Self = $least;
            const LEAST_GRADIENT: Self = $least_gradient;
            const LARGEST_GRADIENT: Self = $largest_gradient;
            type Line = Line<$t, $lanes>;
            const ZERO_LINE: Self::Line = Line([0.0; $lanes]);
            const ONE_LINE: Self::Line = Line([1.0; $lanes]);

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $t
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn mul_add(self, b: Self, c: Self) -> Self {
                <$t>::mul_add(self, b, c)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <$t>::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$t>::abs(self)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                <$t>::max(self, other)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                <$t>::min(self, other)
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                <$t>::is_finite(self)
            }
        }
    };
}

impl_float!(f32, 16, math::F32, 7.888_609e-31, 1.387_778_8e-17, 9.223_372e18);
impl_float!(
    f64,
    8,
    math::F64,
    1.183_052_186_166_774_7e-271,
    3.054_936_363_499_605e-151,
    6.703_903_964_971_299e153
);
