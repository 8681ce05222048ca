//! A trial's trainings: one for each seed and fold, epoch by epoch side by side.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use nablab_data::prepare::Task;
use nablab_engine::{Float, Seed, in_precision};
use nablab_tables::{Ending, Error, Preparations, Prepared, Settings, Tables, Training};
use serde_json::{Map, Value, json};

use crate::metric;
use crate::plan::Study;
use crate::space::Point;
use crate::storage::Outcome;
use crate::trial::State;

/// What trials are judged by: a table, and a study's metrics.
#[derive(Debug)]
pub struct Objective<'t> {
    preparations: Arc<Preparations<'t>>,
    metrics: Vec<String>,
    seeds: u64,
    folds: usize,
    fingerprint: String,
}

/// What becomes of a trial after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes on.
    GoOn,
    /// It is not worth more time.
    GiveUp,
    /// There is no time left.
    Stop,
}

/// Follows a trial and decides about it.
pub trait Follow: Sync {
    /// Stop? Asked between two steps where epochs take long.
    fn stop(&self) -> bool {
        false
    }
    /// After an epoch; where the curve has a point, with what the trial is worth if it ended here.
    fn after(&mut self, epoch: u64, value: Option<f64>) -> Verdict;
    /// Epochs after which it has to know the value, beside those of the curve.
    fn wants(&self) -> &[u64];
}

/// Points of a curve at most, beside those that a scheduler decides at.
const CURVE: u64 = 64;

impl<'t> Objective<'t> {
    /// The objective of a study on a table; `study` learns what it seeks where it says nothing of that. Everything is prepared
    /// once, so that what does not fit the table is said before the first trial.
    ///
    /// # Errors
    /// Whatever does not fit the table, and a metric that the task has not.
    pub fn new(study: &mut Study, tables: &'t Tables<'_>) -> Result<Self, Error> {
        let first = study.space.draw(&Point::new(), &mut |parameter| parameter.domain.first());
        let settings = study.settings(&first)?;
        let first_fold = settings.folds(study.plan.folds).next();
        let settings = first_fold.unwrap_or(settings);
        let prepared = Prepared::<f64>::new(&settings, tables, NonZeroUsize::MIN)?;
        let (task, fingerprint) = (prepared.found.target.task(), prepared.fingerprint());
        if study.plan.metric.is_empty() {
            study.plan.metric = vec![metric::default(task).to_owned()];
        }
        let names = metric::names(task);
        if let Some(missing) = study.plan.metric.iter().find(|name| !names.contains(&name.as_str())) {
            let expected = format!("one of {}, which {} has", names.join(", "), task_name(task)).into();
            return Err(Error::Setting { field: "study.metric", expected, got: missing.clone() });
        }
        let metrics = study.plan.metric.clone();
        let (seeds, folds) = (study.plan.seeds, study.plan.folds);
        // Rows that a trial asks for, and those of another one beside it.
        let variants = usize::try_from(seeds).unwrap_or(usize::MAX).saturating_mul(folds.max(1));
        let most = NonZeroUsize::new(variants.saturating_mul(2)).unwrap_or(NonZeroUsize::MIN);
        let preparations = Arc::new(Preparations::new(tables, most));
        Ok(Self { preparations, metrics, seeds, folds, fingerprint })
    }

    /// Of the table it judges on: workers of one study have the same.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The trials are over: rows that were kept for the next ones go.
    pub(crate) fn release(&self) {
        self.preparations.release();
    }

    /// The same with one training for each fold.
    pub(crate) fn of_one_seed(&self) -> Self {
        let (preparations, metrics) = (self.preparations.clone(), self.metrics.clone());
        Self { preparations, metrics, seeds: 1, folds: self.folds, fingerprint: self.fingerprint.clone() }
    }

    /// Train a recipe. Nothing if it was stopped.
    ///
    /// # Errors
    /// Whatever does not fit the table.
    pub fn evaluate(&self, settings: &Settings, follow: &mut dyn Follow) -> Result<Option<Outcome>, Error> {
        in_precision!(settings.training.precision, F => self.evaluate_in::<F>(settings, follow))
    }

    /// The settings of each training.
    fn variants(&self, settings: &Settings) -> Vec<Settings> {
        let seeded = |k: u64| {
            let mut settings = settings.clone();
            if let Seed::Streams(seed) = settings.training.seed {
                settings.training.seed = Seed::Streams(seed + k);
            }
            settings
        };
        let seeds = (0..self.seeds).map(seeded);
        match self.folds {
            0 => seeds.collect(),
            folds => seeds.flat_map(|settings| settings.folds(folds).collect::<Vec<_>>()).collect(),
        }
    }

    fn evaluate_in<F: Float>(
        &self,
        settings: &Settings,
        follow: &mut dyn Follow,
    ) -> Result<Option<Outcome>, Error> {
        let variants = self.variants(settings);
        let prepared: Vec<Prepared<F>> =
            variants.iter().map(|settings| self.preparations.prepared(settings)).collect::<Result<_, _>>()?;
        // Whoever asks for rows first makes them for all: that is no time of its trial.
        let begun = Instant::now();
        let mut trainings: Vec<Training<'_, F>> = variants
            .iter()
            .zip(&prepared)
            .map(|(settings, prepared)| Ok(Training::new(settings, prepared, NonZeroUsize::MIN)?.lean()))
            .collect::<Result<_, Error>>()?;

        let epochs = settings.training.epochs;
        let wanted: BTreeSet<u64> = follow.wants().iter().copied().collect();
        let every = epochs.div_ceil(CURVE);
        let mut curve = Vec::new();
        let mut state = State::Complete;
        let mut divergence = None;
        for epoch in 1..=epochs {
            let mut goes_on = false;
            for training in &mut trainings {
                match training.epoch(&|| begun.elapsed().as_secs_f64(), &|| follow.stop()) {
                    Ok(_) => goes_on = true,
                    Err(Ending::GivenUp) => return Ok(None),
                    Err(Ending::Diverged(why))
                        if training.best_epoch().is_none() || settings.validation.patience == 0 =>
                    {
                        divergence = Some(why.to_string());
                    }
                    Err(_) => {}
                }
            }
            if divergence.is_some() {
                // Nothing is left of it; that it led here is worth knowing.
                state = State::Pruned;
                break;
            }
            if !goes_on {
                break;
            }
            let is_due = epoch % every == 0 || epoch == epochs || wanted.contains(&epoch);
            let value =
                is_due.then(|| self.values(&mut trainings, begun)).transpose()?.map(|(values, _)| values[0]);
            curve.extend(value.map(|value| (epoch, value)));
            match follow.after(epoch, value) {
                Verdict::GoOn => {}
                Verdict::GiveUp => {
                    state = State::Pruned;
                    break;
                }
                Verdict::Stop => return Ok(None),
            }
        }
        let (values, mut attributes) = self.values(&mut trainings, begun)?;
        attributes.insert("epochs".into(), trainings.iter().map(Training::epochs_done).max().into());
        let values = match (state, curve.last()) {
            (State::Complete, _) => values,
            // As Optuna does: the last value known.
            (_, Some(&(_, last))) if divergence.is_none() => vec![last],
            _ => Vec::new(),
        };
        if let Some(divergence) = divergence {
            attributes.insert("diverged".into(), divergence.into());
        }
        Ok(Some(Outcome { state, values, curve, attributes }))
    }

    /// The objectives, and what else is known: means over the trainings.
    fn values<F: Float>(
        &self,
        trainings: &mut [Training<'_, F>],
        begun: Instant,
    ) -> Result<(Vec<f64>, Map<String, Value>), Error> {
        let mut each: Vec<Map<String, Value>> = Vec::new();
        for training in trainings {
            let (loss, metrics) = training.judged()?;
            let mut numbers = metric::numbers(&metrics);
            numbers.insert("loss".into(), json!(loss));
            numbers.insert("parameters".into(), training.network().layout().learned().into());
            each.push(numbers);
        }
        let of = |name: &str| -> Vec<f64> {
            // A metric that is undefined here is null, and no number.
            each.iter().map(|numbers| numbers.get(name).and_then(Value::as_f64).unwrap_or(f64::NAN)).collect()
        };
        let mean = |name: &str| of(name).iter().sum::<f64>() / each.len() as f64;
        let seconds = begun.elapsed().as_secs_f64();
        let value = |name: &String| if name == "seconds" { seconds } else { mean(name) };
        let values = self.metrics.iter().map(value).collect();
        let names = each.first().into_iter().flat_map(|numbers| numbers.keys());
        let mut attributes: Map<String, Value> =
            names.map(|name| (name.clone(), json!(mean(name)))).collect();
        attributes.insert("seconds".into(), json!(seconds));
        if each.len() > 1 {
            attributes.insert("each".into(), json!(of(&self.metrics[0])));
        }
        Ok((values, attributes))
    }
}

fn task_name(task: Task) -> &'static str {
    match task {
        Task::Binary => "a prediction of yes or no",
        Task::Multiclass => "a prediction of classes",
        Task::Multilabel => "a prediction of several labels",
        Task::Regression => "a prediction of numbers",
    }
}
