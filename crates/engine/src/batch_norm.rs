//! Batch normalisation: each unit of a layer made mean 0 and variance 1 over the batch, then stretched and shifted.
//!
//! Between product and activation. With Z = W·X (units, m), μ and σ² the mean and variance of a row of Z over the m
//! examples of the batch, and γ, β of each unit learned:
//!
//! ```text
//! Ẑ = (Z − μ) / √(σ² + ε)        U = γ Ẑ + β        A = g(U)
//! dγ = Σ dU ∘ Ẑ     dβ = Σ dU     dZ = γ / √(σ² + ε) · (dU − dβ / m − Ẑ dγ / m)
//! ```
//!
//! β is the layer's bias `b`: a bias before the mean is taken away would do nothing. Prediction takes running means of μ
//! and σ² for those of the batch; they begin at 0 and 1, and each step moves them a tenth of the way, σ² as the unbiased
//! m / (m − 1) · σ². These are the conventions of PyTorch (Keras keeps 0.99 and ε = 10⁻³, too slow for the few steps
//! that an epoch of a small table has).
//!
//! Ioffe & Szegedy 2015, Batch normalization (arXiv 1502.03167).
//!
//! The statistics are those of the whole batch, so it goes through a normalised network in one block. A batch of one example
//! would teach nothing, since its Ẑ is 0 whatever it is: one left over at the end of an epoch joins the batch before
//! (PyTorch raises an error), and a training of such batches alone is refused.

use std::ops::Range;

use crate::Float;
use crate::kernel::simd::{Isa, Kernel, Simd};
use crate::tiles::{TILE, lanes_in_use, lines_of};

/// Keeps the quotient finite where a unit says the same of all examples.
pub const EPSILON: f64 = 1e-5;
/// How far a step moves the running statistics towards those of its batch.
pub const MOMENTUM: f64 = 0.1;

/// What the passes keep of a normalised layer, sized once.
#[derive(Clone, Debug)]
pub(crate) struct NormWork<F: Float> {
    /// The bias of the product before: none.
    pub(crate) zeros: Vec<F>,
    /// Ẑ of the last forward pass.
    normalized: Vec<F::Line>,
    /// μ and σ² of its batch, and 1 / √(σ² + ε).
    mean: Vec<F>,
    variance: Vec<F>,
    inverse: Vec<F>,
    /// dβ and dγ of the last backward pass, a line of partial sums for each unit.
    dbeta: Vec<F::Line>,
    dgamma: Vec<F::Line>,
}

impl<F: Float> NormWork<F> {
    /// Room for batches of up to `capacity` examples.
    pub(crate) fn new(units: usize, capacity: usize) -> Self {
        let (numbers, lines) = (vec![F::ZERO; units], vec![F::ZERO_LINE; units]);
        Self {
            zeros: numbers.clone(),
            normalized: vec![F::ZERO_LINE; units * lines_of::<F>(capacity)],
            mean: numbers.clone(),
            variance: numbers.clone(),
            inverse: numbers,
            dbeta: lines.clone(),
            dgamma: lines,
        }
    }

    /// Move the running statistics, means then variances, towards those of the last forward pass, of `m` ≥ 2 examples.
    pub(crate) fn follow(&self, m: usize, running: &mut [F]) {
        for (running, of_batch) in running.iter_mut().zip(self.statistics(m)) {
            *running = moved(*running, of_batch);
        }
    }

    /// The first of the running statistics that [`Self::follow`] would make infinite or no number.
    pub(crate) fn first_lost(&self, m: usize, running: &[F]) -> Option<usize> {
        running
            .iter()
            .zip(self.statistics(m))
            .position(|(&running, of_batch)| !moved(running, of_batch).is_finite())
    }

    /// Means and unbiased variances of the last forward pass.
    fn statistics(&self, m: usize) -> impl Iterator<Item = F> {
        let unbiased = F::from_f64(m as f64 / (m - 1) as f64);
        self.mean.iter().copied().chain(self.variance.iter().map(move |&variance| unbiased * variance))
    }

    /// Add dβ and dγ of the last backward pass, line by line.
    pub(crate) fn add_sums(&self, db: &mut [F::Line], dgamma: &mut [F::Line]) {
        for (sums, more) in [(db, &self.dbeta), (dgamma, &self.dgamma)] {
            for (sum, more) in sums.iter_mut().zip(more) {
                sum.as_mut().iter_mut().zip(more.as_ref()).for_each(|(sum, &more)| *sum += more);
            }
        }
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let lines = [&self.normalized, &self.dbeta, &self.dgamma].map(|lines| size_of_val(lines.as_slice()));
        lines.iter().sum::<usize>() + 4 * size_of_val(self.zeros.as_slice())
    }
}

/// While training: U = γ Ẑ + β in place of Z (units, m), with the statistics of these m examples. Keeps Ẑ and the
/// statistics in `work`.
pub(crate) fn batch_norm_forward<F: Float>(
    isa: Isa,
    [gamma, beta]: [&[F]; 2],
    m: usize,
    z: &mut [F::Line],
    work: &mut NormWork<F>,
) {
    F::run_on(isa, Forward { gamma, beta, m, z, work });
}

/// dZ in place of dU (units, m), from what the forward pass kept. Keeps dβ and dγ in `work`. dU is 0 beyond the last
/// example, and so is dZ.
pub(crate) fn batch_norm_backward<F: Float>(
    isa: Isa,
    gamma: &[F],
    m: usize,
    du: &mut [F::Line],
    work: &mut NormWork<F>,
) {
    F::run_on(isa, Backward { gamma, m, du, work });
}

/// At prediction: the same in place of Z, with the running statistics.
pub(crate) fn batch_norm_predict<F: Float>(
    isa: Isa,
    [gamma, beta]: [&[F]; 2],
    [mean, variance]: [&[F]; 2],
    m: usize,
    z: &mut [F::Line],
) {
    F::run_on(isa, Predict { gamma, beta, mean, variance, m, z });
}

/// A running statistic after a step.
fn moved<F: Float>(running: F, of_batch: F) -> F {
    running + F::from_f64(MOMENTUM) * (of_batch - running)
}

/// 1 / √(σ² + ε)
#[inline(always)]
fn inverse_deviation<F: Float>(variance: F) -> F {
    F::ONE / (variance + F::from_f64(EPSILON)).sqrt()
}

/// The lines of a row: where its part of each tile begins, and how many lines that has.
#[inline(always)]
fn parts_of_row(units: usize, lines_per_row: usize, unit: usize) -> impl Iterator<Item = Range<usize>> {
    (0..lines_per_row).step_by(TILE).map(move |first| {
        let width = TILE.min(lines_per_row - first);
        let start = first * units + unit * width;
        start..start + width
    })
}

struct Forward<'a, F: Float> {
    gamma: &'a [F],
    beta: &'a [F],
    m: usize,
    z: &'a mut [F::Line],
    work: &'a mut NormWork<F>,
}

impl<F: Float> Kernel<F> for Forward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let Self { gamma, beta, m, z, work } = self;
        let (units, lines, share) = (gamma.len(), lines_of::<F>(m), F::ONE / F::from_f64(m as f64));
        let (last, bits) = (lines - 1, lanes_in_use::<F>(m));
        for unit in 0..units {
            let mut sum = s.splat(F::ZERO);
            let mut k = 0;
            for part in parts_of_row(units, lines, unit) {
                for line in &z[part] {
                    let kept = if k == last { bits } else { u16::MAX };
                    sum = s.add(sum, s.keep(kept, s.load(line)));
                    k += 1;
                }
            }
            let mean = share * s.sum(sum);
            // Ẑ holds what is left of Z for the moment: two passes lose no digits where the mean is large.
            let (mut sum, mut k) = (s.splat(F::ZERO), 0);
            for part in parts_of_row(units, lines, unit) {
                for (line, centred) in z[part.clone()].iter().zip(&mut work.normalized[part]) {
                    let kept = if k == last { bits } else { u16::MAX };
                    let v = s.keep(kept, s.sub(s.load(line), s.splat(mean)));
                    s.store(v, centred);
                    sum = s.mul_add(v, v, sum);
                    k += 1;
                }
            }
            let variance = share * s.sum(sum);
            let inverse = inverse_deviation(variance);
            (work.mean[unit], work.variance[unit], work.inverse[unit]) = (mean, variance, inverse);
            let (inverse, gamma, beta) = (s.splat(inverse), s.splat(gamma[unit]), s.splat(beta[unit]));
            for part in parts_of_row(units, lines, unit) {
                for (line, normalized) in z[part.clone()].iter_mut().zip(&mut work.normalized[part]) {
                    let v = s.mul(s.load(normalized), inverse);
                    s.store(v, normalized);
                    s.store(s.mul_add(gamma, v, beta), line);
                }
            }
        }
    }
}

struct Backward<'a, F: Float> {
    gamma: &'a [F],
    m: usize,
    du: &'a mut [F::Line],
    work: &'a mut NormWork<F>,
}

impl<F: Float> Kernel<F> for Backward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let Self { gamma, m, du, work } = self;
        let (units, lines, share) = (gamma.len(), lines_of::<F>(m), F::ONE / F::from_f64(m as f64));
        let (last, bits) = (lines - 1, lanes_in_use::<F>(m));
        for (unit, &gamma) in gamma.iter().enumerate() {
            let (mut dbeta, mut dgamma) = (s.splat(F::ZERO), s.splat(F::ZERO));
            for part in parts_of_row(units, lines, unit) {
                for (line, normalized) in du[part.clone()].iter().zip(&work.normalized[part]) {
                    let d = s.load(line);
                    dbeta = s.add(dbeta, d);
                    dgamma = s.mul_add(d, s.load(normalized), dgamma);
                }
            }
            s.store(dbeta, &mut work.dbeta[unit]);
            s.store(dgamma, &mut work.dgamma[unit]);
            let (by_beta, by_gamma) = (s.splat(share * s.sum(dbeta)), s.splat(share * s.sum(dgamma)));
            let factor = s.splat(gamma * work.inverse[unit]);
            let mut k = 0;
            for part in parts_of_row(units, lines, unit) {
                for (line, normalized) in du[part.clone()].iter_mut().zip(&work.normalized[part]) {
                    let kept = if k == last { bits } else { u16::MAX };
                    let d = s.neg_mul_add(s.load(normalized), by_gamma, s.sub(s.load(line), by_beta));
                    s.store(s.keep(kept, s.mul(factor, d)), line);
                    k += 1;
                }
            }
        }
    }
}

struct Predict<'a, F: Float> {
    gamma: &'a [F],
    beta: &'a [F],
    mean: &'a [F],
    variance: &'a [F],
    m: usize,
    z: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Predict<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let Self { gamma, beta, mean, variance, m, z } = self;
        let (units, lines) = (gamma.len(), lines_of::<F>(m));
        for (unit, (&gamma, &beta)) in gamma.iter().zip(beta).enumerate() {
            let factor = s.splat(gamma * inverse_deviation(variance[unit]));
            let (mean, beta) = (s.splat(mean[unit]), s.splat(beta));
            for part in parts_of_row(units, lines, unit) {
                for line in &mut z[part] {
                    s.store(s.mul_add(factor, s.sub(s.load(line), mean), beta), line);
                }
            }
        }
    }
}
