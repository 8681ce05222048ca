//! The labs as a whole: the trainings side by side, and the records of them all.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use nablab_engine::population::side_by_side;
use nablab_engine::{Done, Watch};
use nablab_report::Lang;

use crate::experiment::Experiment;
use crate::options::SEEDS_BESIDE;
use crate::record::LabRecord;
use crate::{Lab, LabError, Options, gradient_checking, initialization, optimization, regularization};

/// What happens while labs train.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// So many epochs more are done, of one training or another.
    Epochs(u64),
}

/// Experiment, variant, and the seed if it is not the course's.
type Task = (usize, usize, Option<u64>);

/// The labs asked for: planned, then trained, then told.
#[derive(Clone, Debug)]
pub struct Labs {
    seeds: Option<u32>,
    experiments: Vec<Experiment>,
}

impl Labs {
    /// Plan the trainings.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use nablab_labs::{Lab, Labs, Options, tally};
    /// use nablab_report::Lang;
    /// let mut labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() })?;
    /// labs.train(NonZeroUsize::MIN, &())?;
    /// let records = labs.records(Lang::En, NonZeroUsize::MIN, &())?;
    /// assert_eq!(records[0].items[0].title, "One-dimensional gradient check");
    /// assert_eq!(tally(&records), (9, 9)); // nine published numbers, all agree
    /// # Ok::<(), nablab_labs::LabError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError`] for a knob out of range or without use, or data that does not fit.
    pub fn new(options: &Options) -> Result<Self, LabError> {
        let asked_for = Lab::ALL.iter().filter(|lab| options.labs.contains(lab));
        let experiments: Vec<_> = asked_for.map(|lab| lab.planned(options)).collect::<Result<_, _>>()?;
        options.check(&experiments)?;
        Ok(Self { seeds: options.seeds, experiments })
    }

    /// Epochs [`Labs::train`] will train, of all trainings together.
    pub fn epochs(&self) -> u64 {
        self.tasks().map(|(s, v, _)| self.experiments[s].variants[v].recipe.epochs).sum()
    }

    /// Every training: that of each variant with the course's seeds, then those with other seeds.
    fn tasks(&self) -> impl Iterator<Item = Task> + '_ {
        let variants = |s: usize| (0..self.experiments[s].variants.len()).map(move |v| (s, v));
        (0..self.experiments.len()).flat_map(variants).flat_map(|(s, v)| {
            let experiment = &self.experiments[s];
            let unasked = if experiment.twins().next().is_some() { SEEDS_BESIDE } else { 0 };
            let seeds = if experiment.takes_seeds(v) { self.seeds.unwrap_or(unasked) } else { 0 };
            std::iter::once(None).chain((0..u64::from(seeds)).map(Some)).map(move |seed| (s, v, seed))
        })
    }

    /// The experiments, in the order of the report.
    pub fn experiments(&self) -> &[Experiment] {
        &self.experiments
    }

    /// Train everything, so many trainings at a time. Each training is single-threaded, so the results do not depend on the number
    /// of threads.
    ///
    /// # Errors
    /// [`LabError::Cancelled`] if the watcher says so.
    pub fn train(&mut self, threads: NonZeroUsize, watch: &dyn Watch<Event>) -> Result<(), LabError> {
        let tasks: Vec<_> = self.tasks().collect();
        let runs = side_by_side(tasks.len(), threads, |i| {
            let (s, v, seed) = tasks[i];
            self.experiments[s].train(v, seed, watch)
        })?;
        for (&(s, v, seed), run) in tasks.iter().zip(runs) {
            let experiment = &mut self.experiments[s];
            experiment.seeds.resize(experiment.variants.len(), Vec::new());
            match seed {
                None => experiment.runs.push(run),
                Some(_) => experiment.seeds[v].push((&run).into()),
            }
        }
        Ok(())
    }

    /// What the labs show, in words of one language, made on so many threads; of each lab that is done the watcher is told. Call
    /// after [`Labs::train`].
    ///
    /// # Errors
    /// [`LabError::Cancelled`] if the watcher says so.
    pub fn records(
        &self,
        lang: Lang,
        threads: NonZeroUsize,
        watch: &dyn Watch<Done>,
    ) -> Result<Vec<LabRecord>, LabError> {
        let record = |experiment: &Experiment| match experiment.lab {
            Lab::Regularization => regularization::record(experiment, lang),
            Lab::Initialization => initialization::record(experiment, lang),
            Lab::GradientChecking => gradient_checking::record(experiment, lang),
            Lab::Optimization => optimization::record(experiment, lang),
        };
        let (all, done) = (self.experiments.len(), AtomicUsize::new(0));
        side_by_side(all, threads, |i| {
            if watch.stop() {
                return Err(LabError::Cancelled);
            }
            let record = record(&self.experiments[i]);
            watch.saw(&Done { done: done.fetch_add(1, Ordering::Relaxed) + 1, of: all });
            Ok(record)
        })
    }
}
