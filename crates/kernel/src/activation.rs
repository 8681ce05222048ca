//! Activations of whole lines: each function and, in terms of its output, its derivative.

use crate::simd::{Isa, Kernel, Set, Simd, map};
use crate::{Float, math};

/// A function of one number, and what it does to derivatives.
pub(crate) trait Activation<F: Float>: Copy {
    /// g(z).
    fn forward<S: Simd<F>>(self, s: S, z: S::V) -> S::V;
    /// g′(z) · da, from a = g(z).
    fn backward<S: Simd<F>>(self, s: S, a: S::V, da: S::V) -> S::V;
}

/// Makes the two functions over lines of an activation.
macro_rules! activations {
    ($($forward:ident, $backward:ident($($slope:ident)?) = $activation:expr;)+) => {$(
        pub(crate) fn $forward<F: Float>(isa: Isa, $($slope: F,)? z: &mut [F::Line]) {
            F::run_on(isa, Forward { activation: $activation, z });
        }

        pub(crate) fn $backward<F: Float>(isa: Isa, $($slope: F,)? a: &[F::Line], da: &mut [F::Line]) {
            assert_eq!(a.len(), da.len(), "lines of A and dA");
            F::run_on(isa, Backward { activation: $activation, a, da });
        }
    )+};
}

activations! {
    relu, relu_backward() = Relu;
    leaky_relu, leaky_relu_backward(slope) = LeakyRelu(slope);
    tanh, tanh_backward() = Tanh;
    sigmoid, sigmoid_backward() = Sigmoid;
}

/// max(0, z), and da where a > 0, else 0.
#[derive(Clone, Copy)]
pub(crate) struct Relu;

impl<F: Float> Activation<F> for Relu {
    /// The order of the two matters: not-a-number passes, for a diverged unit must not look like a quiet one.
    #[inline(always)]
    fn forward<S: Simd<F>>(self, s: S, z: S::V) -> S::V {
        s.max(s.splat(F::ZERO), z)
    }
    #[inline(always)]
    fn backward<S: Simd<F>>(self, s: S, a: S::V, da: S::V) -> S::V {
        s.if_positive(a, da, s.splat(F::ZERO))
    }
}

/// The same with a slope in place of 0.
#[derive(Clone, Copy)]
struct LeakyRelu<F>(F);

impl<F: Float> Activation<F> for LeakyRelu<F> {
    #[inline(always)]
    fn forward<S: Simd<F>>(self, s: S, z: S::V) -> S::V {
        s.if_positive(z, z, s.mul(s.splat(self.0), z))
    }
    #[inline(always)]
    fn backward<S: Simd<F>>(self, s: S, a: S::V, da: S::V) -> S::V {
        s.if_positive(a, da, s.mul(s.splat(self.0), da))
    }
}

/// tanh z, and da · (1 − a²).
#[derive(Clone, Copy)]
struct Tanh;

impl<F: Float> Activation<F> for Tanh {
    #[inline(always)]
    fn forward<S: Simd<F>>(self, s: S, z: S::V) -> S::V {
        math::tanh(s, z)
    }
    #[inline(always)]
    fn backward<S: Simd<F>>(self, s: S, a: S::V, da: S::V) -> S::V {
        s.mul(da, s.neg_mul_add(a, a, s.splat(F::ONE)))
    }
}

/// 1 / (1 + e⁻ᶻ), and da · a (1 − a).
#[derive(Clone, Copy)]
struct Sigmoid;

impl<F: Float> Activation<F> for Sigmoid {
    #[inline(always)]
    fn forward<S: Simd<F>>(self, s: S, z: S::V) -> S::V {
        math::sigmoid(s, z)
    }
    #[inline(always)]
    fn backward<S: Simd<F>>(self, s: S, a: S::V, da: S::V) -> S::V {
        s.mul(da, s.mul(a, s.sub(s.splat(F::ONE), a)))
    }
}

struct Forward<'a, F: Float, A> {
    activation: A,
    z: &'a mut [F::Line],
}

impl<F: Float, A: Activation<F>> Kernel<F> for Forward<'_, F, A> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        map!(s, self.z, |z| self.activation.forward(s, z));
    }
}

struct Backward<'a, F: Float, A> {
    activation: A,
    a: &'a [F::Line],
    da: &'a mut [F::Line],
}

impl<F: Float, A: Activation<F>> Kernel<F> for Backward<'_, F, A> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        map!(s, self.a, self.da, |a, da| self.activation.backward(s, a, da));
    }
}
