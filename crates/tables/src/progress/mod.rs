//! How far a training is, counted from its events, and what is worth saying of it. How it is shown is for whoever looks.

mod line;
mod parts;

use std::time::{Duration, Instant};

use nablab_data::prepare::Task;
use nablab_data::table::Table;

use crate::{Epoch, Event, Settings, TableSummary};
pub use line::ProgressLine;
pub use parts::PartsProgress;

/// After so long without a word somebody might think that nothing happens.
pub const SILENCE: Duration = Duration::from_secs(30);
/// How long a training or a search takes is estimated once its first epochs took so long.
pub const SOON: Duration = Duration::from_secs(3);
/// An estimate of more seconds is worth saying.
pub const LONG: f64 = 600.0;
/// What comes before and after the epochs takes its time with a table of so many rows.
pub const LARGE: usize = 100_000;

/// Lines between the first epoch and the last.
const ON_THE_WAY: u64 = 10;

/// How far a training is.
///
/// ```
/// use std::sync::Mutex;
/// use nablab_tables::{Event, Options, TrainingProgress, Settings, Watch};
/// /// What a terminal would show.
/// struct Shown(Mutex<(TrainingProgress, Vec<String>)>);
/// impl Watch<Event> for Shown {
///     fn saw(&self, event: &Event) {
///         let (progress, lines) = &mut *self.0.lock().unwrap();
///         lines.extend(progress.see(event).iter().map(|line| line.to_string()));
///     }
/// }
/// let rows: String = (0..40).map(|i| format!("{i},{}\n", 2 * i)).collect();
/// let table = nablab_data::table::csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?;
/// let settings = Settings::from_toml("epochs = 40\n[data]\ntarget = [\"y\"]", "recipe.toml")?;
/// let shown = Shown(Mutex::new((TrainingProgress::new(&table, &settings), Vec::new())));
/// settings.fit(&table, Options::default(), &shown)?;
/// let lines = shown.0.into_inner().unwrap().1;
/// assert_eq!(lines[..3], ["preparing 40 rows", "t.csv: 40 rows", "1 column of numbers: x"]);
/// let epochs = lines.iter().filter_map(|line| line.strip_prefix("epoch ")?.split_once('/'));
/// assert!(epochs.map(|(epoch, _)| epoch).eq(["1", "4", "8", "12", "16", "20", "24", "28", "32", "36", "40"]));
/// # Ok::<(), nablab_tables::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct TrainingProgress {
    table: String,
    rows: usize,
    hidden: Vec<usize>,
    /// Epochs in all.
    pub epochs: u64,
    /// Epochs that are done.
    pub done: u64,
    task: Task,
    /// Numbers that the network says of a row, as far as is known.
    outputs: usize,
    /// When the epochs began and how many were done before, until it is known how long they take.
    begun: Option<(Instant, u64)>,
    /// From this epoch on the next one gets a line.
    due: u64,
    /// When the last line of an epoch was said.
    said: Option<Instant>,
    last: Option<LastEpoch>,
}

/// How things stand after the last epoch that was told.
#[derive(Clone, Debug)]
struct LastEpoch {
    epoch: Epoch,
    is_best: bool,
    is_said: bool,
}

impl TrainingProgress {
    /// Of a training on this table, before its first event.
    pub fn new(table: &Table, settings: &Settings) -> Self {
        Self {
            table: table.name().to_owned(),
            rows: table.rows(),
            hidden: settings.training.hidden.iter().map(|layer| layer.units).collect(),
            epochs: settings.training.epochs,
            done: 0,
            task: Task::Binary,
            outputs: 1,
            begun: None,
            due: 0,
            said: None,
            last: None,
        }
    }

    /// Count what happens, and answer what is worth saying of it, a line each. Epochs get about ten lines in all, and one where
    /// nothing was said for [`SILENCE`].
    pub fn see<'e>(&mut self, event: &'e Event) -> Vec<ProgressLine<'e>> {
        match event {
            Event::Preparing => vec![self.phase("preparing")],
            Event::Begun { found, rows, parameters, done } => self.begin(found, *rows, *parameters, *done),
            Event::Epoch { epoch, best } => self.epoch(epoch, *best),
            Event::Judging => self.last_epoch().into_iter().chain([self.phase("judging")]).collect(),
            Event::Fold { .. } => Vec::new(),
        }
    }

    fn phase<'e>(&self, what: &'static str) -> ProgressLine<'e> {
        ProgressLine::Phase { what, rows: self.rows, takes_long: self.rows * self.outputs >= LARGE }
    }

    fn begin<'e>(
        &mut self,
        found: &'e TableSummary,
        rows: (usize, usize),
        parameters: usize,
        done: u64,
    ) -> Vec<ProgressLine<'e>> {
        (self.task, self.outputs) = (found.target.task(), found.target.outputs());
        (self.done, self.begun) = (done, Some((Instant::now(), done)));
        let table = ProgressLine::Table { name: self.table.clone(), rows: self.rows };
        let facts = found.facts(rows, &self.hidden, parameters).into_iter().map(ProgressLine::Fact);
        let resumed = (done > 0).then_some(ProgressLine::Resumed { done });
        [table].into_iter().chain(facts).chain(resumed).collect()
    }

    fn epoch<'e>(&mut self, epoch: &Epoch, best: Option<u64>) -> Vec<ProgressLine<'e>> {
        let now = epoch.epoch;
        self.done = now;
        self.last = Some(LastEpoch { epoch: *epoch, is_best: best == Some(now), is_said: false });
        let is_silent = self.said.is_some_and(|said| said.elapsed() >= SILENCE);
        let mut lines = Vec::new();
        if now >= self.due || now == self.epochs || is_silent {
            let stride = self.epochs.div_ceil(ON_THE_WAY).max(1);
            self.due = (now / stride + 1) * stride;
            lines.extend(self.last_epoch());
        }
        lines.extend(self.length(now));
        lines
    }

    /// The line of the last epoch, unless it is said already.
    fn last_epoch<'e>(&mut self) -> Option<ProgressLine<'e>> {
        let (epochs, metric) = (self.epochs, self.metric());
        let last = self.last.as_mut().filter(|last| !last.is_said)?;
        (last.is_said, self.said) = (true, Some(Instant::now()));
        Some(ProgressLine::Epoch { epoch: last.epoch, epochs, metric, is_best: last.is_best })
    }

    /// Once the first epochs tell: how long all take, where that is long.
    fn length<'e>(&mut self, now: u64) -> Option<ProgressLine<'e>> {
        let (begun, before) = self.begun.filter(|(begun, _)| begun.elapsed() >= SOON)?;
        self.begun = None;
        let of_epoch = begun.elapsed().as_secs_f64() / (now - before) as f64;
        let most = of_epoch * (self.epochs - now) as f64;
        (most > LONG).then_some(ProgressLine::Length { of_epoch, epochs: self.epochs, most })
    }

    /// The metric that is computed after each epoch.
    pub fn metric(&self) -> &'static str {
        match self.task {
            Task::Regression => "R²",
            Task::Binary | Task::Multiclass | Task::Multilabel => "accuracy",
        }
    }

    /// Loss and metric after the last epoch, for the words beside a bar; nothing before the first.
    ///
    /// ```
    /// use nablab_tables::{Epoch, Event, TrainingProgress, Settings};
    /// let table = nablab_data::table::csv::read(b"x,y\n1,2\n", "t.csv")?;
    /// let mut progress = TrainingProgress::new(&table, &Settings::default());
    /// assert_eq!(progress.standing(), "");
    /// let epoch = Epoch {
    ///     epoch: 1, step: 4, cost: 0.7, train_loss: 0.6, train_metric: 0.75,
    ///     validation_loss: f64::NAN, validation_metric: f64::NAN, learning_rate: 0.001, seconds: 0.1,
    /// };
    /// progress.see(&Event::Epoch { epoch, best: None });
    /// assert_eq!(progress.standing(), "loss 0.6000  accuracy 0.7500");
    /// # Ok::<(), nablab_data::DataError>(())
    /// ```
    pub fn standing(&self) -> String {
        let last = self.last.as_ref();
        last.map_or_else(String::new, |last| line::standing(&last.epoch, self.metric()))
    }
}
