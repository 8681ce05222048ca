//! The learning rate and the batch: steps too long, too short, too noisy.

use nablab_engine::{Clip, Optimizer, Schedule};

use super::curve::Curve;
use super::held_back::is_penalised;
use crate::{Evidence, Finding, Sign, Thresholds};

pub(super) fn diverged(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let diverged = evidence.diverged.clone().map(|(step, place)| Finding::Diverged { step, place });
    diverged.into_iter().collect()
}

/// The rate, where it has a say.
fn rate(evidence: &Evidence) -> Option<f64> {
    let settings = evidence.settings.as_ref()?;
    (!matches!(settings.optimizer, Optimizer::LBfgs { .. })).then_some(settings.learning_rate)
}

/// The loss has risen again, or jumps about as widely as it has come down, or is above where it began.
pub(super) fn too_high(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(rate), Some(curve)) = (rate(evidence), Curve::of_learning(evidence)) else { return Vec::new() };
    let (lowest, end) = (curve.lowest(), curve.end());
    let before = evidence.start().map(|start| start.signals.loss).filter(|loss| loss.is_finite());
    let start = before.unwrap_or(curve.tenths[0]).max(curve.tenths[0]);
    let scale = evidence.ignorant.unwrap_or(start);
    let descent = (start - lowest).max(by.least_descent * scale);
    // The labs' evidence has the mean cost of the batches, which dropout and small batches make jump by themselves.
    let is_above = |share: f64| evidence.constant.is_none_or(|constant| end > share * constant);
    let signs = [
        (
            end > by.learning_rate_too_high_rise * lowest && end - lowest > by.least_descent * scale,
            Sign::Rose,
        ),
        (
            curve.jumps > by.learning_rate_too_high_jumps * descent
                && curve.jumps > by.learning_rate_too_high_jumps_of_itself * end,
            Sign::Jumps,
        ),
        (
            before.is_some_and(|before| end > by.learning_rate_too_high_above_start * before.max(scale)),
            Sign::Leapt,
        ),
        (
            furthest_moved(evidence) > by.learning_rate_too_high_thrown && is_above(by.too_strong_loss),
            Sign::Thrown,
        ),
    ];
    // A penalty that shrinks weights puts units to sleep, too; and of little, any step is a large part.
    let is_free = !is_penalised(evidence, by);
    let stride = stride(evidence, by).filter(|_| is_free).map(|share| Sign::Stride { share });
    let died = died(evidence, by).filter(|_| is_free && is_above(by.come_down));
    let sign = signs.into_iter().find_map(|(is_seen, sign)| is_seen.then_some(sign));
    let sign = sign.or(stride).or(died.map(|units| Sign::Died { units }));
    sign.map(|sign| Finding::LearningRateTooHigh { rate, lowest, end, sign }).into_iter().collect()
}

/// How far a layer was ever from its start, as a share of its size there.
fn furthest_moved(evidence: &Evidence) -> f64 {
    let layers = evidence.signals.iter().flat_map(|at| &at.signals.layers);
    layers.map(|layer| layer.moved).fold(0.0, f64::max)
}

/// How much the last step changed the layer it changed most, if that is too much.
fn stride(evidence: &Evidence, by: &Thresholds) -> Option<f64> {
    let largest = evidence.end()?.signals.layers.iter().map(|layer| layer.update).fold(0.0, f64::max);
    (largest > by.learning_rate_too_high_stride).then_some(largest)
}

/// Units lost on the way by a layer that began alive: long steps carry units of relu to where no gradient leads back from.
fn died(evidence: &Evidence, by: &Thresholds) -> Option<usize> {
    let (start, end) = (evidence.start()?, evidence.end()?);
    let layers = start.signals.layers.iter().zip(&end.signals.layers);
    let lost = layers.map(|(start, end)| (end.dead.saturating_sub(start.dead), end.units));
    let many = lost.filter(|&(lost, units)| lost as f64 >= by.dead_units_share * units as f64 && lost > 0);
    many.map(|(lost, _)| lost).max()
}

/// The loss is high and still falls, or nothing has moved, and steps are a small part of what the curvature allows, or of
/// the weights.
pub(super) fn too_low(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(rate), Some(curve)) = (rate(evidence), Curve::of_learning(evidence)) else { return Vec::new() };
    let (Some(settings), Some(end)) = (&evidence.settings, evidence.end()) else { return Vec::new() };
    let has_come_down = evidence.constant.is_some_and(|constant| curve.end() < by.come_down * constant);
    // A clipped step says little of the rate.
    if has_come_down || settings.clip != Clip::None {
        return Vec::new();
    }
    let fall = curve.fall();
    let could_be = match settings.optimizer {
        Optimizer::GradientDescent | Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => {
            let edge = Some(2.0 / end.signals.curvature).filter(|edge| edge.is_finite() && *edge > 0.0);
            let is_on_its_way = fall > by.plateau_change / 2.0 || furthest_moved(evidence) < by.least_descent;
            edge.filter(|edge| rate < by.learning_rate_too_low_of_edge * edge && is_on_its_way)
                .map(|edge| edge / 4.0)
        }
        Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. } => {
            let steps = evidence.epochs as f64
                * (evidence.rows as f64 / evidence.batch().unwrap_or(1).max(1) as f64).ceil();
            let weights = end.signals.layers.iter().map(|layer| layer.weights).fold(f64::INFINITY, f64::min);
            // Adam's own rate: a hundred times a tiny one is tiny.
            (rate * steps < by.learning_rate_too_low_moved * weights && fall > 0.0).then_some(1e-3)
        }
        Optimizer::LBfgs { .. } => None,
    };
    let higher = could_be.filter(|could_be| *could_be > rate);
    higher.map(|could_be| Finding::LearningRateTooLow { rate, could_be, fall }).into_iter().collect()
}

/// How many times as long the steps of plain descent may be with a velocity.
pub(super) fn momentum_factor(rule: Optimizer) -> Option<f64> {
    match rule {
        Optimizer::GradientDescent => Some(1.0),
        Optimizer::Momentum { beta } => Some((1.0 + beta) / (1.0 - beta)),
        Optimizer::Nesterov { beta } => Some((1.0 + beta) / ((1.0 - beta) * (1.0 + 2.0 * beta))),
        _ => None,
    }
}

/// Beyond the rate at which plain descent stops going down along the gradient: 2 / c at curvature c, and with a velocity
/// v ← β v + (1 − β) g, 2 (1 + β) / ((1 − β) c); looking ahead, 2 (1 + β) / ((1 − β) (1 + 2 β) c) (Cohen et al. 2021,
/// appendix B, whose velocity has no factor 1 − β).
pub(super) fn edge_of_stability(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let (Some(settings), Some(rate)) = (&evidence.settings, rate(evidence)) else { return Vec::new() };
    let Some(factor) = momentum_factor(settings.optimizer) else { return Vec::new() };
    // Of a rate that changes, the settings do not say what it was.
    if settings.schedule != Schedule::Constant {
        return Vec::new();
    }
    // Before the first step nobody has stepped; and at the edge, curvature goes up and down.
    let later = evidence.signals.iter().filter(|at| at.epoch > 0 && 2 * at.epoch >= evidence.epochs);
    let curvature = later.map(|at| at.signals.curvature).fold(f64::NAN, f64::max);
    let edge = 2.0 * factor / curvature;
    if edge.is_finite() && edge > 0.0 && rate > edge {
        return vec![Finding::EdgeOfStability { rate, curvature, edge }];
    }
    Vec::new()
}

pub(super) fn batch_too_small(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(batch), Some(start)) = (evidence.batch(), evidence.start()) else { return Vec::new() };
    if batch >= evidence.rows {
        return Vec::new();
    }
    // Near a minimum all is noise; half way down it is what costs steps.
    let middle = evidence.signals.get(evidence.signals.len() / 2).unwrap_or(start);
    let noise_scale = middle.signals.noise_scale(middle.examples);
    if noise_scale.is_finite() && noise_scale > by.batch_too_small_noise * batch as f64 {
        return vec![Finding::BatchTooSmall { batch, noise_scale }];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use nablab_engine::Settings;
    use nablab_engine::signals::Signals;

    use super::*;
    use crate::Reading;

    fn at(optimizer: Optimizer, learning_rate: f64, curvature: f64) -> Evidence {
        let signals = Signals {
            loss: 1.0,
            gradient: 1.0,
            variance: 1.0,
            curvature,
            certain: 0.0,
            predicted: Vec::new(),
            layers: Vec::new(),
        };
        let settings = Settings { optimizer, learning_rate, ..Settings::default() };
        let signals = vec![Reading { epoch: 9, examples: 8, signals }];
        Evidence { settings: Some(settings), signals, ..Evidence::default() }
    }

    /// On a quadratic f(w) = c w² / 2 a rate below the edge shrinks w, and one above it makes it grow.
    #[test]
    fn the_edge_is_where_a_quadratic_stops_shrinking() {
        let (c, beta) = (3.0, 0.8);
        let descend = |optimizer: Optimizer, rate: f64| {
            let (mut w, mut v) = (1.0_f64, 0.0);
            for _ in 0..2000 {
                let g = c * w;
                v = beta * v + (1.0 - beta) * g;
                w -= rate
                    * match optimizer {
                        Optimizer::GradientDescent => g,
                        Optimizer::Momentum { .. } => v,
                        _ => beta * v + (1.0 - beta) * g,
                    };
            }
            w.abs()
        };
        for optimizer in
            [Optimizer::GradientDescent, Optimizer::Momentum { beta }, Optimizer::Nesterov { beta }]
        {
            let found = edge_of_stability(&at(optimizer, 1e9, c), &Thresholds::default());
            let [Finding::EdgeOfStability { edge, .. }] = found[..] else { panic!("{optimizer:?}") };
            let [below, above] = [0.99, 1.01].map(|share| descend(optimizer, share * edge));
            assert!(below < 1e-3 && above > 1.0, "{optimizer:?}: {below} {above}");
            assert_eq!(edge_of_stability(&at(optimizer, 0.99 * edge, c), &Thresholds::default()), []);
        }
    }

    #[test]
    fn no_curvature_is_no_edge() {
        for curvature in [0.0, -3.0, f64::NAN] {
            let evidence = at(Optimizer::GradientDescent, 1e9, curvature);
            assert_eq!(edge_of_stability(&evidence, &Thresholds::default()), []);
        }
    }
}
