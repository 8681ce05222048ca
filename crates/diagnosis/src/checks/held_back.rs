//! Penalty and dropout: too strong, or of no effect.

use nablab_engine::{Clip, Optimizer, Schedule, Settings};

use super::rate::momentum_factor;
use crate::{Evidence, Finding, Thresholds};

/// What keeps the network from learning.
pub(super) fn too_strong(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(train), Some(constant), Some(settings)) =
        (evidence.train, evidence.constant, &evidence.settings)
    else {
        return Vec::new();
    };
    let loss = train.loss;
    if loss.is_nan() || loss < by.too_strong_loss * constant {
        return Vec::new();
    }
    if is_penalised(evidence, by) && has_shrunk(evidence, by) {
        let (l2, l1, weight_decay) = strengths(settings);
        return vec![Finding::PenaltyTooStrong { l2, l1, weight_decay, loss, constant }];
    }
    let rate = settings.hidden.iter().map(|layer| layer.dropout).fold(0.0, f64::max);
    if rate >= by.dropout_too_strong_rate {
        return vec![Finding::DropoutTooStrong { rate, loss, constant }];
    }
    Vec::new()
}

/// The penalty is so strong that it may shrink weights to nothing.
pub(super) fn is_penalised(evidence: &Evidence, by: &Thresholds) -> bool {
    let m = evidence.penalty_examples();
    evidence.settings.as_ref().is_some_and(|settings| {
        let (l2, l1, weight_decay) = strengths(settings);
        l2.max(l1) / m > by.penalty_too_strong_pull || weight_decay > by.penalty_too_strong_decay
    })
}

fn strengths(settings: &Settings) -> (f64, f64, f64) {
    let weight_decay = match settings.optimizer {
        Optimizer::AdamW { weight_decay, .. } => weight_decay,
        _ => 0.0,
    };
    (settings.penalty.l2, settings.penalty.l1, weight_decay)
}

/// The penalty's own step, rate · λ / m, throws a weight w to w (1 − rate · λ / m), which is larger than w beyond 2. With a
/// velocity that edge lies further off. Rules that bring gradients to one size take no such step, and of a rate that
/// changes the settings do not say what it was.
pub(super) fn overshooting(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(settings) = evidence.settings.as_ref().filter(|s| s.schedule == Schedule::Constant) else {
        return Vec::new();
    };
    let (l2, _, weight_decay) = strengths(settings);
    let m = evidence.penalty_examples();
    let (strength, pull) = match settings.optimizer {
        Optimizer::AdamW { .. } => (weight_decay, weight_decay),
        _ => (l2, l2 / m),
    };
    let factor = match settings.optimizer {
        Optimizer::AdamW { .. } => Some(1.0),
        rule => momentum_factor(rule),
    };
    let step = factor.map_or(0.0, |factor| settings.learning_rate * pull / factor);
    // Of a penalty that is not strong by itself, the rate is to blame.
    match step > by.penalty_overshoots_step && is_penalised(evidence, by) && settings.clip == Clip::None {
        true => vec![Finding::PenaltyOvershoots { strength, rate: settings.learning_rate, step }],
        false => Vec::new(),
    }
}

/// A layer's weights are much smaller than they began.
fn has_shrunk(evidence: &Evidence, by: &Thresholds) -> bool {
    evidence.start().zip(evidence.end()).is_some_and(|(start, end)| {
        let mut layers = start.signals.layers.iter().zip(&end.signals.layers);
        layers.any(|(start, end)| end.weights < by.penalty_too_strong_shrunk * start.weights)
    })
}

/// What is there and does nothing.
pub(super) fn without_effect(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(settings) = &evidence.settings else { return Vec::new() };
    let mut findings = Vec::new();
    let (l2, l1, _) = strengths(settings);
    // The penalty's part of a weight's gradient is λ w / m, and l1 / m.
    let m = evidence.penalty_examples();
    let readings = evidence.signals.iter().filter(|reading| reading.epoch > 0);
    let layers = readings.flat_map(|reading| &reading.signals.layers);
    let shares = layers.map(|layer| (l2 * layer.weights + l1) / m / layer.gradient);
    let share = shares.fold(f64::NAN, f64::max);
    if l2.max(l1) > 0.0 && share < by.penalty_without_effect_share {
        findings.push(Finding::PenaltyWithoutEffect { l2, l1, share });
    }
    let dropped = settings.hidden.iter().filter(|layer| layer.dropout > 0.0);
    let most = dropped.max_by(|a, b| (a.dropout * a.units as f64).total_cmp(&(b.dropout * b.units as f64)));
    if let Some(layer) = most {
        let silenced = layer.dropout * layer.units as f64;
        if silenced < by.dropout_without_effect_units {
            findings.push(Finding::DropoutWithoutEffect { rate: layer.dropout, silenced });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use nablab_engine::Penalty;

    use super::*;

    /// w ← w − rate · λ w / m, by each rule: it grows where the finding says so.
    #[test]
    fn a_penalty_overshoots_where_weights_grow() {
        for (optimizer, beta) in [(Optimizer::GradientDescent, 0.0), (Optimizer::Momentum { beta: 0.9 }, 0.9)]
        {
            for l2 in [100.0, 190.0, 210.0, 3700.0, 3900.0] {
                let penalty = Penalty { l2, l1: 0.0 };
                let (learning_rate, batch_size) = (0.1, Some(10));
                let settings =
                    Settings { optimizer, learning_rate, penalty, batch_size, ..Settings::default() };
                let (mut w, mut v) = (1.0_f64, 0.0);
                for _ in 0..100 {
                    v = beta * v + (1.0 - beta) * l2 / 10.0 * w;
                    w -= learning_rate * v;
                }
                let evidence = Evidence { settings: Some(settings), rows: 10, ..Evidence::default() };
                let found = overshooting(&evidence, &Thresholds::default());
                assert_eq!(!found.is_empty(), w.abs() > 1.0, "{optimizer:?}, {l2}: {w}");
            }
        }
    }
}
