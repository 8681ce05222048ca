//! Units that take no part.

use nablab_engine::signals::LayerSignals;

use crate::thresholds::{COME_DOWN, DEAD, SATURATED};
use crate::{Evidence, Finding};

/// Many, where the loss has not come down, or a whole layer: with a few live units a network may do well.
pub(super) fn dead_units(evidence: &Evidence) -> Vec<Finding> {
    let come_down = evidence.train.zip(evidence.constant).is_some_and(|(fit, c)| fit.loss < COME_DOWN * c);
    let most = if come_down { 1.0 } else { DEAD };
    worst(evidence, |layer| layer.dead, most, |layer, dead, units| Finding::DeadUnits { layer, dead, units })
}

pub(super) fn saturated_units(evidence: &Evidence) -> Vec<Finding> {
    worst(
        evidence,
        |layer| layer.saturated,
        SATURATED,
        |layer, saturated, units| Finding::SaturatedUnits { layer, saturated, units },
    )
}

/// The layer with the largest share of such units at the end, if that is too large.
fn worst(
    evidence: &Evidence,
    count: impl Fn(&LayerSignals) -> usize,
    most: f64,
    finding: impl Fn(usize, usize, usize) -> Finding,
) -> Vec<Finding> {
    let layers = evidence.end().map_or(&[][..], |end| &end.signals.layers);
    let share = |layer: &LayerSignals| count(layer) as f64 / layer.units as f64;
    let worst = layers.iter().enumerate().max_by(|a, b| share(a.1).total_cmp(&share(b.1)));
    let bad = worst.filter(|(_, layer)| share(layer) >= most);
    bad.map(|(l, layer)| finding(l + 1, count(layer), layer.units)).into_iter().collect()
}
