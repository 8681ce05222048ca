//! What is wrong before the first step.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::{n, percent};
use crate::{Advice, Certainty, Evidence, Finding, Score, Thresholds, number};

/// Copies from the start that are still copies at the end: the layer that has the most.
pub(super) fn symmetric_units(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let (Some(start), Some(end)) = (evidence.start(), evidence.end()) else { return Vec::new() };
    let layers = start.signals.layers.iter().zip(&end.signals.layers).enumerate();
    let copies = layers.filter(|(_, (start, end))| start.symmetric > 1 && end.symmetric > 1).rev();
    let most = copies.max_by_key(|(_, (_, end))| end.symmetric);
    most.map(|(l, (_, end))| {
        SymmetricUnits { layer: l + 1, symmetric: end.symmetric, units: end.units }.into()
    })
    .into_iter()
    .collect()
}

/// Units that are copies of each other from the start, and stayed so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SymmetricUnits {
    /// The layer.
    pub layer: usize,
    /// Units that are copies.
    pub symmetric: usize,
    /// Units of the layer.
    pub units: usize,
}

impl Describe for SymmetricUnits {
    fn certainty(&self) -> Certainty {
        Certainty::Certain
    }

    fn source(&self) -> &'static str {
        "Goodfellow, Bengio & Courville 2016, section 8.4; the course"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { layer, symmetric, units } = self;
        lang.choose(
            format!(
                "In layer {layer}, {symmetric} of {units} units began as copies of each other and still are: they get \
                 equal gradients, and work as one unit. Weights have to begin different."
            ),
            format!(
                "第 {layer} 层的 {units} 个单元中有 {symmetric} 个从一开始就彼此相同，并且始终相同：它们得到相同的梯度，相当于一个单元。\
                 权重必须从不同的值开始。"
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.init()]
    }
}

pub(super) fn large_weights(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(start) = evidence.start() else { return Vec::new() };
    let layers = start.signals.layers.iter().enumerate();
    let largest = layers.max_by(|a, b| a.1.gain.total_cmp(&b.1.gain));
    let large = largest.filter(|(_, layer)| layer.gain > by.large_weights_gain);
    large.map(|(l, layer)| LargeWeights { layer: l + 1, gain: layer.gain }.into()).into_iter().collect()
}

/// Weights so large that each layer multiplies its signals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LargeWeights {
    /// The layer.
    pub layer: usize,
    /// How many times larger its signals come out.
    #[serde(with = "number")]
    pub gain: f64,
}

impl Describe for LargeWeights {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "He et al. 2015; the course"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { layer, gain } = self;
        lang.choose(
            format!(
                "The initial weights of layer {layer} multiply what goes in by {}; 1 to 1.4 keeps its size from layer to layer.",
                n(*gain)
            ),
            format!("第 {layer} 层的初始权重把输入放大 {} 倍；1 到 1.4 倍才能使信号逐层保持大小。", n(*gain)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.init()]
    }
}

pub(super) fn saturated_output(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let share = evidence.start().map_or(0.0, |start| start.signals.certain);
    if share > by.saturated_output_share { vec![SaturatedOutput { share }.into()] } else { Vec::new() }
}

/// The untrained network is certain of what it cannot know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SaturatedOutput {
    /// Share of the examples.
    #[serde(with = "number")]
    pub share: f64,
}

impl Describe for SaturatedOutput {
    fn certainty(&self) -> Certainty {
        Certainty::Certain
    }

    fn source(&self) -> &'static str {
        "the course; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { share } = self;
        lang.choose(
            format!(
                "Before the first step the network is all but certain of its answer for {} of the examples. Saturated outputs \
                 are right only by chance at this point, and learn slowly.",
                percent(*share)
            ),
            format!("第一步之前，网络对 {} 的样本就几乎完全确信。饱和的输出此时只能碰巧正确，学习也很慢。", percent(*share)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.init()]
    }
}

pub(super) fn initial_loss(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(start), Some(expected)) = (evidence.start(), evidence.ignorant) else { return Vec::new() };
    let loss = start.signals.loss;
    let usual = match evidence.score() {
        Score::Accuracy => by.initial_loss_of_classes,
        Score::R2 => by.initial_loss_of_numbers,
    };
    let is_off = loss.is_nan() || loss > usual * expected;
    if is_off && expected > 0.0 { vec![InitialLoss { loss, expected }.into()] } else { Vec::new() }
}

/// The first loss is not that of a network that knows nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InitialLoss {
    /// Before the first step.
    #[serde(with = "number")]
    pub loss: f64,
    /// That of a network that knows nothing.
    #[serde(with = "number")]
    pub expected: f64,
}

impl Describe for InitialLoss {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Karpathy 2019, A recipe for training neural networks; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { loss, expected } = self;
        lang.choose(
            format!(
                "The loss before the first step is {}; a network that knows nothing yet has about {}. It starts with wrong \
                 beliefs, which it must unlearn first.",
                n(*loss),
                n(*expected)
            ),
            format!(
                "第一步之前的损失为 {}，而一无所知的网络约为 {}。它一开始就抱有错误的判断，必须先把它们忘掉。",
                n(*loss),
                n(*expected)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.init()]
    }
}
