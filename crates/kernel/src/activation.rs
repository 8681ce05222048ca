//! Activations of whole lines: each function and, in terms of its output, its derivative.

use crate::simd::{Isa, Kernel, Set, Simd, map};
use crate::{Float, math};

/// max(0, z). The order of the two matters: not-a-number passes, for a diverged unit must not look like a quiet one.
#[inline(always)]
pub(crate) fn relu_of<F: Float, S: Simd<F>>(s: S, z: S::V) -> S::V {
    s.max(s.splat(F::ZERO), z)
}

/// da where a > 0, else 0: the derivative of `max(0, z)`.
#[inline(always)]
pub(crate) fn relu_gate<F: Float, S: Simd<F>>(s: S, a: S::V, da: S::V) -> S::V {
    s.if_positive(a, da, s.splat(F::ZERO))
}

#[derive(Clone, Copy)]
enum Function<F> {
    Relu,
    LeakyRelu(F),
    Tanh,
    Sigmoid,
}

pub(crate) fn relu<F: Float>(isa: Isa, z: &mut [F::Line]) {
    F::run_on(isa, Forward { function: Function::Relu, z });
}

pub(crate) fn relu_backward<F: Float>(isa: Isa, a: &[F::Line], da: &mut [F::Line]) {
    F::run_on(isa, Backward { function: Function::Relu, a, da });
}

pub(crate) fn leaky_relu<F: Float>(isa: Isa, slope: F, z: &mut [F::Line]) {
    F::run_on(isa, Forward { function: Function::LeakyRelu(slope), z });
}

pub(crate) fn leaky_relu_backward<F: Float>(isa: Isa, slope: F, a: &[F::Line], da: &mut [F::Line]) {
    F::run_on(isa, Backward { function: Function::LeakyRelu(slope), a, da });
}

pub(crate) fn tanh<F: Float>(isa: Isa, z: &mut [F::Line]) {
    F::run_on(isa, Forward { function: Function::Tanh, z });
}

pub(crate) fn tanh_backward<F: Float>(isa: Isa, a: &[F::Line], da: &mut [F::Line]) {
    F::run_on(isa, Backward { function: Function::Tanh, a, da });
}

pub(crate) fn sigmoid<F: Float>(isa: Isa, z: &mut [F::Line]) {
    F::run_on(isa, Forward { function: Function::Sigmoid, z });
}

pub(crate) fn sigmoid_backward<F: Float>(isa: Isa, a: &[F::Line], da: &mut [F::Line]) {
    F::run_on(isa, Backward { function: Function::Sigmoid, a, da });
}

struct Forward<'a, F: Float> {
    function: Function<F>,
    z: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Forward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        match self.function {
            Function::Relu => map!(s, self.z, |z| relu_of(s, z)),
            Function::LeakyRelu(slope) => {
                let slope = s.splat(slope);
                map!(s, self.z, |z| s.if_positive(z, z, s.mul(slope, z)));
            }
            Function::Tanh => map!(s, self.z, |z| math::tanh(s, z)),
            Function::Sigmoid => map!(s, self.z, |z| math::sigmoid(s, z)),
        }
    }
}

struct Backward<'a, F: Float> {
    function: Function<F>,
    a: &'a [F::Line],
    da: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Backward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let one = s.splat(F::ONE);
        match self.function {
            Function::Relu => map!(s, self.a, self.da, |a, da| relu_gate(s, a, da)),
            Function::LeakyRelu(slope) => {
                let slope = s.splat(slope);
                map!(s, self.a, self.da, |a, da| s.if_positive(a, da, s.mul(slope, da)));
            }
            Function::Tanh => map!(s, self.a, self.da, |a, da| s.mul(da, s.neg_mul_add(a, a, one))),
            Function::Sigmoid => map!(s, self.a, self.da, |a, da| s.mul(da, s.mul(a, s.sub(one, a)))),
        }
    }
}
