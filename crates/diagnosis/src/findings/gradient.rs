//! What is wrong with the gradient: it is another one than that of the cost, or it fades or grows from layer to layer.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::{n, percent};
use crate::{Advice, Certainty, Checked, Evidence, Finding, Thresholds, number};

/// The gradient was compared with finite differences, and is another one.
pub(super) fn wrong_gradient(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let wrong = evidence.gradient.clone().filter(|checked| checked.wrong > 0);
    wrong.map(|checked| WrongGradient { checked }.into()).into_iter().collect()
}

/// The gradient that training goes by is not that of its cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrongGradient {
    /// The gradient beside finite differences.
    pub checked: Checked,
}

impl Describe for WrongGradient {
    fn certainty(&self) -> Certainty {
        Certainty::Certain
    }

    fn source(&self) -> &'static str {
        "the course; Goodfellow et al. 2016, section 11.5"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { checked } = self;
        let (wrong, components) = (checked.wrong, checked.components);
        let mistakes = checked.mistakes.join("; ");
        lang.choose(
            format!(
                "{wrong} of {components} components of the gradient differ from finite differences of the cost (relative \
                 difference {}): {mistakes}.",
                n(checked.difference)
            ),
            format!(
                "梯度的 {components} 个分量中有 {wrong} 个与代价的有限差分不符（相对差 {}）：{mistakes}。",
                n(checked.difference)
            ),
        )
    }

    fn advice(&self, _: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        Vec::new()
    }
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
        return vec![VanishingGradients { first, last, layers }.into()];
    }
    if in_all > by.exploding_gradients_in_all && per_layer > by.exploding_gradients_per_layer {
        return vec![ExplodingGradients { first, last, layers }.into()];
    }
    Vec::new()
}

/// What keeps errors of one size on their way back.
fn steadier(useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
    vec![useful.relu().or_else(|| useful.init()), useful.batch_norm()]
}

/// Errors fade on their way back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VanishingGradients {
    /// Size of the errors in the first hidden layer.
    #[serde(with = "number")]
    pub first: f64,
    /// Size of the errors in the last.
    #[serde(with = "number")]
    pub last: f64,
    /// Hidden layers.
    pub layers: usize,
}

impl Describe for VanishingGradients {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Glorot & Bengio 2010; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { first, last, layers } = self;
        lang.choose(
            format!(
                "Errors fade on their way back through {layers} hidden layers, to {} of their size: the first layers hardly learn.",
                percent(first / last)
            ),
            format!("误差反向经过 {layers} 个隐藏层后只剩 {}：靠前的层几乎学不到东西（梯度消失）。", percent(first / last)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        steadier(useful)
    }
}

/// Errors grow on their way back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExplodingGradients {
    /// Size of the errors in the first hidden layer.
    #[serde(with = "number")]
    pub first: f64,
    /// Size of the errors in the last.
    #[serde(with = "number")]
    pub last: f64,
    /// Hidden layers.
    pub layers: usize,
}

impl Describe for ExplodingGradients {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Glorot & Bengio 2010; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { first, last, layers } = self;
        lang.choose(
            format!(
                "Errors grow on their way back through {layers} hidden layers, {} times: a step that suits one layer is wrong for \
                 the others.",
                n(first / last)
            ),
            format!("误差反向经过 {layers} 个隐藏层后放大到 {} 倍：适合某一层的步长对其他层并不合适（梯度爆炸）。", n(first / last)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        steadier(useful)
    }
}
