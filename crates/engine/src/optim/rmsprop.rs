//! RMSProp: each component divided by its own recent size.

use nablab_kernel::RmsPropStep;

use crate::{Float, Isa};

/// s ← ρ s + (1 − ρ) g²; the direction is g / (√s + ε).
///
/// Hinton, lecture 6e of "Neural Networks for Machine Learning" (2012). ε stands outside the root, as in
/// PyTorch; Keras has it inside.
///
/// ```
/// use nablab_engine::optim::RmsProp;
/// let mut rule = RmsProp::new(2, 0.75, 1e-8);
/// let mut g = [4.0_f64, -0.5];
/// rule.update(&mut g);
/// assert!((g[0] - 2.0).abs() < 1e-7 && (g[1] + 2.0).abs() < 1e-6); // ±1 / √(1 − ρ), whatever the size
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<F> {
    step: RmsPropStep<F>,
    mean_square: Vec<F>,
}

impl<F: Float> RmsProp<F> {
    /// With an empty memory.
    pub fn new(len: usize, rho: f64, epsilon: f64) -> Self {
        let (rho, one_minus_rho) = (F::from_f64(rho), F::from_f64(1.0 - rho));
        let step = RmsPropStep { rho, one_minus_rho, epsilon: F::from_f64(epsilon) };
        Self { step, mean_square: vec![F::ZERO; len] }
    }

    /// s, as long as the parameters.
    pub fn mean_square(&self) -> &[F] {
        &self.mean_square
    }

    /// Gradient in, direction out.
    pub fn update(&mut self, grads: &mut [F]) {
        F::rms_prop(Isa::best(), self.step(), &mut self.mean_square, grads);
    }

    pub(super) fn step(&self) -> RmsPropStep<F> {
        self.step
    }

    pub(super) fn state(&mut self) -> &mut [F] {
        &mut self.mean_square
    }
}
