//! Steps longer than the curvature along the gradient allows.

use nablab_engine::{Optimizer, Schedule};
use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use super::rate::rate;
use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::n;
use crate::{Advice, Certainty, Evidence, Finding, Thresholds, number};

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
        return vec![EdgeOfStability { rate, curvature, edge }.into()];
    }
    Vec::new()
}

/// How many times as long the steps of plain descent may be with a velocity.
pub(super) fn momentum_factor(rule: Optimizer) -> Option<f64> {
    match rule {
        Optimizer::GradientDescent => Some(1.0),
        Optimizer::Momentum { beta } => Some((1.0 + beta) / (1.0 - beta)),
        Optimizer::Nesterov { beta } => Some((1.0 + beta) / ((1.0 - beta) * (1.0 + 2.0 * beta))),
        Optimizer::HeavyBall { beta, nesterov: false } => Some(1.0 + beta),
        Optimizer::HeavyBall { beta, nesterov: true } => Some((1.0 + beta) / (1.0 + 2.0 * beta)),
        _ => None,
    }
}

/// Steps of this rate climb where the curvature along the gradient is what it was at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeOfStability {
    /// Learning rate.
    #[serde(with = "number")]
    pub rate: f64,
    /// Of the cost along the gradient.
    #[serde(with = "number")]
    pub curvature: f64,
    /// The rate above which steps climb there.
    #[serde(with = "number")]
    pub edge: f64,
}

impl Describe for EdgeOfStability {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "Cohen et al. 2021"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { rate, curvature, edge } = self;
        lang.choose(
            format!(
                "Along the gradient the cost curves by {}: there, steps with a rate above {} climb, and the rate is {rate}. A \
                 training can go on like this, at the edge of stability, but not smoothly.",
                n(*curvature),
                n(*edge)
            ),
            format!(
                "代价沿梯度方向的曲率为 {}：学习率超过 {} 时，这一方向上的步会使代价上升，而现在的学习率是 {rate}。训练可以在稳定性边缘继续，\
                 但不会平稳。",
                n(*curvature),
                n(*edge)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.rate(self.edge / 2.0), useful.cosine()]
    }
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
                let share = if let Optimizer::HeavyBall { .. } = optimizer { 1.0 } else { 1.0 - beta };
                v = beta * v + share * g;
                w -= rate
                    * match optimizer {
                        Optimizer::GradientDescent => g,
                        Optimizer::Momentum { .. } | Optimizer::HeavyBall { nesterov: false, .. } => v,
                        _ => beta * v + share * g,
                    };
            }
            w.abs()
        };
        let heavy_ball = |nesterov| Optimizer::HeavyBall { beta, nesterov };
        for optimizer in [
            Optimizer::GradientDescent,
            Optimizer::Momentum { beta },
            Optimizer::Nesterov { beta },
            heavy_ball(false),
            heavy_ball(true),
        ] {
            let found = edge_of_stability(&at(optimizer, 1e9, c), &Thresholds::default());
            let [Finding::EdgeOfStability(EdgeOfStability { edge, .. })] = found[..] else {
                panic!("{optimizer:?}")
            };
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
