//! Initialisers: the weights a training starts from. Biases start at 0, gains at 1, and draw nothing.

use serde::{Deserialize, Serialize};

use crate::rng::NumpyRng;
use crate::{Float, Layout, Role};

/// How the weights of a layer with n_in inputs and n_out units are drawn, row by row, W1 first.
///
/// | name | weight | for |
/// | --- | --- | --- |
/// | `zeros` | 0 | showing why not: all units of a layer stay the same |
/// | `normal` | scale · g | the course's ×10 |
/// | `he` | g · √(2 / n_in) | relu (He et al. 2015, arXiv 1502.01852) |
/// | `xavier` | g · √(2 / (n_in + n_out)) | tanh, sigmoid (Glorot & Bengio 2010) |
/// | `lecun` | g / √n_in | selu; the course's regularisation lab (LeCun et al. 1998) |
/// | `orthogonal` | gain · Q | depth (Saxe et al. 2013, arXiv 1312.6120) |
///
/// g is a standard Gaussian. `he-uniform`, `xavier-uniform` and `lecun-uniform` draw from the uniform
/// distribution of the same variance, ±√3 standard deviations.
///
/// ```
/// use nablab_engine::{Init, Layout, rng::NumpyRng};
/// let mut params = [f64::NAN; 9];
/// Init::He.fill(&Layout::dense(&[2, 3]), &mut NumpyRng::new(3), &mut params);
/// // np.random.seed(3); np.random.randn(3, 2) * np.sqrt(2 / 2)
/// assert_eq!(params[..2], [1.7886284734303186, 0.43650985051198943]);
/// assert_eq!(params[6..], [0.0, 0.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Init {
    /// All weights 0.
    Zeros,
    /// Gaussian of standard deviation `scale`.
    Normal {
        /// Standard deviation, finite and > 0.
        scale: f64,
    },
    /// Gaussian, variance 2 / n_in.
    He,
    /// Uniform, variance 2 / n_in.
    HeUniform,
    /// Gaussian, variance 2 / (n_in + n_out).
    Xavier,
    /// Uniform, variance 2 / (n_in + n_out).
    XavierUniform,
    /// Gaussian, variance 1 / n_in.
    Lecun,
    /// Uniform, variance 1 / n_in.
    LecunUniform,
    /// Rows (or columns, whichever are fewer) orthonormal, times `gain`.
    Orthogonal {
        /// Factor, finite and > 0; √2 suits relu.
        gain: f64,
    },
}

impl Init {
    /// Fill a flat parameter buffer.
    pub fn fill<F: Float>(self, layout: &Layout, rng: &mut NumpyRng, params: &mut [F]) {
        for slot in layout.slots() {
            let values = &mut params[slot.range.clone()];
            match slot.role {
                Role::Bias | Role::Mean => values.fill(F::ZERO),
                Role::Gain | Role::Variance => values.fill(F::ONE),
                Role::Weight => self.fill_weights(slot.rows, slot.cols, rng, values),
            }
        }
    }

    fn fill_weights<F: Float>(self, n_out: usize, n_in: usize, rng: &mut NumpyRng, w: &mut [F]) {
        let (fan_in, fan_sum) = (n_in as f64, (n_in + n_out) as f64);
        let mut draw = |next: &mut dyn FnMut(&mut NumpyRng) -> f64| {
            w.iter_mut().for_each(|w| *w = F::from_f64(next(rng)));
        };
        match self {
            Self::Zeros => w.fill(F::ZERO),
            Self::Normal { scale } => draw(&mut |rng| rng.gaussian() * scale),
            Self::He => draw(&mut |rng| rng.gaussian() * (2.0 / fan_in).sqrt()),
            Self::HeUniform => draw(&mut |rng| uniform(rng, (6.0 / fan_in).sqrt())),
            Self::Xavier => draw(&mut |rng| rng.gaussian() * (2.0 / fan_sum).sqrt()),
            Self::XavierUniform => draw(&mut |rng| uniform(rng, (6.0 / fan_sum).sqrt())),
            // A division, as the course writes it: the product with 1 / √n differs in the last bit.
            Self::Lecun => draw(&mut |rng| rng.gaussian() / fan_in.sqrt()),
            Self::LecunUniform => draw(&mut |rng| uniform(rng, (3.0 / fan_in).sqrt())),
            Self::Orthogonal { gain } => orthogonal(n_out, n_in, gain, rng, w),
        }
    }
}

/// Uniform in [−limit, limit).
fn uniform(rng: &mut NumpyRng, limit: f64) -> f64 {
    (2.0 * rng.uniform() - 1.0) * limit
}

/// Gaussian vectors made orthonormal by Gram–Schmidt, each swept twice ("twice is enough": the second sweep
/// removes what round-off left of the first).
fn orthogonal<F: Float>(n_out: usize, n_in: usize, gain: f64, rng: &mut NumpyRng, w: &mut [F]) {
    let (count, length) = (n_out.min(n_in), n_out.max(n_in));
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    while basis.len() < count {
        let mut v: Vec<f64> = (0..length).map(|_| rng.gaussian()).collect();
        for _ in 0..2 {
            for u in &basis {
                let along: f64 = u.iter().zip(&v).map(|(u, v)| u * v).sum();
                v.iter_mut().zip(u).for_each(|(v, u)| *v -= along * u);
            }
        }
        let norm = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        // Linearly dependent draws have probability 0, but a length of 0 would divide by it.
        if norm > 1e-9 {
            basis.push(v.into_iter().map(|v| v / norm).collect());
        }
    }
    for o in 0..n_out {
        for i in 0..n_in {
            let q = if n_out <= n_in { basis[o][i] } else { basis[i][o] };
            w[o * n_in + i] = F::from_f64(gain * q);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(init: Init, n_in: usize, n_out: usize) -> Vec<f64> {
        let layout = Layout::dense(&[n_in, n_out]);
        let mut params = vec![f64::NAN; layout.len()];
        init.fill(&layout, &mut NumpyRng::new(7), &mut params);
        params[..n_in * n_out].to_vec()
    }

    /// Mean 0 and the variance of the table above, on 60 × 40 weights.
    #[test]
    fn variances_are_those_of_the_literature() {
        let (n_in, n_out) = (60, 40);
        for (init, variance) in [
            (Init::Normal { scale: 10.0 }, 100.0),
            (Init::He, 2.0 / 60.0),
            (Init::HeUniform, 2.0 / 60.0),
            (Init::Xavier, 2.0 / 100.0),
            (Init::XavierUniform, 2.0 / 100.0),
            (Init::Lecun, 1.0 / 60.0),
            (Init::LecunUniform, 1.0 / 60.0),
            (Init::Orthogonal { gain: 1.0 }, 1.0 / 60.0),
        ] {
            let w = weights(init, n_in, n_out);
            let got = w.iter().map(|w| w * w).sum::<f64>() / w.len() as f64;
            assert!((got / variance - 1.0).abs() < 0.08, "{init:?}: variance {got}, expected {variance}");
        }
    }

    #[test]
    fn orthogonal_rows_or_columns_are_orthonormal_times_gain() {
        for (n_out, n_in) in [(3, 7), (7, 3), (5, 5), (1, 4), (4, 1)] {
            let w = weights(Init::Orthogonal { gain: 2.0 }, n_in, n_out);
            let vector = |k: usize| -> Vec<f64> {
                if n_out <= n_in {
                    w[k * n_in..(k + 1) * n_in].to_vec()
                } else {
                    (0..n_out).map(|o| w[o * n_in + k]).collect()
                }
            };
            for a in 0..n_out.min(n_in) {
                for b in 0..n_out.min(n_in) {
                    let dot: f64 = vector(a).iter().zip(vector(b)).map(|(a, b)| a * b).sum();
                    let expected = if a == b { 4.0 } else { 0.0 };
                    assert!((dot - expected).abs() < 1e-12, "({n_out}, {n_in}): {a}·{b} = {dot}");
                }
            }
        }
    }
}
