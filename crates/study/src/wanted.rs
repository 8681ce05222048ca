//! How many trials a study still wants: in a space of few points, each is tried once.

use crate::plan::Study;
use crate::sampler::{Taken, next};
use crate::space::{Point, Space};
use crate::storage::{Record, Storage, StorageError};
use crate::trial::{State, Trial};

/// The trials of a study, and the points that it has for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialBudget {
    /// Trials that did not fail, with those that wait.
    pub trials: u64,
    /// Points there are, where that is why there are no more trials.
    pub limit: Option<u64>,
}

impl Storage {
    /// Let as many trials wait as a study wants, whoever tried which of its points already.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn fill(&mut self, record: &Record, study: &Study) -> Result<TrialBudget, StorageError> {
        let mut trials = self.trials(record.id)?;
        trials.retain(|trial| trial.state != State::Fail);
        let asked = self.asked_for(record.id)?;
        for trial in &mut trials {
            let fixed = asked.get(&trial.id).into_iter().flatten();
            let value = |(name, value): (&String, _)| {
                Some((name.clone(), study.space.parameter(name)?.domain.of_json(value)?))
            };
            trial.point.extend(fixed.filter_map(value));
        }
        let here = trials.len() as u64;
        let wanted = study.trials().saturating_sub(here);
        let points = study.points();
        let free = free(&study.space, &points, &trials);
        let missing = free.map_or(wanted, |free| free.min(wanted));
        self.top_up(record.id, here + missing)?;
        let limit = (missing < wanted && study.trials() < u64::MAX).then_some(points.len() as u64);
        Ok(TrialBudget { trials: here + missing, limit })
    }
}

impl Study {
    /// Every point that may be tried has a trial that came to an end.
    pub fn is_exhausted(&self, trials: &[Trial]) -> bool {
        let over: Vec<Trial> = trials.iter().filter(|trial| trial.state.is_over()).cloned().collect();
        free(&self.space, &self.points(), &over) == Some(0)
    }
}

/// How many of the points no trial has, and none that waits will get; nothing where points cannot be counted.
fn free(space: &Space, points: &[Point], trials: &[Trial]) -> Option<u64> {
    if points.is_empty() {
        return None;
    }
    let mut taken = Taken::by(space, trials);
    let waiting = || trials.iter().filter(|trial| trial.state == State::Waiting);
    // With some values given, a trial gets a point as its worker will choose it.
    for trial in waiting().filter(|trial| !trial.point.is_empty()) {
        next(&taken, points, &trial.point).into_iter().for_each(|point| taken.take(&point));
    }
    let left = points.iter().filter(|point| !taken.has(point)).count();
    Some(left.saturating_sub(waiting().filter(|trial| trial.point.is_empty()).count()) as u64)
}
