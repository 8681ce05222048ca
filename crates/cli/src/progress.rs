//! Progress of a training on a table: a bar where someone is looking, else a line now and then.

use std::io::IsTerminal;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use nablab::data::prepare::{LeftOut, Reason, Task};
use nablab::data::table::Table;
use nablab::diagnosis::{Like, Lookalike, item, quoted};
use nablab::study::{LONG, SILENCE, SOON};
use nablab::tables::export::EventFile;
use nablab::tables::{Epoch, Event, Fact, Settings, TableSummary, Watch};

use crate::signals::Heeding;
use crate::terminal::{LARGE, moves, style};
use crate::{signals, terminal};

pub(crate) struct Progress(Mutex<Shown>);

struct Shown {
    file: String,
    rows: usize,
    epochs: u64,
    hidden: Vec<usize>,
    metric: &'static str,
    board: Option<EventFile>,
    how: How,
    /// Numbers that the network says of a row, as far as is known.
    outputs: usize,
    /// Once an epoch is done.
    heeding: Option<Heeding>,
    /// When the bar was changed last.
    changed: Option<Instant>,
    /// When the epochs began and how many were done before, until it is known how long they take.
    begun: Option<(Instant, u64)>,
}

enum How {
    Bar(ProgressBar),
    Lines(Lines),
    Quiet,
}

/// Which epochs get a line: the first, about ten on the way, one where it was silent for long, and the last.
#[derive(Default)]
struct Lines {
    /// From this epoch on the next one gets a line.
    due: u64,
    /// When the last line was said.
    said: Option<Instant>,
    /// The line of the last epoch, while it is not said.
    unsaid: Option<String>,
}

impl Lines {
    const ON_THE_WAY: u64 = 10;

    fn saw(&mut self, epoch: u64, epochs: u64, line: String) {
        let is_silent = self.said.is_some_and(|said| said.elapsed() >= SILENCE);
        self.unsaid = Some(line);
        if epoch >= self.due || epoch == epochs || is_silent {
            let stride = epochs.div_ceil(Self::ON_THE_WAY).max(1);
            self.due = (epoch / stride + 1) * stride;
            self.say_last();
        }
    }

    fn say_last(&mut self) {
        if let Some(line) = self.unsaid.take() {
            terminal::say(&line);
            self.said = Some(Instant::now());
        }
    }
}

/// Between two changes of what the bar says: nobody reads faster.
const CHANGE: Duration = Duration::from_millis(50);
/// What the bar says while no epochs are counted.
const PHASE: &str = "{spinner} {msg} · {elapsed}";
const EPOCHS: &str = "epoch {pos}/{len} [{bar:24}] {msg} · {per_sec} · {eta} left";

impl Progress {
    pub(crate) fn new(table: &Table, settings: &Settings, quiet: bool, board: Option<EventFile>) -> Self {
        let epochs = settings.training.epochs;
        let how = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => How::Quiet,
            (false, false) => How::Lines(Lines::default()),
            (false, true) => {
                let bar = ProgressBar::new(epochs).with_style(style(PHASE));
                moves(&bar, Duration::from_millis(120));
                How::Bar(bar)
            }
        };
        let hidden = settings.training.hidden.iter().map(|layer| layer.units).collect();
        let (file, rows, metric) = (table.name().to_owned(), table.rows(), "accuracy");
        let (outputs, heeding, changed, begun) = (1, None, None, None);
        let shown =
            Shown { file, rows, epochs, hidden, metric, board, how, outputs, heeding, changed, begun };
        Self(Mutex::new(shown))
    }

    /// The training is over: the bar goes. Gives back who else follows it.
    pub(crate) fn finish(self) -> Option<EventFile> {
        let shown = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let How::Bar(bar) = &shown.how {
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
        match event {
            Event::Preparing => self.shown().phase("preparing"),
            Event::Begun { found, rows, parameters, done } => {
                self.shown().begin(found, *rows, *parameters, *done);
            }
            Event::Epoch { epoch, best } => self.shown().epoch(epoch, *best),
            Event::Judging => self.shown().judge(),
            _ => {}
        }
    }

    fn stop(&self) -> bool {
        signals::came()
    }
}

impl Shown {
    /// Once the first epochs tell: how long all take, where that is long.
    fn say_length(&mut self, epoch: &Epoch) {
        let Some((begun, before)) = self.begun.filter(|(begun, _)| begun.elapsed() >= SOON) else { return };
        self.begun = None;
        let of_epoch = begun.elapsed().as_secs_f64() / (epoch.epoch - before) as f64;
        let left = of_epoch * (self.epochs - epoch.epoch) as f64;
        if left > LONG {
            self.say(&format!(
                "an epoch takes {of_epoch:.1} s: all {} take at most {}; Ctrl-C ends them and keeps what is learned, \
                 --epochs makes them fewer",
                self.epochs,
                terminal::time(left)
            ));
        }
    }

    fn say(&self, line: &str) {
        match &self.how {
            How::Bar(bar) => bar.println(line),
            How::Lines(_) => terminal::say(line),
            How::Quiet => {}
        }
    }

    fn judge(&mut self) {
        if let How::Lines(lines) = &mut self.how {
            lines.say_last();
        }
        if !signals::came() {
            // All that was learned is kept by now.
            self.heeding = None;
        }
        self.phase("judging");
    }

    /// Something begins that takes its time with a large table.
    fn phase(&mut self, what: &str) {
        let line = format!("{what} {} rows", self.rows);
        match &self.how {
            How::Bar(bar) => {
                bar.set_style(style(PHASE));
                bar.reset_elapsed();
                bar.set_message(line);
            }
            How::Lines(_) if self.rows * self.outputs >= LARGE => terminal::say(&line),
            How::Lines(_) | How::Quiet => {}
        }
    }

    fn begin(&mut self, found: &TableSummary, rows: (usize, usize), parameters: usize, done: u64) {
        self.outputs = found.target.outputs();
        if found.target.task() == Task::Regression {
            self.metric = "R²";
        }
        self.say(&format!("{}: {} rows", self.file, self.rows));
        for fact in found.facts(rows, &self.hidden, parameters) {
            let warning = if fact.is_warning() { "warning: " } else { "" };
            self.say(&format!("{warning}{fact}{}", remedy(&fact)));
        }
        if done > 0 {
            self.say(&format!("going on after epoch {done}"));
        }
        self.begun = Some((Instant::now(), done));
        if let How::Bar(bar) = &self.how {
            bar.set_style(style(EPOCHS));
            bar.set_message("");
            bar.set_position(done);
            bar.reset_eta();
        }
    }

    fn epoch(&mut self, epoch: &Epoch, best: Option<u64>) {
        // Before, nothing is lost with what is under way.
        self.heeding.get_or_insert_with(signals::heed_briefly);
        if let Some(board) = &mut self.board {
            board.epoch(epoch);
        }
        // Words for a bar that nobody can read so fast would take longer than a small epoch.
        let is_read = match self.how {
            How::Bar(_) => self.changed.is_none_or(|at| at.elapsed() >= CHANGE) || epoch.epoch == self.epochs,
            How::Lines(_) => true,
            How::Quiet => false,
        };
        if !is_read {
            return;
        }
        self.changed = Some(Instant::now());
        let judged = match epoch.validation_loss.is_nan() {
            true => format!("{} {:.4}", self.metric, epoch.train_metric),
            false => format!(
                "validation {:.4}  {} {:.4}",
                epoch.validation_loss, self.metric, epoch.validation_metric
            ),
        };
        let mark = if best == Some(epoch.epoch) { "  best" } else { "" };
        match &mut self.how {
            How::Bar(bar) => {
                bar.set_message(format!("loss {:.4}  {judged}", epoch.train_loss));
                bar.set_position(epoch.epoch);
            }
            How::Lines(lines) => {
                let (now, epochs) = (epoch.epoch, self.epochs);
                let line = format!(
                    "epoch {now}/{epochs}  loss {:.4}  {judged}  {:.1} s{mark}",
                    epoch.train_loss, epoch.seconds
                );
                lines.saw(now, epochs, line);
            }
            How::Quiet => {}
        }
        self.say_length(epoch);
    }
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
