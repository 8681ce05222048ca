//! What is looked at of a training while it goes on: a row of its history after an epoch, and the inside now and then.

use nablab_diagnosis::{Evidence, Handling, Reading};
use nablab_engine::signals::update_ratios;
use nablab_engine::{EngineError, Float, Trainer};

use crate::Settings;
use crate::costs::Costs;
use crate::decision_threshold::{self, HALF, Threshold};
use crate::epoch::Epoch;
use crate::evidence::{Judged, Judgement, evidence, handling};
use crate::history::History;
use crate::judge::{self, Judge};
use crate::metrics::Scored;
use crate::prepared::{Part, Prepared};
use crate::signalling::{SAMPLE as SIGNALLED, Signalling};
use crate::split::split_rng;
use crate::training::Ending;

/// Watches a training on a prepared table, and changes nothing of it. Whoever makes the steps tells it of each epoch; what it then
/// knows is what `nablab train` writes down for a diagnosis.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_data::table::csv;
/// use nablab_diagnosis::diagnose;
/// use nablab_tables::{Monitor, Prepared, Settings, Tables};
/// let rows: String = (0..60).map(|i| format!("{i},{}\n", i % 2)).collect();
/// let table = csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?;
/// let recipe = "epochs = 20\nhidden = [{ units = 4 }]\ninit = \"zeros\"\n[data]\ntarget = [\"y\"]\n";
/// let settings = Settings::from_toml(recipe, "recipe")?;
/// let prepared = Prepared::<f64>::new(&settings, &Tables::from(&table), NonZeroUsize::MIN)?;
/// let mut trainer = prepared.trainer(&settings, NonZeroUsize::MIN)?;
/// let mut monitor = Monitor::new(&settings, &prepared, &trainer, trainer.params())?;
/// for _ in 0..20 {
///     let mut costs = monitor.costs(&trainer);
///     trainer.epoch(&mut costs).map_err(|at| at.to_string())?;
///     monitor.epoch(&trainer, &costs);
/// }
/// let evidence = monitor.evidence(&prepared, &trainer, None);
/// assert!(diagnose(&evidence).iter().any(|finding| finding.code() == "symmetric-units"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Monitor<F: Float> {
    /// A sample of the training rows, as many as are held out.
    sample: Judge<F>,
    held_out: Option<Judge<F>>,
    signalling: Option<Signalling<F>>,
    history: History,
    readings: Vec<Reading>,
    /// Epochs of the recipe.
    epochs: u64,
    handling: Handling,
    /// The threshold between two classes, where the settings say one.
    wanted: Option<Threshold>,
}

/// Where no rows are held out, a fifth of the training rows is judged after each epoch: at least and at most so many.
const SAMPLE: (usize, usize) = (200, 1000);

/// How many of the training rows are judged after each epoch.
pub(crate) fn sample_size(train: usize, validation: Option<usize>) -> usize {
    validation.unwrap_or((train / 5).clamp(SAMPLE.0, SAMPLE.1)).min(train)
}

impl<F: Float> Monitor<F> {
    /// Of a trainer on these rows, and the parameters that it had before its first step.
    ///
    /// # Errors
    /// [`EngineError`] where the engine does not take the rows, or memory cannot be had.
    pub fn new(
        settings: &Settings,
        prepared: &Prepared<F>,
        trainer: &Trainer<F>,
        initial: &[F],
    ) -> Result<Self, EngineError> {
        let (train, task) = (&prepared.train, prepared.found.target.task());
        let some = |size| judge::sample(train, size, &mut split_rng(settings.training.seed));
        let held_out = prepared.validation.as_deref();
        let size = sample_size(train.m, held_out.map(|part| part.m));
        Ok(Self {
            sample: Judge::new(trainer, &some(size), task)?,
            held_out: held_out.map(|part| Judge::new(trainer, part, task)).transpose()?,
            signalling: Some(Signalling::new(
                trainer.network(),
                &some(SIGNALLED),
                train,
                &prepared.recipe,
                initial,
            )?),
            history: History::default(),
            readings: Vec::new(),
            epochs: prepared.recipe.epochs,
            handling: handling(settings),
            wanted: settings.validation.threshold,
        })
    }

    /// Measure nothing inside.
    pub(crate) fn without_signals(self) -> Self {
        Self { signalling: None, ..self }
    }

    /// The same way here, watched on by other settings.
    pub fn with_past_of(self, other: &Self) -> Self {
        Self { history: other.history.clone(), readings: other.readings.clone(), ..self }
    }

    /// What was seen after so many epochs will come in another way.
    pub fn forget_after(&mut self, epochs: u64) {
        self.history.forget_after(epochs);
        self.readings.retain(|reading| reading.epoch <= epochs);
    }

    /// Where it begins, before the first step.
    pub(crate) fn begin(&mut self, trainer: &Trainer<F>) {
        if let Some(signalling) = self.signalling.as_mut().filter(|_| self.readings.is_empty()) {
            self.readings.push(signalling.read(0, trainer.params(), &[]));
        }
    }

    /// What there is of it so far.
    pub(crate) fn past(&self) -> (&History, &[Reading]) {
        (&self.history, &self.readings)
    }

    /// Go on after such a past.
    pub(crate) fn resume(&mut self, history: History, readings: Vec<Reading>) {
        (self.history, self.readings) = (history, readings);
    }

    /// The inside is to be measured after so many epochs. The last one is measured anyway; done here, the size of its step is known.
    pub(crate) fn is_due(&self, epoch: u64, is_last: bool) -> bool {
        self.signalling.as_ref().is_some_and(|s| is_last || s.is_due(epoch, &self.readings))
    }

    /// What observes the epoch that begins.
    pub fn costs(&mut self, trainer: &Trainer<F>) -> Costs<'static, F> {
        if trainer.epochs_done() == 0 {
            self.begin(trainer);
        }
        let next = trainer.epochs_done() + 1;
        let is_last = next == self.epochs;
        Costs::new(is_last || self.history.wants(next), self.is_due(next, is_last), None)
    }

    /// An epoch is done, and was observed.
    pub fn epoch(&mut self, trainer: &Trainer<F>, costs: &Costs<'_, F>) {
        let held_out = if costs.wants_cost { self.judge_held_out(trainer) } else { None };
        self.note(trainer, costs, held_out, costs.wants_cost, 0.0);
    }

    /// Loss and metric of the rows held out.
    pub(crate) fn judge_held_out(&mut self, trainer: &Trainer<F>) -> Option<(f64, f64)> {
        self.held_out.as_mut().map(|judge| judge.judge(trainer.network(), trainer.params()))
    }

    /// Note an epoch: signals where they are due, and a row of the history where it is to be told.
    pub(crate) fn note(
        &mut self,
        trainer: &Trainer<F>,
        costs: &Costs<'_, F>,
        held_out: Option<(f64, f64)>,
        is_told: bool,
        seconds: f64,
    ) -> Epoch {
        let (network, params, done) = (trainer.network(), trainer.params(), trainer.epochs_done());
        let unknown = (f64::NAN, f64::NAN);
        let (validation_loss, validation_metric) = held_out.unwrap_or(unknown);
        let (train_loss, train_metric) = if is_told { self.sample.judge(network, params) } else { unknown };
        let epoch = Epoch {
            epoch: done,
            step: costs.step,
            cost: costs.sum / costs.examples,
            train_loss,
            train_metric,
            validation_loss,
            validation_metric,
            learning_rate: costs.learning_rate,
            seconds,
        };
        if let Some(signalling) = self.signalling.as_mut().filter(|_| costs.wants_update) {
            let update = costs.update.as_ref();
            let updates = update.map(|(before, after)| update_ratios(network, before, after));
            self.readings.push(signalling.read(done, params, &updates.unwrap_or_default()));
        }
        if is_told {
            self.history.tell(epoch);
        }
        epoch
    }

    /// What was measured inside on the way, and now.
    fn readings(&mut self, trainer: &Trainer<F>, params: &[F]) -> Vec<Reading> {
        let done = trainer.epochs_done();
        let mut readings = self.readings.clone();
        readings.retain(|reading| reading.epoch <= done);
        if let Some(signalling) = &mut self.signalling
            && readings.last().is_none_or(|last| last.epoch < done)
        {
            readings.push(signalling.read(done, params, &[]));
        }
        readings
    }

    /// From which probability on the second of two classes is predicted, given what the network says of the rows held out.
    pub(crate) fn threshold_by<P: AsRef<[F]>>(
        &self,
        prepared: &Prepared<F>,
        said: impl FnOnce(&Part<F>) -> P,
    ) -> f64 {
        match (self.wanted, &prepared.validation) {
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

    /// How these parameters judge all rows, each looked at once, on all threads.
    pub(crate) fn judgement(
        &mut self,
        prepared: &Prepared<F>,
        trainer: &Trainer<F>,
        params: &[F],
    ) -> Judgement<F> {
        // What is said of all rows may need as much room as there is.
        self.sample.release();
        self.held_out.iter_mut().for_each(Judge::release);
        let Prepared { train, validation, .. } = prepared;
        let survey = |part: &Part<F>| trainer.survey(params, part.x(), part.y());
        let held_out = validation.as_ref().map(|part| (part, survey(part)));
        let known = held_out.as_ref().map(|(_, said)| &said.predictions[..]);
        let threshold = self.threshold_by(prepared, |_| known.unwrap_or_default());
        let judged = |part, said, is_held_out| {
            Judged::new(part, said, &prepared.found.target, threshold, is_held_out, trainer.threads())
        };
        Judgement {
            threshold,
            validation: held_out.map(|(part, said)| judged(part, said, true)),
            train: judged(train, survey(train), false),
        }
    }

    /// What is known of the training by now. What was seen of later epochs, where it went back, is left out.
    pub fn evidence(
        &mut self,
        prepared: &Prepared<F>,
        trainer: &Trainer<F>,
        ended: Option<&Ending>,
    ) -> Evidence {
        let judgement = self.judgement(prepared, trainer, trainer.params());
        self.evidence_by(prepared, trainer, trainer.params(), ended, &judgement)
    }

    /// The same of other parameters, by which the rows have been judged already.
    pub(crate) fn evidence_by(
        &mut self,
        prepared: &Prepared<F>,
        trainer: &Trainer<F>,
        params: &[F],
        ended: Option<&Ending>,
        judgement: &Judgement<F>,
    ) -> Evidence {
        let done = trainer.epochs_done();
        let rows = self.history.rows().iter().filter(|row| row.epoch <= done);
        let history = rows.map(Epoch::losses).collect();
        let signals = self.readings(trainer, params);
        evidence(prepared, &self.handling, history, signals, ended, judgement)
    }
}
