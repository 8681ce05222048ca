//! Update rules: each turns a gradient into a direction; walking along it is the training loop's job.
//!
//! | rule | direction d from the gradient g of step t | file |
//! | --- | --- | --- |
//! | `gradient-descent` | g | here |
//! | `momentum`, `nesterov` | v, or β v + (1 − β) g, with v ← β v + (1 − β) g | `momentum.rs` |
//! | `heavy-ball` | v, or β v + rate · g, with v ← β v + rate · g, and then w ← w − d | `momentum.rs` |
//! | `rms-prop` | g / (√s + ε) with s ← ρ s + (1 − ρ) g² | `rmsprop.rs` |
//! | `adam`, `adam-w` | m̂ / (√v̂ + ε), plus decay · w | `adam.rs` |
//! | `l-bfgs` | H g, with H guessed from the last few steps | `lbfgs.rs` |
//!
//! then w ← w − rate · d ([`apply`]). Penalties, clipping and the schedule are separate steps of the loop, and so is the
//! search for the rate of L-BFGS.

mod adam;
mod lbfgs;
mod momentum;
mod rmsprop;

pub use adam::{Adam, AdamForm};
pub use lbfgs::Lbfgs;
pub use momentum::Momentum;
pub use rmsprop::RmsProp;

pub(crate) use lbfgs::dot;
use nablab_kernel::{AdamStep, MomentumStep, RmsPropStep};
use serde::{Deserialize, Serialize};

use crate::{Float, Isa, Layout};

/// The choice of an update rule, as plain data. [`Optimizer::start`] makes it run.
///
/// | field | default | range | meaning |
/// | --- | --- | --- | --- |
/// | `beta` | 0.9 | [0, 1); of `heavy-ball` [0, 1] | how much of the velocity is kept |
/// | `rho` | 0.9 | [0, 1) | how much of the mean square is kept |
/// | `beta1`, `beta2` | 0.9, 0.999 | [0, 1) | the same for Adam's first and second moment |
/// | `epsilon` | 1e-8 | > 0 | keeps the quotient finite |
/// | `weight_decay` | 0.01 | ≥ 0 | AdamW's pull of the weights to 0 |
/// | `memory` | 10 | ≥ 1 | the steps that L-BFGS remembers |
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Optimizer {
    /// Steepest descent: the direction is the gradient.
    GradientDescent,
    /// Exponentially weighted mean of the gradients.
    Momentum {
        /// Share kept of the velocity.
        #[serde(default = "default_beta")]
        beta: f64,
    },
    /// Momentum, looking one step ahead.
    Nesterov {
        /// Share kept of the velocity.
        #[serde(default = "default_beta")]
        beta: f64,
    },
    /// Momentum with the velocity of Keras and scikit-learn: steps that fade, not a mean of gradients.
    HeavyBall {
        /// Share kept of the velocity, also all of it.
        #[serde(default = "default_beta")]
        beta: f64,
        /// Looking one step ahead.
        #[serde(default)]
        nesterov: bool,
    },
    /// Gradient divided by its recent size.
    RmsProp {
        /// Share kept of the mean square.
        #[serde(default = "default_beta")]
        rho: f64,
        /// Added to the root.
        #[serde(default = "default_epsilon")]
        epsilon: f64,
    },
    /// Momentum and size together, both corrected for their start at 0.
    Adam {
        /// Share kept of the first moment.
        #[serde(default = "default_beta")]
        beta1: f64,
        /// Share kept of the second moment.
        #[serde(default = "default_beta2")]
        beta2: f64,
        /// Added to the root.
        #[serde(default = "default_epsilon")]
        epsilon: f64,
        /// Which of the published denominators.
        #[serde(default)]
        form: AdamForm,
    },
    /// Adam with decoupled weight decay.
    AdamW {
        /// Share kept of the first moment.
        #[serde(default = "default_beta")]
        beta1: f64,
        /// Share kept of the second moment.
        #[serde(default = "default_beta2")]
        beta2: f64,
        /// Added to the root.
        #[serde(default = "default_epsilon")]
        epsilon: f64,
        /// Pull of the weights (not the biases) to 0.
        #[serde(default = "default_weight_decay")]
        weight_decay: f64,
    },
    /// A quasi-Newton method, for full batches of small sets: an epoch is a step, and how far it goes is searched for,
    /// so that the learning rate has no say. It ends by itself where the gradient is 0, or no lower step is found.
    LBfgs {
        /// Steps remembered.
        #[serde(default = "default_memory")]
        memory: usize,
    },
}

fn default_beta() -> f64 {
    0.9
}
fn default_beta2() -> f64 {
    0.999
}
fn default_epsilon() -> f64 {
    1e-8
}
fn default_weight_decay() -> f64 {
    0.01
}
fn default_memory() -> usize {
    10
}

impl Optimizer {
    /// Adam with the defaults of the paper.
    pub const ADAM: Self = Self::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, form: AdamForm::Standard };

    /// The rule at the start of a training of `len` parameters.
    pub fn start<F: Float>(self, len: usize) -> Rule<F> {
        match self {
            Self::GradientDescent => Rule::GradientDescent,
            Self::Momentum { beta } => Rule::Momentum(Momentum::new(len, beta, false)),
            Self::Nesterov { beta } => Rule::Momentum(Momentum::new(len, beta, true)),
            Self::HeavyBall { beta, nesterov } => Rule::Momentum(Momentum::heavy_ball(len, beta, nesterov)),
            Self::RmsProp { rho, epsilon } => Rule::RmsProp(RmsProp::new(len, rho, epsilon)),
            Self::Adam { beta1, beta2, epsilon, form } => {
                Rule::Adam(Adam::new(len, beta1, beta2, epsilon).with_form(form))
            }
            Self::AdamW { beta1, beta2, epsilon, weight_decay } => {
                Rule::Adam(Adam::new(len, beta1, beta2, epsilon).with_weight_decay(weight_decay))
            }
            Self::LBfgs { memory } => Rule::Lbfgs(Lbfgs::new(memory)),
        }
    }
}

/// A rule with its state: what it remembers of earlier gradients.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule<F> {
    /// Remembers nothing.
    GradientDescent,
    /// Remembers a velocity.
    Momentum(Momentum<F>),
    /// Remembers a mean square.
    RmsProp(RmsProp<F>),
    /// Remembers two moments.
    Adam(Adam<F>),
    /// Remembers steps.
    Lbfgs(Lbfgs<F>),
}

impl<F: Float> Rule<F> {
    /// Turn the gradient into the direction of this step, in place, and remember what the rule remembers. A heavy ball's, whose
    /// velocity has the rate in it, is that at rate 1.
    ///
    /// `params` are the parameters the gradient was taken at.
    pub fn update(&mut self, layout: &Layout, params: &[F], grads: &mut [F]) {
        self.look_back(params, grads);
        let (step, _) = self.step(F::ONE);
        step.run(Isa::best(), layout, 0, params, grads, self.state());
    }

    /// The part of an update that looks at all components together: L-BFGS, all of it.
    fn look_back(&mut self, params: &[F], grads: &mut [F]) {
        if let Self::Lbfgs(rule) = self {
            rule.update(params, grads);
        }
    }

    /// Cut components whose squares would overflow, where the rule takes squares: a moment of infinity would keep its
    /// parameter in place for ever, in silence. The direction of such a rule does not depend on the size of a gradient.
    pub(crate) fn tame(&self, grads: &mut [F]) {
        if let Self::RmsProp(_) | Self::Adam(_) = self {
            let most = F::LARGEST_GRADIENT;
            grads.iter_mut().for_each(|g| *g = g.min(most).max(-most));
        }
    }

    /// The rest of the next update at a learning rate, which counts as made: the components are free to take it one after the
    /// other. Also how far to go along the direction that comes of it.
    pub(crate) fn step(&mut self, rate: F) -> (Step<F>, F) {
        match self {
            Self::GradientDescent | Self::Lbfgs(_) => (Step::AsItIs, rate),
            Self::Momentum(rule) => {
                (Step::Momentum(rule.step(rate)), if rule.is_heavy_ball() { F::ONE } else { rate })
            }
            Self::RmsProp(rule) => (Step::RmsProp(rule.step()), rate),
            Self::Adam(rule) => (Step::Adam(rule.step(), rule.weight_decay()), rate),
        }
    }

    /// What is remembered of each component: slices as long as the parameters.
    pub(crate) fn moments(&self) -> impl Iterator<Item = &[F]> {
        let [first, second] = match self {
            Self::GradientDescent | Self::Lbfgs(_) => [None, None],
            Self::Momentum(rule) => [Some(rule.velocity()), None],
            Self::RmsProp(rule) => [Some(rule.mean_square()), None],
            Self::Adam(rule) => [Some(rule.first_moment()), Some(rule.second_moment())],
        };
        let steps = match self {
            Self::Lbfgs(rule) => Some(rule.moments()),
            _ => None,
        };
        first.into_iter().chain(second).chain(steps.into_iter().flatten())
    }

    /// Whether a state that was kept, of so many moments, can be one of this rule.
    pub(crate) fn may_remember(&self, moments: usize) -> bool {
        match self {
            Self::Lbfgs(rule) => rule.may_remember(moments),
            _ => moments == self.moments().count(),
        }
    }

    /// Go on after so many updates, with what was remembered then.
    pub(crate) fn resume(&mut self, steps: u64, moments: Vec<Vec<F>>) {
        match self {
            Self::Adam(rule) => rule.skip(steps),
            Self::Lbfgs(rule) => return rule.resume(moments),
            _ => {}
        }
        self.state().into_iter().zip(moments).for_each(|(here, there)| here.copy_from_slice(&there));
    }

    /// What is remembered of each component; empty where it is nothing.
    pub(crate) fn state(&mut self) -> [&mut [F]; 2] {
        match self {
            Self::GradientDescent | Self::Lbfgs(_) => [&mut [], &mut []],
            Self::Momentum(rule) => [rule.state(), &mut []],
            Self::RmsProp(rule) => [rule.state(), &mut []],
            Self::Adam(rule) => rule.state(),
        }
    }
}

/// One update, as numbers that are the same for all components.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<F> {
    /// What comes is the direction already.
    AsItIs,
    Momentum(MomentumStep<F>),
    RmsProp(RmsPropStep<F>),
    /// Also what AdamW's decay multiplies the weights by.
    Adam(AdamStep<F>, F),
}

impl<F: Float> Step<F> {
    /// Gradient in, direction out, for the components from `start` on.
    pub(crate) fn run(
        self,
        isa: Isa,
        layout: &Layout,
        start: usize,
        params: &[F],
        grads: &mut [F],
        [first, second]: [&mut [F]; 2],
    ) {
        match self {
            Self::AsItIs => {}
            Self::Momentum(step) => F::momentum(isa, step, first, grads),
            Self::RmsProp(step) => F::rms_prop(isa, step, first, grads),
            Self::Adam(step, decay) => {
                F::adam(isa, step, first, second, grads);
                if decay != F::ZERO {
                    for range in layout.weights_within(start, grads.len()) {
                        F::add_scaled(isa, decay, &params[range.clone()], &mut grads[range]);
                    }
                }
            }
        }
    }
}

/// w ← w − rate · d.
pub fn apply<F: Float>(params: &mut [F], direction: &[F], rate: F) {
    F::add_scaled(Isa::best(), -rate, direction, params);
}
