//! What was learned, and whether it holds on other rows.

use nablab_statistics::{Z, wilson};

use super::chance;
use crate::{Evidence, Finding, Fit, Score, Thresholds};

/// The network is better on the rows learned from than on the others, by more than chance explains.
pub(super) fn overfitting(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some((score, train, validation)) = gap(evidence, by) else { return Vec::new() };
    let is_beyond_chance = chance::is_worse(score, train, validation, by);
    if is_beyond_chance {
        return vec![Finding::Overfitting {
            score,
            train_loss: train.loss,
            validation_loss: validation.loss,
            train: train.metric,
            validation: validation.metric,
        }];
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

/// No better than an answer that looks at no feature, on the very rows it learned from.
pub(super) fn underfitting(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(train), Some(constant)) = (evidence.train, evidence.constant) else { return Vec::new() };
    let skill =
        if evidence.score() == Score::Accuracy { by.underfitting_accuracy } else { by.underfitting_r2 };
    if train.loss > by.no_skill_loss * constant && train.metric < skill {
        return vec![Finding::Underfitting { loss: train.loss, constant }];
    }
    Vec::new()
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
        return vec![Finding::NoSkill { score, metric, constant }];
    }
    Vec::new()
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
        return vec![Finding::ValidationTooSmall { score, rows, margin }];
    }
    Vec::new()
}
