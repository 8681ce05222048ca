//! A deep diagnosis: experiments that tell what is wrong with a training, and whether what is advised helps.

mod words;

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use nablab_diagnosis::{Advice, Checked, Evidence, Score, Shuffled, diagnose};
use nablab_engine::population::side_by_side;
use nablab_engine::{Done, Optimizer, Seed};
use serde::{Serialize, Serializer};

use crate::experiments::Stop;
use crate::tables::Tables;
use crate::{Changes, Doubted, Error, FewRows, Model, Outcome, Settings, Watch};
use nablab_statistics::t_interval;

/// What the experiments showed.
#[derive(Clone, Debug, Serialize)]
pub struct DeepDiagnosis {
    /// The network alone with a few rows.
    pub few_rows: FewRows,
    #[serde(skip)]
    score: Score,
    /// The metric of an answer that looks at no feature.
    #[serde(skip)]
    chance: f64,
    /// With the targets shuffled, a seed each.
    pub shuffled: Vec<Outcome>,
    /// Labels doubted by networks that have not learned from their rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubted: Option<Doubted>,
    /// The gradient beside finite differences.
    pub gradient: Checked,
    /// Of a search for the rate; none where the rate has no say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<SuggestedRate>,
    /// Of the training as it was, a seed each.
    pub as_it_was: Vec<Outcome>,
    /// Of each change that is advised.
    pub changes: Vec<TriedAdvice>,
}

/// What a search says of the learning rate.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SuggestedRate {
    /// The training's.
    pub rate: f64,
    /// The one that was found.
    pub suggestion: f64,
}

/// A change that was advised, and tried.
#[derive(Clone, Debug, Serialize)]
pub struct TriedAdvice {
    /// The change.
    #[serde(rename = "flags", serialize_with = "as_flags")]
    pub advice: Advice,
    /// A seed each.
    pub outcomes: Vec<Outcome>,
    /// 95 % interval of the difference it makes to the loss, over the seeds.
    pub interval: Option<(f64, f64)>,
}

fn as_flags<S: Serializer>(advice: &Advice, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&advice.flags())
}

/// Folds in which labels are doubted.
const FOLDS: usize = 5;
/// Gradients are checked on so many rows.
const CHECKED: usize = 20;

type Learn = fn(&Settings, &Tables<'_>, Stop<'_>) -> Result<Outcome, Error>;

impl DeepDiagnosis {
    /// Experiments with the training of a model, over so many seeds, on so many threads; what they show becomes part of the
    /// evidence. Of how many there are it is told as far as is known: what is advised, and tried, is known after the first of them.
    ///
    /// # Errors
    /// Whatever does not fit the tables; [`Error::Stopped`].
    pub fn new(
        model: &Model,
        evidence: &mut Evidence,
        tables: &Tables<'_>,
        seeds: usize,
        threads: NonZeroUsize,
        watch: &dyn Watch<Done>,
    ) -> Result<Self, Error> {
        let settings = &model.settings;
        let experiments = Experiments::new(watch, OTHERS + 2 * seeds);
        let stop = || watch.stop();
        // Each training is on one thread.
        let each = |settings: &Settings, learn: Learn| {
            side_by_side(seeds, threads, |seed| {
                let mut settings = settings.clone();
                settings.training.seed = Seed::Streams(seed as u64);
                experiments.done(learn(&settings, tables, &stop))
            })
        };
        let gradient = Checked::from(&model.check_gradient(tables, CHECKED)?);
        evidence.gradient = Some(gradient.clone());
        let range = match settings.training.optimizer {
            Optimizer::LBfgs { .. } => None,
            _ => {
                let suggestion = settings.find_rate(tables, &experiments)?.rate;
                Some(SuggestedRate { rate: settings.training.learning_rate, suggestion })
            }
        };
        let range = experiments.done(Ok(range))?;
        let found = range.as_ref().map(|range| range.suggestion);
        let as_it_was = each(settings, Settings::learn)?;
        let shuffled = each(settings, Settings::learn_nothing)?;
        evidence.shuffled = beside(&as_it_was, &shuffled);
        let doubted = experiments.done(settings.doubt_labels(&tables.table, FOLDS, &stop))?;
        if let Some(doubted) = &doubted {
            evidence.suspects.clone_from(&doubted.suspects);
            (evidence.suspect_rows, evidence.unsure_rows) = (doubted.rows, doubted.unsure);
        }
        let advised = advised(settings, evidence, found);
        experiments.more(advised.len() * seeds);
        let tried = advised.into_iter().map(|(advice, changed)| {
            let outcomes = each(&changed, Settings::learn)?;
            let differences: Vec<f64> =
                outcomes.iter().zip(&as_it_was).map(|(a, b)| a.loss - b.loss).collect();
            Ok(TriedAdvice { advice, outcomes, interval: t_interval(&differences) })
        });
        let changes = tried.collect::<Result<_, Error>>()?;
        let few_rows = experiments.done(settings.learn_few_rows(tables, &stop))?;
        let (score, chance) = (evidence.score(), evidence.chance());
        Ok(Self { score, chance, few_rows, shuffled, doubted, gradient, range, as_it_was, changes })
    }
}

/// Experiments beside the trainings that have a seed each: the search for the rate, the doubts of labels, and the few rows.
const OTHERS: usize = 3;

/// Counts the experiments, and passes on whether to stop.
struct Experiments<'w> {
    watch: &'w dyn Watch<Done>,
    /// Those that are done, and all that are known.
    count: Mutex<Done>,
}

impl<'w> Experiments<'w> {
    fn new(watch: &'w dyn Watch<Done>, of: usize) -> Self {
        Self { watch, count: Mutex::new(Done { done: 0, of }) }
    }

    fn count(&self, count: impl FnOnce(&mut Done)) {
        let mut counted = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        count(&mut counted);
        self.watch.saw(&counted);
    }

    /// There are so many more.
    fn more(&self, experiments: usize) {
        self.count(|count| count.of += experiments);
    }

    /// One is done, unless it failed.
    fn done<T>(&self, result: Result<T, Error>) -> Result<T, Error> {
        let result = result?;
        self.count(|count| count.done += 1);
        Ok(result)
    }
}

impl<E> Watch<E> for Experiments<'_> {
    fn stop(&self) -> bool {
        self.watch.stop()
    }
}

/// What is advised and changes something, each once, with the settings that it makes.
fn advised(settings: &Settings, evidence: &Evidence, found: Option<f64>) -> Vec<(Advice, Settings)> {
    let mut all: Vec<(Advice, Settings)> = Vec::new();
    for advice in diagnose(evidence).iter().flat_map(|finding| finding.advice(evidence)) {
        let changed = with(settings, &advice, found).filter(|changed| changed != settings);
        if let Some(changed) = changed.filter(|_| all.iter().all(|(other, _)| *other != advice)) {
            all.push((advice, changed));
        }
    }
    all
}

/// What trainings gain over trainings with shuffled targets, seed by seed.
fn beside(as_it_was: &[Outcome], shuffled: &[Outcome]) -> Option<Shuffled> {
    let gains = |gain: fn(&Outcome, &Outcome) -> f64| -> Vec<f64> {
        as_it_was.iter().zip(shuffled).map(|(a, b)| gain(a, b)).collect()
    };
    let metric = |all: &[Outcome]| all.iter().map(|outcome| outcome.metric).sum::<f64>() / all.len() as f64;
    Some(Shuffled {
        seeds: as_it_was.len(),
        metric: metric(as_it_was),
        shuffled: metric(shuffled),
        least_gain: t_interval(&gains(|a, b| a.metric - b.metric))?.0,
        least_gain_of_loss: t_interval(&gains(|a, b| b.loss - a.loss))?.0,
    })
}

/// The settings with what is advised, and the rate that a range test found where that is what it asks; none where they would be
/// no settings of a training.
fn with(settings: &Settings, advice: &Advice, found: Option<f64>) -> Option<Settings> {
    let changes = Changes::of(advice)?;
    let mut changed = settings.clone();
    changes.apply(&mut changed).ok()?;
    if changes.finds_learning_rate() {
        changed.training.learning_rate = found?;
    }
    Some(changed)
}
