//! Momentum: an exponentially weighted mean of gradients, or a sum of steps that fade.

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
    form: Form,
    velocity: Vec<F>,
}

/// What a velocity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A mean of gradients.
    Mean,
    /// A sum of steps, the rate within.
    HeavyBall,
}

impl<F: Float> Momentum<F> {
    /// At rest.
    pub fn new(len: usize, beta: f64, nesterov: bool) -> Self {
        let (one_minus_beta, beta) = (F::from_f64(1.0 - beta), F::from_f64(beta));
        let step = MomentumStep { beta, one_minus_beta, nesterov };
        Self { step, form: Form::Mean, velocity: vec![F::ZERO; len] }
    }

    /// At rest, with v ← β v + rate · g, and w ← w − v, or with Nesterov's look-ahead w ← w − (β v + rate · g): the velocity of
    /// Keras and scikit-learn. A rate that changes does not change the steps that are still on their way.
    pub fn heavy_ball(len: usize, beta: f64, nesterov: bool) -> Self {
        Self { form: Form::HeavyBall, ..Self::new(len, beta, nesterov) }
    }

    /// Already moving: v of an earlier training, as long as the parameters.
    ///
    /// ```
    /// use nablab_engine::optim::Momentum;
    /// let mut rule = Momentum::new(1, 0.5, false).with_velocity(vec![2.0]);
    /// let mut g = [4.0];
    /// rule.update(&mut g);
    /// assert_eq!(g, [3.0]); // 0.5 · 2 + 0.5 · 4
    /// ```
    pub fn with_velocity(self, velocity: Vec<F>) -> Self {
        Self { velocity, ..self }
    }

    /// v, as long as the parameters.
    pub fn velocity(&self) -> &[F] {
        &self.velocity
    }

    /// Gradient in, direction out; of a heavy ball at rate 1.
    pub fn update(&mut self, grads: &mut [F]) {
        F::momentum(Isa::best(), self.step(F::ONE), &mut self.velocity, grads);
    }

    /// The next update. A heavy ball takes the gradient times `rate`.
    pub(super) fn step(&self, rate: F) -> MomentumStep<F> {
        match self.form {
            Form::Mean => self.step,
            Form::HeavyBall => MomentumStep { one_minus_beta: rate, ..self.step },
        }
    }

    /// The rate is within the velocity, so the direction is the whole step.
    pub(super) fn is_heavy_ball(&self) -> bool {
        self.form == Form::HeavyBall
    }

    pub(super) fn state(&mut self) -> &mut [F] {
        &mut self.velocity
    }
}
