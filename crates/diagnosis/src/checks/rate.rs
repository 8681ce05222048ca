//! How the cost went down: too fast, too slowly, not to the end.

use nablab_engine::Optimizer;

use crate::thresholds::{
    COME_DOWN, CRAWLS, DEAD, HARDLY_MOVED, HELD_BACK, JUMPS, NOISE, RISE, STILL_FALLING, THROWN,
};
use crate::{Evidence, Finding, Moment};

/// Fewer epochs are no curve to read anything from.
const FEWEST: usize = 8;

pub(super) fn diverged(evidence: &Evidence) -> Vec<Finding> {
    let diverged = evidence.diverged.clone().map(|(step, place)| Finding::Diverged { step, place });
    diverged.into_iter().collect()
}

/// A curve of costs: the means of its tenths, and how it jumps at its end.
struct Curve {
    tenths: Vec<f64>,
    jumps: f64,
}

impl Curve {
    fn of(history: &[Moment], field: impl Fn(&Moment) -> f64) -> Option<Self> {
        let values: Vec<f64> = history.iter().map(field).collect();
        if values.len() < FEWEST || values.iter().any(|v| !v.is_finite()) {
            return None;
        }
        let width = (values.len() / 10).max(1);
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let tenths = values.rchunks(width).map(mean).collect::<Vec<_>>().into_iter().rev().collect();
        let end = &values[values.len() - values.len().min(2 * width + 1)..];
        let jumps = end.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>();
        Some(Self { tenths, jumps: jumps / (end.len() - 1).max(1) as f64 })
    }

    fn end(&self) -> f64 {
        self.tenths.last().copied().unwrap_or(f64::NAN)
    }

    fn lowest(&self) -> f64 {
        self.tenths.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// By which share of itself it fell over the last tenth.
    fn fall(&self) -> f64 {
        match self.tenths[..] {
            [.., before, end] => 1.0 - end / before,
            _ => 0.0,
        }
    }
}

/// Of rows learned from, without penalty and dropout, where that is known; else the cost.
fn loss(at: &Moment) -> f64 {
    if at.train_loss.is_nan() { at.cost } else { at.train_loss }
}

fn rate(evidence: &Evidence) -> Option<f64> {
    let settings = evidence.settings.as_ref()?;
    (!matches!(settings.optimizer, Optimizer::LBfgs { .. })).then_some(settings.learning_rate)
}

/// The cost has risen again, or jumps about as widely as it has come down, or is above where it began.
pub(super) fn too_high(evidence: &Evidence) -> Vec<Finding> {
    let (Some(rate), Some(curve)) = (rate(evidence), Curve::of(&evidence.history, loss)) else {
        return Vec::new();
    };
    let (lowest, end) = (curve.lowest(), curve.end());
    let start = evidence.start().map_or(curve.tenths[0], |start| start.signals.loss).max(curve.tenths[0]);
    let descent = (start - lowest).max(0.0);
    let scale = evidence.ignorant.unwrap_or(start);
    let has_risen = end > RISE * lowest && end - lowest > 0.05 * scale;
    let jumps = curve.jumps > JUMPS * descent.max(0.05 * scale) && curve.jumps > 0.1 * end;
    // With a rate that makes the first steps leap, the cost never comes back to where it began.
    let leapt = evidence
        .start()
        .is_some_and(|start| start.signals.loss.is_finite() && end > 1.2 * start.signals.loss.max(scale));
    // Or it has thrown the weights to where nothing is learned.
    let moved = evidence.signals.iter().flat_map(|at| &at.signals.layers).map(|layer| layer.moved);
    let thrown = moved.fold(0.0, f64::max) > THROWN
        && evidence.constant.is_some_and(|constant| end > HELD_BACK * constant);
    let died = died(evidence);
    if has_risen || jumps || leapt || thrown || died > 0 {
        return vec![Finding::LearningRateTooHigh { rate, lowest, end, died }];
    }
    Vec::new()
}

/// Units of the layer that has lost most of them on the way, if it began alive: long steps carry units of relu to where no
/// gradient leads back from.
fn died(evidence: &Evidence) -> usize {
    let (Some(start), Some(end)) = (evidence.start(), evidence.end()) else { return 0 };
    let layers = start.signals.layers.iter().zip(&end.signals.layers);
    let lost =
        layers.filter(|(start, end)| (end.dead - start.dead.min(end.dead)) as f64 >= DEAD * end.units as f64);
    lost.map(|(_, end)| end.dead).max().unwrap_or(0)
}

/// The cost still falls, and steps are a small part of what the curvature allows, or of the weights.
pub(super) fn too_low(evidence: &Evidence) -> Vec<Finding> {
    let (Some(rate), Some(curve)) = (rate(evidence), Curve::of(&evidence.history, loss)) else {
        return Vec::new();
    };
    let (Some(settings), Some(end)) = (&evidence.settings, evidence.end()) else { return Vec::new() };
    let fall = curve.fall();
    let learned = evidence.constant.is_some_and(|constant| curve.end() < COME_DOWN * constant);
    if learned {
        return Vec::new();
    }
    let could_be = match settings.optimizer {
        Optimizer::GradientDescent | Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => {
            let edge = 2.0 / end.signals.curvature;
            (edge > 0.0 && rate < CRAWLS * edge && fall > 0.2 * STILL_FALLING).then_some(edge / 4.0)
        }
        Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. } => {
            let steps = evidence.history.last().map_or(0, |at| at.epoch) as f64
                * (evidence.rows as f64 / evidence.batch().unwrap_or(1).max(1) as f64).ceil();
            let weights = end.signals.layers.iter().map(|layer| layer.weights).fold(f64::INFINITY, f64::min);
            (rate * steps < HARDLY_MOVED * weights && fall > 0.0).then(|| (rate * 100.0).min(1e-3))
        }
        Optimizer::LBfgs { .. } => None,
    };
    could_be.map(|could_be| Finding::LearningRateTooLow { rate, could_be, fall }).into_iter().collect()
}

pub(super) fn stopped_too_early(evidence: &Evidence) -> Vec<Finding> {
    if !evidence.is_finished {
        return Vec::new();
    }
    let known = |at: &Moment| if at.validation_loss.is_nan() { at.train_loss } else { at.validation_loss };
    let Some(curve) = Curve::of(&evidence.history, known) else { return Vec::new() };
    let (fall, epochs) = (curve.fall(), evidence.history.last().map_or(0, |at| at.epoch));
    let before = curve.end() / (1.0 - fall);
    if fall > STILL_FALLING && before - curve.end() > curve.jumps {
        return vec![Finding::StoppedTooEarly { fall, epochs }];
    }
    Vec::new()
}

pub(super) fn batch_too_small(evidence: &Evidence) -> Vec<Finding> {
    let (Some(batch), Some(start)) = (evidence.batch(), evidence.start()) else { return Vec::new() };
    if batch >= evidence.rows {
        return Vec::new();
    }
    // Near a minimum all is noise; half way down it is what costs steps.
    let middle = evidence.signals.get(evidence.signals.len() / 2).unwrap_or(start);
    let noise_scale = middle.signals.noise_scale(middle.examples);
    if noise_scale.is_finite() && noise_scale > NOISE * batch as f64 {
        return vec![Finding::BatchTooSmall { batch, noise_scale }];
    }
    Vec::new()
}
