//! Progress of a study: a line for each trial under way where someone is looking, else a line for each that ends.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar};
use nablab::study::storage::Record;
use nablab::study::{Direction, Event, Point, State, Study, Trial, Watch, best};

use super::words::short;
use crate::terminal::{LONG, SOON, style, time};
use crate::{signals, terminal};

pub(super) struct Progress {
    study: Study,
    direction: Direction,
    metric: String,
    total: u64,
    begun: Instant,
    how: How,
    state: Mutex<Counted>,
}

enum How {
    Table(MultiProgress, ProgressBar),
    Lines,
    Quiet,
}

/// What has happened so far.
struct Counted {
    before: u64,
    ended: u64,
    given_up: u64,
    best: Option<(u64, f64)>,
    bars: BTreeMap<u64, ProgressBar>,
    points: BTreeMap<u64, Point>,
    running: BTreeMap<u64, Running>,
    /// How long all may take has been looked at.
    is_estimated: bool,
    /// When a line was said last.
    said: Instant,
    is_gone: bool,
}

/// A trial under way.
struct Running {
    begun: Instant,
    epoch: u64,
    epochs: u64,
}

/// After so long without a line somebody might think that nothing happens.
const SILENCE: Duration = Duration::from_secs(30);

impl Progress {
    pub(super) fn new(study: &Study, record: &Record, trials: &[Trial], quiet: bool) -> Self {
        let direction = record.direction();
        let over = |trial: &&Trial| matches!(trial.state, State::Complete | State::Pruned);
        let before = trials.iter().filter(over).count() as u64;
        let total = trials.iter().filter(|trial| trial.state != State::Fail).count() as u64;
        let how = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => How::Quiet,
            (false, false) => How::Lines,
            (false, true) => {
                let all = MultiProgress::new();
                let bar =
                    all.add(ProgressBar::new(total).with_style(style("{pos}/{len} trials [{bar:24}] {msg}")));
                bar.enable_steady_tick(Duration::from_millis(200));
                How::Table(all, bar)
            }
        };
        let best = best(trials, &record.directions).map(|trial| (trial.number, trial.values[0]));
        let counted = Counted {
            before,
            ended: 0,
            given_up: trials.iter().filter(|trial| trial.state == State::Pruned).count() as u64,
            best,
            bars: BTreeMap::new(),
            points: BTreeMap::new(),
            running: BTreeMap::new(),
            is_estimated: study.plan.seconds.is_some(),
            said: Instant::now(),
            is_gone: false,
        };
        let metric = study.plan.metric.first().cloned().unwrap_or_else(|| "value".into());
        let state = Mutex::new(counted);
        let progress =
            Self { study: study.clone(), direction, metric, total, begun: Instant::now(), how, state };
        if before > 0 {
            progress.say(&format!("going on after {before} of {total} trials"));
        }
        progress
    }

    /// The work is over: the table goes.
    pub(super) fn finish(&self) {
        if let How::Table(all, bar) = &self.how {
            bar.disable_steady_tick();
            bar.finish_and_clear();
            let _ = all.clear();
        }
    }

    fn say(&self, line: &str) {
        match &self.how {
            How::Table(all, _) => {
                let _ = all.println(line);
            }
            How::Lines => terminal::say(line),
            How::Quiet => {}
        }
    }

    fn parameters(&self, point: &Point) -> String {
        let shown = |(name, &value): (&String, &f64)| {
            let domain = self.study.space.parameter(name).map(|parameter| &parameter.domain);
            let value = domain.map_or_else(|| short(value), |domain| domain.show(value));
            format!("{name} {value}")
        };
        point.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    /// The line above all: how many are given up, the best so far, the time left.
    fn sum_up(&self, counted: &Counted) {
        let How::Table(_, bar) = &self.how else { return };
        bar.set_position(counted.before + counted.ended);
        let best = counted.best.map_or_else(String::new, |(number, value)| {
            format!("best {} {} (trial {number}) · ", self.metric, short(value))
        });
        bar.set_message(format!("{best}{} given up · {} left", counted.given_up, self.left(counted)));
    }

    /// From the time that those so far took; never more than the study has.
    fn left(&self, counted: &Counted) -> String {
        let elapsed = self.begun.elapsed().as_secs_f64();
        let missing = self.total.saturating_sub(counted.before + counted.ended) as f64;
        let estimate = (counted.ended > 0).then(|| elapsed / counted.ended as f64 * missing);
        let limit = self.study.plan.seconds.map(|seconds| (seconds - elapsed).max(0.0));
        match (estimate, limit) {
            (Some(a), Some(b)) => time(a.min(b)),
            (Some(a), None) | (None, Some(a)) => time(a),
            (None, None) => "…".into(),
        }
    }

    /// What a search without a limit may take at most, once its first epochs tell; where lines are printed, a sign of life.
    fn tell_time(&self, counted: &mut Counted) {
        let first = counted.running.values().filter(|trial| trial.epoch > 0).min_by_key(|trial| trial.begun);
        let Some(first) = first else { return };
        let elapsed = first.begun.elapsed();
        let line = if !counted.is_estimated && elapsed >= SOON {
            counted.is_estimated = true;
            let of_epoch = elapsed.as_secs_f64() / first.epoch as f64;
            let trials = self.total.saturating_sub(counted.before + counted.ended) as f64;
            let side_by_side = counted.running.len() as f64;
            let all = of_epoch * first.epochs as f64 * trials / side_by_side;
            (all > LONG).then(|| {
                format!(
                    "an epoch takes {of_epoch:.1} s: {trials} trials of {} epochs, {side_by_side} side by side, take at most {}; \
                     those that fall behind end early; --seconds 600 ends the search after ten minutes",
                    first.epochs,
                    time(all)
                )
            })
        } else if matches!(self.how, How::Lines) && counted.said.elapsed() >= SILENCE {
            let (count, epoch, epochs) = (counted.running.len(), first.epoch, first.epochs);
            Some(format!("{count} trials under way, the first at epoch {epoch}/{epochs}"))
        } else {
            None
        };
        if let Some(line) = line {
            counted.said = Instant::now();
            self.say(&line);
        }
    }

    fn see(&self, counted: &mut Counted, event: &Event) {
        match event {
            Event::Began(number, point, epochs) => {
                let trial = Running { begun: Instant::now(), epoch: 0, epochs: *epochs };
                counted.running.insert(*number, trial);
                counted.points.insert(*number, point.clone());
                if let How::Table(all, _) = &self.how {
                    let template =
                        format!("  trial {number} [{{bar:16}}] {{pos}}/{{len}} epochs {{wide_msg}}");
                    let bar = all.add(ProgressBar::new(*epochs).with_style(style(&template)));
                    bar.set_message(self.parameters(point));
                    counted.bars.insert(*number, bar);
                }
            }
            Event::Step(number, epoch, value) => {
                if let Some(trial) = counted.running.get_mut(number) {
                    trial.epoch = *epoch;
                }
                self.tell_time(counted);
                if let Some(bar) = counted.bars.get(number) {
                    bar.set_position(*epoch);
                    if let Some(value) = value {
                        let point = counted.points.get(number).map(|point| self.parameters(point));
                        bar.set_message(format!(
                            "{} {} · {}",
                            self.metric,
                            short(*value),
                            point.unwrap_or_default()
                        ));
                    }
                }
            }
            Event::Ended(number, outcome) => {
                counted.ended += 1;
                counted.running.remove(number);
                counted.said = Instant::now();
                counted.is_gone = false;
                let value = outcome.values.first().copied();
                let mut mark = "";
                let how = match outcome.state {
                    State::Complete => {
                        let cost = |value| self.direction.cost(value);
                        if let Some(value) =
                            value.filter(|v| counted.best.is_none_or(|(_, b)| cost(*v) < cost(b)))
                        {
                            counted.best = Some((*number, value));
                            mark = "  best";
                        }
                        let repeats = outcome.attributes.get("repeats");
                        repeats.map_or_else(String::new, |of| format!("  the same as trial {of}"))
                    }
                    State::Pruned => {
                        counted.given_up += 1;
                        let epoch =
                            outcome.attributes.get("epochs").map_or_else(String::new, ToString::to_string);
                        match outcome.attributes.get("diverged") {
                            Some(_) => format!("  diverged after {epoch} epochs"),
                            None => format!("  given up after {epoch} epochs"),
                        }
                    }
                    _ => {
                        let error =
                            outcome.attributes.get("error").and_then(|e| e.as_str()).unwrap_or_default();
                        format!("  failed: {}", error.lines().next().unwrap_or_default())
                    }
                };
                let point =
                    counted.points.remove(number).map(|point| self.parameters(&point)).unwrap_or_default();
                let value =
                    value.map_or_else(String::new, |value| format!("  {} {}", self.metric, short(value)));
                if let Some(bar) = counted.bars.remove(number) {
                    bar.finish_and_clear();
                }
                if let How::Lines = self.how {
                    let done = counted.before + counted.ended;
                    self.say(&format!("{done}/{}  trial {number}{value}{how}{mark}  {point}", self.total));
                } else if !mark.is_empty() {
                    self.say(&format!("trial {number}{value}{mark}  {point}"));
                }
            }
            Event::Released(number) => {
                counted.running.remove(number);
                if let Some(bar) = counted.bars.remove(number) {
                    bar.finish_and_clear();
                }
            }
            Event::Retried => self.say("a trial whose worker died waits again"),
            Event::Lost(number) => {
                self.say(&format!(
                    "trial {number} was taken for dead and given to another worker: not counted"
                ));
            }
            Event::Others(count) => self.say(&format!("nothing waits; other workers train {count}")),
            Event::Gone(error) => {
                if !std::mem::replace(&mut counted.is_gone, true) {
                    let said = error.to_string();
                    let what = said.split_once("\nhint:").map_or(said.as_str(), |(what, _)| what);
                    self.say(&format!("the storage is gone, waiting for it: {what}"));
                }
            }
        }
    }
}

impl Watch for Progress {
    fn saw(&self, event: &Event) {
        let mut counted = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.see(&mut counted, event);
        self.sum_up(&counted);
    }

    fn stop(&self) -> bool {
        signals::came()
    }
}
