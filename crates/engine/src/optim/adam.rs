//! Adam and AdamW.

use nablab_kernel::AdamStep;
use serde::{Deserialize, Serialize};

use super::Step;
use crate::{Float, Isa, Layout};

/// Which denominator Adam divides by. Published course notebooks hold three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AdamForm {
    /// √v̂ + ε: the paper, and every library.
    #[default]
    Standard,
    /// √(v̂ + ε): the course's printed expectation of one step.
    EpsilonInside,
    /// √(v + ε), the second moment not corrected: a slip in widely copied notebooks, kept to explain their
    /// tables. At β₂ = 0.999 and t = 2 steps are 22 times too long.
    Uncorrected,
    /// √v̂ + ε / √(1 − β₂ᵗ): both corrections moved into the rate, as the paper's section 2 suggests and scikit-learn and
    /// TensorFlow do it. ε counts for more in the first steps.
    EpsilonHat,
}

/// m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g²; with m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ),
/// t counting updates from 1, the direction is m̂ / (√v̂ + ε) + decay · w, the last for weights only.
///
/// Kingma & Ba 2015 (arXiv 1412.6980); the decoupled decay is Loshchilov & Hutter 2019 (arXiv 1711.05101).
/// PyTorch's AdamW decays biases too; we do not, as for penalties.
///
/// ```
/// use nablab_engine::{Layout, optim::Adam};
/// let mut rule = Adam::new(2, 0.9, 0.999, 1e-8);
/// let mut g = [0.3_f64, -7.0];
/// rule.update(&Layout::vector("w", 2), &[0.0, 0.0], &mut g);
/// assert!((g[0] - 1.0).abs() < 1e-6 && (g[1] + 1.0).abs() < 1e-6); // the first step is ±1, whatever the size
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<F> {
    beta1: f64,
    beta2: f64,
    epsilon: F,
    weight_decay: F,
    form: AdamForm,
    /// β₁ᵗ and β₂ᵗ as running products: a power function may round otherwise on another system.
    beta1_power: f64,
    beta2_power: f64,
    first: Vec<F>,
    second: Vec<F>,
}

impl<F: Float> Adam<F> {
    /// With empty moments, before the first update.
    pub fn new(len: usize, beta1: f64, beta2: f64, epsilon: f64) -> Self {
        Self {
            beta1,
            beta2,
            epsilon: F::from_f64(epsilon),
            weight_decay: F::ZERO,
            form: AdamForm::Standard,
            beta1_power: 1.0,
            beta2_power: 1.0,
            first: vec![F::ZERO; len],
            second: vec![F::ZERO; len],
        }
    }

    /// With another denominator.
    pub fn with_form(self, form: AdamForm) -> Self {
        Self { form, ..self }
    }

    /// With decoupled weight decay.
    pub fn with_weight_decay(self, weight_decay: f64) -> Self {
        Self { weight_decay: F::from_f64(weight_decay), ..self }
    }

    /// With the moments of an earlier training, each as long as the parameters; [`Self::after`] says how many updates they are of.
    ///
    /// ```
    /// use nablab_engine::{Layout, optim::Adam};
    /// let mut rule = Adam::new(1, 0.5, 0.5, 0.0).after(1).with_moments(vec![1.0], vec![2.0]);
    /// let mut g = [0.5_f64];
    /// rule.update(&Layout::vector("w", 1), &[0.0], &mut g);
    /// assert_eq!((rule.first_moment(), rule.second_moment()), (&[0.75][..], &[1.125][..]));
    /// assert!((g[0] - 1.0 / 1.5_f64.sqrt()).abs() < 1e-15); // 0.75 / (1 − ½²), and 1.125 / (1 − ½²) below the root
    /// ```
    pub fn with_moments(self, first: Vec<F>, second: Vec<F>) -> Self {
        Self { first, second, ..self }
    }

    /// As if `steps` updates had been made with moments still 0: the course's one-step test begins at t = 2.
    pub fn after(mut self, steps: u32) -> Self {
        self.skip(u64::from(steps));
        self
    }

    /// Count `steps` updates. One by one, because a power would round otherwise than the running products.
    pub(super) fn skip(&mut self, steps: u64) {
        (0..steps).for_each(|_| self.advance());
    }

    /// m, as long as the parameters.
    pub fn first_moment(&self) -> &[F] {
        &self.first
    }

    /// v, as long as the parameters.
    pub fn second_moment(&self) -> &[F] {
        &self.second
    }

    fn advance(&mut self) {
        self.beta1_power *= self.beta1;
        self.beta2_power *= self.beta2;
    }

    /// Gradient in, direction out.
    pub fn update(&mut self, layout: &Layout, params: &[F], grads: &mut [F]) {
        let step = Step::Adam(self.step(), self.weight_decay);
        step.run(Isa::best(), layout, 0, params, grads, self.state());
    }

    /// The next update, which counts as made.
    pub(super) fn step(&mut self) -> AdamStep<F> {
        self.advance();
        let correction2 = match self.form {
            AdamForm::Standard | AdamForm::EpsilonInside | AdamForm::EpsilonHat => 1.0 - self.beta2_power,
            AdamForm::Uncorrected => 1.0,
        };
        let (inside, outside) = match self.form {
            AdamForm::Standard => (F::ZERO, self.epsilon),
            AdamForm::EpsilonInside | AdamForm::Uncorrected => (self.epsilon, F::ZERO),
            AdamForm::EpsilonHat => (F::ZERO, self.epsilon * F::from_f64(1.0 / correction2.sqrt())),
        };
        AdamStep {
            beta1: F::from_f64(self.beta1),
            one_minus_beta1: F::from_f64(1.0 - self.beta1),
            beta2: F::from_f64(self.beta2),
            one_minus_beta2: F::from_f64(1.0 - self.beta2),
            correct1: F::from_f64(1.0 / (1.0 - self.beta1_power)),
            correct2: F::from_f64(1.0 / correction2),
            inside,
            outside,
        }
    }

    /// What the decay multiplies the weights by.
    pub(super) fn weight_decay(&self) -> F {
        self.weight_decay
    }

    pub(super) fn state(&mut self) -> [&mut [F]; 2] {
        [&mut self.first, &mut self.second]
    }
}
