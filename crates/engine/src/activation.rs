//! Activations: value and derivative of one family, side by side.

use serde::{Deserialize, Serialize};

use crate::Float;

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
/// use nablab_engine::Activation;
/// let mut a = [-2.0, 0.0, 3.0];
/// Activation::Relu.forward(&mut a);
/// assert_eq!(a, [0.0, 0.0, 3.0]);
/// let mut da = [1.0, 1.0, 1.0];
/// Activation::Relu.backward(&a, &mut da);
/// assert_eq!(da, [0.0, 0.0, 1.0]); // at the corner itself the derivative counts as 0
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
    pub fn forward<F: Float>(self, z: &mut [F]) {
        match self {
            Self::Relu => {
                // Written so that not-a-number passes: a diverged unit must not look like a quiet one.
                z.iter_mut().for_each(|z| *z = if *z <= F::ZERO { F::ZERO } else { *z });
            }
            Self::LeakyRelu { slope } => {
                let slope = F::from_f64(slope);
                z.iter_mut().for_each(|z| *z = if *z > F::ZERO { *z } else { slope * *z });
            }
            Self::Tanh => z.iter_mut().for_each(|z| *z = z.tanh()),
            Self::Sigmoid => z.iter_mut().for_each(|z| *z = z.sigmoid()),
            Self::Identity => {}
        }
    }

    /// dz = g′(z) · da in place, from the output a = g(z).
    pub fn backward<F: Float>(self, a: &[F], da: &mut [F]) {
        let pairs = a.iter().zip(da);
        match self {
            Self::Relu => pairs.for_each(|(&a, da)| *da = if a > F::ZERO { *da } else { F::ZERO }),
            Self::LeakyRelu { slope } => {
                let slope = F::from_f64(slope);
                pairs.for_each(|(&a, da)| *da = if a > F::ZERO { *da } else { slope * *da });
            }
            Self::Tanh => pairs.for_each(|(&a, da)| *da *= F::ONE - a * a),
            Self::Sigmoid => pairs.for_each(|(&a, da)| *da *= a * (F::ONE - a)),
            Self::Identity => {}
        }
    }

    /// Has a corner at z = 0, where a finite difference straddles two slopes.
    pub fn has_kink(self) -> bool {
        matches!(self, Self::Relu | Self::LeakyRelu { .. })
    }
}
