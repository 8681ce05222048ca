//! Progress of a study: a line for each trial under way where someone is looking, else a line for each that ends.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar};
use nablab::study::storage::Record;
use nablab::study::{Event, Fact, SearchProgress, Study, Trial, Watch};

use crate::terminal::{moves, style};
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
    progress: SearchProgress,
    bars: BTreeMap<u64, ProgressBar>,
}

impl Shown {
    pub(super) fn new(study: &Study, record: &Record, trials: &[Trial], quiet: bool) -> Self {
        let progress = SearchProgress::new(study, record, trials);
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
        let resumed = progress.resumed();
        let state = State { progress, bars: BTreeMap::new() };
        let shown = Self { how, state: Mutex::new(state) };
        resumed.iter().for_each(|line| shown.say(line));
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

    /// A line for what is worth saying; what the table of trials shows is not said beside it.
    fn tell(&self, progress: &SearchProgress, fact: &Fact) {
        let is_table = matches!(self.how, How::Table(..));
        match fact {
            Fact::Ended(ended) if is_table && !ended.is_best => {}
            Fact::Ended(ended) if is_table => self.say(&ended.to_string()),
            Fact::Ended(ended) => self.say(&format!("{}/{}  {ended}", progress.done, progress.total)),
            Fact::UnderWay { .. } if is_table => {}
            Fact::Length(_) => self.say(&format!("{fact}; --seconds 600 ends the search after ten minutes")),
            fact => self.say(&fact.to_string()),
        }
    }

    fn bar(&self, state: &mut State, number: u64, epochs: u64) {
        let How::Table(all, _) = &self.how else { return };
        let template = format!("  trial {number} [{{bar:16}}] {{pos}}/{{len}} epochs {{wide_msg}}");
        let bar = all.add(ProgressBar::new(epochs).with_style(style(&template)));
        bar.set_message(state.progress.standing_of(number, None));
        state.bars.insert(number, bar);
    }
}

impl Watch<Event> for Shown {
    fn saw(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut *state;
        let fact = state.progress.see(event);
        match event {
            Event::Began(number, _, epochs) => self.bar(state, *number, *epochs),
            Event::Step(number, epoch, value) => {
                if let Some(bar) = state.bars.get(number) {
                    bar.set_position(*epoch);
                    if value.is_some() {
                        bar.set_message(state.progress.standing_of(*number, *value));
                    }
                }
            }
            Event::Ended(number, _) | Event::Released(number) | Event::Lost(number) => {
                if let Some(bar) = state.bars.remove(number) {
                    bar.finish_and_clear();
                }
            }
            Event::Retried | Event::Others(_) | Event::Gone(_) => {}
        }
        fact.iter().for_each(|fact| self.tell(&state.progress, fact));
        if let How::Table(_, bar) = &self.how {
            bar.set_position(state.progress.done);
            bar.set_message(state.progress.standing());
        }
    }

    fn stop(&self) -> bool {
        signals::came()
    }
}
