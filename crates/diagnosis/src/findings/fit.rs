//! What was learned, and whether it holds on other rows.

use nablab_report::Lang;
use nablab_statistics::{Z, wilson};
use serde::{Deserialize, Serialize};

use super::chance;
use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::n;
use crate::{Advice, Certainty, Evidence, Finding, Fit, Score, Thresholds, number};

/// The network is better on the rows learned from than on the others, by more than chance explains.
pub(super) fn overfitting(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some((score, train, validation)) = gap(evidence, by) else { return Vec::new() };
    let is_beyond_chance = chance::is_worse(score, train, validation, by);
    if is_beyond_chance {
        return vec![
            Overfitting {
                score,
                train_loss: train.loss,
                validation_loss: validation.loss,
                train: train.metric,
                validation: validation.metric,
            }
            .into(),
        ];
    }
    Vec::new()
}

/// Rows learned from and rows held out between which the score differs by more than is usual.
fn gap(evidence: &Evidence, by: &Thresholds) -> Option<(Score, Fit, Fit)> {
    let (train, validation, score) = (evidence.train?, evidence.validation?, evidence.score());
    let usual = if score == Score::Accuracy { by.overfitting_accuracy_gap } else { by.overfitting_r2_gap };
    (train.metric - validation.metric > usual).then_some((score, train, validation))
}

/// Such a gap on so few rows that it may be chance.
pub(crate) fn gap_perhaps_by_chance(evidence: &Evidence, by: &Thresholds) -> Option<(Score, Fit, Fit)> {
    gap(evidence, by).filter(|&(score, train, validation)| !chance::is_worse(score, train, validation, by))
}

/// Much better on the rows it learned from than on others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overfitting {
    /// What the two metrics are.
    pub score: Score,
    /// Loss on the rows learned from.
    #[serde(with = "number")]
    pub train_loss: f64,
    /// Loss on the rows held out.
    #[serde(with = "number")]
    pub validation_loss: f64,
    /// Metric on the rows learned from.
    #[serde(with = "number")]
    pub train: f64,
    /// Metric on the rows held out.
    #[serde(with = "number")]
    pub validation: f64,
}

impl Describe for Overfitting {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Goodfellow, Bengio & Courville 2016, section 5.2; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { score, train_loss, validation_loss, train, validation } = self;
        lang.choose(
            format!(
                "The loss is {} on the rows learned from and {} on the others ({} {} and {}), more than chance explains: part of \
                 what was learned holds for those rows only.",
                n(*train_loss),
                n(*validation_loss),
                score.name(lang),
                score.number(*train),
                score.number(*validation)
            ),
            format!(
                "训练行上的损失为 {}，其他行上为 {}（{} {} 与 {}），差距超出偶然波动：学到的东西只有一部分适用于其他行（过拟合）。",
                n(*train_loss),
                n(*validation_loss),
                score.name(lang),
                score.number(*train),
                score.number(*validation)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.more_l2(), useful.more_dropout()]
    }
}

/// No better than an answer that looks at no feature, on the very rows it learned from.
pub(super) fn underfitting(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(train), Some(constant)) = (evidence.train, evidence.constant) else { return Vec::new() };
    let skill =
        if evidence.score() == Score::Accuracy { by.underfitting_accuracy } else { by.underfitting_r2 };
    if train.loss > by.no_skill_loss * constant && train.metric < skill {
        return vec![Underfitting { loss: train.loss, constant }.into()];
    }
    Vec::new()
}

/// Hardly better than an answer that looks at no feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Underfitting {
    /// Loss on the rows learned from.
    #[serde(with = "number")]
    pub loss: f64,
    /// Loss of an answer that looks at no feature.
    #[serde(with = "number")]
    pub constant: f64,
}

impl Describe for Underfitting {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Goodfellow, Bengio & Courville 2016, section 5.2; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { loss, constant } = self;
        lang.choose(
            format!(
                "Even on the rows it learned from the loss is {}; an answer that looks at no feature has {}.",
                n(*loss),
                n(*constant)
            ),
            format!(
                "即使在训练行上，损失也有 {}；完全不看特征的回答为 {}（欠拟合）。",
                n(*loss),
                n(*constant)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.find_rate(), useful.wider()]
    }
}

/// On the rows held out, no better than always the most frequent class, or the mean; nor are the probabilities.
pub(super) fn no_skill(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(validation) = evidence.validation else { return Vec::new() };
    let (score, metric) = (evidence.score(), validation.metric);
    let is_informed = evidence.constant.is_some_and(|constant| validation.loss < by.no_skill_loss * constant);
    let constant = evidence.chance();
    let least = match score {
        Score::R2 => metric,
        Score::Accuracy => wilson(metric, validation.rows as f64).map_or(f64::NAN, |(low, _)| low),
    };
    // With classes that count alike, nobody asked for the most frequent one.
    if least <= constant && !is_informed && !evidence.handling.is_balanced {
        return vec![NoSkill { score, metric, constant }.into()];
    }
    Vec::new()
}

/// On rows held out no better than an answer that looks at no feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoSkill {
    /// What the two metrics are.
    pub score: Score,
    /// On the rows held out.
    #[serde(with = "number")]
    pub metric: f64,
    /// That of an answer that looks at no feature.
    #[serde(with = "number")]
    pub constant: f64,
}

impl Describe for NoSkill {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Goodfellow, Bengio & Courville 2016, section 5.2; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { score, metric, constant } = *self;
        let (what, metric_is) = (score.name(lang), score.number(metric));
        let is_worse = score == Score::R2 && metric < -0.1;
        lang.choose(
            format!(
                "On the rows held out the network has {what} {metric_is}; an answer that looks at no feature has {}{}.",
                score.number(constant),
                if is_worse { ", and is better" } else { ", and cannot be told from it" }
            ),
            format!(
                "网络在留出行上的{what}为 {metric_is}，完全不看特征的回答为 {}：{}。",
                score.number(constant),
                if is_worse { "后者更好" } else { "二者没有可辨的差别" }
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.more_l2(), useful.linear()]
    }
}

pub(super) fn validation_too_small(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(Fit { rows, loss, deviation, metric }) = evidence.validation else { return Vec::new() };
    let score = evidence.score();
    let margin = match score {
        Score::Accuracy => wilson(metric, rows as f64).map_or(f64::NAN, |(low, high)| (high - low) / 2.0),
        // R² is 1 − loss / spread, and the loss is a mean.
        Score::R2 => Z * deviation / (rows as f64).sqrt() * (1.0 - metric) / loss,
    };
    if margin > by.validation_too_small_margin {
        return vec![ValidationTooSmall { score, rows, margin }.into()];
    }
    Vec::new()
}

/// Too few rows held out to tell good from better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValidationTooSmall {
    /// The metric.
    pub score: Score,
    /// Rows held out.
    pub rows: usize,
    /// Half its 95 % interval on so many rows.
    #[serde(with = "number")]
    pub margin: f64,
}

impl Describe for ValidationTooSmall {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "Wilson's interval at 95 %"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { score, rows, margin } = self;
        lang.choose(
            format!(
                "The {} on so few rows held out ({rows}) is known to ± {} only. Smaller differences between trainings are chance.",
                score.name(lang),
                score.number(*margin)
            ),
            format!(
                "留出行太少（{rows} 行）：{}的误差约为 ±{}，训练之间更小的差别只是偶然。",
                score.name(lang),
                score.number(*margin)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.folds()]
    }
}
