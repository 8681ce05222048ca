//! A training for each point of a plane of two knobs: where networks learn, where they do not, where they diverge. The border
//! between is a fractal (Sohl-Dickstein 2024, The boundary of neural network trainability is fractal, arXiv 2402.06184), so it is
//! looked at more closely than the rest.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use nablab_engine::population::side_by_side;
use nablab_engine::{Done, Evaluation, Float, Network, Observer, Progress, Recipe, Settings, Trainer, Watch};
use serde::Serialize;

use super::{Knob, LandscapeError, Rows, Unfinished, loss};

/// What is trained.
#[derive(Clone, Debug)]
pub struct Plan {
    /// From left to right.
    pub x: Knob,
    /// From below to above.
    pub y: Knob,
    /// Points along each side, before the border is refined.
    pub size: usize,
    /// How often each cell at the border is cut into four.
    pub refine: u32,
    /// The loss to be reached; left out, half of that of a network which gives every example the same chances.
    pub reach: Option<f64>,
}

/// What became of one network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Value of the knob from left to right.
    pub x: f64,
    /// Value of the other.
    pub y: f64,
    /// Loss at the end; not a number where the training diverged.
    pub loss: f64,
    /// Steps until the loss was reached.
    pub reached: Option<u64>,
    /// The step at which it diverged.
    pub diverged: Option<u64>,
}

/// How a training ended, in a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Learned,
    NotLearned,
    Diverged,
}

/// What became of all.
#[derive(Clone, Debug, PartialEq)]
pub struct Landscape {
    /// Cells along each side.
    pub size: usize,
    /// Row by row, the bottom row first. Where nothing was refined, neighbours hold the same training.
    pub cells: Vec<Cell>,
    /// Trainings made.
    pub trainings: usize,
    /// The loss to be reached.
    pub reach: f64,
}

impl Cell {
    fn fate(&self) -> Fate {
        match (self.diverged, self.reached) {
            (Some(_), _) => Fate::Diverged,
            (None, Some(_)) => Fate::Learned,
            (None, None) => Fate::NotLearned,
        }
    }

    /// What became of it, as a text, from which [`Cell::read`] makes the same bits.
    fn text(&self) -> String {
        let or_empty = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
        format!("{:?},{},{}", self.loss, or_empty(self.reached), or_empty(self.diverged))
    }

    fn read(text: &str, (x, y): (f64, f64)) -> Option<Self> {
        let fields: Vec<&str> = text.split(',').collect();
        let [loss, reached, diverged] = fields[..] else { return None };
        let step = |text: &str| match text {
            "" => Some(None),
            text => text.parse::<u64>().ok().map(Some),
        };
        Some(Self { x, y, loss: loss.parse().ok()?, reached: step(reached)?, diverged: step(diverged)? })
    }
}

/// Train a network for each point, in `F`, on so many threads; `follow` hears of the trainings done and of how many there will
/// be, and ends all when it says no. What is `kept` already is not trained again, and every cell is kept as soon as it is trained.
///
/// # Errors
/// [`LandscapeError`]: a knob that turns nothing, a value that is not allowed, or a cell that cannot be kept.
pub fn trainability<F: Float>(
    settings: &Settings,
    rows: Rows<'_, F>,
    plan: &Plan,
    threads: NonZeroUsize,
    kept: Option<&Unfinished>,
    watch: &dyn Watch<Done>,
) -> Result<Landscape, LandscapeError> {
    let reach = match plan.reach {
        Some(reach) => reach,
        None => chances(settings, rows)? / 2.0,
    };
    let level = Level { settings, rows, plan, reach, threads, kept, watch, before: 0 };
    let all: Vec<(usize, usize)> = (0..plan.size).flat_map(|r| (0..plan.size).map(move |c| (r, c))).collect();
    let cells = level.train(plan.size, &all)?;
    let mut landscape = Landscape { size: plan.size, cells, trainings: all.len(), reach };
    for _ in 0..plan.refine {
        let border = landscape.border();
        let size = 2 * landscape.size;
        let finer: Vec<(usize, usize)> = (0..size)
            .flat_map(|r| (0..size).map(move |c| (r, c)))
            .filter(|(r, c)| border[r / 2 * landscape.size + c / 2])
            .collect();
        let trained = Level { before: landscape.trainings, ..level }.train(size, &finer)?;
        let coarse = |i: usize| landscape.cells[i / size / 2 * landscape.size + i % size / 2];
        let mut cells: Vec<Cell> = (0..size * size).map(coarse).collect();
        finer.iter().zip(trained).for_each(|(&(r, c), cell)| cells[r * size + c] = cell);
        landscape = Landscape { size, cells, trainings: landscape.trainings + finer.len(), reach };
    }
    Ok(landscape)
}

impl Landscape {
    /// Which cells have a neighbour with another fate.
    fn border(&self) -> Vec<bool> {
        let fate = |r: usize, c: usize| self.cells[r * self.size + c].fate();
        let near = |i: usize| i.saturating_sub(1)..(i + 2).min(self.size);
        let is_at_border = |i: usize| {
            let (r, c) = (i / self.size, i % self.size);
            near(r).any(|other| near(c).any(|column| fate(other, column) != fate(r, c)))
        };
        (0..self.cells.len()).map(is_at_border).collect()
    }
}

/// Cells of one size.
#[derive(Clone, Copy)]
struct Level<'a, F> {
    settings: &'a Settings,
    rows: Rows<'a, F>,
    plan: &'a Plan,
    reach: f64,
    threads: NonZeroUsize,
    kept: Option<&'a Unfinished>,
    watch: &'a dyn Watch<Done>,
    /// Trainings made before these.
    before: usize,
}

impl<F: Float> Level<'_, F> {
    /// The networks in the middles of these cells.
    fn train(&self, size: usize, cells: &[(usize, usize)]) -> Result<Vec<Cell>, LandscapeError> {
        let middle = |i: usize| (i as f64 + 0.5) / size as f64;
        let places: Vec<(f64, f64)> =
            cells.iter().map(|&(r, c)| (self.plan.x.at(middle(c)), self.plan.y.at(middle(r)))).collect();
        let recipe = |&(x, y): &(f64, f64)| -> Result<Recipe, LandscapeError> {
            let settings = self.plan.y.turn(&self.plan.x.turn(self.settings, x)?, y)?;
            Ok(settings.check()?)
        };
        let recipes: Vec<Recipe> = places.iter().map(recipe).collect::<Result<_, _>>()?;
        let done = AtomicUsize::new(0);
        let all = self.before + cells.len();
        let cell = |i: usize| -> Result<Cell, LandscapeError> {
            let name = format!("cell {} {} of {size}", cells[i].0, cells[i].1);
            let known = self.kept.and_then(|kept| kept.known(&name));
            if let Some(known) = known.and_then(|text| Cell::read(text, places[i])) {
                done.fetch_add(1, Ordering::Relaxed);
                return Ok(known);
            }
            let mut watcher = Watcher {
                every: (recipes[i].epochs / POINTS).max(1),
                reach: self.reach,
                reached: None,
                epochs: recipes[i].epochs,
                done: &done,
                before: self.before,
                all,
                watch: self.watch,
                is_stopped: false,
            };
            let cell = self.cell(&recipes[i], places[i], &mut watcher)?;
            if watcher.is_stopped {
                return Err(LandscapeError::Stopped);
            }
            let keep = |kept: &Unfinished| kept.keep(&name, &cell.text());
            self.kept.map_or(Ok(()), keep)?;
            Ok(cell)
        };
        side_by_side(cells.len(), self.threads, cell)
    }

    /// Train one.
    fn cell(
        &self,
        recipe: &Recipe,
        (x, y): (f64, f64),
        watcher: &mut Watcher<'_>,
    ) -> Result<Cell, LandscapeError> {
        let trained = Trainer::<F>::new(recipe, self.rows.x, self.rows.y)?.run(watcher);
        let network = self.network(recipe);
        let mut evaluation = Evaluation::new(&network, self.rows.x, self.rows.y, &[])?;
        let diverged = trained.divergence.as_ref().map(|divergence| divergence.step);
        let loss =
            if diverged.is_some() { f64::NAN } else { loss(&mut evaluation, &network, &trained.params) };
        let reached = watcher.reached.or((loss <= self.reach).then_some(trained.steps));
        // A loss that is no number has diverged, too: its gradient alone is still one.
        let diverged = diverged.or((!loss.is_finite()).then_some(trained.steps));
        Ok(Cell { x, y, loss, reached, diverged })
    }

    fn network(&self, recipe: &Recipe) -> Network {
        Network::new(self.rows.x.rows(), &recipe.hidden, self.rows.y.outputs(), recipe.loss)
    }
}

/// The loss is looked at so many times in a training.
const POINTS: u64 = 200;

/// The loss of a network that says the same of every example: all its parameters are 0.
fn chances<F: Float>(settings: &Settings, rows: Rows<'_, F>) -> Result<f64, LandscapeError> {
    let network = Network::new(rows.x.rows(), &[], rows.y.outputs(), settings.loss);
    let mut evaluation = Evaluation::new(&network, rows.x, rows.y, &[])?;
    Ok(evaluation.loss(&network, &vec![F::ZERO; network.layout().len()]))
}

/// Epochs after which a training hears, at the latest, that it is to stop.
const SIGN: u64 = 64;

/// Sees when a loss is reached.
struct Watcher<'a> {
    every: u64,
    reach: f64,
    reached: Option<u64>,
    epochs: u64,
    done: &'a AtomicUsize,
    before: usize,
    all: usize,
    watch: &'a dyn Watch<Done>,
    /// It was told to stop.
    is_stopped: bool,
}

impl<F: Float> Observer<F> for Watcher<'_> {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        self.reached.is_none() && at.batch == 0 && at.epoch.is_multiple_of(self.every)
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        if cost.to_f64() <= self.reach {
            self.reached = Some(at.step);
        }
    }

    fn epoch_end(&mut self, epochs_done: u64, _: &[F]) -> ControlFlow<()> {
        if epochs_done == self.epochs {
            self.done.fetch_add(1, Ordering::Relaxed);
        } else if !epochs_done.is_multiple_of(self.every.min(SIGN)) {
            return ControlFlow::Continue(());
        }
        self.watch.saw(&Done { done: self.before + self.done.load(Ordering::Relaxed), of: self.all });
        self.is_stopped = self.watch.stop();
        if self.is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
