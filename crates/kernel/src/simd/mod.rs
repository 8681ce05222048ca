//! Vectors of one cache line, and the instruction sets that compute them: the only unsafe code of the house.
//!
//! A [`Simd`] computes on [`Float::Line`]s: as many numbers as fit into 64 bytes, whatever the width of the
//! processor's registers (one of AVX-512, two of AVX2). Kernels are written once over the trait, so every
//! operation on every set is the same IEEE-754 operation on the same numbers in the same order, and gives the
//! same bits. Multiply-adds are fused on all of them.
//!
//! The unsafe blocks call instructions of a set. A token such as `Avx512` is only made behind
//! [`Dispatch::run_on`], after [`Isa`] has seen that the processor has the set.
#![allow(unsafe_code, reason = "vector instructions; see above")]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

use std::fmt;

use crate::Float;
use portable::Portable;

/// An instruction set. The results are the same bits on each of them; the speed is not.
///
/// ```
/// use nablab_kernel::Isa;
/// assert!(Isa::available().contains(&Isa::best()));
/// assert_eq!(Isa::best(), Isa::available()[0]);
/// assert_eq!(Isa::named("portable"), Some(Isa::PORTABLE));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa(Set);

/// Private, so that a set the processor lacks cannot be named into existence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Isa {
    /// Plain Rust: whatever the compiler makes of it for the target's baseline (on AArch64 that is NEON).
    pub const PORTABLE: Self = Self(Set::Portable);

    /// The sets this processor has, fastest first.
    pub fn available() -> Vec<Self> {
        let mut sets = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq") {
                sets.push(Self(Set::Avx512));
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                sets.push(Self(Set::Avx2));
            }
        }
        sets.push(Self::PORTABLE);
        sets
    }

    /// The fastest set this processor has.
    pub fn best() -> Self {
        Self::available()[0]
    }

    /// The set of this name, if the processor has it: `avx512`, `avx2`, `portable`.
    pub fn named(name: &str) -> Option<Self> {
        Self::available().into_iter().find(|isa| isa.to_string() == name)
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => "avx512",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => "avx2",
            Set::Portable => "portable",
        })
    }
}

/// A computation written over any [`Simd`]. A struct rather than a closure, because a closure cannot be generic;
/// `run` must be `#[inline(always)]`, or it is not compiled for the instruction set.
pub trait Kernel<F: Float> {
    /// What it returns.
    type Output;
    /// Compute.
    fn run<S: Simd<F>>(self, s: S) -> Self::Output;
}

/// Numbers in the longest line.
pub(crate) const MOST_LANES: usize = 16;

/// 1.5 · 2^mantissa plus the exponent's own bias: adding it to a whole n puts n + 1023 (or 127) into the low bits.
const EXPONENT_F64: f64 = 6_755_399_441_056_767.0;
const EXPONENT_F32: f32 = 12_583_039.0;

/// Arithmetic on one line of numbers.
pub trait Simd<F: Float>: Copy {
    /// A line in registers.
    type V: Copy;
    /// Lines side by side in a product: as many as the registers hold beside six rows of accumulators.
    const GROUP: usize;

    /// The same number in all lanes.
    fn splat(self, a: F) -> Self::V;
    /// From memory.
    fn load(self, line: &F::Line) -> Self::V;
    /// The first numbers of a slice, which may lie anywhere and be shorter than a line: 0 in the lanes left over.
    #[inline(always)]
    fn load_start(self, numbers: &[F]) -> Self::V {
        let mut line = F::ZERO_LINE;
        for (lane, &v) in line.as_mut().iter_mut().zip(numbers) {
            *lane = v;
        }
        self.load(&line)
    }
    /// Ask for the cache line of number `at`, which is read soon, or lies beyond the end and is not.
    #[inline(always)]
    fn prefetch(self, numbers: &[F], at: usize) {
        // SAFETY: every x86-64 has the instruction, and it reads nothing, so it may name any address.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(numbers.as_ptr().wrapping_add(at).cast());
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (numbers, at);
    }
    /// To memory.
    fn store(self, v: Self::V, line: &mut F::Line);
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
    /// Lane l of line k becomes lane k of line l, for the first [`Float::LANES`] lines.
    /// Through memory, where an instruction set has nothing better.
    #[inline(always)]
    fn transpose(self, lines: &mut [Self::V; MOST_LANES]) {
        let mut memory = [F::ZERO_LINE; MOST_LANES];
        for k in 0..F::LANES {
            self.store(lines[k], &mut memory[k]);
        }
        for k in 0..F::LANES {
            for l in 0..k {
                let (a, b) = (memory[k].as_ref()[l], memory[l].as_ref()[k]);
                memory[k].as_mut()[l] = b;
                memory[l].as_mut()[k] = a;
            }
        }
        for k in 0..F::LANES {
            lines[k] = self.load(&memory[k]);
        }
    }
    /// The sum over lanes: halves are added until one number is left, (r₀ + r₄) + (r₂ + r₆) + … for eight.
    fn sum(self, v: Self::V) -> F;
}

/// Runs kernels on numbers of a type. A supertrait of [`Float`], because only for a known type is it known that
/// every set computes it.
pub trait Dispatch: Sized {
    /// Run a kernel on an instruction set.
    #[doc(hidden)]
    fn run_on<K: Kernel<Self>>(isa: Isa, kernel: K) -> K::Output
    where
        Self: Float;
}

macro_rules! dispatch {
    ($t:ty) => {
        impl Dispatch for $t {
            #[inline]
            fn run_on<K: Kernel<Self>>(isa: Isa, kernel: K) -> K::Output {
                match isa.0 {
                    // SAFETY: an `Isa` of this set is only made where the processor has it.
                    #[cfg(target_arch = "x86_64")]
                    Set::Avx512 => unsafe { avx512::run(kernel) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Set::Avx2 => unsafe { avx2::run(kernel) },
                    Set::Portable => kernel.run(Portable),
                }
            }
        }
    };
}

dispatch!(f32);
dispatch!(f64);

/// The numbers of lines, one after the other.
#[inline(always)]
pub(crate) fn numbers<F: Float>(lines: &[F::Line]) -> &[F] {
    const { assert!(size_of::<F::Line>() == F::LANES * size_of::<F>()) };
    // SAFETY: a line is an array of so many numbers and nothing else, as its size says, and at least as well aligned.
    unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), lines.len() * F::LANES) }
}

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
