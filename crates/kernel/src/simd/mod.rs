//! Vectors of one cache line, and the instruction sets that compute them: the only unsafe code of the house.
//!
//! A [`Set`] computes on [`Float::Line`]s: as many numbers as fit into 64 bytes, whatever the width of the
//! processor's registers (one of AVX-512, two of AVX2, four of WebAssembly). Blocks that stay in registers compute on those alone. Kernels are
//! written once over the traits, so every operation on every set is the same IEEE-754 operation on the same numbers in
//! the same order, and gives the same bits. Multiply-adds are fused on all of them.
//!
//! The unsafe blocks call instructions of a set, see lines as registers (below), or read and write at places that were
//! checked before (`rows.rs`). A token such as `Avx512` is only made behind [`Dispatch::run_on`], after [`Isa`] has seen
//! that the processor has the set.
#![allow(unsafe_code, reason = "vector instructions, and what they read and write; see above")]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod isa;
#[cfg(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
mod joined;
mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod relaxed;
mod rows;
mod shapes;

use crate::Float;
pub(crate) use isa::Dispatch;
pub use isa::Isa;
#[cfg(test)]
pub(crate) use portable::Portable;
pub(crate) use rows::{Rows, RowsMut, Terms, Weights};
pub(crate) use shapes::Shapes;

/// A computation written over any [`Set`]. A struct rather than a closure, because a closure cannot be generic;
/// `run` must be `#[inline(always)]`, or it is not compiled for the instruction set.
pub trait Kernel<F: Float> {
    /// What it returns.
    type Output;
    /// Compute.
    fn run<S: Set<F>>(self, s: S) -> Self::Output;
}

/// Numbers in the longest line.
pub(crate) const MOST_LANES: usize = 16;

/// 1.5 · 2^mantissa plus the exponent's own bias: adding it to a whole n puts n + 1023 (or 127) into the low bits.
const EXPONENT_F64: f64 = 6_755_399_441_056_767.0;
const EXPONENT_F32: f32 = 12_583_039.0;

/// An instruction set: arithmetic on whole lines, and on its registers.
pub trait Set<F: Float>: Simd<F, Memory = F::Line> {
    /// Arithmetic on one register: a line, or a part of it.
    type Register: Simd<F>;
    /// The shapes of the blocks that its registers hold.
    const SHAPES: Shapes;
    /// The same set, register by register.
    fn register(self) -> Self::Register;
}

/// Arithmetic on vectors of numbers.
pub trait Simd<F: Float>: Copy {
    /// A vector in registers.
    type V: Copy;
    /// A vector in memory: an array of numbers, and nothing else.
    type Memory: Copy;

    /// The same number in all lanes.
    fn splat(self, a: F) -> Self::V;
    /// From memory.
    fn load(self, from: &Self::Memory) -> Self::V;
    /// The first numbers of a slice, which may lie anywhere and be shorter than a vector: 0 in the lanes left over.
    fn load_start(self, numbers: &[F]) -> Self::V;
    /// To memory.
    fn store(self, v: Self::V, to: &mut Self::Memory);
    /// a + b
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// a − b
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// a · b
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// a / b
    fn div(self, a: Self::V, b: Self::V) -> Self::V;
    /// a · b + c, rounded once
    fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// c − a · b, rounded once
    fn neg_mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// a where a > b, else b; so the second where one is not a number
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// a where a < b, else b; so the second where one is not a number
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// `then` where test > 0, else `otherwise`
    fn if_positive(self, test: Self::V, then: Self::V, otherwise: Self::V) -> Self::V;
    /// The lanes whose bit is set, 0 in the others
    fn keep(self, bits: u16, v: Self::V) -> Self::V;
    /// |a|
    fn abs(self, a: Self::V) -> Self::V;
    /// 2ⁿ for whole n within the exponents of normal numbers
    fn exp2_whole(self, n: Self::V) -> Self::V;
    /// Lane l of vector k becomes lane k of vector l, for as many vectors as they have lanes.
    fn transpose(self, vectors: &mut [Self::V; MOST_LANES]);
    /// The place itself, as if it depended on a vector: where registers are scarce, what is loaded from there waits until
    /// the vector is computed, and does not take the register of a sum.
    #[inline(always)]
    fn after(self, _: Self::V, place: usize) -> usize {
        place
    }
    /// The sum over lanes: halves are added until one number is left, (r₀ + r₄) + (r₂ + r₆) + … for eight.
    fn sum(self, v: Self::V) -> F;

    /// Numbers in a vector.
    const WIDTH: usize = size_of::<Self::Memory>() / size_of::<F>();
}

/// Ask for the cache line of number `at`, which is read soon, or lies beyond the end and is not.
#[inline(always)]
pub(crate) fn prefetch<F>(numbers: &[F], at: usize) {
    // SAFETY: every x86-64 has the instruction, and it reads nothing, so it may name any address.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(numbers.as_ptr().wrapping_add(at).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (numbers, at);
}

/// The numbers of lines, one after the other.
#[inline(always)]
pub(crate) fn numbers<F: Float>(lines: &[F::Line]) -> &[F] {
    const { assert!(size_of::<F::Line>() == F::LANES * size_of::<F>()) };
    // SAFETY: a line is an array of so many numbers and nothing else, as its size says, and at least as well aligned.
    unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), lines.len() * F::LANES) }
}

/// Registers in a line, which they fill.
pub(crate) const fn per_line<F: Float, R: Simd<F>>() -> usize {
    assert!(size_of::<F::Line>().is_multiple_of(size_of::<R::Memory>()));
    assert!(align_of::<F::Line>() >= align_of::<R::Memory>());
    size_of::<F::Line>() / size_of::<R::Memory>()
}

/// The registers of lines, one after the other.
#[inline(always)]
pub(crate) fn registers<F: Float, R: Simd<F>>(lines: &[F::Line]) -> &[R::Memory] {
    let count = lines.len() * const { per_line::<F, R>() };
    // SAFETY: both are arrays of numbers; together they are as long, and lines are at least as well aligned.
    unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), count) }
}

/// The same, to be written.
#[inline(always)]
pub(crate) fn registers_mut<F: Float, R: Simd<F>>(lines: &mut [F::Line]) -> &mut [R::Memory] {
    let count = lines.len() * const { per_line::<F, R>() };
    // SAFETY: as for those that are read.
    unsafe { std::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), count) }
}

/// Methods that are one instruction, or a function like one.
#[cfg(target_arch = "x86_64")]
macro_rules! one {
    ($($name:ident($($arg:ident),+) = $instruction:ident;)+) => {$(
        #[inline(always)]
        fn $name(self, $($arg: Self::V),+) -> Self::V {
            // SAFETY: the token says that the processor has the set.
            unsafe { $instruction($($arg),+) }
        }
    )+};
}

#[cfg(target_arch = "x86_64")]
use one;

/// `map!(s, lines, |v| f)` replaces each line v by f; `map!(s, beside, lines, |u, v| f)` with u from the lines beside
/// it. Macros, because a closure may stay a call, and then it is not compiled for the instruction set.
macro_rules! map {
    ($s:ident, $lines:expr, |$v:ident| $f:expr) => {
        for line in $lines.iter_mut() {
            let $v = $s.load(line);
            let v = $f;
            $s.store(v, line);
        }
    };
    ($s:ident, $beside:expr, $lines:expr, |$u:ident, $v:ident| $f:expr) => {
        for (u, line) in $beside.iter().zip($lines.iter_mut()) {
            let ($u, $v) = ($s.load(u), $s.load(line));
            let v = $f;
            $s.store(v, line);
        }
    };
}
pub(crate) use map;
