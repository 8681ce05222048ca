//! A training on a prepared table: epochs, judged on held-out rows, stopped early, kept and taken up again.

use std::num::NonZeroUsize;

use nablab_diagnosis::{Handling, Reading};
use nablab_engine::signals::update_ratios;
use nablab_engine::{Divergence, EngineError, Float, Network, SearchEnd, State, Trainer};

use crate::costs::Costs;
use crate::decision_threshold::{self, HALF, Threshold};
use crate::epoch::Epoch;
use crate::evidence::{Judged, Judgement, handling};
use crate::history::History;
use crate::judge::{self, Judge};
use crate::metrics::{Metrics, Scored};
use crate::outputs::Outputs;
use crate::prepared::{Part, Prepared};
use crate::signalling::{SAMPLE as SIGNALLED, Signalling};
use crate::split::split_rng;
use crate::{Error, Settings};

/// How a training ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All epochs are done.
    Finished,
    /// The validation loss did not sink any more.
    StoppedEarly,
    /// L-BFGS found no step to a lower cost, and the gradient is flat.
    Converged,
    /// L-BFGS found no step to a lower cost, although the gradient is not flat.
    SearchFailed,
    /// A gradient, or a running statistic of batch normalisation, was no number.
    Diverged(Divergence),
    /// It was to stop in an epoch too long to wait for: the training stands where that epoch began.
    GivenUp,
}

/// The parameters with the lowest validation loss so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Best<F> {
    pub(crate) epoch: u64,
    pub(crate) loss: f64,
    pub(crate) params: Vec<F>,
}

/// All that a training is between two epochs: what a checkpoint keeps.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standing<F> {
    pub(crate) state: State<F>,
    pub(crate) best: Option<Best<F>>,
    pub(crate) history: History,
    pub(crate) readings: Vec<Reading>,
}

/// A training on a prepared table.
#[derive(Debug)]
pub struct Training<'p, F: Float> {
    prepared: &'p Prepared<F>,
    patience: u64,
    trainer: Trainer<F>,
    /// A sample of the training rows, as many as are held out.
    sample: Judge<F>,
    validation: Option<Judge<F>>,
    best: Option<Best<F>>,
    history: History,
    signalling: Option<Signalling<F>>,
    readings: Vec<Reading>,
    handling: Handling,
    threads: NonZeroUsize,
    /// The threshold between two classes, where the settings say one.
    wanted: Option<Threshold>,
    /// Nobody looks at its history.
    is_lean: bool,
    /// The next epoch may be too long to wait for.
    may_be_long: bool,
}

/// Seconds of an epoch that whoever wants to stop waits for.
const PATIENCE: f64 = 0.25;

/// Where no rows are held out, a fifth of the training rows is judged after each epoch: at least and at most so many.
const SAMPLE: (usize, usize) = (200, 1000);

/// How many of the training rows are judged after each epoch.
pub(crate) fn sample_size(train: usize, validation: Option<usize>) -> usize {
    validation.unwrap_or((train / 5).clamp(SAMPLE.0, SAMPLE.1)).min(train)
}

impl<'p, F: Float> Training<'p, F> {
    /// Ready for the first epoch, on so many threads.
    ///
    /// # Errors
    /// [`EngineError`] where the engine does not take the data, or memory cannot be had.
    pub fn new(settings: &Settings, prepared: &'p Prepared<F>, threads: NonZeroUsize) -> Result<Self, Error> {
        let train = &prepared.train;
        let target = &prepared.found.target;
        let trainer = prepared.trainer(settings, threads)?;
        let validation =
            prepared.validation.as_ref().map(|part| Judge::new(&trainer, part, target.task())).transpose()?;
        let size = sample_size(train.m, prepared.validation.as_ref().map(|part| part.m));
        let sample = Judge::new(
            &trainer,
            &judge::sample(train, size, &mut split_rng(settings.training.seed)),
            target.task(),
        )?;
        let measured = judge::sample(train, SIGNALLED, &mut split_rng(settings.training.seed));
        let recipe = &prepared.recipe;
        let signalling = Signalling::new(trainer.network(), &measured, train, recipe, trainer.params())?;
        Ok(Self {
            prepared,
            patience: settings.validation.patience,
            threads: trainer.threads(),
            trainer,
            sample,
            validation,
            best: None,
            history: History::default(),
            signalling: Some(signalling),
            readings: Vec::new(),
            handling: handling(settings),
            wanted: settings.validation.threshold,
            is_lean: false,
            may_be_long: true,
        })
    }

    /// Measure nothing inside. The result is the same, to the bit.
    pub fn without_signals(self) -> Self {
        Self { signalling: None, ..self }
    }

    /// Compute nothing that the result does not need: no cost, and a loss only of the rows held out, where early stopping waits
    /// for it. There is no history. The result is the same, to the bit.
    pub fn lean(self) -> Self {
        Self { signalling: None, is_lean: true, ..self }
    }

    /// The network being trained.
    pub fn network(&self) -> &Network {
        self.trainer.network()
    }

    /// A row for each epoch so far; of more than 1000, for every second, fourth, eighth, …, and for the one that ended the training.
    pub fn history(&self) -> &[Epoch] {
        self.history.rows()
    }

    /// Epochs so far.
    pub fn epochs_done(&self) -> u64 {
        self.trainer.epochs_done()
    }

    /// The epoch after which the validation loss was lowest.
    pub fn best_epoch(&self) -> Option<u64> {
        self.best.as_ref().map(|best| best.epoch)
    }

    /// The parameters to keep: the best ones where the training stops early, else the last.
    pub fn params(&self) -> &[F] {
        match &self.best {
            Some(best) if self.patience > 0 => &best.params,
            _ => self.trainer.params(),
        }
    }

    /// From which probability on the parameters to keep predict the second of two classes: as the recipe says, which may be where
    /// a metric is highest on the rows held out.
    pub fn threshold(&self) -> f64 {
        self.threshold_by(|part| self.network().predict(self.params(), part.x()))
    }

    /// The same, given what the network says of the rows held out.
    fn threshold_by<P: AsRef<[F]>>(&self, said: impl FnOnce(&Part<F>) -> P) -> f64 {
        match (self.wanted, &self.prepared.validation) {
            (Some(Threshold::At(at)), _) => at,
            (Some(Threshold::Best(goal)), Some(part)) => {
                let p = said(part);
                let weight = |j: usize| part.weights.get(j).copied().unwrap_or(1.0);
                let counted = (0..part.m).filter(|&j| weight(j) > 0.0);
                let scored =
                    |j: usize| Scored::new(p.as_ref()[j].to_f64(), part.y().at(0, j) == F::ONE, weight(j));
                decision_threshold::best(goal, counted.map(scored).collect()).unwrap_or(HALF)
            }
            _ => HALF,
        }
    }

    /// How the parameters to keep judge all rows, each looked at once, on all threads.
    pub(crate) fn judgement(&mut self) -> Judgement<F> {
        // What is said of all rows may need as much room as there is.
        self.sample.release();
        self.validation.iter_mut().for_each(Judge::release);
        let Prepared { train, validation, .. } = self.prepared;
        let survey = |part: &Part<F>| self.trainer.survey(self.params(), part.x(), part.y());
        let held_out = validation.as_ref().map(|part| (part, survey(part)));
        let known = held_out.as_ref().map(|(_, said)| &said.predictions[..]);
        let threshold = self.threshold_by(|_| known.unwrap_or_default());
        let judged = |part, said, is_held_out| {
            Judged::new(part, said, &self.prepared.found.target, threshold, is_held_out, self.threads)
        };
        Judgement {
            threshold,
            validation: held_out.map(|(part, said)| judged(part, said, true)),
            train: judged(train, survey(train), false),
        }
    }

    /// Loss and metric of the parameters to keep on some rows.
    pub(crate) fn judge_on(&self, part: &Part<F>) -> Result<(f64, f64), EngineError> {
        let mut judge = Judge::new(&self.trainer, part, self.prepared.found.target.task())?;
        Ok(judge.judge(self.network(), self.params()))
    }

    /// How good the parameters to keep are, on the rows held out, or on those learned from where none are: loss and metrics.
    ///
    /// # Errors
    /// [`Error::Metrics`] where the rows cannot be judged.
    pub fn judged(&mut self) -> Result<(f64, Metrics), Error> {
        let Prepared { found, train, validation, .. } = self.prepared;
        let part = validation.as_ref().unwrap_or(train);
        let p = self.network().predict(self.params(), part.x());
        let said = Outputs::new(found.target.clone(), p, part.m, self.threshold());
        let (metrics, _) = said.metrics(part.y(), &part.weights, self.threads)?;
        if let Some(best) = self.best.as_ref().filter(|_| self.patience > 0) {
            return Ok((best.loss, metrics));
        }
        let loss = match &mut self.validation {
            Some(judge) => judge.judge(self.trainer.network(), self.trainer.params()).0,
            None => self.judge_on(train)?.0,
        };
        Ok((loss, metrics))
    }

    /// It is over, and how; [`Training::epoch`] would do nothing.
    pub fn ended(&self) -> Option<Ending> {
        if self.trainer.epochs_done() >= self.prepared.recipe.epochs {
            return Some(Ending::Finished);
        }
        let best = self.best.as_ref().filter(|_| self.patience > 0)?;
        (self.trainer.epochs_done() - best.epoch >= self.patience).then_some(Ending::StoppedEarly)
    }

    /// Train to the end, for whoever looks at nothing on the way.
    ///
    /// # Errors
    /// [`Error::Stopped`] where it is to stop before.
    pub(crate) fn finish(&mut self, stop: &(dyn Fn() -> bool + Sync)) -> Result<Ending, Error> {
        loop {
            if stop() {
                return Err(Error::Stopped);
            }
            match self.epoch(&|| 0.0, stop) {
                Ok(_) => {}
                Err(Ending::GivenUp) => return Err(Error::Stopped),
                Err(ended) => return Ok(ended),
            }
        }
    }

    /// Train one epoch more; `now` tells the seconds since the training began, and `stop` whether to give up an epoch that
    /// takes too long to wait for. What the history has no row for is not a number.
    ///
    /// # Errors
    /// How it ended, if it did.
    pub fn epoch(
        &mut self,
        now: &dyn Fn() -> f64,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Epoch, Ending> {
        if let Some(ended) = self.ended() {
            return Err(ended);
        }
        if let Some(signalling) = self.signalling.as_mut().filter(|_| self.trainer.epochs_done() == 0) {
            self.readings.push(signalling.read(0, self.trainer.params(), &[]));
        }
        let next = self.trainer.epochs_done() + 1;
        // The last one is read anyway; done here, the size of its step is known.
        let is_last = next == self.prepared.recipe.epochs;
        let may_be_last =
            self.best.as_ref().is_some_and(|best| self.patience > 0 && next - best.epoch >= self.patience);
        let is_told = self.history.wants(next);
        let is_due = self.signalling.as_ref().is_some_and(|s| is_last || s.is_due(next, &self.readings));
        let begun = now();
        let back = self.may_be_long.then(|| self.trainer.state());
        let stop = back.as_ref().map(|_| stop);
        let wants_cost = (is_told || is_last || may_be_last) && !self.is_lean;
        let mut costs = Costs::new(wants_cost, is_due, stop);
        self.trainer.epoch(&mut costs).map_err(Ending::Diverged)?;
        match self.trainer.search_end() {
            Some(SearchEnd::Converged) => return Err(Ending::Converged),
            Some(SearchEnd::Failed) => return Err(Ending::SearchFailed),
            None => {}
        }
        if let Some(back) = back.filter(|_| self.trainer.epochs_done() < next) {
            self.trainer.resume(back).expect("its own state");
            return Err(Ending::GivenUp);
        }
        let (params, network) = (self.trainer.params(), self.trainer.network());
        let validation = self.validation.as_mut().filter(|_| wants_cost || self.patience > 0);
        let judged = validation.map(|judge| judge.judge(network, params));
        let (validation_loss, validation_metric) = judged.unwrap_or((f64::NAN, f64::NAN));
        let done = self.trainer.epochs_done();
        if validation_loss < self.best.as_ref().map_or(f64::INFINITY, |best| best.loss) {
            // The best before gives its room.
            let mut kept = self.best.take().map_or_else(Vec::new, |best| best.params);
            kept.clear();
            kept.extend_from_slice(params);
            self.best = Some(Best { epoch: done, loss: validation_loss, params: kept });
        }
        let is_told = wants_cost && (is_told || self.ended().is_some());
        let judged = is_told.then(|| self.sample.judge(network, params));
        let (train_loss, train_metric) = judged.unwrap_or((f64::NAN, f64::NAN));
        let epoch = Epoch {
            epoch: done,
            step: costs.step,
            cost: costs.sum / costs.examples,
            train_loss,
            train_metric,
            validation_loss,
            validation_metric,
            learning_rate: costs.learning_rate,
            seconds: now(),
        };
        self.may_be_long = epoch.seconds - begun > PATIENCE;
        if let Some(signalling) = self.signalling.as_mut().filter(|_| is_due) {
            let update = costs.update.as_ref();
            let updates = update.map(|(before, after)| update_ratios(network, before, after));
            self.readings.push(signalling.read(done, params, &updates.unwrap_or_default()));
        }
        if is_told {
            self.history.tell(epoch);
        }
        Ok(epoch)
    }

    /// The largest component of the gradient that is left, of L-BFGS: what proves that it has converged.
    pub fn slope_left(&mut self) -> Option<f64> {
        self.trainer.slope_left().filter(|slope| slope.is_finite())
    }

    /// The table it learns from.
    pub(crate) fn prepared(&self) -> &'p Prepared<F> {
        self.prepared
    }

    /// What was measured inside on the way, and now.
    pub(crate) fn readings(&mut self) -> Vec<Reading> {
        let (done, params) = (self.trainer.epochs_done(), self.trainer.params());
        let mut readings = self.readings.clone();
        if let Some(signalling) = &mut self.signalling
            && readings.last().is_none_or(|last| last.epoch < done)
        {
            readings.push(signalling.read(done, params, &[]));
        }
        readings
    }

    /// What was done around it.
    pub(crate) fn handling(&self) -> &Handling {
        &self.handling
    }

    /// What a checkpoint keeps.
    pub(crate) fn standing(&self) -> Standing<F> {
        Standing {
            state: self.trainer.state(),
            best: self.best.clone(),
            history: self.history.clone(),
            readings: self.readings.clone(),
        }
    }

    /// Go on from a checkpoint.
    pub(crate) fn resume(&mut self, standing: Standing<F>) -> Result<(), EngineError> {
        self.trainer.resume(standing.state)?;
        (self.best, self.history, self.readings) = (standing.best, standing.history, standing.readings);
        Ok(())
    }
}
