//! Activations: value and derivative of one family, side by side. `dense.rs` takes relu and its derivative into the matrix products.

use serde::{Deserialize, Serialize};

use crate::{Float, Isa};

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
        match self {
            Self::Relu => F::relu(isa, z),
            Self::LeakyRelu { slope } => F::leaky_relu(isa, F::from_f64(slope), z),
            Self::Tanh => F::tanh(isa, z),
            Self::Sigmoid => F::sigmoid(isa, z),
            Self::Identity => {}
        }
    }

    /// dz = g′(z) · da in place, from the output a = g(z).
    pub fn backward<F: Float>(self, isa: Isa, a: &[F::Line], da: &mut [F::Line]) {
        match self {
            Self::Relu => F::relu_backward(isa, a, da),
            Self::LeakyRelu { slope } => F::leaky_relu_backward(isa, F::from_f64(slope), a, da),
            Self::Tanh => F::tanh_backward(isa, a, da),
            Self::Sigmoid => F::sigmoid_backward(isa, a, da),
            Self::Identity => {}
        }
    }

    /// Has a corner at z = 0, where a finite difference straddles two slopes.
    pub fn has_kink(self) -> bool {
        matches!(self, Self::Relu | Self::LeakyRelu { .. })
    }
}
