//! A deep diagnosis: experiments that tell what is wrong with a training, and whether what is advised helps.

mod words;

use std::num::NonZeroUsize;

use nablab_diagnosis::{Advice, Checked, Evidence, Score, Shuffled, diagnose};
use nablab_engine::population::side_by_side;
use nablab_engine::{Optimizer, Seed};
use serde::{Serialize, Serializer};

use crate::tables::Tables;
use crate::{Changes, Doubted, Error, FewRows, Model, Outcome, Settings};
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

type Learn = fn(&Settings, &Tables<'_>) -> Result<Outcome, Error>;

impl DeepDiagnosis {
    /// Experiments with the training of a model, over so many seeds, on so many threads; what they show becomes part of the
    /// evidence.
    ///
    /// # Errors
    /// Whatever does not fit the tables.
    pub fn new(
        model: &Model,
        evidence: &mut Evidence,
        tables: &Tables<'_>,
        seeds: usize,
        threads: NonZeroUsize,
    ) -> Result<Self, Error> {
        let settings = &model.settings;
        // Each training is on one thread.
        let each = |settings: &Settings, learn: Learn| {
            side_by_side(seeds, threads, |seed| {
                let mut settings = settings.clone();
                settings.training.seed = Seed::Streams(seed as u64);
                learn(&settings, tables)
            })
        };
        let gradient = Checked::from(&model.check_gradient(tables, CHECKED)?);
        evidence.gradient = Some(gradient.clone());
        let range = match settings.training.optimizer {
            Optimizer::LBfgs { .. } => None,
            _ => {
                let suggestion = settings.find_rate(tables)?.rate;
                Some(SuggestedRate { rate: settings.training.learning_rate, suggestion })
            }
        };
        let found = range.as_ref().map(|range| range.suggestion);
        let as_it_was = each(settings, Settings::learn)?;
        let shuffled = each(settings, Settings::learn_nothing)?;
        evidence.shuffled = beside(&as_it_was, &shuffled);
        let doubted = settings.doubt_labels(&tables.table, FOLDS)?;
        if let Some(doubted) = &doubted {
            evidence.suspects.clone_from(&doubted.suspects);
            (evidence.suspect_rows, evidence.unsure_rows) = (doubted.rows, doubted.unsure);
        }
        let mut changes: Vec<TriedAdvice> = Vec::new();
        for advice in diagnose(evidence).iter().flat_map(|finding| finding.advice(evidence)) {
            let Some(changed) = with(settings, &advice, found).filter(|changed| changed != settings) else {
                continue;
            };
            if changes.iter().any(|change| change.advice == advice) {
                continue;
            }
            let outcomes = each(&changed, Settings::learn)?;
            let differences: Vec<f64> =
                outcomes.iter().zip(&as_it_was).map(|(a, b)| a.loss - b.loss).collect();
            changes.push(TriedAdvice { advice, outcomes, interval: t_interval(&differences) });
        }
        Ok(Self {
            score: evidence.score(),
            chance: evidence.chance(),
            few_rows: settings.learn_few_rows(tables)?,
            shuffled,
            doubted,
            gradient,
            range,
            as_it_was,
            changes,
        })
    }
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
