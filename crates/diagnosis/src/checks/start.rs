//! What is wrong before the first step.

use crate::{Evidence, Finding, Score, Thresholds};

/// The gradient was compared with finite differences, and is another one.
pub(super) fn wrong_gradient(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let wrong = evidence.gradient.clone().filter(|checked| checked.wrong > 0);
    wrong.map(|checked| Finding::WrongGradient { checked }).into_iter().collect()
}

/// Copies from the start that are still copies at the end: the layer that has the most.
pub(super) fn symmetric_units(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let (Some(start), Some(end)) = (evidence.start(), evidence.end()) else { return Vec::new() };
    let layers = start.signals.layers.iter().zip(&end.signals.layers).enumerate();
    let copies = layers.filter(|(_, (start, end))| start.symmetric > 1 && end.symmetric > 1).rev();
    let most = copies.max_by_key(|(_, (_, end))| end.symmetric);
    most.map(|(l, (_, end))| Finding::SymmetricUnits {
        layer: l + 1,
        symmetric: end.symmetric,
        units: end.units,
    })
    .into_iter()
    .collect()
}

pub(super) fn large_weights(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(start) = evidence.start() else { return Vec::new() };
    let layers = start.signals.layers.iter().enumerate();
    let largest = layers.max_by(|a, b| a.1.gain.total_cmp(&b.1.gain));
    let large = largest.filter(|(_, layer)| layer.gain > by.large_weights_gain);
    large.map(|(l, layer)| Finding::LargeWeights { layer: l + 1, gain: layer.gain }).into_iter().collect()
}

pub(super) fn saturated_output(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let share = evidence.start().map_or(0.0, |start| start.signals.certain);
    if share > by.saturated_output_share { vec![Finding::SaturatedOutput { share }] } else { Vec::new() }
}

pub(super) fn initial_loss(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(start), Some(expected)) = (evidence.start(), evidence.ignorant) else { return Vec::new() };
    let loss = start.signals.loss;
    let usual = match evidence.score() {
        Score::Accuracy => by.initial_loss_of_classes,
        Score::R2 => by.initial_loss_of_numbers,
    };
    let is_off = loss.is_nan() || loss > usual * expected;
    if is_off && expected > 0.0 { vec![Finding::InitialLoss { loss, expected }] } else { Vec::new() }
}

/// Errors that vanish or explode from the last hidden layer to the first.
pub(super) fn fading_errors(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(start) = evidence.start() else { return Vec::new() };
    let Some((_, hidden)) = start.signals.layers.split_last() else { return Vec::new() };
    let (Some(first), Some(last), layers) = (hidden.first(), hidden.last(), hidden.len()) else {
        return Vec::new();
    };
    let (first, last) = (first.error, last.error);
    if layers < 2 || last.is_nan() || last == 0.0 {
        return Vec::new();
    }
    let in_all = first / last;
    let per_layer = in_all.powf(1.0 / (layers - 1) as f64);
    if in_all < by.vanishing_gradients_in_all && per_layer < by.vanishing_gradients_per_layer {
        return vec![Finding::VanishingGradients { first, last, layers }];
    }
    if in_all > by.exploding_gradients_in_all && per_layer > by.exploding_gradients_per_layer {
        return vec![Finding::ExplodingGradients { first, last, layers }];
    }
    Vec::new()
}
