//! What was learned, and whether it holds on other rows.

use super::wilson;
use crate::{Evidence, Finding, Fit, Score, Thresholds};

/// The loss on the rows learned from is significantly lower than on the others, and the network is better there, too.
pub(super) fn overfitting(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(train), Some(validation)) = (evidence.train, evidence.validation) else { return Vec::new() };
    let square = |fit: Fit| fit.deviation * fit.deviation / fit.rows.max(1) as f64;
    let error = (square(train) + square(validation)).sqrt();
    let score = evidence.score();
    let usual = if score == Score::Accuracy { by.accuracy_gap } else { by.r2_gap };
    let is_beyond_chance = validation.loss - train.loss > by.loss_gap * error;
    let is_much = validation.loss > by.loss_ratio * train.loss && train.metric - validation.metric > usual;
    if is_beyond_chance && is_much {
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

/// No better than an answer that looks at no feature, on the very rows it learned from.
pub(super) fn underfitting(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(train), Some(constant)) = (evidence.train, evidence.constant) else { return Vec::new() };
    let skill = if evidence.score() == Score::Accuracy { by.accuracy_of_skill } else { by.r2_of_skill };
    if train.loss > by.no_skill * constant && train.metric < skill {
        return vec![Finding::Underfitting { loss: train.loss, constant }];
    }
    Vec::new()
}

/// On the rows held out, no better than always the most frequent class, or the mean; nor are the probabilities.
pub(super) fn no_skill(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(validation) = evidence.validation else { return Vec::new() };
    let (score, metric) = (evidence.score(), validation.metric);
    let is_informed = evidence.constant.is_some_and(|constant| validation.loss < by.no_skill * constant);
    let constant = evidence.chance();
    let low = match score {
        Score::R2 => metric,
        Score::Accuracy => wilson(metric, validation.rows as f64).0,
    };
    // With classes that count alike, nobody asked for the most frequent one.
    if low <= constant && !is_informed && !evidence.handling.is_balanced {
        return vec![Finding::NoSkill { score, metric, constant }];
    }
    Vec::new()
}

pub(super) fn validation_too_small(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(validation) = evidence.validation.filter(|_| evidence.score() == Score::Accuracy) else {
        return Vec::new();
    };
    let (low, high) = wilson(validation.metric, validation.rows as f64);
    let margin = (high - low) / 2.0;
    if margin > by.margin {
        return vec![Finding::ValidationTooSmall { rows: validation.rows, margin }];
    }
    Vec::new()
}
