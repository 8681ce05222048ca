//! A study as a page shows it.

use std::path::Path;

use serde::Serialize;

use super::DirectoryError;
use super::walk::report_of;
use crate::confirm::Candidate;
use crate::confirm::difference;
use crate::summary::{Counts, Listed};
use crate::{Confirmation, Direction, Located, Parameter, Space, Trial, best, importances};

/// A study as far as it has come.
#[derive(Clone, Debug, Serialize)]
pub struct StudySoFar {
    /// What its objectives are called; nothing of a study that does not say.
    pub metrics: Vec<String>,
    /// Whether less or more of each is better.
    pub directions: Vec<Direction>,
    counts: Counts,
    /// What is searched; nothing where neither nablab nor a trial says.
    pub axes: Vec<Axis>,
    trials: Vec<Tried>,
    /// All trials are among them.
    pub is_whole: bool,
    /// The number of the best trial, where one has come to its end.
    pub best: Option<u64>,
    /// The share of each parameter, the largest first; nothing from few trials.
    pub importances: Vec<(String, f64)>,
    /// The best over new seeds, where somebody has trained it again.
    pub confirmed: Option<Confirmed>,
    /// It has a page of itself.
    pub has_report: bool,
}

/// The axis of a parameter.
#[derive(Clone, Debug, Serialize)]
pub struct Axis {
    /// What it is called.
    pub name: String,
    /// What is written beside it, and where: as a share of the axis.
    pub labels: Vec<(f64, String)>,
}

/// A trial, and where it lies on each axis, as a share of it; nothing on those that it has not.
#[derive(Clone, Debug, Serialize)]
struct Tried {
    #[serde(flatten)]
    listed: Listed,
    at: Vec<Option<f64>>,
}

/// The best over new seeds.
#[derive(Clone, Debug, Serialize)]
pub struct Confirmed {
    /// What was sought.
    pub metric: String,
    /// Trainings of each trial.
    pub seeds: usize,
    /// The trials, the best mean first.
    pub candidates: Vec<Mean>,
    /// The first trial of the study, if it is among them.
    pub first: Option<u64>,
    /// The best minus the first, seed by seed, where they are two.
    pub difference: Option<Mean>,
}

/// A mean over seeds.
#[derive(Clone, Debug, Serialize)]
pub struct Mean {
    /// The number of the trial.
    pub trial: u64,
    /// The mean.
    pub mean: f64,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// Trials that are shown, the last ones: more lines are one grey.
const MOST_TRIALS: usize = 2000;

impl StudySoFar {
    pub(super) fn new(mut located: Located, path: &Path) -> Result<Self, DirectoryError> {
        let space = located.space();
        let trials = located.trials()?;
        let record = &located.record;
        let parameters = space.as_ref().map_or(&[][..], Space::parameters);
        let shown = &trials[trials.len().saturating_sub(MOST_TRIALS)..];
        let tried = |trial: &Trial| Tried {
            listed: Listed::new(space.as_ref(), trial),
            at: parameters.iter().map(|parameter| share(parameter, trial)).collect(),
        };
        let importances =
            space.as_ref().map(|space| importances(space, &trials, record.direction())).unwrap_or_default();
        Ok(Self {
            metrics: record.metrics.clone(),
            directions: record.directions.clone(),
            counts: Counts::of(&trials),
            axes: parameters.iter().map(axis).collect(),
            trials: shown.iter().map(tried).collect(),
            is_whole: shown.len() == trials.len(),
            best: best(&trials, &record.directions).map(|best| best.number),
            importances,
            confirmed: located.folder.confirmation()?.as_ref().and_then(Confirmed::new),
            has_report: report_of(path).is_file(),
        })
    }
}

/// Where a trial lies on an axis. A choice has its middle.
fn share(parameter: &Parameter, trial: &Trial) -> Option<f64> {
    let share = parameter.domain.to_unit(*trial.point.get(&parameter.name)?);
    share.is_finite().then(|| share.clamp(0.0, 1.0))
}

fn axis(parameter: &Parameter) -> Axis {
    let domain = &parameter.domain;
    let values: Vec<f64> = match domain.choices() {
        Some(choices) => (0..choices).map(|choice| choice as f64).collect(),
        None => vec![domain.at_unit(0.0), domain.at_unit(1.0 - f64::EPSILON)],
    };
    let label = |value: f64| (domain.to_unit(value), domain.show(value));
    Axis { name: parameter.name.clone(), labels: values.into_iter().map(label).collect() }
}

impl Confirmed {
    fn new(confirmation: &Confirmation) -> Option<Self> {
        let best = confirmation.candidates.first()?;
        let mean = |candidate: &Candidate| Mean {
            trial: candidate.trial,
            mean: candidate.mean(),
            interval: candidate.interval(),
        };
        let first = confirmation.first();
        let other = first.filter(|first| first.trial != best.trial);
        Some(Self {
            metric: confirmation.metric.clone(),
            seeds: best.values.len(),
            candidates: confirmation.candidates.iter().map(mean).collect(),
            first: first.map(|first| first.trial),
            difference: other.map(|first| Mean {
                trial: first.trial,
                mean: best.mean() - first.mean(),
                interval: difference(&best.values, &first.values),
            }),
        })
    }
}
