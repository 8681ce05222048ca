//! A training from tables to a model, in memory or with checkpoints on the way.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use nablab_diagnosis::{Finding, diagnose};
use nablab_engine::{Watch, in_precision};

use crate::evidence::Judgement;
use crate::model::{Kept, Model};
use crate::prepared::{Prepared, TableSummary};
use crate::run::{Record, Status, Summary};
use crate::training::{Ending, Training};
use crate::{Error, Event, Settings, Tables};

/// A training that has come to its end: the model, and all that is known of it.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// To predict with.
    pub model: Model,
    /// How it was made, how it went, and how good it is.
    pub record: Record,
}

/// How a training is run; nothing of it decides the result.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Threads to compute on.
    pub threads: NonZeroUsize,
    /// Time between two checkpoints, of a run with a folder. Writing them takes at most a twentieth of the time.
    pub checkpoint_every: Duration,
    /// Measure inside the network now and then.
    pub signals: bool,
}

impl Default for Options {
    /// On one thread, with a checkpoint every five seconds, and with signals.
    fn default() -> Self {
        Self { threads: NonZeroUsize::MIN, checkpoint_every: Duration::from_secs(5), signals: true }
    }
}

impl Fitted {
    /// What is wrong with the training.
    pub fn findings(&self) -> Vec<Finding> {
        self.record.evidence.as_ref().map(diagnose).unwrap_or_default()
    }
}

impl Settings {
    /// Train in memory, to the end, and judge.
    ///
    /// ```
    /// use nablab_data::table::csv;
    /// use nablab_tables::{Options, Settings};
    /// let rows: String = (0..40).map(|i| format!("{},{}\n", i % 10, ["low", "high"][i % 10 / 5])).collect();
    /// let table = csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?;
    /// let settings = Settings::from_toml("epochs = 60\n[data]\ntarget = [\"y\"]", "recipe")?;
    /// let fitted = settings.fit(&table, Options::default(), &())?;
    /// assert_eq!(fitted.record.summary.epochs, 60);
    /// let answers: Vec<_> = fitted.model.predict(&table)?.answers().take(2).collect();
    /// assert_eq!(answers, [["low"], ["low"]]);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever does not fit the tables. [`Error::Stopped`] if it was to stop before anything was learned.
    pub fn fit<'t>(
        &self,
        tables: impl Into<Tables<'t>>,
        options: Options,
        watch: &dyn Watch<Event>,
    ) -> Result<Fitted, Error> {
        let tables = tables.into();
        in_precision!(self.training.precision, F => fit::<F>(self, tables, options, watch, &mut ()))
    }
}

/// Keeps what a training is between two epochs.
pub(crate) trait Keep<F: Kept> {
    /// Before the first epoch: go on from what was kept, if anything was.
    fn begin(
        &mut self,
        _training: &mut Training<'_, F>,
        _prepared: &Prepared<F>,
        _threads: NonZeroUsize,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Keep how it stands.
    fn keep(&mut self, _training: &Training<'_, F>) -> Result<(), Error> {
        Ok(())
    }

    /// It has ended where it was kept last, or where it cannot be gone on with.
    fn end(&mut self, _training: &Training<'_, F>) -> Result<(), Error> {
        Ok(())
    }
}

/// Nothing is kept.
impl<F: Kept> Keep<F> for () {}

pub(crate) fn fit<F: Kept>(
    settings: &Settings,
    tables: Tables<'_>,
    options: Options,
    watch: &dyn Watch<Event>,
    keeper: &mut dyn Keep<F>,
) -> Result<Fitted, Error> {
    watch.saw(&Event::Preparing);
    let prepared = Prepared::<F>::new(settings, &tables, options.threads)?;
    drop(tables);
    let mut training = Training::new(settings, &prepared, options.threads)?;
    if !options.signals {
        training = training.without_signals();
    }
    keeper.begin(&mut training, &prepared, options.threads)?;
    let rows = (prepared.train.m, prepared.validation.as_ref().map_or(0, |part| part.m));
    watch.saw(&Event::Begun {
        found: prepared.found.clone(),
        rows,
        parameters: training.network().layout().learned(),
        done: training.epochs_done(),
    });
    let ended = epochs(&mut training, options, watch, keeper)?;
    watch.saw(&Event::Judging);
    judged(settings, &prepared, &mut training, ended)
}

/// Train until it ends, or is to stop.
fn epochs<F: Kept>(
    training: &mut Training<'_, F>,
    options: Options,
    watch: &dyn Watch<Event>,
    keeper: &mut dyn Keep<F>,
) -> Result<Option<Ending>, Error> {
    let before = training.history().last().map_or(0.0, |epoch| epoch.seconds);
    let start = Instant::now();
    let now = || before + start.elapsed().as_secs_f64();
    let mut kept = training.epochs_done();
    // The first epoch is kept at once: whoever ends a training before its first checkpoint loses all of it.
    let mut due = if kept == 0 { Duration::ZERO } else { options.checkpoint_every };
    let ended = loop {
        if watch.stop() {
            break None;
        }
        match training.epoch(&now, &|| watch.stop()) {
            Ok(epoch) if training.history().last().is_some_and(|told| told.epoch == epoch.epoch) => {
                watch.saw(&Event::Epoch { epoch, best: training.best_epoch() });
            }
            Ok(_) => {}
            Err(Ending::GivenUp) => break None,
            Err(ended) => break Some(ended),
        }
        if start.elapsed() >= due {
            let begun = start.elapsed();
            keeper.keep(training)?;
            kept = training.epochs_done();
            let took = start.elapsed() - begun;
            due = start.elapsed().saturating_add(options.checkpoint_every.max(20 * took));
        }
    };
    if ended.is_none() && training.epochs_done() == 0 {
        return Err(Error::Stopped);
    }
    // A training that diverged does not stand between two epochs.
    match kept < training.epochs_done() && !matches!(ended, Some(Ending::Diverged(_))) {
        true => keeper.keep(training)?,
        false => keeper.end(training)?,
    }
    Ok(ended)
}

/// How good the parameters to keep are, and all that is known of the training.
fn judged<F: Kept>(
    settings: &Settings,
    prepared: &Prepared<F>,
    training: &mut Training<'_, F>,
    ended: Option<Ending>,
) -> Result<Fitted, Error> {
    let judgement = training.judgement();
    let evidence = training.evidence_by(ended.as_ref(), &judgement);
    let gradient = training.slope_left();
    let TableSummary { inputs, target, without_target, left_out, lookalikes, seen, untaught, kept: reading } =
        &*prepared.found;
    let (network, params) = (training.network(), training.params());
    let Judgement { threshold, train, validation, .. } = judgement;
    let kept = training.best_epoch().filter(|_| settings.validation.patience > 0);
    let summary = Summary {
        schema: "nablab.metrics/1".into(),
        divergence: match &ended {
            Some(Ending::Diverged(divergence)) => Some(divergence.to_string()),
            _ => None,
        },
        ended: match ended {
            Some(Ending::Finished) => Status::Finished,
            Some(Ending::StoppedEarly) => Status::StoppedEarly,
            Some(Ending::Converged) => Status::Converged,
            Some(Ending::SearchFailed) => Status::SearchFailed,
            Some(Ending::Diverged(_)) => Status::Diverged,
            Some(Ending::GivenUp) | None => Status::Interrupted,
        },
        task: target.task(),
        train_rows: prepared.train.m,
        validation_rows: prepared.validation.as_ref().map_or(0, |part| part.m),
        features: inputs.width(),
        without_target: *without_target,
        left_out: left_out.clone(),
        lookalikes: lookalikes.clone(),
        seen: seen.clone(),
        untaught: untaught.clone(),
        parameters: network.layout().learned(),
        epochs: training.epochs_done(),
        best_epoch: kept,
        gradient,
        threshold: settings.validation.threshold.map(|_| threshold),
        seconds: training.history().last().map_or(0.0, |epoch| epoch.seconds),
        train: train.metrics?,
        validation: validation.map(|judged| judged.metrics).transpose()?,
    };
    let model = Model {
        settings: settings.clone(),
        inputs: inputs.clone(),
        target: target.clone(),
        kept: reading.clone(),
        network: network.clone(),
        params: F::params(params.to_vec()),
        threshold,
    };
    let (settings, history) = (settings.clone(), training.history().to_vec());
    Ok(Fitted { model, record: Record { settings, history, summary, evidence: Some(evidence) } })
}
