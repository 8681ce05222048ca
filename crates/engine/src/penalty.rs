//! Weight penalties: value and derivative side by side.

use serde::{Deserialize, Serialize};

use crate::norm::norm;
use crate::{Float, Isa, Layout};

/// An L2 and an L1 penalty on the weights; biases are free.
///
/// Added to the mean loss, with m the examples of a full batch:
///
/// > value = (l2 / 2m) Σ w² + (l1 / m) Σ abs(w), gradient = (l2 / m) w + (l1 / m) sign(w)
///
/// The division by m is the course's and that of scikit-learn's networks: the strength stands against the summed losses of a
/// step. A last, smaller batch is divided by the same m ([`crate::Settings::penalty_examples`]), so that the minimum does not
/// depend on what is left over. Weight decay is another thing: see [`crate::Optimizer::AdamW`].
///
/// | field | default | range |
/// | --- | --- | --- |
/// | `l2` | 0 | finite, ≥ 0 |
/// | `l1` | 0 | finite, ≥ 0 |
///
/// ```
/// use nablab_engine::{Layout, Penalty};
/// let layout = Layout::dense(&[1, 1]); // one weight, one bias
/// let penalty = Penalty { l2: 0.5, l1: 0.0 };
/// assert_eq!(penalty.value(&layout, &[2.0, 9.0], 4.0), 0.25);
/// let mut grad = [0.0, 0.0];
/// penalty.add_gradient(&layout, &[2.0, 9.0], 4.0, &mut grad);
/// assert_eq!(grad, [0.25, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Penalty {
    /// Strength λ of the squared penalty.
    pub l2: f64,
    /// Strength of the absolute penalty.
    pub l1: f64,
}

impl Penalty {
    /// The penalty beside a mean loss, its strength divided by `m`.
    pub fn value<F: Float>(&self, layout: &Layout, params: &[F], m: f64) -> F {
        let mut value = F::ZERO;
        if self.l2 != 0.0 {
            let squares: F = layout.weights().map(|w| F::dot(&params[w.clone()], &params[w])).sum();
            let strength = 1.0 / m * self.l2 / 2.0;
            value += match squares.is_finite() {
                true => F::from_f64(strength) * squares,
                // What a penalty is, it may be although the squares alone overflow.
                false => {
                    let norms = layout.weights().map(|w| (strength.sqrt() * norm(&params[w])).powi(2));
                    F::from_f64(norms.sum())
                }
            };
        }
        if self.l1 != 0.0 {
            let magnitudes: F = layout.weights().map(|w| F::sum_of_magnitudes(&params[w])).sum();
            value += F::from_f64(self.l1 / m) * magnitudes;
        }
        value
    }

    /// Add the gradient of the penalty, its strength divided by `m`, to `grads`.
    pub fn add_gradient<F: Float>(&self, layout: &Layout, params: &[F], m: f64, grads: &mut [F]) {
        self.add_gradient_from(Isa::best(), layout, 0, params, m, grads);
    }

    /// The same for the components from `start` on.
    pub(crate) fn add_gradient_from<F: Float>(
        &self,
        isa: Isa,
        layout: &Layout,
        start: usize,
        params: &[F],
        m: f64,
        grads: &mut [F],
    ) {
        let len = grads.len();
        if self.l2 != 0.0 {
            let strength = F::from_f64(self.l2 / m);
            for range in layout.weights_within(start, len) {
                F::add_scaled(isa, strength, &params[range.clone()], &mut grads[range]);
            }
        }
        if self.l1 != 0.0 {
            let strength = F::from_f64(self.l1 / m);
            for range in layout.weights_within(start, len) {
                F::add_signs(isa, strength, &params[range.clone()], &mut grads[range]);
            }
        }
    }
}
