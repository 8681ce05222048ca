//! What is worth saying of a study under way.

use std::fmt;

use nablab_report::clock;

use crate::summary::short;

/// Something worth saying of a study under way.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Fact {
    /// A trial is over.
    Ended(TrialResult),
    /// The search may take long.
    Length(Estimate),
    /// Nothing was worth saying for a while, but trials are trained.
    UnderWay {
        /// How many.
        trials: usize,
        /// Epochs done of the one that began first.
        epoch: u64,
        /// Of so many.
        epochs: u64,
    },
    /// A trial whose worker died waits again.
    Retried,
    /// This trial was taken for dead: what comes of it here does not count.
    Lost(u64),
    /// Nothing waits, but other workers train so many trials.
    Others(usize),
    /// The database cannot be reached, for this reason.
    Gone(String),
}

/// What a trial came to.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialResult {
    /// Its number.
    pub trial: u64,
    /// What is sought.
    pub metric: String,
    /// What it is worth, if that is known.
    pub value: Option<f64>,
    /// What else is to be said of it: that it was given up, failed or is the same as another one.
    pub how: String,
    /// It is the best so far.
    pub is_best: bool,
    /// What it tried.
    pub parameters: String,
}

/// How long all takes, from how long the first epochs took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Seconds of an epoch.
    pub of_epoch: f64,
    /// Trials left.
    pub trials: u64,
    /// Epochs of a trial.
    pub epochs: u64,
    /// Trials at a time.
    pub side_by_side: usize,
    /// Seconds of all at most.
    pub most: f64,
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended(ended) => write!(f, "{ended}"),
            Self::Length(estimate) => write!(f, "{estimate}"),
            Self::UnderWay { trials, epoch, epochs } => {
                write!(f, "{trials} trials under way, the first at epoch {epoch}/{epochs}")
            }
            Self::Retried => write!(f, "a trial whose worker died waits again"),
            Self::Lost(trial) => {
                write!(f, "trial {trial} was taken for dead and given to another worker: not counted")
            }
            Self::Others(trials) => write!(f, "nothing waits; other workers train {trials}"),
            Self::Gone(what) => write!(f, "the storage is gone, waiting for it: {what}"),
        }
    }
}

impl fmt::Display for TrialResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trial {}", self.trial)?;
        let value = self.value.map_or_else(String::new, |value| format!("{} {}", self.metric, short(value)));
        let mark = if self.is_best { "best" } else { "" };
        let parts = [&*value, &self.how, mark, &self.parameters];
        parts.into_iter().filter(|part| !part.is_empty()).try_for_each(|part| write!(f, "  {part}"))
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of_epoch, trials, epochs, side_by_side, most } = self;
        write!(
            f,
            "an epoch takes {of_epoch:.1} s: {trials} trials of {epochs} epochs, {side_by_side} side by side, take at most {}; \
             those that fall behind end early",
            clock(*most)
        )
    }
}
