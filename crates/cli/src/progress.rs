//! Progress of a training on a table: a bar where someone is looking, else a line for each epoch.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use nablab::data::prepare::{Encoding, Reason, Target, Task};
use nablab::data::readable;
use nablab::data::table::Table;
use nablab::diagnosis::{item, quoted};
use nablab::tables::run::{Phase, Watch};
use nablab::tables::{Epoch, Found, Settings};

use crate::signals::Heeding;
use crate::terminal::{LARGE, LONG, SOON, moves, style};
use crate::train::TensorBoard;
use crate::{signals, terminal};

pub(crate) struct Progress {
    file: String,
    rows: usize,
    epochs: u64,
    hidden: Vec<usize>,
    metric: &'static str,
    board: Option<TensorBoard>,
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
    Lines,
    Quiet,
}

/// Between two changes of what the bar says: nobody reads faster.
const CHANGE: Duration = Duration::from_millis(50);
/// What the bar says while no epochs are counted.
const PHASE: &str = "{spinner} {msg} · {elapsed}";
const EPOCHS: &str = "epoch {pos}/{len} [{bar:24}] {msg} · {per_sec} · {eta} left";

impl Progress {
    pub(crate) fn new(table: &Table, settings: &Settings, quiet: bool, board: Option<TensorBoard>) -> Self {
        let epochs = settings.training.epochs;
        let how = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => How::Quiet,
            (false, false) => How::Lines,
            (false, true) => {
                let bar = ProgressBar::new(epochs).with_style(style(PHASE));
                moves(&bar, Duration::from_millis(120));
                How::Bar(bar)
            }
        };
        let hidden = settings.training.hidden.iter().map(|layer| layer.units).collect();
        let (file, rows, metric) = (table.name().to_owned(), table.rows(), "accuracy");
        let (outputs, heeding, changed, begun) = (1, None, None, None);
        Self { file, rows, epochs, hidden, metric, board, how, outputs, heeding, changed, begun }
    }

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

    /// The training is over: the bar goes. Gives back who else follows it.
    pub(crate) fn finish(self) -> Option<TensorBoard> {
        if let How::Bar(bar) = &self.how {
            bar.finish_and_clear();
        }
        self.board
    }

    fn say(&self, line: &str) {
        match &self.how {
            How::Bar(bar) => bar.println(line),
            How::Lines => terminal::say(line),
            How::Quiet => {}
        }
    }
}

impl Watch for Progress {
    fn phase(&mut self, phase: Phase) {
        let what = match phase {
            Phase::Preparing => "preparing",
            Phase::Judging => "judging",
        };
        if phase == Phase::Judging && !signals::came() {
            // All that was learned is kept by now.
            self.heeding = None;
        }
        let line = format!("{what} {} rows", self.rows);
        match &self.how {
            How::Bar(bar) => {
                bar.set_style(style(PHASE));
                bar.reset_elapsed();
                bar.set_message(line);
            }
            How::Lines if self.rows * self.outputs >= LARGE => terminal::say(&line),
            How::Lines | How::Quiet => {}
        }
    }

    fn begin(&mut self, found: &Found, (train, validation): (usize, usize), parameters: usize, done: u64) {
        self.outputs = found.target.outputs();
        if found.target.task() == Task::Regression {
            self.metric = "R²";
        }
        self.say(&format!("{}: {} rows", self.file, self.rows));
        let (mut numbers, mut categories, mut dates) = (Vec::new(), Vec::new(), Vec::new());
        for column in found.inputs.columns() {
            let name = readable(&column.name);
            match &column.encoding {
                Encoding::Number { .. } => numbers.push(name),
                Encoding::Category { levels, .. } => {
                    categories.push(format!("{name} ({} texts)", levels.len()));
                }
                Encoding::Date(of) => {
                    let [first, last] = of.span();
                    dates.push(format!("{name} (written as {}, {first} to {last})", of.form.example()));
                }
            }
        }
        for (kind, names) in [("numbers", numbers), ("categories", categories), ("dates", dates)] {
            if !names.is_empty() {
                self.say(&format!("{} columns of {kind}: {}", names.len(), few(&names)));
            }
        }
        self.say(&target(&found.target));
        if found.without_target > 0 {
            self.say(&format!("left out: {} rows without a target", found.without_target));
        }
        for left_out in &found.left_out {
            let remedy = match left_out.why {
                Reason::Dates => {
                    let flag = quoted(&format!("{}=date", item(&left_out.name)));
                    format!("; --types {flag} makes features of them")
                }
                Reason::Rounded(_) => {
                    let flag = quoted(&format!("{}=category", item(&left_out.name)));
                    format!("; --types {flag} reads texts")
                }
                Reason::Texts { different, rows } if 10 * different >= 9 * rows => {
                    "; they look like the ids or names of the rows".to_owned()
                }
                _ => String::new(),
            };
            self.say(&format!("left out: column {}, {}{remedy}", readable(&left_out.name), left_out.why));
        }
        crate::words::lookalikes(&found.lookalikes).iter().for_each(|line| self.say(line));
        let mut sizes = vec![found.inputs.width().to_string()];
        sizes.extend(self.hidden.iter().map(usize::to_string));
        sizes.push(found.target.outputs().to_string());
        let held_out = if validation > 0 { format!(", {validation} to judge on") } else { String::new() };
        self.say(&format!(
            "{train} rows to learn from{held_out}; network {}, {parameters} parameters",
            sizes.join("-")
        ));
        crate::words::untaught(&found.untaught).iter().for_each(|line| self.say(line));
        crate::words::seen(&found.seen, "the rows to judge on").iter().for_each(|line| self.say(line));
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
            How::Lines => true,
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
        match &self.how {
            How::Bar(bar) => {
                bar.set_message(format!("loss {:.4}  {judged}", epoch.train_loss));
                bar.set_position(epoch.epoch);
            }
            How::Lines => terminal::say(&format!(
                "epoch {}/{}  loss {:.4}  {judged}  {:.1} s{mark}",
                epoch.epoch, self.epochs, epoch.train_loss, epoch.seconds
            )),
            How::Quiet => {}
        }
        self.say_length(epoch);
    }

    fn stop(&self) -> bool {
        signals::came()
    }
}

/// The first ones by name.
fn few(names: &[String]) -> String {
    const MOST: usize = 10;
    let more = if names.len() > MOST { ", …" } else { "" };
    names[..names.len().min(MOST)].join(", ") + more
}

fn target(target: &Target) -> String {
    let shown = |names: &[String]| few(&names.iter().map(|name| readable(name)).collect::<Vec<_>>());
    match target {
        Target::Classes { name, levels } => {
            format!("target {}: {} classes ({})", readable(name), levels.len(), shown(levels))
        }
        Target::Labels { names, .. } => format!("targets {}: yes or no to each", shown(names)),
        Target::Numbers { names, .. } => format!("target {}: numbers (regression)", shown(names)),
    }
}
