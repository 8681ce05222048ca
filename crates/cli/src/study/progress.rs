//! Progress of a study: a line for each trial under way where someone is looking, else a line for each that ends.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar};
use nablab::engine::Watch;
use nablab::study::progress::{Ended, Estimate};
use nablab::study::storage::Record;
use nablab::study::summary::short;
use nablab::study::{Event, Progress, Study, Trial};

use crate::terminal::{LONG, SILENCE, SOON, moves, style, time};
use crate::{signals, terminal};

pub(super) struct Shown {
    how: How,
    state: Mutex<State>,
}

enum How {
    Table(MultiProgress, ProgressBar),
    Lines,
    Quiet,
}

struct State {
    progress: Progress,
    bars: BTreeMap<u64, ProgressBar>,
    /// When a line was said last.
    said: Instant,
}

impl Shown {
    pub(super) fn new(study: &Study, record: &Record, trials: &[Trial], quiet: bool) -> Self {
        let progress = Progress::new(study, record, trials);
        let how = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => How::Quiet,
            (false, false) => How::Lines,
            (false, true) => {
                let all = MultiProgress::new();
                let bar =
                    ProgressBar::new(progress.total).with_style(style("{pos}/{len} trials [{bar:24}] {msg}"));
                let bar = all.add(bar);
                moves(&bar, Duration::from_millis(200));
                How::Table(all, bar)
            }
        };
        let (done, total) = (progress.done, progress.total);
        let state = State { progress, bars: BTreeMap::new(), said: Instant::now() };
        let shown = Self { how, state: Mutex::new(state) };
        if done > 0 {
            shown.say(&format!("going on after {done} of {total} trials"));
        }
        shown
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

    /// The line above all: how many are given up, the best so far, the time left.
    fn sum_up(&self, progress: &Progress) {
        let How::Table(_, bar) = &self.how else { return };
        bar.set_position(progress.done);
        let best = progress.best.map_or_else(String::new, |(number, value)| {
            format!("best {} {} (trial {number}) · ", progress.metric, short(value))
        });
        let left = progress.left().map_or_else(|| "…".into(), time);
        bar.set_message(format!("{best}{} given up · {left} left", progress.given_up));
    }

    /// What a search without a limit may take at most; where lines are printed, a sign of life.
    fn tell_time(&self, state: &mut State) {
        let estimate = state.progress.estimate(SOON).filter(|estimate| estimate.most > LONG);
        let is_silent = matches!(self.how, How::Lines) && state.said.elapsed() >= SILENCE;
        let line = match estimate {
            Some(Estimate { of_epoch, trials, epochs, side_by_side, most }) => Some(format!(
                "an epoch takes {of_epoch:.1} s: {trials} trials of {epochs} epochs, {side_by_side} side by side, take at most {}; \
                 those that fall behind end early; --seconds 600 ends the search after ten minutes",
                time(most)
            )),
            None if is_silent => state.progress.under_way(),
            None => None,
        };
        if let Some(line) = line {
            state.said = Instant::now();
            self.say(&line);
        }
    }

    fn bar(&self, state: &mut State, number: u64, epochs: u64) {
        let How::Table(all, _) = &self.how else { return };
        let template = format!("  trial {number} [{{bar:16}}] {{pos}}/{{len}} epochs {{wide_msg}}");
        let bar = all.add(ProgressBar::new(epochs).with_style(style(&template)));
        bar.set_message(state.progress.parameters(number));
        state.bars.insert(number, bar);
    }

    fn ended(&self, state: &mut State, ended: &Ended) {
        state.said = Instant::now();
        let Ended { trial, value, how, is_best, parameters } = ended;
        let Progress { metric, done, total, .. } = &state.progress;
        let mut line = match self.how {
            How::Lines => format!("{done}/{total}  trial {trial}"),
            _ if *is_best => format!("trial {trial}"),
            _ => return,
        };
        let value = value.map_or_else(String::new, |value| format!("{metric} {}", short(value)));
        let mark = if *is_best { "best" } else { "" };
        for part in [&*value, how, mark, parameters].into_iter().filter(|part| !part.is_empty()) {
            line += &format!("  {part}");
        }
        self.say(&line);
    }
}

impl Watch<Event> for Shown {
    fn saw(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *state;
        let ended = state.progress.see(event);
        match event {
            Event::Began(number, _, epochs) => self.bar(state, *number, *epochs),
            Event::Step(number, epoch, value) => {
                self.tell_time(state);
                if let Some(bar) = state.bars.get(number) {
                    bar.set_position(*epoch);
                    if let Some(value) = value {
                        let Progress { metric, .. } = &state.progress;
                        let parameters = state.progress.parameters(*number);
                        bar.set_message(format!("{metric} {} · {parameters}", short(*value)));
                    }
                }
            }
            Event::Ended(number, _) | Event::Released(number) | Event::Lost(number) => {
                if let Some(bar) = state.bars.remove(number) {
                    bar.finish_and_clear();
                }
                ended.iter().for_each(|ended| self.ended(state, ended));
            }
            Event::Retried | Event::Others(_) | Event::Gone(_) => {}
        }
        state.progress.words(event).iter().for_each(|line| self.say(line));
        self.sum_up(&state.progress);
    }

    fn stop(&self) -> bool {
        signals::came()
    }
}
