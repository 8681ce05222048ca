//! Momentum, as an exponentially weighted mean of gradients.

use nablab_kernel::MomentumStep;

use crate::{Float, Isa};

/// v ← β v + (1 − β) g; the direction is v, or with Nesterov's look-ahead β v + (1 − β) g.
///
/// The factor 1 − β is the course's. PyTorch and Keras leave it out (v ← μ v + g): the same path at a learning
/// rate of (1 − β) times ours. No correction for the start at 0.
///
/// Polyak 1964; Nesterov 1983 in the form of Sutskever et al. 2013.
///
/// ```
/// use nablab_engine::optim::Momentum;
/// let mut rule = Momentum::new(1, 0.5, false);
/// let mut g = [4.0];
/// rule.update(&mut g);
/// assert_eq!(g, [2.0]); // 0.5 · 0 + 0.5 · 4
/// rule.update(&mut g);
/// assert_eq!(g, [2.0]); // 0.5 · 2 + 0.5 · 2
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Momentum<F> {
    step: MomentumStep<F>,
    velocity: Vec<F>,
}

impl<F: Float> Momentum<F> {
    /// At rest.
    pub fn new(len: usize, beta: f64, nesterov: bool) -> Self {
        let (one_minus_beta, beta) = (F::from_f64(1.0 - beta), F::from_f64(beta));
        Self { step: MomentumStep { beta, one_minus_beta, nesterov }, velocity: vec![F::ZERO; len] }
    }

    /// v, as long as the parameters.
    pub fn velocity(&self) -> &[F] {
        &self.velocity
    }

    /// Gradient in, direction out.
    pub fn update(&mut self, grads: &mut [F]) {
        F::momentum(Isa::best(), self.step(), &mut self.velocity, grads);
    }

    pub(super) fn step(&self) -> MomentumStep<F> {
        self.step
    }

    pub(super) fn state(&mut self) -> &mut [F] {
        &mut self.velocity
    }
}
