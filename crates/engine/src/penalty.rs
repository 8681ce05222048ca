//! Weight penalties: value and derivative side by side.

use serde::{Deserialize, Serialize};

use crate::norm::norm;
use crate::{Float, Isa, Layout};

/// An L2 and an L1 penalty on the weights; biases are free.
///
/// Added to the mean loss, with m the number of all training examples, whatever the batch:
///
/// > value = (l2 / 2m) Σ w² + (l1 / m) Σ abs(w), gradient = (l2 / m) w + (l1 / m) sign(w)
///
/// The division by m is the course's and scikit-learn's: the strength is per training set, so the same number
/// means less on more data. Steps of mini-batches take the same share of it, so that the minimum does not depend on how
/// the examples are cut. Weight decay is another thing: see [`crate::Optimizer::AdamW`].
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
/// assert_eq!(penalty.value(&layout, &[2.0, 9.0], 4), 0.25);
/// let mut grad = [0.0, 0.0];
/// penalty.add_gradient(&layout, &[2.0, 9.0], 4, &mut grad);
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
    /// The penalty so many times as strong.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { l2: factor * self.l2, l1: factor * self.l1 }
    }

    /// The penalty beside the mean loss of `m` training examples.
    pub fn value<F: Float>(&self, layout: &Layout, params: &[F], m: usize) -> F {
        let m = m as f64;
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

    /// Add the gradient of the penalty beside the mean loss of `m` training examples to `grads`.
    pub fn add_gradient<F: Float>(&self, layout: &Layout, params: &[F], m: usize, grads: &mut [F]) {
        self.add_gradient_from(Isa::best(), layout, 0, params, m, grads);
    }

    /// The same for the components from `start` on.
    pub(crate) fn add_gradient_from<F: Float>(
        &self,
        isa: Isa,
        layout: &Layout,
        start: usize,
        params: &[F],
        m: usize,
        grads: &mut [F],
    ) {
        let (m, len) = (m as f64, grads.len());
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
