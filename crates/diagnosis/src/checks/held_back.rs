//! Penalty and dropout: too strong, or of no effect.

use nablab_engine::{Optimizer, Settings};

use crate::{Evidence, Finding, Thresholds};

/// What keeps the network from learning.
pub(super) fn too_strong(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(train), Some(constant), Some(settings)) =
        (evidence.train, evidence.constant, &evidence.settings)
    else {
        return Vec::new();
    };
    let loss = train.loss;
    if loss.is_nan() || loss < by.held_back * constant {
        return Vec::new();
    }
    if is_penalised(evidence, by) && has_shrunk(evidence, by) {
        let (l2, l1, weight_decay) = strengths(settings);
        return vec![Finding::PenaltyTooStrong { l2, l1, weight_decay, loss, constant }];
    }
    let rate = settings.hidden.iter().map(|layer| layer.dropout).fold(0.0, f64::max);
    if rate >= by.strong_dropout {
        return vec![Finding::DropoutTooStrong { rate, loss, constant }];
    }
    Vec::new()
}

/// The penalty is so strong that it may shrink weights to nothing.
pub(super) fn is_penalised(evidence: &Evidence, by: &Thresholds) -> bool {
    let rows = evidence.count();
    evidence.settings.as_ref().is_some_and(|settings| {
        let (l2, l1, weight_decay) = strengths(settings);
        l2.max(l1) / rows > by.strong_penalty || weight_decay > by.strong_decay
    })
}

fn strengths(settings: &Settings) -> (f64, f64, f64) {
    let weight_decay = match settings.optimizer {
        Optimizer::AdamW { weight_decay, .. } => weight_decay,
        _ => 0.0,
    };
    (settings.penalty.l2, settings.penalty.l1, weight_decay)
}

/// A layer's weights are much smaller than they began.
fn has_shrunk(evidence: &Evidence, by: &Thresholds) -> bool {
    evidence.start().zip(evidence.end()).is_some_and(|(start, end)| {
        let mut layers = start.signals.layers.iter().zip(&end.signals.layers);
        layers.any(|(start, end)| end.weights < by.shrunk * start.weights)
    })
}

/// What is there and does nothing.
pub(super) fn without_effect(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(settings) = &evidence.settings else { return Vec::new() };
    let mut findings = Vec::new();
    let (l2, l1, _) = strengths(settings);
    // The penalty's part of a weight's gradient is λ w / m, and l1 / m.
    let rows = evidence.count();
    let readings = evidence.signals.iter().filter(|reading| reading.epoch > 0);
    let layers = readings.flat_map(|reading| &reading.signals.layers);
    let shares = layers.map(|layer| (l2 * layer.weights + l1) / rows / layer.gradient);
    let share = shares.fold(f64::NAN, f64::max);
    if l2.max(l1) > 0.0 && share < by.idle_penalty {
        findings.push(Finding::PenaltyWithoutEffect { l2, l1, share });
    }
    let dropped = settings.hidden.iter().filter(|layer| layer.dropout > 0.0);
    let most = dropped.max_by(|a, b| (a.dropout * a.units as f64).total_cmp(&(b.dropout * b.units as f64)));
    if let Some(layer) = most {
        let silenced = layer.dropout * layer.units as f64;
        if silenced < by.idle_dropout {
            findings.push(Finding::DropoutWithoutEffect { rate: layer.dropout, silenced });
        }
    }
    findings
}
