//! What happens to a finished sum while it is still in a register.

use crate::Float;
use crate::activation::{relu_gate, relu_of};
use crate::simd::Simd;

/// What happens to a finished line on its way from the registers to memory.
pub(super) trait Finish<F: Float>: Copy {
    /// Line number `at` of the result.
    fn finish<S: Simd<F>>(self, s: S, v: S::V, at: usize) -> S::V;
    /// The same for the result from line `start` on, where there are `len` lines of it.
    fn from(self, start: usize, len: usize) -> Self;
}

#[derive(Clone, Copy)]
pub(super) struct AsIs;
#[derive(Clone, Copy)]
pub(super) struct Relu;
#[derive(Clone, Copy)]
pub(super) struct ReluDropout<'a, F>(pub(super) &'a [u16], pub(super) F);
#[derive(Clone, Copy)]
pub(super) struct Gate<'a, F: Float>(pub(super) &'a [F::Line], pub(super) F);

impl<F: Float> Finish<F> for AsIs {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, _: S, v: S::V, _: usize) -> S::V {
        v
    }
    #[inline(always)]
    fn from(self, _: usize, _: usize) -> Self {
        self
    }
}

impl<F: Float> Finish<F> for Relu {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, s: S, v: S::V, _: usize) -> S::V {
        relu_of(s, v)
    }
    #[inline(always)]
    fn from(self, _: usize, _: usize) -> Self {
        self
    }
}

impl<F: Float> Finish<F> for ReluDropout<'_, F> {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, s: S, v: S::V, at: usize) -> S::V {
        s.keep(self.0[at], s.mul(relu_of(s, v), s.splat(self.1)))
    }
    #[inline(always)]
    fn from(self, start: usize, len: usize) -> Self {
        Self(&self.0[start..start + len], self.1)
    }
}

impl<F: Float> Finish<F> for Gate<'_, F> {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, s: S, v: S::V, at: usize) -> S::V {
        relu_gate(s, s.load(&self.0[at]), s.mul(v, s.splat(self.1)))
    }
    #[inline(always)]
    fn from(self, start: usize, len: usize) -> Self {
        Self(&self.0[start..start + len], self.1)
    }
}
