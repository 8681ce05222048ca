//! A trial: a point of the space, and what came of it.

use crate::space::{Point, Space};

/// Where a trial stands; Optuna's states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    /// Somebody trains it.
    Running,
    /// It has come to its end.
    Complete,
    /// It was given up early.
    Pruned,
    /// Its worker died, or it could not be trained.
    Fail,
    /// Nobody has begun it.
    Waiting,
}

impl State {
    pub(crate) const ALL: [Self; 5] =
        [Self::Running, Self::Complete, Self::Pruned, Self::Fail, Self::Waiting];

    /// As storage has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Complete => "COMPLETE",
            Self::Pruned => "PRUNED",
            Self::Fail => "FAIL",
            Self::Waiting => "WAITING",
        }
    }

    /// In a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Complete => "complete",
            Self::Pruned => "pruned",
            Self::Fail => "failed",
            Self::Waiting => "waiting",
        }
    }

    /// Nothing will change any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Complete | Self::Pruned | Self::Fail)
    }
}

/// A trial as storage has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// In the whole database.
    pub id: i64,
    /// In its study, from 0.
    pub number: u64,
    /// Where it stands.
    pub state: State,
    /// What it tries; of a trial that waits, what is already decided.
    pub point: Point,
    /// What came of it, one value for each objective; of one given up, the last known.
    pub values: Vec<f64>,
    /// The objective on the way: epoch, value.
    pub curve: Vec<(u64, f64)>,
    /// The number of the trial it repeats, whose worker died; else its own.
    pub origin: u64,
    /// Why it failed, or that it diverged.
    pub why: Option<String>,
}

impl Trial {
    fn is_first(&self) -> bool {
        self.origin == 0
    }

    /// It has come to its end, and it is known what it is worth.
    fn is_judged(&self) -> bool {
        self.state == State::Complete && !self.values.is_empty()
    }
}

/// Whether less or more is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Less is better.
    Minimize,
    /// More is better.
    Maximize,
}

impl Direction {
    /// As storage has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Minimize => "MINIMIZE",
            Self::Maximize => "MAXIMIZE",
        }
    }

    /// A number that is lower the better a value is; what is no number is worst.
    pub fn cost(self, value: f64) -> f64 {
        match self {
            _ if value.is_nan() => f64::INFINITY,
            Self::Minimize => value,
            Self::Maximize => -value,
        }
    }
}

/// The trials that have come to their end, the best value of the first objective first.
fn completed(trials: &[Trial], direction: Direction) -> Vec<&Trial> {
    best_first(trials.iter().filter(|trial| trial.is_judged()).collect(), direction)
}

fn best_first(mut trials: Vec<&Trial>, direction: Direction) -> Vec<&Trial> {
    trials.sort_by(|a, b| direction.cost(a.values[0]).total_cmp(&direction.cost(b.values[0])));
    trials
}

/// The trials whose recipe is known: one that another program made may lack values.
pub fn of_space(mut trials: Vec<Trial>, space: &Space) -> Vec<Trial> {
    trials.retain(|trial| trial.state != State::Complete || space.missing(&trial.point).is_none());
    trials
}

/// The first trial, with which others are compared, if it has come to its end: trial 0, or the one that repeats it because its
/// worker died.
pub fn first(trials: &[Trial]) -> Option<&Trial> {
    trials.iter().find(|trial| trial.is_first() && trial.is_judged())
}

/// The same, also while it is under way or waits: what it tries is known by then.
pub(crate) fn first_tried<'t>(trials: &'t [Trial], space: &Space) -> Option<&'t Trial> {
    let is_known = |trial: &&Trial| trial.state != State::Fail && space.missing(&trial.point).is_none();
    first(trials).or_else(|| trials.iter().filter(|trial| trial.is_first()).rfind(is_known))
}

/// The best trial, if one has come to its end: of several objectives the one of the [`front`] with the best first.
pub fn best<'t>(trials: &'t [Trial], directions: &[Direction]) -> Option<&'t Trial> {
    leaders(trials, directions).into_iter().next()
}

/// What is to be shown of the trials, the best value of the first objective first: of one objective all that have come to
/// their end, of several the [`front`].
pub fn leaders<'t>(trials: &'t [Trial], directions: &[Direction]) -> Vec<&'t Trial> {
    match directions {
        [] => completed(trials, Direction::Minimize),
        [direction] => completed(trials, *direction),
        [first, ..] => best_first(front(trials, directions), *first),
    }
}

/// The trials than which no other is better in one metric and as good in all: of one metric, the best ones.
pub fn front<'t>(trials: &'t [Trial], directions: &[Direction]) -> Vec<&'t Trial> {
    let complete: Vec<&Trial> =
        trials.iter().filter(|t| t.state == State::Complete && t.values.len() == directions.len()).collect();
    let is_beaten = |trial: &&&Trial| complete.iter().any(|other| dominates(other, trial, directions));
    complete.iter().filter(|trial| !is_beaten(trial)).copied().collect()
}

/// One is as good in all metrics, and better in one.
pub(crate) fn dominates(a: &Trial, b: &Trial, directions: &[Direction]) -> bool {
    let costs =
        || directions.iter().zip(a.values.iter().zip(&b.values)).map(|(d, (&a, &b))| (d.cost(a), d.cost(b)));
    costs().all(|(a, b)| a <= b) && costs().any(|(a, b)| a < b)
}
