//! Whether a cure heals: over many seeds, on the rows held out, as well as the healthy recipe within what is of no account.

use nablab_statistics::t_interval;
use serde::{Deserialize, Serialize};

use crate::SessionError;

/// A cure and the healthy recipe with one seed, on the rows held out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treated {
    /// Loss and accuracy of the cure; none where it diverged.
    pub cure: Option<[f64; 2]>,
    /// Those of the healthy recipe.
    pub healthy: [f64; 2],
}

/// What trials with many seeds say of a cure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Healed {
    /// It is as good as the healthy recipe.
    pub is_healed: bool,
    /// Seeds with which it diverged.
    pub diverged: usize,
    /// How much higher its losses are; none where it diverged.
    pub loss: Option<Within>,
    /// How much lower its accuracies are.
    pub accuracy: Option<Within>,
}

/// A difference from the healthy recipe, seed by seed, and what it may be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Within {
    /// Its mean; above 0, the cure is worse.
    pub mean: f64,
    /// The mean's 95 % confidence interval by Student's t.
    pub interval: (f64, f64),
    /// The upper end of that may reach as far.
    pub margin: f64,
    /// It does not reach farther.
    pub is_within: bool,
}

/// Points of accuracy that are of no account: fewer are no overfitting, either.
const ACCURACY: f64 = 0.03;
/// And of loss: a seventh of ln 2, which is the loss of a network that knows nothing of two classes.
const LOSS: f64 = 0.1;

impl Treated {
    /// Of two trainings' ends, as [`crate::Event::Trained`] has them.
    pub(crate) fn new(cure: &[f32; 6], healthy: &[f32; 6]) -> Self {
        let held_out = |end: &[f32; 6]| [f64::from(end[3]), f64::from(end[4])];
        let is_known = cure[5] == 0.0 && held_out(cure).iter().all(|number| number.is_finite());
        Self { cure: is_known.then(|| held_out(cure)), healthy: held_out(healthy) }
    }
}

impl Healed {
    /// Of trials with several seeds.
    ///
    /// # Errors
    /// [`SessionError::Pairs`] of fewer than two.
    pub(crate) fn new(trials: &[Treated]) -> Result<Self, SessionError> {
        if trials.len() < 2 {
            return Err(SessionError::Pairs { first: trials.len(), second: trials.len() });
        }
        let cures: Vec<[f64; 2]> = trials.iter().filter_map(|trial| trial.cure).collect();
        let diverged = trials.len() - cures.len();
        let worse = |at: usize, sign: f64, margin: f64| {
            let pairs = trials.iter().zip(&cures).filter(|_| diverged == 0);
            let differences: Vec<f64> =
                pairs.map(|(trial, cure)| sign * (cure[at] - trial.healthy[at])).collect();
            Within::new(&differences, margin)
        };
        let (loss, accuracy) = (worse(0, 1.0, LOSS), worse(1, -1.0, ACCURACY));
        let is_within = |within: &Option<Within>| within.as_ref().is_some_and(|within| within.is_within);
        Ok(Self { is_healed: is_within(&loss) && is_within(&accuracy), diverged, loss, accuracy })
    }
}

impl Within {
    fn new(differences: &[f64], margin: f64) -> Option<Self> {
        let interval = t_interval(differences)?;
        let mean = differences.iter().sum::<f64>() / differences.len() as f64;
        Some(Self { mean, interval, margin, is_within: interval.1 <= margin })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials(cure: impl Fn(usize) -> Option<[f64; 2]>) -> Healed {
        let trial = |seed| Treated { cure: cure(seed), healthy: [0.2 + 0.01 * (seed % 3) as f64, 0.9] };
        Healed::new(&(0..20).map(trial).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn as_good_within_the_margin_is_healed() {
        assert!(trials(|seed| Some([0.2 + 0.01 * (seed % 3) as f64, 0.9])).is_healed, "the same");
        assert!(trials(|_| Some([0.05, 1.0])).is_healed, "better");
        assert!(!trials(|_| Some([0.4, 0.9])).is_healed, "a higher loss");
        assert!(!trials(|_| Some([0.2, 0.8])).is_healed, "fewer right answers");
        // As good on average, with half of the seeds hopeless: nobody knows.
        let luck = trials(|seed| Some(if seed % 2 == 0 { [0.01, 1.0] } else { [0.69, 0.5] }));
        assert!(!luck.is_healed, "{luck:?}");
        let once = trials(|seed| (seed != 7).then_some([0.2, 0.9]));
        assert_eq!((once.is_healed, once.diverged, once.loss), (false, 1, None));
        assert!(Healed::new(&[]).is_err());
    }
}
