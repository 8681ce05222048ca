//! Activations: value and derivative of one family, side by side.

use serde::{Deserialize, Serialize};

use crate::Float;
use crate::kernel::math;
use crate::kernel::simd::{Isa, Kernel, Simd, map};

/// The non-linearity of a layer, applied to each entry of Z.
///
/// The derivative is written in terms of the *output* a, which the forward pass has anyway; nothing else is
/// kept for the backward pass.
///
/// | name | a = g(z) | g′ in terms of a |
/// | --- | --- | --- |
/// | `relu` | max(0, z) | 1 where a > 0, else 0 |
/// | `leaky-relu` | z where z > 0, else slope·z | 1 where a > 0, else slope |
/// | `tanh` | tanh z | 1 − a² |
/// | `sigmoid` | 1 / (1 + e⁻ᶻ) | a (1 − a) |
/// | `identity` | z | 1 |
///
/// ```
/// use nablab_engine::{Activation, Isa, Line};
/// let mut a = [Line([-2.0, 0.0, 3.0, 0.5, -0.0, 1.0, -1.0, 2.0])];
/// Activation::Relu.forward::<f64>(Isa::best(), &mut a);
/// assert_eq!(a[0].0, [0.0, 0.0, 3.0, 0.5, 0.0, 1.0, 0.0, 2.0]);
/// let mut da = [Line([1.0; 8])];
/// Activation::Relu.backward::<f64>(Isa::best(), &a, &mut da);
/// assert_eq!(da[0].0, [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]); // at the corner itself the derivative counts as 0
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Activation {
    /// Rectified linear unit.
    Relu,
    /// Rectifier with a small slope below 0, so that no unit dies. Usual slope 0.01.
    LeakyRelu {
        /// Slope for z ≤ 0, in [0, 1).
        slope: f64,
    },
    /// Hyperbolic tangent.
    Tanh,
    /// Logistic function.
    Sigmoid,
    /// No non-linearity: the layer is affine.
    Identity,
}

impl Activation {
    /// Replace z by g(z), in place.
    pub fn forward<F: Float>(self, isa: Isa, z: &mut [F::Line]) {
        if self != Self::Identity {
            F::run_on(isa, Forward { activation: self, z });
        }
    }

    /// dz = g′(z) · da in place, from the output a = g(z).
    pub fn backward<F: Float>(self, isa: Isa, a: &[F::Line], da: &mut [F::Line]) {
        assert_eq!(a.len(), da.len(), "lines of A and dA");
        if self != Self::Identity {
            F::run_on(isa, Backward { activation: self, a, da });
        }
    }

    /// Has a corner at z = 0, where a finite difference straddles two slopes.
    pub fn has_kink(self) -> bool {
        matches!(self, Self::Relu | Self::LeakyRelu { .. })
    }
}

/// max(0, z). The order of the two matters: not-a-number passes, for a diverged unit must not look like a quiet one.
#[inline(always)]
pub(crate) fn relu<F: Float, S: Simd<F>>(s: S, z: S::V) -> S::V {
    s.max(s.splat(F::ZERO), z)
}

/// da where a > 0, else 0: the derivative of `max(0, z)`.
#[inline(always)]
pub(crate) fn relu_backward<F: Float, S: Simd<F>>(s: S, a: S::V, da: S::V) -> S::V {
    s.if_positive(a, da, s.splat(F::ZERO))
}

struct Forward<'a, F: Float> {
    activation: Activation,
    z: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Forward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        match self.activation {
            Activation::Relu => map!(s, self.z, |z| relu(s, z)),
            Activation::LeakyRelu { slope } => {
                let slope = s.splat(F::from_f64(slope));
                map!(s, self.z, |z| s.if_positive(z, z, s.mul(slope, z)));
            }
            Activation::Tanh => map!(s, self.z, |z| math::tanh(s, z)),
            Activation::Sigmoid => map!(s, self.z, |z| math::sigmoid(s, z)),
            Activation::Identity => {}
        }
    }
}

struct Backward<'a, F: Float> {
    activation: Activation,
    a: &'a [F::Line],
    da: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Backward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let one = s.splat(F::ONE);
        match self.activation {
            Activation::Relu => map!(s, self.a, self.da, |a, da| relu_backward(s, a, da)),
            Activation::LeakyRelu { slope } => {
                let slope = s.splat(F::from_f64(slope));
                map!(s, self.a, self.da, |a, da| s.if_positive(a, da, s.mul(slope, da)));
            }
            Activation::Tanh => map!(s, self.a, self.da, |a, da| s.mul(da, s.neg_mul_add(a, a, one))),
            Activation::Sigmoid => map!(s, self.a, self.da, |a, da| s.mul(da, s.mul(a, s.sub(one, a)))),
            Activation::Identity => {}
        }
    }
}
