//! Units that take no part.

use nablab_engine::signals::LayerSignals;
use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::after;
use crate::{Advice, Certainty, Evidence, Finding, Thresholds};

/// Many, where the loss has not come down, or a whole layer: with a few live units a network may do well.
pub(super) fn dead_units(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let fits = evidence.train.zip(evidence.constant);
    let come_down = fits.is_some_and(|(fit, constant)| fit.loss < by.come_down * constant);
    let most = if come_down { 1.0 } else { by.dead_units_share };
    let found = worst(evidence, |layer| layer.dead, most);
    found
        .map(|(layer, dead, units, since)| DeadUnits { layer, dead, units, since }.into())
        .into_iter()
        .collect()
}

/// Units of relu that never wake; since which epoch so many of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadUnits {
    /// The layer.
    pub layer: usize,
    /// Units that are 0 for every example of the sample.
    pub dead: usize,
    /// Units of the layer.
    pub units: usize,
    /// The epoch since which there are so many.
    pub since: u64,
}

impl Describe for DeadUnits {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Lu et al. 2019, Dying ReLU; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { layer, dead, units, since } = self;
        lang.choose(
            format!(
                "In layer {layer}, {dead} of {units} units are 0 for every example of the sample, since {}: relu gives them no \
                 gradient, so that they stay dead.",
                after(*since, lang)
            ),
            format!(
                "第 {layer} 层的 {units} 个单元中有 {dead} 个对所有抽样样本都输出 0（{}）：relu 不给它们梯度，于是一直“死亡”。",
                after(*since, lang)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.leaky_relu(), useful.init()]
    }
}

pub(super) fn saturated_units(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let found = worst(evidence, |layer| layer.saturated, by.saturated_units_share);
    found
        .map(|(layer, saturated, units, since)| SaturatedUnits { layer, saturated, units, since }.into())
        .into_iter()
        .collect()
}

/// Units of sigmoid or tanh at the ends of their range; since which epoch so many of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SaturatedUnits {
    /// The layer.
    pub layer: usize,
    /// Units at an end of their range for nearly every example.
    pub saturated: usize,
    /// Units of the layer.
    pub units: usize,
    /// The epoch since which there are so many.
    pub since: u64,
}

impl Describe for SaturatedUnits {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Glorot & Bengio 2010; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { layer, saturated, units, since } = self;
        lang.choose(
            format!(
                "In layer {layer}, {saturated} of {units} units sit at an end of their range for nearly every example, since {}: \
                 there the slope is almost 0.",
                after(*since, lang)
            ),
            format!(
                "第 {layer} 层的 {units} 个单元中有 {saturated} 个几乎对所有样本都处在取值范围的端点（{}）：那里斜率几乎为 0（饱和）。",
                after(*since, lang)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.init(), useful.batch_norm()]
    }
}

/// The layer with the largest share of such units at the end, if that is too large: which from 1, how many, of how many,
/// and since which epoch it has been too large.
fn worst(
    evidence: &Evidence,
    count: impl Fn(&LayerSignals) -> usize,
    most: f64,
) -> Option<(usize, usize, usize, u64)> {
    let share = |layer: &LayerSignals| count(layer) as f64 / layer.units as f64;
    let layers = evidence.end()?.signals.layers.iter().enumerate();
    let (l, layer) = layers.max_by(|a, b| share(a.1).total_cmp(&share(b.1)))?;
    let is_bad = |layer: &LayerSignals| layer.units > 0 && share(layer) >= most;
    if !is_bad(layer) {
        return None;
    }
    let bad = evidence.signals.iter().rev().take_while(|at| at.signals.layers.get(l).is_some_and(is_bad));
    let since = bad.last().map_or(0, |reading| reading.epoch);
    Some((l + 1, count(layer), layer.units, since))
}
