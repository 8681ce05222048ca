//! Losses on logits: value and derivative of one family, side by side.
//!
//! A loss takes the logits Z of the last layer, not its probabilities. The derivative of every member is then
//! prediction − target, and it cannot be paired with a wrong output activation.

use serde::{Deserialize, Serialize};

use crate::{Float, Isa, TilesRef};

/// The loss of a prediction against its target, summed over outputs, averaged over examples.
///
/// | name | prediction p(z) | loss of one example | dz |
/// | --- | --- | --- | --- |
/// | `sigmoid-cross-entropy` | σ(z), each output alone | Σ max(z, 0) − z y + ln(1 + e^−abs(z)) | p − y |
/// | `sigmoid-cross-entropy-direct` | σ(z) | Σ −y ln p − (1 − y) ln(1 − p) | p − y |
/// | `softmax-cross-entropy` | e^z / Σ e^z | −Σ y (z − ln Σ e^z) | p − y |
/// | `squared-error` | z | ½ Σ (z − y)² | p − y |
/// | `poisson` | e^z | Σ y ln y − y + e^z − z y, half the deviance | p − y |
///
/// The targets of the softmax are shares of one label among several: Σ y = 1 for each example (one-hot labels
/// are), or its derivative is not p − y.
///
/// The first two are the same function. The first never overflows. The direct form is the one textbooks and
/// the course print: it becomes infinite once σ(z) rounds to 0 or 1 on the wrong side (abs(z) > 37), and it
/// loses digits in 1 − p. A term 0 · ∞ counts as 0. Use it to reproduce published tables, not to train.
///
/// The ½ of `squared-error` is scikit-learn's convention; PyTorch's `MSELoss` has none. The targets of `poisson` are counts, 0 or more;
/// its logits are logarithms of what is expected. PyTorch's `PoissonNLLLoss` leaves y ln y − y out, so that a perfect fit is not 0.
///
/// ```
/// use nablab_engine::{Isa, Loss, MatRef, Tiles};
/// let (z, y) = ([0.0, 100.0], [1.0, 0.0]);
/// let [z, y] = [z, y].map(|row| Tiles::from_matrix(MatRef::new(&row, 1, 2)));
/// let value = |loss: Loss| loss.value(Isa::best(), z.view(), y.view());
/// assert_eq!(value(Loss::SigmoidCrossEntropy), std::f64::consts::LN_2 + 100.0);
/// assert_eq!(value(Loss::SigmoidCrossEntropyDirect), f64::INFINITY);
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
    /// Half the Poisson deviance, for counts, with the logarithm of the expected count as logit.
    Poisson,
}

/// What is to come out for the examples of a batch, and how much each counts.
///
/// Weights w multiply the loss of their example; the mean over a batch stays Σ w · loss / m, so that every example counts
/// the same in whatever batch it comes. A training scales them to a mean of 1 over all its examples.
#[derive(Clone, Copy, Debug)]
pub struct Targets<'a, F: Float> {
    /// Y (outputs, m).
    pub y: TilesRef<'a, F>,
    /// Weights (1, m); without them, each example counts 1.
    pub weights: Option<TilesRef<'a, F>>,
}

impl<'a, F: Float> From<TilesRef<'a, F>> for Targets<'a, F> {
    fn from(y: TilesRef<'a, F>) -> Self {
        Self { y, weights: None }
    }
}

impl Loss {
    /// The loss summed over all examples: Z and Y are (outputs, m).
    pub fn value<'a, F: Float>(self, isa: Isa, z: TilesRef<'_, F>, targets: impl Into<Targets<'a, F>>) -> F {
        let mut total = F::ZERO_LINE;
        self.add_value(isa, z, targets.into(), &mut total);
        F::sum_of_lanes(isa, &total)
    }

    /// Add the losses of the examples to the lanes of `total`, so that a batch can be cut into blocks.
    pub(crate) fn add_value<F: Float>(
        self,
        isa: Isa,
        z: TilesRef<'_, F>,
        targets: Targets<'_, F>,
        total: &mut F::Line,
    ) {
        let Targets { y, weights } = targets;
        match self {
            Self::SigmoidCrossEntropy => F::add_sigmoid_cross_entropy(isa, z, y, weights, total),
            Self::SigmoidCrossEntropyDirect => F::add_sigmoid_cross_entropy_direct(isa, z, y, weights, total),
            Self::SoftmaxCrossEntropy => F::add_softmax_cross_entropy(isa, z, y, weights, total),
            Self::SquaredError => F::add_squared_error(isa, z, y, weights, total),
            Self::Poisson => F::add_poisson_deviance(isa, z, y, weights, total),
        }
    }

    /// dZ = (prediction − Y) · w; 0 beyond the last example, and where the error is below
    /// [`LEAST_ERROR`](nablab_kernel::Float::LEAST_ERROR).
    pub fn backward<'a, F: Float>(
        self,
        isa: Isa,
        z: TilesRef<'_, F>,
        targets: impl Into<Targets<'a, F>>,
        dz: &mut [F::Line],
    ) {
        let Targets { y, weights } = targets.into();
        dz.copy_from_slice(z.lines());
        self.predict::<F>(isa, dz, y.rows());
        F::set_errors(isa, y, weights, dz);
    }

    /// The prediction p(z), written over the logits in `z` of so many outputs.
    pub fn predict<F: Float>(self, isa: Isa, z: &mut [F::Line], outputs: usize) {
        match self {
            Self::SigmoidCrossEntropy | Self::SigmoidCrossEntropyDirect => F::sigmoid(isa, z),
            Self::SoftmaxCrossEntropy => F::softmax(isa, z, outputs),
            Self::SquaredError => {}
            Self::Poisson => F::exponential(isa, z),
        }
    }

    /// The loss of one example with logits z and targets y, from its definition, without a vector in sight.
    ///
    /// ```
    /// use nablab_engine::Loss;
    /// assert_eq!(Loss::SigmoidCrossEntropy.of_example(&[-800.0], &[1.0]), 800.0);
    /// assert_eq!(Loss::SoftmaxCrossEntropy.of_example(&[0.0, 0.0], &[1.0, 0.0]), std::f64::consts::LN_2);
    /// ```
    #[expect(clippy::disallowed_methods, reason = "it is looked at, and nothing learns from it")]
    pub fn of_example(self, z: &[f64], y: &[f64]) -> f64 {
        let each = |loss: fn(f64, f64) -> f64| z.iter().zip(y).map(|(&z, &y)| loss(z, y)).sum();
        match self {
            Self::SigmoidCrossEntropy | Self::SigmoidCrossEntropyDirect => {
                each(|z, y| z.max(0.0) - z * y + (-z.abs()).exp().ln_1p())
            }
            Self::SoftmaxCrossEntropy => {
                let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let total = z.iter().map(|z| (z - largest).exp()).sum::<f64>().ln();
                z.iter().zip(y).map(|(z, y)| y * (total - (z - largest))).sum()
            }
            Self::SquaredError => each(|z, y| 0.5 * (z - y) * (z - y)),
            Self::Poisson => each(|z, y| if y == 0.0 { z.exp() } else { y * y.ln() - y + z.exp() - z * y }),
        }
    }

    /// Predicts probabilities of labels, rather than numbers.
    pub fn is_classification(self) -> bool {
        !matches!(self, Self::SquaredError | Self::Poisson)
    }
}
