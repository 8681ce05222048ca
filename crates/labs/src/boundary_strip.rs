//! How a boundary came to be: the plane after several moments of one training, side by side.

use nablab_engine::MatRef;
use nablab_report::{Axis, Figure, Grid, Lang, Layer, RegionStyle};

use crate::boundary::view_of;
use crate::experiment::Experiment;
use crate::on_the_way::Moment;
use crate::variant::{Run, Variant};

/// Moments side by side.
const MOMENTS: usize = 5;
/// Nodes along x and y: a panel is small.
const NODES: (usize, usize) = (65, 53);
/// Area of the markers.
const AREA: f64 = 7.0;

/// The boundary before the first step, at the end, and between them where the cost has come a quarter, a half and three quarters
/// of its way; `None` where nothing was kept of the way.
pub(crate) fn strip(experiment: &Experiment, variant: &Variant, run: &Run, lang: Lang) -> Option<Figure> {
    let train = &experiment.data.train;
    let last = Moment { epochs: run.epochs, params: run.params.clone() };
    let mut moments: Vec<&Moment> = run.moments.iter().filter(|moment| moment.epochs < run.epochs).collect();
    moments.push(&last);
    if moments.len() < 3 {
        return None;
    }
    let view = view_of(train, variant.shown.view);
    let points: Vec<(f64, f64)> = train.points().collect();
    let said = |moment: &Moment, at: &[(f64, f64)]| -> Vec<f64> {
        let x: Vec<f64> = at.iter().map(|p| p.0).chain(at.iter().map(|p| p.1)).collect();
        run.network.predict(&moment.params, MatRef::new(&x, 2, at.len()))
    };
    let answers: Vec<Vec<f64>> = moments.iter().map(|moment| said(moment, &points)).collect();
    let costs: Vec<f64> = answers.iter().map(|p| cost(p, train.labels())).collect();
    let (columns, rows) = NODES;
    let nodes: Vec<_> = Grid::nodes(view.x, view.y, columns, rows).collect();
    let panel = |k: usize| {
        let probability = said(moments[k], &nodes);
        let grid = Grid { x: view.x, y: view.y, columns, rows, probability };
        let (points, classes) = (points.clone(), train.labels().to_vec());
        let wrong = answers[k].iter().zip(&classes).filter(|(p, y)| (**p > 0.5) != (**y == 1)).count();
        let limited = |limits| Axis { limits: Some(limits), ..Axis::default() };
        let below = lang.choose(format!("wrong: {wrong}"), format!("错误 {wrong}"));
        Figure {
            title: Some(moments[k].epochs.to_string()),
            x: Axis { label: Some(below), ..limited(view.x) },
            y: limited(view.y),
            layers: vec![
                Layer::Regions { grid, style: RegionStyle::Classes },
                Layer::Points { points, classes, area: AREA },
            ],
            ..Figure::default()
        }
    };
    let (unit, name) = match variant.shown.steps.unit {
        "epochs" => (lang.choose("epochs", "轮数"), variant.name(lang)),
        _ => (lang.choose("iterations", "迭代次数"), variant.name(lang)),
    };
    Some(Figure {
        name: format!("{}-{}-strip", experiment.lab.key(), variant.key),
        panels: chosen(&costs).into_iter().map(panel).collect(),
        caption: lang.choose(
            format!(
                "{name}: how the boundary came to be. Above each panel the {unit} done, below it how many points of the training \
                 set are wrong. Between the first and the last: three moments on the way."
            ),
            format!(
                "{name}：决策边界的形成过程。每幅图上方是已完成的{unit}，下方是训练集中预测错误的点数。首尾之间的三幅取自训练途中。"
            ),
        ),
        ..Figure::default()
    })
}

/// Mean cross-entropy of probabilities of class 1.
fn cost(p: &[f64], labels: &[u32]) -> f64 {
    let loss = |(p, y): (&f64, &u32)| -(if *y == 1 { *p } else { 1.0 - p }).max(1e-12).ln();
    p.iter().zip(labels).map(loss).sum::<f64>() / labels.len() as f64
}

/// The first, the last, and those between them that share the way of the cost most evenly; where it stands still, the count.
fn chosen(costs: &[f64]) -> Vec<usize> {
    /// How much an even count weighs beside an even way.
    const COUNT: f64 = 0.3;
    let (n, last) = (MOMENTS.min(costs.len()), costs.len() - 1);
    // The way down: a cost that rises again has come to its end before.
    let lowest = costs.iter().scan(f64::INFINITY, |lowest, &cost| {
        *lowest = lowest.min(cost);
        Some(*lowest)
    });
    let costs: Vec<f64> = lowest.collect();
    let way = costs[last] - costs[0];
    let mut all = vec![0];
    for k in 1..n - 1 {
        let share = k as f64 / (n - 1) as f64;
        let far = |&i: &usize| {
            let of_way = if way == 0.0 { 0.0 } else { ((costs[i] - costs[0]) / way - share).abs() };
            of_way + COUNT * (i as f64 / last as f64 - share).abs()
        };
        // Those that are left must be enough for the panels that are left.
        let candidates = all[k - 1] + 1..=last - (n - 1 - k);
        all.extend(candidates.min_by(|a, b| far(a).total_cmp(&far(b))));
    }
    all.push(last);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_share_the_way_of_the_cost() {
        // All happens between the third and the seventh.
        let costs = [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0];
        assert_eq!(chosen(&costs), [0, 3, 4, 5, 10]);
        assert_eq!(chosen(&[0.7; 9]), [0, 2, 4, 6, 8], "it stands still");
        assert_eq!(chosen(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]), [0, 1, 2, 4, 5], "it falls at once");
        assert_eq!(chosen(&[1.0, 0.75, 0.5, 0.25, 0.0, 0.9, 2.0]), [0, 1, 2, 3, 6], "it rises again");
        assert_eq!(chosen(&[1.0, 0.5, 0.0]), [0, 1, 2], "there are no more");
    }

    #[test]
    fn the_cost_is_the_cross_entropy() {
        assert!((cost(&[0.5, 0.5], &[0, 1]) - 2.0_f64.ln()).abs() < 1e-15);
        assert!((cost(&[0.0, 1.0], &[0, 1])).abs() < 1e-15 && cost(&[0.0], &[1]).is_finite());
    }
}
