//! Units that take no part.

use nablab_engine::signals::LayerSignals;

use crate::{Evidence, Finding, Thresholds};

/// Many, where the loss has not come down, or a whole layer: with a few live units a network may do well.
pub(super) fn dead_units(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let fits = evidence.train.zip(evidence.constant);
    let come_down = fits.is_some_and(|(fit, constant)| fit.loss < by.come_down * constant);
    let most = if come_down { 1.0 } else { by.dead_units_share };
    let found = worst(evidence, |layer| layer.dead, most);
    found
        .map(|(layer, dead, units, since)| Finding::DeadUnits { layer, dead, units, since })
        .into_iter()
        .collect()
}

pub(super) fn saturated_units(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let found = worst(evidence, |layer| layer.saturated, by.saturated_units_share);
    found
        .map(|(layer, saturated, units, since)| Finding::SaturatedUnits { layer, saturated, units, since })
        .into_iter()
        .collect()
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
