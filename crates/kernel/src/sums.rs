//! Sums over parameters: eight interleaved chains, and no instruction set, because they are a small part of a step.

use crate::Float;

/// Partial sums kept side by side.
const CHAINS: usize = 8;

/// Σ term(j) for j in 0..n.
fn sum_by<F: Float>(n: usize, term: impl Fn(usize) -> F) -> F {
    let mut chains = [F::ZERO; CHAINS];
    for j in 0..n {
        chains[j % CHAINS] += term(j);
    }
    let r = chains;
    ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
}

pub(crate) fn dot<F: Float>(a: &[F], b: &[F]) -> F {
    sum_by(a.len().min(b.len()), |i| a[i] * b[i])
}

pub(crate) fn sum_of_magnitudes<F: Float>(a: &[F]) -> F {
    sum_by(a.len(), |i| a[i].abs())
}

pub(crate) fn wide_dot<F: Float>(a: &[F], b: &[F]) -> f64 {
    sum_by(a.len().min(b.len()), |i| a[i].to_f64() * b[i].to_f64())
}

pub(crate) fn wide_sum_of_magnitudes<F: Float>(a: &[F]) -> f64 {
    sum_by(a.len(), |i| a[i].to_f64().abs())
}
