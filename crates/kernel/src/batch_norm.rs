//! Batch normalisation, row by row: forward with the statistics of the batch, backward, and with statistics that are
//! given. The equations stand in the engine's `batch_norm.rs`.

use std::ops::Range;

use crate::Float;
use crate::simd::{Isa, Kernel, Set};
use crate::tiles::{TILE, lanes_in_use, lines_of};

/// What the forward pass of a normalised layer keeps, with a number or a row for each unit.
#[derive(Debug)]
pub struct Normalized<'a, F: Float> {
    /// Ẑ (units, m).
    pub lines: &'a mut [F::Line],
    /// μ of the batch.
    pub mean: &'a mut [F],
    /// σ² of the batch.
    pub variance: &'a mut [F],
    /// 1 / √(σ² + ε).
    pub inverse: &'a mut [F],
}

/// The sums over examples that the backward pass makes, a line of partial sums for each unit.
#[derive(Debug)]
pub struct NormSums<'a, F: Float> {
    /// Σ dU
    pub dbeta: &'a mut [F::Line],
    /// Σ dU ∘ Ẑ
    pub dgamma: &'a mut [F::Line],
}

/// 1 / √(σ² + ε)
#[inline(always)]
fn inverse_deviation<F: Float>(variance: F, epsilon: F) -> F {
    F::ONE / (variance + epsilon).sqrt()
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

pub(crate) fn normalize<F: Float>(
    isa: Isa,
    affine: [&[F]; 2],
    epsilon: F,
    m: usize,
    z: &mut [F::Line],
    kept: Normalized<'_, F>,
) {
    F::run_on(isa, Forward { affine, epsilon, m, z, kept });
}

struct Forward<'a, F: Float> {
    affine: [&'a [F]; 2],
    epsilon: F,
    m: usize,
    z: &'a mut [F::Line],
    kept: Normalized<'a, F>,
}

impl<F: Float> Kernel<F> for Forward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let Self { affine: [gamma, beta], epsilon, m, z, kept } = self;
        let (units, lines, share) = (gamma.len(), lines_of::<F>(m), F::ONE / F::from_f64(m as f64));
        let (last, bits) = (lines - 1, lanes_in_use::<F>(m));
        for unit in 0..units {
            let mut sum = s.splat(F::ZERO);
            let mut k = 0;
            for part in parts_of_row(units, lines, unit) {
                for line in &z[part] {
                    let in_use = if k == last { bits } else { u16::MAX };
                    sum = s.add(sum, s.keep(in_use, s.load(line)));
                    k += 1;
                }
            }
            let mean = share * s.sum(sum);
            // Ẑ holds what is left of Z for the moment: two passes lose no digits where the mean is large.
            let (mut sum, mut k) = (s.splat(F::ZERO), 0);
            for part in parts_of_row(units, lines, unit) {
                for (line, centred) in z[part.clone()].iter().zip(&mut kept.lines[part]) {
                    let in_use = if k == last { bits } else { u16::MAX };
                    let v = s.keep(in_use, s.sub(s.load(line), s.splat(mean)));
                    s.store(v, centred);
                    sum = s.mul_add(v, v, sum);
                    k += 1;
                }
            }
            let variance = share * s.sum(sum);
            let inverse = inverse_deviation(variance, epsilon);
            (kept.mean[unit], kept.variance[unit], kept.inverse[unit]) = (mean, variance, inverse);
            let (inverse, gamma, beta) = (s.splat(inverse), s.splat(gamma[unit]), s.splat(beta[unit]));
            for part in parts_of_row(units, lines, unit) {
                for (line, normalized) in z[part.clone()].iter_mut().zip(&mut kept.lines[part]) {
                    let v = s.mul(s.load(normalized), inverse);
                    s.store(v, normalized);
                    s.store(s.mul_add(gamma, v, beta), line);
                }
            }
        }
    }
}

pub(crate) fn normalize_backward<F: Float>(
    isa: Isa,
    gamma: &[F],
    m: usize,
    kept: (&[F::Line], &[F]),
    sums: NormSums<'_, F>,
    du: &mut [F::Line],
) {
    F::run_on(isa, Backward { gamma, m, kept, sums, du });
}

struct Backward<'a, F: Float> {
    gamma: &'a [F],
    m: usize,
    kept: (&'a [F::Line], &'a [F]),
    sums: NormSums<'a, F>,
    du: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Backward<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let Self { gamma, m, kept: (normalized, inverse), sums, du } = self;
        let (units, lines, share) = (gamma.len(), lines_of::<F>(m), F::ONE / F::from_f64(m as f64));
        let (last, bits) = (lines - 1, lanes_in_use::<F>(m));
        for (unit, &gamma) in gamma.iter().enumerate() {
            let (mut dbeta, mut dgamma) = (s.splat(F::ZERO), s.splat(F::ZERO));
            for part in parts_of_row(units, lines, unit) {
                for (line, normalized) in du[part.clone()].iter().zip(&normalized[part]) {
                    let d = s.load(line);
                    dbeta = s.add(dbeta, d);
                    dgamma = s.mul_add(d, s.load(normalized), dgamma);
                }
            }
            s.store(dbeta, &mut sums.dbeta[unit]);
            s.store(dgamma, &mut sums.dgamma[unit]);
            let (by_beta, by_gamma) = (s.splat(share * s.sum(dbeta)), s.splat(share * s.sum(dgamma)));
            let factor = s.splat(gamma * inverse[unit]);
            let mut k = 0;
            for part in parts_of_row(units, lines, unit) {
                for (line, normalized) in du[part.clone()].iter_mut().zip(&normalized[part]) {
                    let in_use = if k == last { bits } else { u16::MAX };
                    let d = s.neg_mul_add(s.load(normalized), by_gamma, s.sub(s.load(line), by_beta));
                    s.store(s.keep(in_use, s.mul(factor, d)), line);
                    k += 1;
                }
            }
        }
    }
}

pub(crate) fn normalize_by<F: Float>(
    isa: Isa,
    affine: [&[F]; 2],
    statistics: [&[F]; 2],
    epsilon: F,
    m: usize,
    z: &mut [F::Line],
) {
    F::run_on(isa, Predict { affine, statistics, epsilon, m, z });
}

struct Predict<'a, F: Float> {
    affine: [&'a [F]; 2],
    statistics: [&'a [F]; 2],
    epsilon: F,
    m: usize,
    z: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Predict<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let Self { affine: [gamma, beta], statistics: [mean, variance], epsilon, m, z } = self;
        let (units, lines) = (gamma.len(), lines_of::<F>(m));
        for (unit, (&gamma, &beta)) in gamma.iter().zip(beta).enumerate() {
            let factor = s.splat(gamma * inverse_deviation(variance[unit], epsilon));
            let (mean, beta) = (s.splat(mean[unit]), s.splat(beta));
            for part in parts_of_row(units, lines, unit) {
                for line in &mut z[part] {
                    s.store(s.mul_add(factor, s.sub(s.load(line), mean), beta), line);
                }
            }
        }
    }
}
