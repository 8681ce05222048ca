//! Progress of a training on a table: a bar where someone is looking, else a line now and then.

use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use nablab::data::prepare::{LeftOut, Reason};
use nablab::data::table::Table;
use nablab::diagnosis::{Like, Lookalike, item, quoted};
use nablab::tables::export::EventFile;
use nablab::tables::{Event, Fact, ProgressLine, Settings, TrainingProgress, Watch};

use crate::signals::Heeding;
use crate::terminal::{moves, style};
use crate::{signals, terminal};

pub(crate) struct Progress(Mutex<Shown>);

struct Shown {
    progress: TrainingProgress,
    board: Option<EventFile>,
    how: How,
    /// Once an epoch is done.
    heeding: Option<Heeding>,
}

enum How {
    Bar {
        bar: ProgressBar,
        /// When its words were changed last.
        changed: Option<Instant>,
    },
    Lines,
    Quiet,
}

/// Between two changes of what the bar says: nobody reads faster.
const CHANGE: Duration = Duration::from_millis(50);
/// What the bar says while no epochs are counted.
const PHASE: &str = "{spinner} {msg} · {elapsed}";
const EPOCHS: &str = "epoch {pos}/{len} [{bar:24}] {msg} · {per_sec} · {eta} left";

impl Progress {
    pub(crate) fn new(table: &Table, settings: &Settings, quiet: bool, board: Option<EventFile>) -> Self {
        let progress = TrainingProgress::new(table, settings);
        let how = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => How::Quiet,
            (false, false) => How::Lines,
            (false, true) => {
                let bar = ProgressBar::new(progress.epochs).with_style(style(PHASE));
                moves(&bar, Duration::from_millis(120));
                How::Bar { bar, changed: None }
            }
        };
        Self(Mutex::new(Shown { progress, board, how, heeding: None }))
    }

    /// The training is over: the bar goes. Gives back who else follows it.
    pub(crate) fn finish(self) -> Option<EventFile> {
        let shown = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let How::Bar { bar, .. } = &shown.how {
            bar.finish_and_clear();
        }
        shown.board
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch<Event> for Progress {
    fn saw(&self, event: &Event) {
        let shown = &mut *self.shown();
        shown.heed(event);
        if let (Event::Epoch { epoch, .. }, Some(board)) = (event, &mut shown.board) {
            board.epoch(epoch);
        }
        let lines = shown.progress.see(event);
        match &mut shown.how {
            How::Bar { bar, changed } => {
                lines.iter().for_each(|line| beside(bar, line));
                draw(bar, changed, event, &shown.progress);
            }
            How::Lines => {
                lines.iter().filter(|line| is_said(line)).for_each(|line| terminal::say(&said(line)))
            }
            How::Quiet => {}
        }
    }

    fn stop(&self) -> bool {
        signals::came()
    }
}

impl Shown {
    /// A signal is left to the training once something would be lost with it, and until all that was learned is kept.
    fn heed(&mut self, event: &Event) {
        match event {
            Event::Epoch { .. } => {
                self.heeding.get_or_insert_with(signals::heed_briefly);
            }
            Event::Judging if !signals::came() => self.heeding = None,
            _ => {}
        }
    }
}

/// Move the bar.
fn draw(bar: &ProgressBar, changed: &mut Option<Instant>, event: &Event, progress: &TrainingProgress) {
    match event {
        Event::Begun { done, .. } => {
            bar.set_style(style(EPOCHS));
            bar.set_message("");
            bar.set_position(*done);
            bar.reset_eta();
        }
        // Words that nobody can read so fast would take longer than a small epoch.
        Event::Epoch { epoch, .. }
            if changed.is_none_or(|at| at.elapsed() >= CHANGE) || epoch.epoch == progress.epochs =>
        {
            *changed = Some(Instant::now());
            bar.set_message(progress.standing());
            bar.set_position(epoch.epoch);
        }
        _ => {}
    }
}

/// Put a line above the bar, or on it.
fn beside(bar: &ProgressBar, line: &ProgressLine<'_>) {
    match line {
        ProgressLine::Phase { .. } => {
            bar.set_style(style(PHASE));
            bar.reset_elapsed();
            bar.set_message(line.to_string());
        }
        ProgressLine::Epoch { .. } => {}
        line => bar.println(said(line)),
    }
}

/// It is worth a line where no bar shows it.
fn is_said(line: &ProgressLine<'_>) -> bool {
    !matches!(line, ProgressLine::Phase { takes_long: false, .. })
}

/// A line, with the flag that changes what it says.
fn said(line: &ProgressLine<'_>) -> String {
    let remedy = match line {
        ProgressLine::Fact(fact) => remedy(fact),
        ProgressLine::Length { .. } => {
            "; Ctrl-C ends them and keeps what is learned, --epochs makes them fewer".into()
        }
        _ => String::new(),
    };
    format!("{line}{remedy}")
}

/// The flag that changes what was found.
fn remedy(fact: &Fact<'_>) -> String {
    let typed = |column: &str, of: &str| quoted(&format!("{}={of}", item(column)));
    match fact {
        Fact::LeftOut(LeftOut { name, why: Reason::Dates }) => {
            format!("; --types {} makes features of them", typed(name, "date"))
        }
        Fact::LeftOut(LeftOut { name, why: Reason::Rounded(_) }) => {
            format!("; --types {} reads texts", typed(name, "category"))
        }
        Fact::Lookalike(Lookalike { column, like: Like::RunningNumber { .. } | Like::Names { .. } }) => {
            format!(" --ignore={} leaves it out", quoted(&item(column)))
        }
        Fact::Lookalike(Lookalike { column, like: Like::Date { .. } }) => {
            format!(" --types {} makes features of it", typed(column, "date"))
        }
        _ => String::new(),
    }
}
