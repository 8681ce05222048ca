//! Losses on logits: value and derivative of one family, side by side.
//!
//! A loss takes the logits Z of the last layer, not its probabilities. The derivative of every member is then
//! prediction − target, and it cannot be paired with a wrong output activation.

use serde::{Deserialize, Serialize};

use crate::kernel::sum_by;
use crate::{Float, MatMut, MatRef};

/// The loss of a prediction against its target, summed over outputs, averaged over examples.
///
/// | name | prediction p(z) | loss of one example | dz |
/// | --- | --- | --- | --- |
/// | `sigmoid-cross-entropy` | σ(z), each output alone | Σ max(z, 0) − z y + ln(1 + e^−abs(z)) | p − y |
/// | `sigmoid-cross-entropy-direct` | σ(z) | Σ −y ln p − (1 − y) ln(1 − p) | p − y |
/// | `softmax-cross-entropy` | e^z / Σ e^z | −Σ y (z − ln Σ e^z) | p − y |
/// | `squared-error` | z | ½ Σ (z − y)² | p − y |
///
/// The targets of the softmax are shares of one label among several: Σ y = 1 for each example (one-hot labels
/// are), or its derivative is not p − y.
///
/// The first two are the same function. The first never overflows. The direct form is the one textbooks and
/// the course print: it becomes infinite once σ(z) rounds to 0 or 1 on the wrong side (abs(z) > 37), and it
/// loses digits in 1 − p. A term 0 · ∞ counts as 0. Use it to reproduce published tables, not to train.
///
/// The ½ of `squared-error` is scikit-learn's convention; PyTorch's `MSELoss` has none.
///
/// ```
/// use nablab_engine::{Loss, MatRef};
/// let (z, y) = ([0.0, 100.0], [1.0, 0.0]);
/// let (z, y) = (MatRef::new(&z, 1, 2), MatRef::new(&y, 1, 2));
/// assert_eq!(Loss::SigmoidCrossEntropy.value(z, y), std::f64::consts::LN_2 + 100.0);
/// assert_eq!(Loss::SigmoidCrossEntropyDirect.value(z, y), f64::INFINITY);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Cross-entropy of independent yes/no outputs, in the form that cannot overflow.
    SigmoidCrossEntropy,
    /// The same as the course writes it: logarithms of the probabilities themselves.
    SigmoidCrossEntropyDirect,
    /// Cross-entropy of one label among several.
    SoftmaxCrossEntropy,
    /// Half the squared distance, for regression.
    SquaredError,
}

impl Loss {
    /// The loss summed over all examples (columns): Z and Y are (outputs, m).
    pub fn value<F: Float>(self, z: MatRef<'_, F>, y: MatRef<'_, F>) -> F {
        let (logits, targets) = (z.data(), y.data());
        let entries = logits.len();
        match self {
            Self::SigmoidCrossEntropy => sum_by(entries, |i| {
                let z = logits[i];
                z.max(F::ZERO) - z * targets[i] + (-z.abs()).exp().ln_1p()
            }),
            Self::SigmoidCrossEntropyDirect => sum_by(entries, |i| {
                let p = logits[i].sigmoid();
                log_term(targets[i], p) + log_term(F::ONE - targets[i], F::ONE - p)
            }),
            Self::SoftmaxCrossEntropy => sum_by(z.cols(), |j| {
                let log_total = log_sum_exp(z, j);
                (0..z.rows()).map(|k| y.at(k, j) * (log_total - z.at(k, j))).sum()
            }),
            Self::SquaredError => sum_by(entries, |i| {
                let error = logits[i] - targets[i];
                F::from_f64(0.5) * error * error
            }),
        }
    }

    /// dZ = prediction − Y, written over the logits in `z`.
    pub fn backward<F: Float>(self, z: &mut MatMut<'_, F>, y: MatRef<'_, F>) {
        self.predict(z);
        for (z, &y) in z.data().iter_mut().zip(y.data()) {
            *z -= y;
        }
    }

    /// The prediction p(z), written over the logits in `z`.
    pub fn predict<F: Float>(self, z: &mut MatMut<'_, F>) {
        match self {
            Self::SigmoidCrossEntropy | Self::SigmoidCrossEntropyDirect => {
                z.data().iter_mut().for_each(|z| *z = z.sigmoid());
            }
            Self::SoftmaxCrossEntropy => {
                for j in 0..z.cols() {
                    let log_total = log_sum_exp(z.as_ref(), j);
                    for k in 0..z.rows() {
                        let row = z.row(k);
                        row[j] = (row[j] - log_total).exp();
                    }
                }
            }
            Self::SquaredError => {}
        }
    }

    /// Predicts probabilities of labels, rather than numbers.
    pub fn is_classification(self) -> bool {
        self != Self::SquaredError
    }
}

/// −weight · ln p, where 0 · ∞ is 0 (the course sums with `nansum`).
#[inline]
fn log_term<F: Float>(weight: F, p: F) -> F {
    if weight == F::ZERO { F::ZERO } else { -p.ln() * weight }
}

/// ln Σₖ e^z[k, j], shifted by the largest logit so that nothing overflows.
fn log_sum_exp<F: Float>(z: MatRef<'_, F>, j: usize) -> F {
    let largest = (1..z.rows()).fold(z.at(0, j), |largest, k| largest.max(z.at(k, j)));
    let total: F = (0..z.rows()).map(|k| (z.at(k, j) - largest).exp()).sum();
    largest + total.ln()
}
