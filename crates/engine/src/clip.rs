//! Gradient clipping, between the gradient and the update rule.

use serde::{Deserialize, Serialize};

use crate::Float;
use crate::norm::{largest, norm};

/// What is done to a gradient that is too large (Pascanu et al. 2013, arXiv 1211.5063).
///
/// ```
/// use nablab_engine::Clip;
/// let mut g = [3.0, 4.0];
/// Clip::Norm { max: 1.0 }.apply(&mut g);
/// assert_eq!(g, [0.6000000000000001, 0.8]);
/// Clip::Value { max: 0.7 }.apply(&mut g);
/// assert_eq!(g, [0.6000000000000001, 0.7]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Clip {
    /// Leave it alone.
    #[default]
    None,
    /// Shorten the whole gradient to Euclidean length `max`; its direction stays.
    Norm {
        /// Largest length, finite and > 0.
        max: f64,
    },
    /// Cut each component to [−`max`, `max`]; the direction may change.
    Value {
        /// Largest magnitude, finite and > 0.
        max: f64,
    },
}

impl Clip {
    /// Clip in place.
    pub fn apply<F: Float>(self, grads: &mut [F]) {
        match self {
            Self::None => {}
            Self::Norm { max } => {
                let squares = F::dot(grads, grads);
                // Squares can overflow, or vanish, where the gradient does not.
                if squares.is_finite() && squares >= F::EPSILON {
                    let norm = squares.sqrt();
                    if norm.to_f64() > max {
                        let scale = F::from_f64(max) / norm;
                        grads.iter_mut().for_each(|g| *g *= scale);
                    }
                } else if norm(grads) > max {
                    let largest = largest(grads);
                    grads.iter_mut().for_each(|g| *g = F::from_f64(g.to_f64() / largest));
                    let scale = max / norm(grads);
                    grads.iter_mut().for_each(|g| *g = F::from_f64(g.to_f64() * scale));
                }
            }
            Self::Value { max } => {
                let max = F::from_f64(max);
                grads.iter_mut().for_each(|g| *g = g.min(max).max(-max));
            }
        }
    }
}
