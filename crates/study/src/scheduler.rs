//! Who is given up before the end: a comparison with the others at the same epoch.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::trial::Direction;

/// Which trials are given up early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Scheduler {
    /// None.
    #[default]
    None,
    /// Those worse than half of the others at the same epoch (Golovin et al. 2017, Google Vizier).
    Median {
        /// Others that have come so far, before it decides. Default 5.
        #[serde(default = "five")]
        startup: usize,
        /// Epochs before it decides. Default 5.
        #[serde(default = "five_epochs")]
        warmup: u64,
    },
    /// Asynchronous successive halving: at each rung only the best 1 / reduction go on (Li et al. 2020, A system for massively
    /// parallel hyperparameter tuning, arXiv 1810.05934).
    Asha {
        /// The next rung is this many times as far. Default 3.
        #[serde(default = "three")]
        reduction: u64,
        /// Epochs of the first rung. Default 1/9 of all, at least 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first: Option<u64>,
    },
    /// Several halvings side by side, from those that decide at once to one that never does (Li et al. 2018, Hyperband: a novel
    /// bandit-based approach, arXiv 1603.06560).
    Hyperband {
        /// As of ASHA. Default 3.
        #[serde(default = "three")]
        reduction: u64,
    },
}

fn five() -> usize {
    5
}

fn five_epochs() -> u64 {
    5
}

fn three() -> u64 {
    3
}

/// The first rung is at this share of the epochs: two rungs and the end. An earlier one gives up what learns slowly
/// (`bench/samplers.py`).
const FIRST: u64 = 9;

impl Scheduler {
    /// What is wrong with its numbers: what was expected, what came.
    pub(crate) fn wrong(&self) -> Option<(&'static str, String)> {
        match *self {
            Self::Asha { reduction, .. } | Self::Hyperband { reduction } if reduction < 2 => {
                Some(("of a reduction of at least 2", reduction.to_string()))
            }
            Self::Asha { first: Some(0), .. } => Some(("of a first rung of at least 1", "0".into())),
            _ => None,
        }
    }

    /// Where it decides depends on how many steps there are in all.
    pub(crate) fn counts_steps(&self) -> bool {
        matches!(self, Self::Asha { first: None, .. } | Self::Hyperband { .. })
    }

    /// The epochs after which a trial of this number may be given up, of so many epochs.
    ///
    /// ```
    /// use nablab_study::Scheduler;
    /// let asha = Scheduler::Asha { reduction: 3, first: None };
    /// assert_eq!(asha.decides_after(0, 100), [12, 36]);
    /// assert_eq!(Scheduler::Median { startup: 5, warmup: 5 }.decides_after(0, 8), [5, 6, 7]);
    /// ```
    pub fn decides_after(&self, number: u64, epochs: u64) -> Vec<u64> {
        match *self {
            Self::None => Vec::new(),
            Self::Median { warmup, .. } => {
                (warmup.max(1)..epochs).step_by(median_every(epochs) as usize).collect()
            }
            Self::Asha { reduction, first } => {
                rungs(first.unwrap_or_else(|| epochs.div_ceil(FIRST)), reduction, epochs)
            }
            Self::Hyperband { reduction } => {
                let first = epochs.div_ceil(FIRST);
                let bracket = bracket(number, reduction, rungs(first, reduction, epochs).len());
                rungs(first * reduction.pow(bracket as u32), reduction, epochs)
            }
        }
    }

    /// The steps whose first values of others a trial is compared with that came from `before` to `step`, of so many; nothing where
    /// nothing is decided on that way. A trial is compared where it first reaches a rung, whatever steps it reports.
    ///
    /// ```
    /// use nablab_study::Scheduler;
    /// let asha = Scheduler::Asha { reduction: 3, first: None };
    /// assert_eq!([asha.compares(1, None, 11, 100), asha.compares(1, Some(10), 15, 100)], [None, Some(12..36)]);
    /// ```
    pub fn compares(&self, number: u64, before: Option<u64>, step: u64, steps: u64) -> Option<Range<u64>> {
        let reached = |at: &u64| *at <= step && before.is_none_or(|before| before < *at);
        let reduction = match *self {
            Self::None => return None,
            Self::Median { warmup, .. } => {
                let every = median_every(steps);
                let decides = step >= warmup.max(1) && (step - warmup.max(1)).is_multiple_of(every);
                return (decides && step < steps).then_some(step..step + 1);
            }
            Self::Asha { reduction, .. } | Self::Hyperband { reduction } => reduction.max(2),
        };
        let rung = self.decides_after(number, steps).into_iter().rfind(reached)?;
        Some(rung..rung.saturating_mul(reduction))
    }

    /// Whether to give up trial `number`, which has this `value`. `others` are numbers and values of the other trials at the same epoch.
    pub fn gives_up(
        &self,
        number: u64,
        value: f64,
        others: &[(u64, f64)],
        direction: Direction,
        epochs: u64,
    ) -> bool {
        let own = direction.cost(value);
        let costs_of = |wanted: &dyn Fn(u64) -> bool| -> Vec<f64> {
            let mut costs: Vec<f64> = others
                .iter()
                .filter(|&&(other, _)| other != number && wanted(other))
                .map(|&(_, value)| direction.cost(value))
                .collect();
            costs.sort_by(f64::total_cmp);
            costs
        };
        match *self {
            Self::None => false,
            Self::Median { startup, .. } => {
                let costs = costs_of(&|_| true);
                costs.len() >= startup.max(1) && own > costs[costs.len() / 2]
            }
            Self::Asha { reduction, .. } => !is_among_best(own, &costs_of(&|_| true), reduction),
            Self::Hyperband { reduction } => {
                let brackets = rungs(epochs.div_ceil(FIRST), reduction, epochs).len();
                let of = |number| bracket(number, reduction, brackets);
                !is_among_best(own, &costs_of(&|other| of(other) == of(number)), reduction)
            }
        }
    }
}

/// Not more often than a curve is written.
fn median_every(steps: u64) -> u64 {
    if steps == u64::MAX { 1 } else { (steps / 32).max(1) }
}

/// Among the best 1 / reduction of all that came so far, or the best; as Optuna's SuccessiveHalvingPruner has it.
fn is_among_best(own: f64, others: &[f64], reduction: u64) -> bool {
    let promoted = ((others.len() as u64 + 1) / reduction).max(1);
    own.is_finite() && (others.iter().filter(|&&cost| cost < own).count() as u64) < promoted
}

/// first, first · reduction, first · reduction², … before the end.
fn rungs(first: u64, reduction: u64, epochs: u64) -> Vec<u64> {
    let next = |&rung: &u64| Some(rung.saturating_mul(reduction.max(2)));
    std::iter::successors(Some(first.max(1)), next).take_while(|&rung| rung < epochs).collect()
}

/// Which of the halvings a trial belongs to, 0 to `rungs`: so many go to each that all get the same epochs.
fn bracket(number: u64, reduction: u64, rungs: usize) -> usize {
    let shares: Vec<u64> = (0..=rungs)
        .map(|bracket| {
            let left = rungs - bracket;
            ((rungs + 1) as u64 * reduction.pow(left as u32)).div_ceil(left as u64 + 1)
        })
        .collect();
    // Spread over the numbers: a step of about the golden section meets all of them.
    let total: u64 = shares.iter().sum();
    let mut at = ((number as f64 * 0.618_033_988_749_894_9).fract() * total as f64) as u64;
    for (bracket, &share) in shares.iter().enumerate() {
        match at.checked_sub(share) {
            Some(rest) => at = rest,
            None => return bracket,
        }
    }
    rungs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_lets_the_best_third_go_on() {
        let asha = Scheduler::Asha { reduction: 3, first: None };
        let gives_up =
            |value, others: &[(u64, f64)]| asha.gives_up(99, value, others, Direction::Maximize, 100);
        assert!(!gives_up(0.1, &[]), "the first one has nobody to be worse than");
        assert!(gives_up(0.1, &[(0, 0.2)]));
        let others: Vec<(u64, f64)> = (0..8).map(|i| (i, i as f64 / 10.0)).collect();
        assert_eq!([0.45, 0.55, 0.65].map(|value| gives_up(value, &others)), [true, false, false]);
        assert!(gives_up(f64::NAN, &[]), "what is no number does not go on");
    }

    #[test]
    fn brackets_share_the_epochs_evenly() {
        let band = Scheduler::Hyperband { reduction: 3 };
        let mut firsts = std::collections::BTreeMap::new();
        for number in 0..1000 {
            *firsts.entry(band.decides_after(number, 81).first().copied()).or_insert(0) += 1;
        }
        assert_eq!(firsts.keys().copied().collect::<Vec<_>>(), [None, Some(9), Some(27)]);
        assert!(firsts[&Some(9)] > firsts[&Some(27)], "{firsts:?}");
    }

    #[test]
    fn the_median_waits_for_others() {
        let median = Scheduler::Median { startup: 3, warmup: 2 };
        let others = [(0, 1.0), (1, 2.0), (2, 3.0)];
        assert!(!median.gives_up(9, 9.0, &others[..2], Direction::Minimize, 100));
        assert!(median.gives_up(9, 2.5, &others, Direction::Minimize, 100));
        assert!(!median.gives_up(9, 1.5, &others, Direction::Minimize, 100));
    }
}
