//! The training loop: one step in ten visible lines, and whoever watches it.

use std::fmt;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use crate::batches::Batches;
use crate::dropout::Masks;
use crate::flat::Flat;
use crate::kernel::simd::Isa;
use crate::optim::Rule;
use crate::passes::Passes;
use crate::threads::Threads;
use crate::{EngineError, Float, MatRef, Network, Place, Recipe};

/// Where a training stands: before update `step`, in epoch `epoch`, at batch `batch` of `batches`; all from 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Updates made so far.
    pub step: u64,
    /// Epochs finished so far.
    pub epoch: u64,
    /// Batch within the epoch.
    pub batch: usize,
    /// Batches per epoch.
    pub batches: usize,
    /// Examples in this batch.
    pub examples: usize,
    /// Learning rate of this step.
    pub learning_rate: f64,
}

/// Watches a training without touching it. Costs are computed only where asked for: a logarithm per example
/// is a good part of a small network's step.
pub trait Observer<F> {
    /// Shall the cost of this step be computed?
    fn wants_cost(&mut self, at: &Progress) -> bool;

    /// The cost (mean loss plus penalty) of this batch *before* the update, where it was wanted.
    fn cost(&mut self, at: &Progress, cost: F);

    /// An epoch has ended, `epochs_done` of them by now. Break to stop the training here.
    fn epoch_end(&mut self, _epochs_done: u64, _params: &[F]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Watches nothing.
impl<F> Observer<F> for () {
    fn wants_cost(&mut self, _: &Progress) -> bool {
        false
    }
    fn cost(&mut self, _: &Progress, _: F) {}
}

/// Where a gradient first stopped being a number. An infinite *cost* alone is no divergence: the gradient of
/// cross-entropy stays finite, and a training may recover from it (the course's ×10 run does).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The update that was not made.
    pub step: u64,
    /// Its epoch.
    pub epoch: u64,
    /// First component of the gradient that is infinite or not a number.
    pub place: Place,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "diverged at step {} (epoch {}): the gradient of {} is not finite",
            self.step, self.epoch, self.place
        )
    }
}

/// The end of a training.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained<F> {
    /// The parameters, with the layout of the network.
    pub params: Vec<F>,
    /// Updates made.
    pub steps: u64,
    /// Set if the training stopped because it diverged.
    pub divergence: Option<Divergence>,
}

/// A training in progress.
///
/// ```
/// use nablab_engine::{Hidden, MatRef, Optimizer, Settings, Trainer};
/// let recipe = Settings { hidden: vec![Hidden::relu(4)], epochs: 2000, learning_rate: 0.05, ..Settings::default() };
/// let recipe = recipe.check()?;
/// let (x, y) = ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]); // exclusive or
/// let (x, y) = (MatRef::new(&x, 2, 4), MatRef::new(&y, 1, 4));
/// let mut trainer = Trainer::new(&recipe, x, y)?;
/// let trained = trainer.run(&mut ());
/// let p = trainer.network().predict(&trained.params, x);
/// assert!(p[0] < 0.1 && p[1] > 0.9 && p[2] > 0.9 && p[3] < 0.1);
/// # Ok::<(), nablab_engine::EngineError>(())
/// ```
#[derive(Debug)]
pub struct Trainer<'a, F: Float> {
    recipe: &'a Recipe,
    network: Network,
    batches: Batches<'a, F>,
    params: Vec<F>,
    grads: Vec<F>,
    rule: Rule<F>,
    passes: Passes<F>,
    flat: Flat,
    masks: Masks,
    step: u64,
}

impl<'a, F: Float> Trainer<'a, F> {
    /// Initialise the network a recipe describes, for X (features, m) and Y (outputs, m).
    ///
    /// # Errors
    /// [`EngineError::Shape`] if there is no example or Y has not one column per example,
    /// [`EngineError::NotFinite`] if the data has a number that is none, [`EngineError::Memory`] if there is not
    /// enough for this network and batch.
    ///
    /// ```
    /// use nablab_engine::{Hidden, MatRef, Settings, Trainer};
    /// let huge = Settings { hidden: vec![Hidden::relu(1 << 40); 2], ..Settings::default() }.check()?;
    /// let error = Trainer::<f64>::new(&huge, MatRef::new(&[1.0], 1, 1), MatRef::new(&[0.0], 1, 1)).unwrap_err();
    /// assert!(error.to_string().starts_with("a network 1-1099511627776-1099511627776-1 on 1 examples needs"));
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    pub fn new(recipe: &'a Recipe, x: MatRef<'a, F>, y: MatRef<'a, F>) -> Result<Self, EngineError> {
        let network = Network::of::<F>(
            recipe,
            x.rows(),
            y.rows(),
            recipe.batch_size.unwrap_or(x.cols()).min(x.cols()),
        )?;
        network.check_shapes(x, y)?;
        Network::check_finite(x, y)?;
        let batches = Batches::new(x, y, recipe.batch_size, recipe.seed);
        let len = network.layout().len();
        let mut params = vec![F::ZERO; len];
        recipe.init.fill(network.layout(), &mut recipe.seed.weights(), &mut params);
        let passes = Passes::new(&network, batches.size(), !batches.is_whole(), Threads::ONE);
        let flat = Flat::new(network.layout());
        let masks = Masks::new::<F>(&recipe.hidden, batches.size(), recipe.seed);
        let rule = recipe.optimizer.start(len);
        Ok(Self {
            recipe,
            network,
            batches,
            params,
            grads: vec![F::ZERO; len],
            rule,
            passes,
            flat,
            masks,
            step: 0,
        })
    }

    /// Compute on this instruction set, not on the best: the same bits, at another speed.
    pub fn with_isa(self, isa: Isa) -> Self {
        Self { passes: self.passes.with_isa(isa), ..self }
    }

    /// Compute on so many threads: the same bits, at another speed. It pays for networks of some thousand parameters
    /// and more; a small one stays on one thread.
    ///
    /// # Errors
    /// [`EngineError::Threads`] if the system does not give them.
    pub fn with_threads(self, count: NonZeroUsize) -> Result<Self, EngineError> {
        let (size, is_gathered) = (self.batches.size(), !self.batches.is_whole());
        let passes = Passes::new(&self.network, size, is_gathered, Threads::new(count)?);
        Ok(Self { passes: passes.with_isa(self.passes.isa()), ..self })
    }

    /// The network being trained.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Its parameters by now.
    pub fn params(&self) -> &[F] {
        &self.params
    }

    /// Train to the end of the recipe, or until the observer breaks or the gradient is no number.
    pub fn run(&mut self, observer: &mut (impl Observer<F> + Send)) -> Trained<F> {
        // The loop itself runs on one of the threads, so that the others stay awake.
        let host = self.passes.threads().clone();
        host.host(|| self.train(observer))
    }

    fn train(&mut self, observer: &mut impl Observer<F>) -> Trained<F> {
        let mut divergence = None;
        'training: for epoch in 0..self.recipe.epochs {
            self.batches.start_epoch(epoch);
            for batch in 0..self.batches.count() {
                if let Err(diverged) = self.step(epoch, batch, observer) {
                    divergence = Some(diverged);
                    break 'training;
                }
            }
            if observer.epoch_end(epoch + 1, &self.params).is_break() {
                break;
            }
        }
        Trained { params: self.params.clone(), steps: self.step, divergence }
    }

    /// batch → forward → loss → backward → mean and penalty → clip → rule → apply.
    fn step(&mut self, epoch: u64, batch: usize, observer: &mut impl Observer<F>) -> Result<(), Divergence> {
        let (recipe, network) = (self.recipe, &self.network);
        let (layout, batches) = (network.layout(), self.batches.count());
        let examples = self.batches.batch(batch);
        let m = examples.m();
        let time = epoch as f64 + batch as f64 / batches as f64;
        let learning_rate = recipe.learning_rate * recipe.schedule.factor(time, recipe.epochs as f64);
        let at = Progress { step: self.step, epoch, batch, batches, examples: m, learning_rate };

        let wants_cost = observer.wants_cost(&at);
        let loss = self.passes.run(network, &self.params, &examples, wants_cost, &mut self.masks);
        if let Some(loss) = loss {
            observer.cost(&at, loss + recipe.penalty.value(layout, &self.params, m));
        }
        let (gradient, on) = self.passes.parts();
        let (params, grads, rule) = (&mut self.params[..], &mut self.grads[..], &mut self.rule);
        if !self.flat.mean_gradient(on, gradient, &recipe.penalty, (layout, params), m, grads) {
            let component = grads.iter().position(|g| !g.is_finite()).unwrap_or_default();
            return Err(Divergence { step: self.step, epoch, place: layout.locate(component) });
        }
        recipe.clip.apply(grads);
        self.flat.update(on, rule, F::from_f64(learning_rate), (layout, params), grads);
        self.step += 1;
        Ok(())
    }
}

/// Keeps the costs of every n-th epoch, and of the last: an [`Observer`] for curves and tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CostHistory {
    every: u64,
    last: u64,
    /// What was kept, in order.
    pub epochs: Vec<EpochCosts>,
}

/// The costs of the batches of one epoch, each before its update.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochCosts {
    /// The epoch, from 0; of a full-batch training, the iteration.
    pub epoch: u64,
    /// Examples and cost of each batch.
    pub batches: Vec<(usize, f64)>,
}

impl EpochCosts {
    /// Cost of the last batch: what the course's first edition prints.
    pub fn last_batch(&self) -> f64 {
        self.batches.last().map_or(f64::NAN, |&(_, cost)| cost)
    }

    /// Mean over the examples of the epoch: what its later editions print.
    pub fn mean(&self) -> f64 {
        let examples: usize = self.batches.iter().map(|&(n, _)| n).sum();
        self.batches.iter().map(|&(n, cost)| cost * n as f64).sum::<f64>() / examples as f64
    }

    /// Sum of the batches' costs: what one published notebook prints.
    pub fn sum(&self) -> f64 {
        self.batches.iter().map(|&(_, cost)| cost).sum()
    }
}

impl CostHistory {
    /// Keep epochs 0, `every`, 2·`every`, … and the last of `epochs`.
    pub fn new(every: u64, epochs: u64) -> Self {
        Self { every: every.max(1), last: epochs.saturating_sub(1), epochs: Vec::new() }
    }
}

impl<F: Float> Observer<F> for CostHistory {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        at.epoch.is_multiple_of(self.every) || at.epoch == self.last
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        if at.batch == 0 {
            self.epochs.push(EpochCosts { epoch: at.epoch, batches: Vec::with_capacity(at.batches) });
        }
        if let Some(epoch) = self.epochs.last_mut() {
            epoch.batches.push((at.examples, cost.to_f64()));
        }
    }
}
