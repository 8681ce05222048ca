//! The training loop: epochs of batches, a step (`train/step.rs`) for each; what a checkpoint keeps is in `train/state.rs`.

mod next;
mod state;
mod step;

use std::num::NonZeroUsize;

pub use next::NextStep;
pub use state::State;

use crate::batches::{Batches, Cut};
use crate::dropout::Masks;
use crate::flat::Flat;
use crate::line_search::LineSearch;
use crate::norm::largest;
use crate::optim::Rule;
use crate::passes::Passes;
use crate::threads::Threads;
use crate::{Divergence, EngineError, Float, Isa, MatRef, Network, Observer, Recipe, YRef};

/// How a search for lower costs ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchEnd {
    /// No lower cost is found, and the gradient is as flat as this type of number can make it: a minimum.
    Converged,
    /// No lower cost is found although the gradient is not flat: what is left of it is lost in the round-off of the costs.
    /// Scaling the inputs, or double precision, helps.
    Failed,
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
pub struct Trainer<F: Float> {
    recipe: Recipe,
    network: Network,
    /// What the penalty's strength is divided by.
    penalty_examples: f64,
    /// What the mean of the examples' weights was before it was made 1.
    mean_weight: f64,
    /// What the learning rate of the recipe is multiplied by.
    rate_factor: f64,
    batches: Batches<F>,
    params: Vec<F>,
    grads: Vec<F>,
    rule: Rule<F>,
    passes: Passes<F>,
    /// Those of the passes, unless these are too small for several.
    pub(crate) threads: Threads,
    flat: Flat,
    masks: Masks,
    /// Where the length of a step is searched for.
    search: Option<LineSearch<F>>,
    search_end: Option<SearchEnd>,
    step: u64,
    epoch: u64,
    /// Batches done of the epoch that is begun.
    batch: usize,
}

impl<F: Float> Trainer<F> {
    /// Initialise the network a recipe describes, for X (features, m) and Y (outputs, m).
    ///
    /// # Errors
    /// [`EngineError::Shape`] if there is no example or Y has not one column per example, [`EngineError::NotFinite`] if the
    /// data has a number that is none, [`EngineError::Memory`] if there is not enough for this network and batch.
    ///
    /// ```
    /// use nablab_engine::{Hidden, MatRef, Settings, Trainer};
    /// let huge = Settings { hidden: vec![Hidden::relu(1 << 40); 2], ..Settings::default() }.check()?;
    /// let error = Trainer::<f64>::new(&huge, MatRef::new(&[1.0], 1, 1), MatRef::new(&[0.0], 1, 1)).unwrap_err();
    /// assert!(error.to_string().starts_with("a network 1-1099511627776-1099511627776-1 on 1 examples needs"));
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    pub fn new<'y>(
        recipe: &Recipe,
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
    ) -> Result<Self, EngineError> {
        Self::weighted(recipe, x, y, &[])
    }

    /// The same with a weight for each example, or with none at all. A weight of k is the example k times: for the mean loss,
    /// which is Σ w · loss / Σ w, and against the penalty, which is divided by Σ w where all examples are one batch.
    ///
    /// # Errors
    /// As [`Trainer::new`], also for another number of weights than of examples and for weights that are not finite or
    /// all 0.
    pub fn weighted<'y>(
        recipe: &Recipe,
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
        weights: &[f64],
    ) -> Result<Self, EngineError> {
        F::trainer(recipe, x, y.into(), weights)
    }

    pub(crate) fn begin(
        recipe: &Recipe,
        x: MatRef<'_, F>,
        y: YRef<'_, F>,
        weights: &[f64],
    ) -> Result<Self, EngineError> {
        let cut = Cut::new(x.cols(), recipe.batch_size, recipe.least_batch());
        let network = Network::of::<F>(recipe, x.rows(), y.outputs(), cut.largest())?;
        let mean_1 = network.check_examples(x, y, weights)?;
        let examples = if weights.is_empty() { x.cols() as f64 } else { weights.iter().sum() };
        let batches = Batches::weighted(x, y, &mean_1, cut, recipe.seed);
        let len = network.layout().len();
        let mut params = vec![F::ZERO; len];
        recipe.init.fill(network.layout(), &mut recipe.seed.weights(), &mut params);
        let passes = Passes::new(&network, &batches, Threads::ONE);
        let flat = Flat::new(network.layout());
        let masks = Masks::new::<F>(&recipe.hidden, batches.size(), recipe.seed);
        let rule = recipe.optimizer.start(len);
        let search = matches!(rule, Rule::Lbfgs(_)).then(|| LineSearch::new(len));
        Ok(Self {
            recipe: recipe.clone(),
            network,
            penalty_examples: recipe.penalty_examples(examples),
            mean_weight: examples / x.cols() as f64,
            rate_factor: 1.0,
            batches,
            params,
            grads: vec![F::ZERO; len],
            rule,
            passes,
            threads: Threads::ONE,
            flat,
            masks,
            search,
            search_end: None,
            step: 0,
            epoch: 0,
            batch: 0,
        })
    }

    /// Compute on this instruction set, not on the best: the same bits, at another speed.
    pub fn with_isa(self, isa: Isa) -> Self {
        Self { passes: self.passes.with_isa(isa), ..self }
    }

    /// Compute on so many threads: the same bits, at another speed. It pays for networks of some thousand parameters
    /// and more; a small one stays on one thread. Where the system does not give so many, it is fewer.
    pub fn with_threads(self, count: NonZeroUsize) -> Self {
        F::trainer_with_threads(self, count)
    }

    pub(crate) fn on_threads(self, count: NonZeroUsize) -> Self {
        let threads = Threads::new(count);
        // The parts of a small network's steps are too small to be handed to others, and so is an epoch.
        let own = if self.network.is_small() { Threads::ONE } else { threads.clone() };
        let passes = Passes::new(&self.network, &self.batches, own).with_isa(self.passes.isa());
        Self { passes, threads, ..self }
    }

    /// Multiply the learning rate of the recipe by this factor from now on, beside its schedule: for whoever watches a training
    /// and finds that it has come to rest.
    ///
    /// # Panics
    /// If it is not finite and above 0.
    pub fn set_rate_factor(&mut self, factor: f64) {
        assert!(factor.is_finite() && factor > 0.0, "a finite factor above 0");
        self.rate_factor = factor;
    }

    /// The threads it has.
    pub fn threads(&self) -> NonZeroUsize {
        NonZeroUsize::new(self.threads.count()).unwrap_or(NonZeroUsize::MIN)
    }

    /// The network being trained.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Its parameters by now.
    pub fn params(&self) -> &[F] {
        &self.params
    }

    /// Epochs finished by now.
    pub fn epochs_done(&self) -> u64 {
        self.epoch
    }

    /// Updates made by now.
    pub fn steps_done(&self) -> u64 {
        self.step
    }

    /// Batches of an epoch.
    pub fn batches(&self) -> usize {
        self.batches.count()
    }

    /// Batches done of the epoch that is begun.
    pub fn batches_done(&self) -> usize {
        self.batch
    }

    /// L-BFGS found no step that leads lower; further epochs change nothing and tell the observer nothing.
    pub fn search_end(&self) -> Option<SearchEnd> {
        self.search_end
    }

    /// L-BFGS found no step that leads lower, and the gradient that is left proves a minimum.
    pub fn is_converged(&self) -> bool {
        self.search_end == Some(SearchEnd::Converged)
    }

    /// The largest component of the gradient at the parameters by now, of a training by L-BFGS: what proves a minimum.
    pub fn slope_left(&mut self) -> Option<f64> {
        self.search.as_ref()?;
        self.gradient_at(0);
        Some(largest(&self.grads))
    }

    /// Train to the end of the recipe, or until it has converged, the observer breaks or it diverges.
    pub fn run(&mut self, observer: &mut (impl Observer<F> + Send)) -> Trained<F> {
        F::run(self, observer)
    }

    pub(crate) fn run_watched(&mut self, observer: &mut (dyn Observer<F> + Send)) -> Trained<F> {
        let mut divergence = None;
        // The loop itself runs on one of the threads, so that the others stay awake.
        self.passes.threads().clone().host(|| {
            while self.epoch < self.recipe.epochs {
                let before = self.epoch;
                if let Err(diverged) = self.pass_over(observer) {
                    divergence = Some(diverged);
                    break;
                }
                if self.epoch == before {
                    break;
                }
                if observer.epoch_end(self.epoch, &self.params).is_break() {
                    break;
                }
            }
        });
        Trained { params: self.params.clone(), steps: self.step, divergence }
    }

    /// One epoch, for whoever has something to do between two. It does not count if its [search ended](Self::search_end) or
    /// the observer gave it up.
    ///
    /// # Errors
    /// The [`Divergence`] at which it stopped; the parameters are those before it.
    pub fn epoch(&mut self, observer: &mut (impl Observer<F> + Send)) -> Result<(), Divergence> {
        F::epoch(self, observer)
    }

    pub(crate) fn epoch_watched(
        &mut self,
        observer: &mut (dyn Observer<F> + Send),
    ) -> Result<(), Divergence> {
        self.passes.threads().clone().host(|| self.pass_over(observer))
    }

    /// One epoch over the examples in this order, cut into batches from its start, for whoever draws it elsewhere. The order of a
    /// full batch decides only round-off, and is not looked at.
    ///
    /// ```
    /// use nablab_engine::{MatRef, Settings, Trainer};
    /// let recipe = Settings { batch_size: Some(2), ..Settings::default() }.check()?;
    /// let (x, y) = ([0.0, 1.0, 2.0, 3.0], [0.0, 0.0, 1.0, 1.0]);
    /// let (x, y) = (MatRef::new(&x, 1, 4), MatRef::new(&y, 1, 4));
    /// let mut trainer = Trainer::<f64>::new(&recipe, x, y)?;
    /// trainer.epoch_in_order(&[3, 0, 1, 2], &mut ())?.unwrap();
    /// assert_eq!(trainer.epochs_done(), 1);
    /// assert!(trainer.epoch_in_order(&[3, 3, 1, 2], &mut ()).is_err()); // example 0 is missing
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    ///
    /// # Errors
    /// [`EngineError::Order`] if this is no order of all examples, each once.
    pub fn epoch_in_order(
        &mut self,
        order: &[usize],
        observer: &mut (impl Observer<F> + Send),
    ) -> Result<Result<(), Divergence>, EngineError> {
        self.batches.set_order(order)?;
        let epoch = F::epoch(self, observer);
        self.batches.draw_orders();
        Ok(epoch)
    }

    fn pass_over(&mut self, observer: &mut dyn Observer<F>) -> Result<(), Divergence> {
        let passed = self.go_on(self.batches.count() - self.batch, observer);
        // What was given up, or diverged, is not gone on with.
        self.batch = 0;
        passed.map(drop)
    }

    /// So many steps, for whoever has something to do between two: an epoch that was begun is gone on with. The end of the recipe is
    /// not looked at. Tells how many were made: fewer where the [search ended](Self::search_end) or the observer gave up.
    ///
    /// ```
    /// use nablab_engine::{MatRef, Settings, Trainer};
    /// let recipe = Settings { batch_size: Some(2), ..Settings::default() }.check()?;
    /// let (x, y) = ([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 1.0, 1.0, 1.0]);
    /// let (x, y) = (MatRef::new(&x, 1, 5), MatRef::new(&y, 1, 5));
    /// let mut trainer = Trainer::<f64>::new(&recipe, x, y)?; // three batches an epoch
    /// assert_eq!(trainer.steps(4, &mut ()).unwrap(), 4);
    /// let state = trainer.state();
    /// assert_eq!((state.epoch, state.batch, state.step), (1, 1, 4));
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    ///
    /// # Errors
    /// The [`Divergence`] at which it stopped; the parameters are those before it.
    pub fn steps(&mut self, count: u64, observer: &mut (impl Observer<F> + Send)) -> Result<u64, Divergence> {
        F::steps(self, count, observer)
    }

    pub(crate) fn steps_watched(
        &mut self,
        count: u64,
        observer: &mut (dyn Observer<F> + Send),
    ) -> Result<u64, Divergence> {
        self.passes.threads().clone().host(|| {
            let mut made = 0;
            while made < count {
                let most = usize::try_from(count - made).unwrap_or(usize::MAX);
                match self.go_on(most, observer)? {
                    0 => break,
                    some => made += some as u64,
                }
            }
            Ok(made)
        })
    }

    /// Up to so many steps of the epoch that is begun, or of the next one.
    fn go_on(&mut self, most: usize, observer: &mut dyn Observer<F>) -> Result<usize, Divergence> {
        if self.search_end.is_some() {
            return Ok(0);
        }
        let (begun, count) = (self.batch, self.batches.count());
        if begun == 0 {
            self.batches.start_epoch(self.epoch);
        }
        while self.batch < count.min(begun.saturating_add(most)) && !observer.gives_up() {
            self.step(self.batch, observer)?;
            if self.search_end.is_some() {
                break;
            }
            self.batch += 1;
        }
        let made = self.batch - begun;
        if self.batch == count {
            (self.epoch, self.batch) = (self.epoch + 1, 0);
        }
        Ok(made)
    }
}
