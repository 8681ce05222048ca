//! A penalty whose own steps are too long.

use nablab_engine::{Clip, Optimizer, Schedule};
use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use super::regularisation::{is_penalised, strengths};
use super::stability::momentum_factor;
use crate::advice::{UsefulAdvice, digits};
use crate::finding::Describe;
use crate::words::n;
use crate::{Advice, Certainty, Evidence, Finding, Thresholds, number};

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
        true => vec![PenaltyOvershoots { strength, rate: settings.learning_rate, step }.into()],
        false => Vec::new(),
    }
}

/// A penalty whose own steps carry weights beyond 0, further each time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PenaltyOvershoots {
    /// Strength of the penalty.
    #[serde(with = "number")]
    pub strength: f64,
    /// Learning rate.
    #[serde(with = "number")]
    pub rate: f64,
    /// How many times its own size a step takes off a weight; beyond 2 the weight grows.
    #[serde(with = "number")]
    pub step: f64,
}

impl Describe for PenaltyOvershoots {
    fn certainty(&self) -> Certainty {
        Certainty::Certain
    }

    fn source(&self) -> &'static str {
        "w (1 − rate · λ / m) grows where that exceeds 2"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { strength, rate, step } = self;
        lang.choose(
            format!(
                "At a learning rate of {rate} the penalty ({strength}) takes {} times its own size off a weight in a step: beyond 2 \
                 the weight comes out larger than before, on the other side of 0.",
                n(*step)
            ),
            format!(
                "学习率为 {rate} 时，惩罚项（{strength}）每步从权重中减去其自身大小的 {} 倍：超过 2 倍，权重就会越过 0，而且比原来更大。",
                n(*step)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        let Self { strength, step, .. } = self;
        // A hundredth of a weight a step is a strong penalty, and a steady one.
        let strength = digits(0.01 * strength / step);
        vec![Some(match useful.settings.optimizer {
            Optimizer::AdamW { .. } => Advice::WeightDecay(strength),
            _ => Advice::L2(strength),
        })]
    }
}

#[cfg(test)]
mod tests {
    use nablab_engine::{Penalty, Settings};

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
