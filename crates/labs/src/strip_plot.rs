//! Every seed of every variant in one figure.

use nablab_report::figure::{CYCLE, MUTED};
use nablab_report::{Axis, Figure, Lang, Layer, Stroke};

use crate::Lab;
use crate::experiment::Outcome;
use crate::seeds::values;
use crate::summary::Measure;
use crate::variant::Variant;
use nablab_statistics::quantile;

/// Diameter of a dot squared, in points.
const DOT_AREA: f64 = 14.0;
/// How far dots stray from the middle of their row, and half the height of the median's mark; rows are 1 apart.
const SPREAD: f64 = 0.22;
const MARK: f64 = 0.36;

/// A row per variant, a dot per seed, a bar at the median.
pub(crate) fn strip_figure(
    lab: Lab,
    rows: &[(&Variant, &[Outcome])],
    measure: Measure,
    lang: Lang,
) -> Figure {
    let layers = |(row, (_, seeds)): (usize, &(&Variant, &[Outcome]))| {
        // The first variant on top, as in the tables.
        let y = (rows.len() - 1 - row) as f64;
        let values = values(seeds, measure);
        let (color, median) = (CYCLE[row % CYCLE.len()].to_owned(), quantile(&values, 0.5));
        let points = values.iter().enumerate().map(|(i, &value)| (value, y + stray(i))).collect();
        let mark = median.map_or_else(Vec::new, |median| vec![(median, y - MARK), (median, y + MARK)]);
        let mark = Layer::Line {
            label: None,
            points: mark,
            color: MUTED.to_owned(),
            width: 2.5,
            stroke: Stroke::Solid,
        };
        [mark, Layer::Dots { label: None, points, color, area: DOT_AREA }]
    };
    let names: Vec<_> = rows.iter().rev().map(|(variant, ..)| variant.name(lang).to_owned()).collect();
    let limits = (-0.5, rows.len() as f64 - 0.5);
    Figure {
        name: format!("{}-seeds", lab.key()),
        x: Axis::labelled(measure.name(lang)),
        y: Axis { limits: Some(limits), names, ..Axis::default() },
        layers: rows.iter().enumerate().flat_map(layers).collect(),
        caption: lang.choose(
            format!("The {} with every seed: a dot is a training, a bar the median.", measure.name(lang)),
            format!("每个种子的{}：一个点是一次训练，竖线是中位数。", measure.name(lang)),
        ),
        ..Figure::default()
    }
}

/// Spreads dots of equal value over their row, evenly at any number of them (the golden ratio).
fn stray(i: usize) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    SPREAD * (2.0 * (i as f64 * GOLDEN).fract() - 1.0)
}
