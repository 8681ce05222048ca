//! Experiments that tell what is wrong: can the network learn a few rows by heart, does it find something where there is
//! nothing, does a change help?

use std::num::NonZeroUsize;
use std::sync::Arc;

use nablab_data::prepare::Task;
use nablab_data::table::Table;
use nablab_engine::rng::Stream;
use nablab_engine::{Float, Observer, Progress, Seed, Trainer, in_precision};
use serde::Serialize;

use crate::decision_threshold::HALF;
use crate::evidence::labels::{Doubted, Labelled};
use crate::judge::{Judge, sample};
use crate::outputs::Outputs;
use crate::prepared::{Part, Prepared};
use crate::split::split_rng;
use crate::training::Training;
use crate::{Error, Settings, Tables};

/// Whether to stop; asked again and again.
pub(crate) type Stop<'s> = &'s (dyn Fn() -> bool + Sync);

/// Rows that every network should be able to learn by heart.
const FEW: usize = 32;
/// Steps that suffice for that.
const STEPS: u64 = 1000;

/// A network alone with a few rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FewRows {
    /// How many.
    pub rows: usize,
    /// Loss before the first step.
    pub before: f64,
    /// Loss after the last.
    pub after: f64,
}

/// How a training came out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// On the rows held out; on those learned from where none are.
    pub loss: f64,
    /// Share of right answers there, or R².
    pub metric: f64,
}

impl Settings {
    /// Train the network on 32 rows alone, without penalty and dropout: a network that cannot learn those by heart has a
    /// mistake in it, a dead start, or too few units (Karpathy 2019, A recipe for training neural networks).
    ///
    /// # Errors
    /// Whatever does not fit the table; [`Error::Stopped`], where it is to `stop`.
    pub fn learn_few_rows(&self, tables: &Tables<'_>, stop: Stop<'_>) -> Result<FewRows, Error> {
        in_precision!(self.training.precision, F => self.few_rows_in::<F>(tables, stop))
    }

    fn few_rows_in<F: Float>(&self, tables: &Tables<'_>, stop: Stop<'_>) -> Result<FewRows, Error> {
        let mut settings = self.clone();
        let training = &mut settings.training;
        (training.penalty, training.batch_size) = (Default::default(), None);
        training.epochs = STEPS;
        training.hidden.iter_mut().for_each(|layer| layer.dropout = 0.0);
        let prepared = Prepared::<F>::new(&settings, tables, NonZeroUsize::MIN)?;
        let few = sample(&prepared.train, FEW, &mut split_rng(settings.training.seed));
        let mut trainer = Trainer::new(&prepared.recipe, few.x(), few.y())?;
        let mut judge = Judge::new(&trainer, &few, prepared.found.target.task())?;
        let (before, _) = judge.judge(trainer.network(), trainer.params());
        let end = trainer.run(&mut UntilStopped(stop));
        if stop() {
            return Err(Error::Stopped);
        }
        let (after, _) = judge.judge(trainer.network(), &end.params);
        Ok(FewRows { rows: few.m, before, after })
    }

    /// Train on the rows with their targets shuffled among each other: what is then found on the rows held out was never in
    /// the features, so it should be chance.
    ///
    /// # Errors
    /// As [`Self::learn`].
    pub fn learn_nothing(&self, tables: &Tables<'_>, stop: Stop<'_>) -> Result<Outcome, Error> {
        self.outcome(tables, true, stop)
    }

    /// Train in memory, with nothing kept but how it came out.
    ///
    /// # Errors
    /// Whatever does not fit the table; [`Error::Stopped`], where it is to `stop`.
    pub fn learn(&self, tables: &Tables<'_>, stop: Stop<'_>) -> Result<Outcome, Error> {
        self.outcome(tables, false, stop)
    }

    /// Doubt each label by a network that has not learned from its row: trainings in so many folds, and confident learning
    /// on what each says of the rows it was not shown. None where no classes are predicted.
    ///
    /// # Errors
    /// As [`Self::learn`].
    pub fn doubt_labels(
        &self,
        table: &Table,
        folds: usize,
        stop: Stop<'_>,
    ) -> Result<Option<Doubted>, Error> {
        in_precision!(self.training.precision, F => self.doubt_in::<F>(table, folds, stop))
    }

    fn doubt_in<F: Float>(
        &self,
        table: &Table,
        folds: usize,
        stop: Stop<'_>,
    ) -> Result<Option<Doubted>, Error> {
        let mut own = self.clone();
        own.validation.file = None;
        let tables = Tables::from(table);
        let mut parts = Vec::new();
        for settings in own.folds(folds) {
            let prepared = Prepared::<F>::new(&settings, &tables, NonZeroUsize::MIN)?;
            let (Some(part), target) = (&prepared.validation, &prepared.found.target) else { continue };
            if !matches!(target.task(), Task::Binary | Task::Multiclass) {
                return Ok(None);
            }
            let mut training = Training::new(&settings, &prepared, NonZeroUsize::MIN)?.without_signals();
            training.finish(stop)?;
            let p = training.network().predict(training.params(), part.x());
            parts.push(Labelled::new(Outputs::new(target.clone(), p, part.m, HALF), part, true));
        }
        Ok(Some(Doubted::new(&parts.iter().collect::<Vec<_>>())))
    }

    fn outcome(&self, tables: &Tables<'_>, shuffled: bool, stop: Stop<'_>) -> Result<Outcome, Error> {
        in_precision!(self.training.precision, F => self.outcome_in::<F>(tables, shuffled, stop))
    }

    fn outcome_in<F: Float>(
        &self,
        tables: &Tables<'_>,
        shuffled: bool,
        stop: Stop<'_>,
    ) -> Result<Outcome, Error> {
        let mut prepared = Prepared::<F>::new(self, tables, NonZeroUsize::MIN)?;
        if shuffled {
            shuffle(Arc::make_mut(&mut prepared.train), self.training.seed);
        }
        let mut training = Training::new(self, &prepared, NonZeroUsize::MIN)?.without_signals();
        training.finish(stop)?;
        let part = prepared.validation.as_ref().unwrap_or(&prepared.train);
        let (loss, metric) = training.judge_on(part)?;
        Ok(Outcome { loss, metric })
    }
}

/// A training that looks at nothing but whether it is to stop.
struct UntilStopped<'s>(Stop<'s>);

impl<F: Float> Observer<F> for UntilStopped<'_> {
    fn wants_cost(&mut self, _: &Progress) -> bool {
        false
    }

    fn cost(&mut self, _: &Progress, _: F) {}

    fn gives_up(&mut self) -> bool {
        (self.0)()
    }
}

/// Give the targets to other rows.
fn shuffle<F: Float>(part: &mut Part<F>, seed: Seed) {
    let mut rng = match seed {
        Seed::Streams(seed) => Stream::Split.rng(seed.wrapping_add(1)),
        Seed::Course { shuffle, .. } => Stream::Split.rng(u64::from(shuffle) + 1),
    };
    let order = rng.permutation(part.m);
    part.y = part.y.of_examples(part.m, &order);
}
