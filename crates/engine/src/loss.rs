//! Losses on logits: value and derivative of one family, side by side.
//!
//! A loss takes the logits Z of the last layer, not its probabilities. The derivative of every member is then
//! prediction − target, and it cannot be paired with a wrong output activation.

use std::iter::StepBy;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Float;
use crate::kernel::math;
use crate::kernel::simd::{Isa, Kernel, Simd, Sum, map};
use crate::tiles::{TILE, TilesRef, lanes_in_use, line_index};

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
}

/// What is to come out for the examples of a batch, and how much each counts.
///
/// Weights w multiply the loss of their example; the mean over a batch stays Σ w · loss / m, so that weights whose mean
/// is 1 leave the size of a step as it is, and every example counts the same in whatever batch it comes.
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
        F::run_on(isa, Sum(&total))
    }

    /// Add the losses of the examples to the lanes of `total`, so that a batch can be cut into blocks.
    pub(crate) fn add_value<F: Float>(
        self,
        isa: Isa,
        z: TilesRef<'_, F>,
        targets: Targets<'_, F>,
        total: &mut F::Line,
    ) {
        F::run_on(isa, Value { loss: self, z, targets, total });
    }

    /// dZ = (prediction − Y) · w; 0 beyond the last example, and where the error is below [`Float::LEAST_ERROR`].
    pub fn backward<'a, F: Float>(
        self,
        isa: Isa,
        z: TilesRef<'_, F>,
        targets: impl Into<Targets<'a, F>>,
        dz: &mut [F::Line],
    ) {
        F::run_on(isa, Backward { loss: self, z, targets: targets.into(), dz });
    }

    /// The prediction p(z), written over the logits in `z` of so many outputs.
    pub fn predict<F: Float>(self, isa: Isa, z: &mut [F::Line], outputs: usize) {
        F::run_on(isa, Predict { loss: self, z, outputs });
    }

    /// The loss of one example with logits z and targets y, from its definition, without a vector in sight.
    ///
    /// ```
    /// use nablab_engine::Loss;
    /// assert_eq!(Loss::SigmoidCrossEntropy.of_example(&[-800.0], &[1.0]), 800.0);
    /// assert_eq!(Loss::SoftmaxCrossEntropy.of_example(&[0.0, 0.0], &[1.0, 0.0]), std::f64::consts::LN_2);
    /// ```
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
        }
    }

    /// Predicts probabilities of labels, rather than numbers.
    pub fn is_classification(self) -> bool {
        self != Self::SquaredError
    }
}

struct Predict<'a, F: Float> {
    loss: Loss,
    z: &'a mut [F::Line],
    outputs: usize,
}

impl<F: Float> Kernel<F> for Predict<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        predict(s, self.loss, self.z, self.outputs);
    }
}

/// The predictions over the logits, of so many outputs.
#[inline(always)]
fn predict<F: Float, S: Simd<F>>(s: S, loss: Loss, z: &mut [F::Line], outputs: usize) {
    match loss {
        Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => map!(s, z, |z| math::sigmoid(s, z)),
        Loss::SoftmaxCrossEntropy => {
            for column in columns(outputs, z.len() / outputs) {
                let largest = largest(s, z, column.clone());
                let mut total = s.splat(F::ZERO);
                for k in column.clone() {
                    let e = math::exp(s, s.sub(s.load(&z[k]), largest));
                    total = s.add(total, e);
                    s.store(e, &mut z[k]);
                }
                for k in column {
                    s.store(s.div(s.load(&z[k]), total), &mut z[k]);
                }
            }
        }
        Loss::SquaredError => {}
    }
}

/// For each line of a row, where the lines of the same examples lie: one of each row.
#[inline(always)]
fn columns(rows: usize, lines_per_row: usize) -> impl Iterator<Item = StepBy<Range<usize>>> {
    (0..lines_per_row).map(move |k| {
        let tile = k - k % TILE;
        let width = TILE.min(lines_per_row - tile);
        (line_index(rows, lines_per_row, 0, k)..(tile + width) * rows).step_by(width)
    })
}

/// The largest logit of each example: subtracted, so that no exponential overflows.
#[inline(always)]
fn largest<F: Float, S: Simd<F>>(s: S, z: &[F::Line], column: StepBy<Range<usize>>) -> S::V {
    let mut largest = s.splat(F::from_f64(f64::NEG_INFINITY));
    for k in column {
        largest = s.max(s.load(&z[k]), largest);
    }
    largest
}

struct Backward<'a, F: Float> {
    loss: Loss,
    z: TilesRef<'a, F>,
    targets: Targets<'a, F>,
    dz: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Backward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let Targets { y, weights } = self.targets;
        let (zero, least) = (s.splat(F::ZERO), s.splat(F::LEAST_ERROR));
        self.dz.copy_from_slice(self.z.lines());
        predict(s, self.loss, self.dz, y.rows());
        // Not a number is kept: a diverged training must not look like a finished one.
        map!(s, y.lines(), self.dz, |y, p| {
            let error = s.sub(p, y);
            s.if_positive(s.sub(least, s.abs(error)), zero, error)
        });
        if let Some(weights) = weights {
            for (column, weight) in columns(y.rows(), y.lines_per_row()).zip(weights.lines()) {
                for k in column {
                    s.store(s.mul(s.load(&self.dz[k]), s.load(weight)), &mut self.dz[k]);
                }
            }
        }
        let bits = lanes_in_use::<F>(y.m());
        if let Some(last) = columns(y.rows(), y.lines_per_row()).last() {
            for k in last {
                s.store(s.keep(bits, s.load(&self.dz[k])), &mut self.dz[k]);
            }
        }
    }
}

struct Value<'a, F: Float> {
    loss: Loss,
    z: TilesRef<'a, F>,
    targets: Targets<'a, F>,
    total: &'a mut F::Line,
}

impl<F: Float> Kernel<F> for Value<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let (z, y) = (self.z.lines(), self.targets.y.lines());
        let weights = self.targets.weights.map(|weights| weights.lines());
        let mut examples = self.z.m();
        for (number, column) in columns(self.z.rows(), self.z.lines_per_row()).enumerate() {
            let mut terms = F::ZERO_LINE;
            let mut add = |term: &dyn Fn(usize) -> F| {
                let lanes = terms.as_mut().iter_mut().take(examples).enumerate();
                lanes.for_each(|(l, sum)| *sum += term(l));
            };
            let (mut top, mut sum) = (F::ZERO_LINE, F::ZERO_LINE);
            if self.loss == Loss::SoftmaxCrossEntropy {
                let largest = largest(s, z, column.clone());
                let mut total = s.splat(F::ZERO);
                for k in column.clone() {
                    total = s.add(total, math::exp(s, s.sub(s.load(&z[k]), largest)));
                }
                s.store(largest, &mut top);
                s.store(total, &mut sum);
            }
            let (top, sum) = (top.as_ref(), sum.as_ref());
            for k in column {
                let (v, z, y) = (s.load(&z[k]), z[k].as_ref(), y[k].as_ref());
                let mut beside = F::ZERO_LINE;
                match self.loss {
                    Loss::SigmoidCrossEntropy => {
                        s.store(math::exp(s, s.sub(s.splat(F::ZERO), s.abs(v))), &mut beside);
                        let q = beside.as_ref();
                        add(&|l| z[l].max(F::ZERO) - z[l] * y[l] + F::from_f64(math::ln_1p(q[l].to_f64())));
                    }
                    Loss::SigmoidCrossEntropyDirect => {
                        // As printed, not as accurate as can be: the course's gradient check shows its round-off.
                        let exp = math::exp(s, s.sub(s.splat(F::ZERO), v));
                        s.store(s.div(s.splat(F::ONE), s.add(s.splat(F::ONE), exp)), &mut beside);
                        let p = beside.as_ref();
                        add(&|l| log_term(y[l], p[l]) + log_term(F::ONE - y[l], F::ONE - p[l]));
                    }
                    Loss::SoftmaxCrossEntropy => {
                        add(&|l| y[l] * (top[l] + F::from_f64(math::ln(sum[l].to_f64())) - z[l]));
                    }
                    Loss::SquaredError => add(&|l| F::from_f64(0.5) * (z[l] - y[l]) * (z[l] - y[l])),
                }
            }
            if let Some(weights) = weights {
                // Beyond the last example a weight means nothing.
                let lanes = terms.as_mut().iter_mut().zip(weights[number].as_ref()).take(examples);
                lanes.for_each(|(term, &weight)| *term *= weight);
            }
            s.store(s.add(s.load(self.total), s.load(&terms)), self.total);
            examples = examples.saturating_sub(F::LANES);
        }
    }
}

/// −weight · ln p, where 0 · ∞ is 0 (the course sums with `nansum`).
#[inline(always)]
fn log_term<F: Float>(weight: F, p: F) -> F {
    if weight == F::ZERO { F::ZERO } else { F::from_f64(-math::ln(p.to_f64())) * weight }
}
