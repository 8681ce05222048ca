//! How far a study is, counted from its events. How it is shown is for whoever looks.

use std::collections::BTreeMap;
use std::time::Instant;

use nablab_report::clock;
use nablab_tables::{LONG, SILENCE, SOON};

use crate::fact::{Estimate, Fact, TrialResult};
use crate::storage::{Outcome, Record};
use crate::summary::short;
use crate::{Direction, Event, Point, State, Study, Trial, best};

/// How far a study is.
#[derive(Clone, Debug)]
pub struct SearchProgress {
    study: Study,
    direction: Direction,
    /// What is sought.
    pub metric: String,
    /// Trials in all.
    pub total: u64,
    /// Trials that are over.
    pub done: u64,
    /// Trials that were pruned: given up early, because they fell behind.
    pub pruned: u64,
    /// The best so far: its number and its value.
    pub best: Option<(u64, f64)>,
    begun: Instant,
    /// When something was last worth saying.
    said: Instant,
    ended_here: u64,
    running: BTreeMap<u64, Running>,
    /// Nothing more is to be said of how long all takes.
    is_estimated: bool,
    is_gone: bool,
}

/// A trial under way.
#[derive(Clone, Debug)]
struct Running {
    begun: Instant,
    point: Point,
    epoch: u64,
    epochs: u64,
}

impl SearchProgress {
    /// Of a study with these trials.
    pub fn new(study: &Study, record: &Record, trials: &[Trial]) -> Self {
        let count = |is: fn(State) -> bool| trials.iter().filter(|trial| is(trial.state)).count() as u64;
        Self {
            study: study.clone(),
            direction: record.direction(),
            metric: study.plan.metric.first().cloned().unwrap_or_else(|| "value".into()),
            total: count(|state| state != State::Fail),
            done: count(|state| matches!(state, State::Complete | State::Pruned)),
            pruned: count(|state| state == State::Pruned),
            best: best(trials, &record.directions).map(|trial| (trial.number, trial.values[0])),
            begun: Instant::now(),
            said: Instant::now(),
            ended_here: 0,
            running: BTreeMap::new(),
            is_estimated: study.plan.seconds.is_some(),
            is_gone: false,
        }
    }

    /// Count what happens, and answer what is worth saying of it.
    pub fn see(&mut self, event: &Event) -> Option<Fact> {
        let fact = self.count(event);
        if fact.is_some() {
            self.said = Instant::now();
        }
        fact
    }

    fn count(&mut self, event: &Event) -> Option<Fact> {
        match event {
            Event::Began(number, point, epochs) => {
                let (begun, point) = (Instant::now(), point.clone());
                self.running.insert(*number, Running { begun, point, epoch: 0, epochs: *epochs });
            }
            Event::Step(number, epoch, _) => {
                if let Some(trial) = self.running.get_mut(number) {
                    trial.epoch = *epoch;
                }
                return match self.estimate().filter(|estimate| estimate.most > LONG) {
                    Some(estimate) => Some(Fact::Length(estimate)),
                    None => self.under_way(),
                };
            }
            Event::Ended(number, outcome) => return Some(Fact::Ended(self.end(*number, outcome))),
            Event::Released(number) => drop(self.running.remove(number)),
            Event::Lost(number) => {
                self.running.remove(number);
                return Some(Fact::Lost(*number));
            }
            Event::Retried => return Some(Fact::Retried),
            Event::Others(trials) => return Some(Fact::Others(*trials)),
            // Said once, until something ends again.
            Event::Gone(_) if std::mem::replace(&mut self.is_gone, true) => {}
            Event::Gone(error) => {
                let said = error.to_string();
                let what = said.split_once("\nhint:").map_or(said.as_str(), |(what, _)| what);
                return Some(Fact::Gone(what.to_owned()));
            }
        }
        None
    }

    fn end(&mut self, trial: u64, outcome: &Outcome) -> TrialResult {
        (self.done, self.ended_here, self.is_gone) = (self.done + 1, self.ended_here + 1, false);
        let value = outcome.values.first().copied();
        let attribute = |name: &str| outcome.attributes.get(name);
        let mut is_best = false;
        let how = match outcome.state {
            State::Complete => {
                let cost = |value| self.direction.cost(value);
                let better = value.filter(|v| self.best.is_none_or(|(_, b)| cost(*v) < cost(b)));
                if let Some(value) = better {
                    (self.best, is_best) = (Some((trial, value)), true);
                }
                attribute("repeats").map_or_else(String::new, |of| format!("the same as trial {of}"))
            }
            State::Pruned => {
                self.pruned += 1;
                let epoch = attribute("epochs").map_or_else(String::new, ToString::to_string);
                let what = if attribute("diverged").is_some() { "diverged" } else { "pruned" };
                format!("{what} after {epoch} epochs")
            }
            _ => {
                let error = attribute("error").and_then(|e| e.as_str()).unwrap_or_default();
                format!("failed: {}", error.lines().next().unwrap_or_default())
            }
        };
        let parameters = self.parameters(trial);
        self.running.remove(&trial);
        TrialResult { trial, metric: self.metric.clone(), value, how, is_best, parameters }
    }

    /// How far it was when it was taken up again; nothing of a study that begins.
    pub fn resumed(&self) -> Option<String> {
        (self.done > 0).then(|| format!("going on after {} of {} trials", self.done, self.total))
    }

    /// The best so far, how many are pruned, and the time left: for the words beside a bar.
    pub fn standing(&self) -> String {
        let best = self.best.map_or_else(String::new, |(number, value)| {
            format!("best {} {} (trial {number}) · ", self.metric, short(value))
        });
        let left = self.left().map_or_else(|| "…".into(), clock);
        format!("{best}{} pruned · {left} left", self.pruned)
    }

    /// What a trial under way is worth so far, where that is known, and what it tries: for the words beside its bar.
    pub fn standing_of(&self, trial: u64, value: Option<f64>) -> String {
        let value = value.map(|value| format!("{} {} · ", self.metric, short(value)));
        value.unwrap_or_default() + &self.parameters(trial)
    }

    /// What a trial under way tries.
    pub fn parameters(&self, trial: u64) -> String {
        let shown = |(name, &value): (&String, &f64)| {
            let domain = self.study.space.parameter(name).map(|parameter| &parameter.domain);
            let value = domain.map_or_else(|| short(value), |domain| domain.show(value));
            format!("{name} {value}")
        };
        let point = self.running.get(&trial).map(|trial| trial.point.iter().map(shown));
        point.map_or_else(String::new, |shown| shown.collect::<Vec<_>>().join(", "))
    }

    /// Seconds left, from the time that those so far took; never more than the study has.
    pub fn left(&self) -> Option<f64> {
        let elapsed = self.begun.elapsed().as_secs_f64();
        let missing = self.total.saturating_sub(self.done) as f64;
        let estimate = (self.ended_here > 0).then(|| elapsed / self.ended_here as f64 * missing);
        let limit = self.study.plan.seconds.map(|seconds| (seconds - elapsed).max(0.0));
        match (estimate, limit) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    fn first_under_way(&self) -> Option<&Running> {
        self.running.values().filter(|trial| trial.epoch > 0).min_by_key(|trial| trial.begun)
    }

    /// How long a search without a limit may take, once, as soon as its first epochs have taken so long.
    fn estimate(&mut self) -> Option<Estimate> {
        let first = self.first_under_way().filter(|first| first.begun.elapsed() >= SOON)?;
        let (of_epoch, epochs) = (first.begun.elapsed().as_secs_f64() / first.epoch as f64, first.epochs);
        if std::mem::replace(&mut self.is_estimated, true) {
            return None;
        }
        let (trials, side_by_side) = (self.total.saturating_sub(self.done), self.running.len());
        let most = of_epoch * epochs as f64 * trials as f64 / side_by_side as f64;
        Some(Estimate { of_epoch, trials, epochs, side_by_side, most })
    }

    /// A sign of life where nothing was worth saying for long.
    fn under_way(&self) -> Option<Fact> {
        let Running { epoch, epochs, .. } =
            *self.first_under_way().filter(|_| self.said.elapsed() >= SILENCE)?;
        Some(Fact::UnderWay { trials: self.running.len(), epoch, epochs })
    }
}
