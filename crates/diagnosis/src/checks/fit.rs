//! What was learned, and whether it holds on other rows.

use crate::thresholds::{
    COLLAPSED, FEWEST_OF_CLASS, HELD_BACK, LOSS_GAP, LOSS_RATIO, MARGIN, METRIC_GAP, MISSED, NO_SKILL, RARE,
    SKILL, STRONG_PENALTY,
};
use crate::{Class, Evidence, Finding};

/// Share of units whose silence is no longer what one would try first.
const MUCH_DROPOUT: f64 = 0.6;

/// The loss on the rows learned from is significantly lower than on the others, and the network is better there, too.
pub(super) fn overfitting(evidence: &Evidence) -> Vec<Finding> {
    let (Some(train), Some(validation)) = (evidence.train, evidence.validation) else { return Vec::new() };
    let square = |deviation: f64, rows: usize| deviation * deviation / rows.max(1) as f64;
    let error = (square(train.deviation, train.rows) + square(validation.deviation, validation.rows)).sqrt();
    let by_chance = validation.loss - train.loss <= LOSS_GAP * error;
    let [points, r2] = METRIC_GAP;
    let usual = if evidence.is_classification() { points } else { r2 };
    if by_chance || validation.loss <= LOSS_RATIO * train.loss || train.metric - validation.metric <= usual {
        return Vec::new();
    }
    vec![Finding::Overfitting {
        train_loss: train.loss,
        validation_loss: validation.loss,
        train: train.metric,
        validation: validation.metric,
    }]
}

/// No better than an answer that looks at no feature, on the very rows it learned from.
pub(super) fn underfitting(evidence: &Evidence) -> Vec<Finding> {
    let (Some(train), Some(constant)) = (evidence.train, evidence.constant) else { return Vec::new() };
    let [accuracy, r2] = SKILL;
    let skill = if evidence.is_classification() { accuracy } else { r2 };
    if train.loss > NO_SKILL * constant && train.metric < skill {
        return vec![Finding::Underfitting { loss: train.loss, constant }];
    }
    Vec::new()
}

/// On the rows held out, no better than always the most frequent class, or the mean.
pub(super) fn no_skill(evidence: &Evidence) -> Vec<Finding> {
    let Some(validation) = evidence.validation else { return Vec::new() };
    let metric = validation.metric;
    if !evidence.is_classification() {
        return if metric <= 0.0 { vec![Finding::NoSkill { metric, constant: 0.0 }] } else { Vec::new() };
    }
    let most = evidence.classes.iter().map(|class| class.rows).fold(0.0, f64::max);
    let constant = most / evidence.classes.iter().map(|class| class.rows).sum::<f64>();
    let (low, _) = wilson(metric, validation.rows);
    if low <= constant { vec![Finding::NoSkill { metric, constant }] } else { Vec::new() }
}

/// Wilson's interval of a share, at 95 %.
fn wilson(p: f64, rows: usize) -> (f64, f64) {
    const Z: f64 = 1.96;
    let n = rows as f64;
    let (center, scale) = (p + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    let margin = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((center - margin) / scale, (center + margin) / scale)
}

/// A penalty or dropout that keeps the network from learning.
pub(super) fn held_back(evidence: &Evidence) -> Vec<Finding> {
    let (Some(train), Some(constant), Some(settings)) =
        (evidence.train, evidence.constant, &evidence.settings)
    else {
        return Vec::new();
    };
    if train.loss < HELD_BACK * constant {
        return Vec::new();
    }
    // What the penalty adds to the cost, which dropout raises as well.
    let (l2, l1) = (settings.penalty.l2, settings.penalty.l1);
    let shrunk = evidence.start().zip(evidence.end()).is_some_and(|(start, end)| {
        start
            .signals
            .layers
            .iter()
            .zip(&end.signals.layers)
            .any(|(start, end)| end.weights < 0.3 * start.weights)
    });
    let rows = evidence.batch().unwrap_or(1).max(1) as f64;
    if l2.max(l1) / rows > STRONG_PENALTY && shrunk {
        return vec![Finding::PenaltyTooStrong { l2, l1, loss: train.loss, constant }];
    }
    let rate = settings.hidden.iter().map(|layer| layer.dropout).fold(0.0, f64::max);
    if rate >= MUCH_DROPOUT {
        return vec![Finding::DropoutTooStrong { rate, loss: train.loss, constant }];
    }
    Vec::new()
}

/// Classes that are not found: all but never, or much less often than the others because they are rare.
pub(super) fn classes(evidence: &Evidence) -> Vec<Finding> {
    let total: f64 = evidence.classes.iter().map(|class| class.rows).sum();
    let recall = |class: &Class| class.right / class.rows;
    let enough = |class: &&Class| class.rows >= FEWEST_OF_CLASS;
    let mut findings = Vec::new();
    for class in evidence.classes.iter().filter(enough) {
        let others = evidence.classes.iter().filter(enough).filter(|other| other.name != class.name);
        let best = others.map(recall).fold(0.0, f64::max);
        let share = class.rows / total;
        let (name, recall) = (class.name.clone(), recall(class));
        let is_rare = share * (evidence.classes.len() as f64) < RARE;
        if recall <= COLLAPSED && best > 0.5 && !is_rare {
            findings.push(Finding::ClassCollapse { class: name, rows: class.rows, recall });
        } else if is_rare && best - recall > MISSED {
            findings.push(Finding::ClassImbalance { class: name, share, recall, others: best });
        }
    }
    findings
}

pub(super) fn validation_too_small(evidence: &Evidence) -> Vec<Finding> {
    let Some(validation) = evidence.validation.filter(|_| evidence.is_classification()) else {
        return Vec::new();
    };
    let (low, high) = wilson(validation.metric, validation.rows);
    let margin = (high - low) / 2.0;
    if margin > MARGIN {
        return vec![Finding::ValidationTooSmall { rows: validation.rows, margin }];
    }
    Vec::new()
}
