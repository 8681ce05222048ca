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

use nablab_kernel::{NormSums, Normalized, lines_of};

use crate::{Float, Isa};

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
    affine: [&[F]; 2],
    m: usize,
    z: &mut [F::Line],
    work: &mut NormWork<F>,
) {
    let kept = Normalized {
        lines: &mut work.normalized,
        mean: &mut work.mean,
        variance: &mut work.variance,
        inverse: &mut work.inverse,
    };
    F::normalize(isa, affine, F::from_f64(EPSILON), m, z, kept);
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
    let sums = NormSums { dbeta: &mut work.dbeta, dgamma: &mut work.dgamma };
    F::normalize_backward(isa, gamma, m, (&work.normalized, &work.inverse), sums, du);
}

/// At prediction: the same in place of Z, with the running statistics.
pub(crate) fn batch_norm_predict<F: Float>(
    isa: Isa,
    affine: [&[F]; 2],
    statistics: [&[F]; 2],
    m: usize,
    z: &mut [F::Line],
) {
    F::normalize_by(isa, affine, statistics, F::from_f64(EPSILON), m, z);
}

/// A running statistic after a step.
fn moved<F: Float>(running: F, of_batch: F) -> F {
    running + F::from_f64(MOMENTUM) * (of_batch - running)
}
