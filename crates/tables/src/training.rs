//! A training on a prepared table: epochs, judged on held-out rows, stopped early, kept and taken up again.

use std::num::NonZeroUsize;

use nablab_diagnosis::{Evidence, Reading};
use nablab_engine::{Divergence, EngineError, Float, Network, SearchEnd, State, Trainer};

use crate::costs::Costs;
use crate::epoch::Epoch;
use crate::evidence::Judgement;
use crate::history::History;
use crate::judge::Judge;
use crate::metrics::Metrics;
use crate::monitor::Monitor;
use crate::outputs::Outputs;
use crate::prepared::{Part, Prepared};
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
    monitor: Monitor<F>,
    best: Option<Best<F>>,
    /// Nobody looks at its history.
    is_lean: bool,
    /// The next epoch may be too long to wait for.
    may_be_long: bool,
}

/// Seconds of an epoch that whoever wants to stop waits for.
const PATIENCE: f64 = 0.25;

impl<'p, F: Float> Training<'p, F> {
    /// Ready for the first epoch, on so many threads.
    ///
    /// # Errors
    /// [`EngineError`] where the engine does not take the data, or memory cannot be had.
    pub fn new(settings: &Settings, prepared: &'p Prepared<F>, threads: NonZeroUsize) -> Result<Self, Error> {
        let trainer = prepared.trainer(settings, threads)?;
        let monitor = Monitor::new(settings, prepared, &trainer, trainer.params())?;
        let patience = settings.validation.patience;
        Ok(Self { prepared, patience, trainer, monitor, best: None, is_lean: false, may_be_long: true })
    }

    /// Measure nothing inside. The result is the same, to the bit.
    pub fn without_signals(self) -> Self {
        Self { monitor: self.monitor.without_signals(), ..self }
    }

    /// Compute nothing that the result does not need: no cost, and a loss only of the rows held out, where early stopping waits
    /// for it. There is no history. The result is the same, to the bit.
    pub fn lean(self) -> Self {
        Self { is_lean: true, ..self.without_signals() }
    }

    /// The network being trained.
    pub fn network(&self) -> &Network {
        self.trainer.network()
    }

    /// A row for each epoch so far; of more than 1000, for every second, fourth, eighth, …, and for the one that ended the training.
    pub fn history(&self) -> &[Epoch] {
        self.monitor.past().0.rows()
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
        self.monitor.threshold_by(self.prepared, |part| self.network().predict(self.params(), part.x()))
    }

    /// How the parameters to keep judge all rows, each looked at once, on all threads.
    pub(crate) fn judgement(&mut self) -> Judgement<F> {
        self.with_params(|monitor, prepared, trainer, params| monitor.judgement(prepared, trainer, params))
    }

    /// What is known of this training by now.
    pub fn evidence(&mut self, ended: Option<&Ending>) -> Evidence {
        let judgement = self.judgement();
        self.evidence_by(ended, &judgement)
    }

    /// The same where the rows have been judged already.
    pub(crate) fn evidence_by(&mut self, ended: Option<&Ending>, judgement: &Judgement<F>) -> Evidence {
        self.with_params(|monitor, prepared, trainer, params| {
            monitor.evidence_by(prepared, trainer, params, ended, judgement)
        })
    }

    /// Ask the monitor of the parameters to keep.
    fn with_params<T>(
        &mut self,
        ask: impl FnOnce(&mut Monitor<F>, &Prepared<F>, &Trainer<F>, &[F]) -> T,
    ) -> T {
        let params = match &self.best {
            Some(best) if self.patience > 0 => &best.params,
            _ => self.trainer.params(),
        };
        ask(&mut self.monitor, self.prepared, &self.trainer, params)
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
        let (metrics, _) = said.metrics(part.y(), &part.weights, self.trainer.threads())?;
        if let Some(best) = self.best.as_ref().filter(|_| self.patience > 0) {
            return Ok((best.loss, metrics));
        }
        let loss = match self.monitor.judge_held_out(&self.trainer) {
            Some((loss, _)) => loss,
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
        if self.trainer.epochs_done() == 0 {
            self.monitor.begin(&self.trainer);
        }
        let next = self.trainer.epochs_done() + 1;
        let is_last = next == self.prepared.recipe.epochs;
        let may_be_last =
            self.best.as_ref().is_some_and(|best| self.patience > 0 && next - best.epoch >= self.patience);
        let is_told = self.monitor.past().0.wants(next);
        let is_due = self.monitor.is_due(next, is_last);
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
        let is_judged = wants_cost || self.patience > 0;
        let held_out = if is_judged { self.monitor.judge_held_out(&self.trainer) } else { None };
        let validation_loss = held_out.map_or(f64::NAN, |(loss, _)| loss);
        let (params, done) = (self.trainer.params(), self.trainer.epochs_done());
        if validation_loss < self.best.as_ref().map_or(f64::INFINITY, |best| best.loss) {
            // The best before gives its room.
            let mut kept = self.best.take().map_or_else(Vec::new, |best| best.params);
            kept.clear();
            kept.extend_from_slice(params);
            self.best = Some(Best { epoch: done, loss: validation_loss, params: kept });
        }
        let is_told = wants_cost && (is_told || self.ended().is_some());
        let epoch = self.monitor.note(&self.trainer, &costs, held_out, is_told, now());
        self.may_be_long = epoch.seconds - begun > PATIENCE;
        Ok(epoch)
    }

    /// The largest component of the gradient that is left, of L-BFGS: what proves that it has converged.
    pub fn slope_left(&mut self) -> Option<f64> {
        self.trainer.slope_left().filter(|slope| slope.is_finite())
    }

    /// What a checkpoint keeps.
    pub(crate) fn standing(&self) -> Standing<F> {
        let (history, readings) = self.monitor.past();
        Standing {
            state: self.trainer.state(),
            best: self.best.clone(),
            history: history.clone(),
            readings: readings.to_vec(),
        }
    }

    /// Go on from a checkpoint.
    pub(crate) fn resume(&mut self, standing: Standing<F>) -> Result<(), EngineError> {
        self.trainer.resume(standing.state)?;
        self.best = standing.best;
        self.monitor.resume(standing.history, standing.readings);
        Ok(())
    }
}
