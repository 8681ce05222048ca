//! Penalty and dropout: too strong, or of no effect.

use nablab_engine::{Optimizer, Settings};
use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::{UsefulAdvice, digits};
use crate::finding::Describe;
use crate::words::{n, percent};
use crate::{Advice, Certainty, Evidence, Finding, Thresholds, number};

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
        return vec![PenaltyTooStrong { l2, l1, weight_decay, loss, constant }.into()];
    }
    let rate = settings.hidden.iter().map(|layer| layer.dropout).fold(0.0, f64::max);
    if rate >= by.dropout_too_strong_rate {
        return vec![DropoutTooStrong { rate, loss, constant }.into()];
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

/// A layer's weights are much smaller than they began.
fn has_shrunk(evidence: &Evidence, by: &Thresholds) -> bool {
    evidence.start().zip(evidence.end()).is_some_and(|(start, end)| {
        let mut layers = start.signals.layers.iter().zip(&end.signals.layers);
        layers.any(|(start, end)| end.weights < by.penalty_too_strong_shrunk * start.weights)
    })
}

pub(super) fn strengths(settings: &Settings) -> (f64, f64, f64) {
    let weight_decay = match settings.optimizer {
        Optimizer::AdamW { weight_decay, .. } => weight_decay,
        _ => 0.0,
    };
    (settings.penalty.l2, settings.penalty.l1, weight_decay)
}

/// A penalty that outweighs the loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PenaltyTooStrong {
    /// L2 penalty.
    #[serde(with = "number")]
    pub l2: f64,
    /// L1 penalty.
    #[serde(with = "number")]
    pub l1: f64,
    /// Weight decay.
    #[serde(with = "number")]
    pub weight_decay: f64,
    /// Loss on the rows learned from.
    #[serde(with = "number")]
    pub loss: f64,
    /// Loss of an answer that looks at no feature.
    #[serde(with = "number")]
    pub constant: f64,
}

impl Describe for PenaltyTooStrong {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { l2, l1, weight_decay, loss, constant } = *self;
        let named =
            ["L2", "L1", lang.choose("weight decay", "权重衰减")].into_iter().zip([l2, l1, weight_decay]);
        let strongest = named.max_by(|a, b| a.1.total_cmp(&b.1));
        let (name, strength) = strongest.unwrap_or_default();
        lang.choose(
            format!(
                "The penalty ({name} = {strength}) has shrunk weights to less than a third, and the loss stays at {}; an \
                 answer that looks at no feature has {}.",
                n(loss),
                n(constant)
            ),
            format!(
                "惩罚项（{name} = {strength}）把权重压缩到不足原来的三分之一，损失停在 {}，而不看特征的回答为 {}。",
                n(loss),
                n(constant)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        let Self { l2, l1, weight_decay, .. } = self;
        let of = |make: fn(f64) -> Advice, strength: &f64| (make(digits(strength / 100.0)), *strength);
        let each = [of(Advice::L2, l2), of(Advice::L1, l1), of(Advice::WeightDecay, weight_decay)];
        let strongest = each.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(advice, _)| advice);
        // Weight decay belongs to AdamW.
        let decays = matches!(useful.settings.optimizer, Optimizer::AdamW { .. });
        vec![strongest.filter(|advice| !matches!(advice, Advice::WeightDecay(_)) || decays)]
    }
}

/// Dropout that silences too much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DropoutTooStrong {
    /// Share of the units that is silenced.
    #[serde(with = "number")]
    pub rate: f64,
    /// Loss on the rows learned from.
    #[serde(with = "number")]
    pub loss: f64,
    /// Loss of an answer that looks at no feature.
    #[serde(with = "number")]
    pub constant: f64,
}

impl Describe for DropoutTooStrong {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { rate, loss, constant } = self;
        lang.choose(
            format!(
                "Dropout silences {} of the units, and the loss stays at {}; an answer that looks at no feature has {}.",
                percent(*rate),
                n(*loss),
                n(*constant)
            ),
            format!("dropout 关闭了 {} 的单元，损失停在 {}，而不看特征的回答为 {}。", percent(*rate), n(*loss), n(*constant)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.less_dropout()]
    }
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
        findings.push(PenaltyWithoutEffect { l2, l1, share }.into());
    }
    let dropped = settings.hidden.iter().filter(|layer| layer.dropout > 0.0);
    let most = dropped.max_by(|a, b| (a.dropout * a.units as f64).total_cmp(&(b.dropout * b.units as f64)));
    if let Some(layer) = most {
        let silenced = layer.dropout * layer.units as f64;
        if silenced < by.dropout_without_effect_units {
            findings.push(DropoutWithoutEffect { rate: layer.dropout, silenced }.into());
        }
    }
    findings
}

/// A penalty that the gradient does not notice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PenaltyWithoutEffect {
    /// L2 penalty.
    #[serde(with = "number")]
    pub l2: f64,
    /// L1 penalty.
    #[serde(with = "number")]
    pub l1: f64,
    /// Its largest share of the gradient of a layer's weights.
    #[serde(with = "number")]
    pub share: f64,
}

impl Describe for PenaltyWithoutEffect {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { l2, l1, share } = self;
        let (of, strength) = if l2 > l1 { ("L2", l2) } else { ("L1", l1) };
        lang.choose(
            format!(
                "The penalty ({of} = {strength}) makes up at most {} of the gradient of any layer's weights: it does nothing.",
                percent(*share)
            ),
            format!("惩罚项（{of} = {strength}）在任何一层权重的梯度中最多占 {}：没有作用。", percent(*share)),
        )
    }

    fn advice(&self, _: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        let Self { l2, l1, .. } = self;
        vec![Some(if l2 > l1 { Advice::L2(digits(100.0 * l2)) } else { Advice::L1(digits(100.0 * l1)) })]
    }
}

/// Dropout that silences next to nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DropoutWithoutEffect {
    /// Share of the units that is silenced.
    #[serde(with = "number")]
    pub rate: f64,
    /// Units of a layer that are silenced on average.
    #[serde(with = "number")]
    pub silenced: f64,
}

impl Describe for DropoutWithoutEffect {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "Srivastava et al. 2014; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { rate, silenced } = self;
        lang.choose(
            format!(
                "A dropout of {rate} silences {} units of a layer on average: it does nothing.",
                n(*silenced)
            ),
            format!("{rate} 的 dropout 平均只关闭一层中的 {} 个单元：没有作用。", n(*silenced)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        // More of it, in so few units, would do harm: a layer of 16 loses much with 0.3.
        vec![useful.no_dropout()]
    }
}
