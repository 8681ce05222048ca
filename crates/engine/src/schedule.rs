//! Learning-rate schedules: the rate as a function of how far the training has come.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// The factor on the learning rate at time t, measured in epochs (a fraction inside an epoch, so that a
/// schedule does not depend on the batch size).
///
/// | name | factor |
/// | --- | --- |
/// | `constant` | 1 |
/// | `step` | factor^⌊t / every⌋, where a quotient that is whole but for rounding is whole |
/// | `exponential` | factor^t |
/// | `inverse-time` | 1 / (1 + decay · t) |
/// | `cosine` | warm-up: up to 1 in a line, each step with what the line has reached at its end, so that none is 0; then floor + (1 − floor)(1 + cos π s) / 2, s from 0 to 1 at the end |
///
/// Cosine is Loshchilov & Hutter 2016 (arXiv 1608.03983) without restarts.
///
/// ```
/// use nablab_engine::Schedule;
/// let step = 0.25; // four batches an epoch
/// assert_eq!(Schedule::Step { every: 10.0, factor: 0.5 }.factor(25.0, step, 100.0), 0.25);
/// assert_eq!(Schedule::InverseTime { decay: 1.0 }.factor(3.0, step, 100.0), 0.25);
/// let cosine = Schedule::Cosine { warmup: 10.0, floor: 0.0 };
/// assert_eq!(cosine.factor(0.0, step, 110.0), 0.025);
/// assert_eq!(cosine.factor(9.75, step, 110.0), 1.0);
/// assert!((cosine.factor(60.0, step, 110.0) - 0.5).abs() < 1e-15);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// The same rate throughout.
    #[default]
    Constant,
    /// Multiplied by `factor` every `every` epochs.
    Step {
        /// Epochs between drops, > 0.
        every: f64,
        /// What a drop multiplies by, in (0, 1].
        factor: f64,
    },
    /// Multiplied by `factor` per epoch, evenly.
    Exponential {
        /// What an epoch multiplies by, > 0; above 1 the rate grows, as in a range test.
        factor: f64,
    },
    /// Divided by 1 + `decay` · t: the course's learning-rate decay.
    InverseTime {
        /// Decay per epoch, ≥ 0.
        decay: f64,
    },
    /// Up in a line for `warmup` epochs, then down half a cosine to `floor` at the last epoch.
    Cosine {
        /// Epochs of warm-up, ≥ 0.
        #[serde(default)]
        warmup: f64,
        /// Factor at the end, in [0, 1].
        #[serde(default)]
        floor: f64,
    },
}

impl Schedule {
    /// The factor of the step that begins at `epoch` and takes `step` of an epoch, in a training that lasts `epochs`.
    #[expect(
        clippy::disallowed_methods,
        reason = "one number a step; ours would change the bits of trainings that there are"
    )]
    pub fn factor(self, epoch: f64, step: f64, epochs: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Step { every, factor } => factor.powf(whole_part(epoch / every)),
            Self::Exponential { factor } => factor.powf(epoch),
            Self::InverseTime { decay } => 1.0 / (1.0 + decay * epoch),
            Self::Cosine { warmup, .. } if epoch < warmup => ((epoch + step) / warmup).min(1.0),
            Self::Cosine { warmup, floor } => {
                let progress = ((epoch - warmup) / (epochs - warmup).max(f64::MIN_POSITIVE)).min(1.0);
                floor + (1.0 - floor) * (1.0 + (PI * progress).cos()) / 2.0
            }
        }
    }
}

/// ⌊q⌋ of a quotient that was rounded on its way: 0.3 / 0.1 is 3, not a little less.
fn whole_part(q: f64) -> f64 {
    let nearest = q.round();
    if (q - nearest).abs() <= 4.0 * f64::EPSILON * nearest { nearest } else { q.floor() }
}
