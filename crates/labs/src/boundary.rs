//! What a network says everywhere on the plane: boundary figures, and the grids they are checked by.

use std::convert::Infallible;

use nablab_data::Dataset;
use nablab_report::figure::Rectangle;
use nablab_report::{Boundary, Figure, Grid, Lang, Layer, RegionStyle};

use crate::experiment::Experiment;
use crate::record::Item;
use crate::variant::{Run, Variant};

/// Area of the markers of a figure of the data alone.
const DATA_AREA: f64 = 50.0;
/// Nodes of the course's check along each side.
const CHECK_NODES: usize = 33;
/// Step and margin of the course's own grid.
const COURSE_STEP: f64 = 0.01;
const COURSE_MARGIN: f64 = 1.0;

/// The course's view if the points are all in it and fill it, else one around them.
pub(crate) fn view_of(set: &Dataset, course: Rectangle) -> Rectangle {
    let fits = |(low, high): (f64, f64), bounds: (f64, f64)| {
        low <= bounds.0 && bounds.1 <= high && bounds.1 - bounds.0 > 0.2 * (high - low)
    };
    match fits(course.x, set.bounds(0)) && fits(course.y, set.bounds(1)) {
        true => course,
        false => Rectangle::around(&set.points().collect::<Vec<_>>()),
    }
}

/// The points of a set, coloured by label, as the course draws them: no title, no labels.
pub(crate) fn data_figure(name: &str, set: &Dataset, caption: &str) -> Figure {
    let (points, classes) = (set.points().collect(), set.labels().to_vec());
    Figure {
        name: name.to_owned(),
        layers: vec![Layer::Points { points, classes, area: DATA_AREA }],
        caption: caption.to_owned(),
        ..Figure::default()
    }
}

/// The boundary with the training points on top; regions by class, under the course's title, or by probability.
pub(crate) fn boundary_figure(
    experiment: &Experiment,
    variant: &Variant,
    run: &Run,
    style: RegionStyle,
    lang: Lang,
) -> Figure {
    let train = &experiment.data.train;
    let (kind, title, caption) = match style {
        RegionStyle::Classes => (
            "boundary",
            variant.shown.title,
            lang.choose(
                "Red region: the network says 0. Blue region: it says 1. Points: the training set, circles of label 0 and triangles of label 1; \
                 rings are around those that are predicted wrongly.",
                "红色区域：网络预测 0；蓝色区域：预测 1。点：训练集，圆点为标签 0，三角为标签 1；预测错误的点外加圆环。",
            )
            .to_owned(),
        ),
        RegionStyle::Probability => (
            "probability",
            variant.name(lang),
            lang.choose(
                format!("{}: probability of label 1, with lines at 0.1, 0.5 and 0.9; rings are around points that are predicted wrongly.", variant.en),
                format!("{}：标签 1 的概率，等高线为 0.1、0.5、0.9；预测错误的点外加圆环。", variant.zh),
            ),
        ),
    };
    let rectangle = view_of(train, variant.shown.view);
    let (points, classes) = (train.points().collect(), train.labels().to_vec());
    let boundary = Boundary { rectangle, points, classes, style };
    let Ok(figure) = boundary.figure(lang.choose("wrong", "错误"), |x| Ok::<_, Infallible>(run.predict(x)));
    Figure {
        name: format!("{}-{}-{kind}", experiment.lab.key(), variant.key),
        title: Some(title.to_owned()),
        caption,
        ..figure
    }
}

/// The classes on 33 × 33 nodes of the view, bottom row first.
pub(crate) fn classes_of_nodes(item: &mut Item, view: Rectangle, run: &Run) {
    let nodes: Vec<_> = Grid::nodes(view.x, view.y, CHECK_NODES, CHECK_NODES).collect();
    let classes: String = predict(run, &nodes).iter().map(|&p| if p > 0.5 { '1' } else { '0' }).collect();
    item.text("grid_33x33", &classes);
}

/// How long a boundary is: so many pairs of neighbours among 33 × 33 nodes of the view lie on both sides of it.
pub(crate) fn length(experiment: &Experiment, key: &str) -> usize {
    let (variant, run) = experiment.run(key);
    let view = view_of(&experiment.data.train, variant.shown.view);
    let nodes: Vec<_> = Grid::nodes(view.x, view.y, CHECK_NODES, CHECK_NODES).collect();
    let is_1: Vec<bool> = predict(run, &nodes).iter().map(|&p| p > 0.5).collect();
    let rows: Vec<&[bool]> = is_1.chunks(CHECK_NODES).collect();
    let apart = |(a, b): &(&bool, &bool)| a != b;
    let beside: usize = rows.iter().map(|row| row.iter().zip(&row[1..]).filter(apart).count()).sum();
    let above: usize = rows.windows(2).map(|two| two[0].iter().zip(two[1]).filter(apart).count()).sum();
    beside + above
}

/// How many points of class 1 the course's own fine grid has in the view. The grid's step is made for the course's data:
/// over columns of ages and salaries it would have more points than there is time for.
pub(crate) fn count_class_1(item: &mut Item, view: Rectangle, run: &Run, train: &Dataset) {
    let axis = |bounds: (f64, f64), limits: (f64, f64)| -> Vec<f64> {
        let (start, end) = (bounds.0 - COURSE_MARGIN, bounds.1 + COURSE_MARGIN);
        // numpy.arange(start, end, step)
        let count = ((end - start) / COURSE_STEP).ceil() as usize;
        let values = (0..count).map(|i| start + i as f64 * COURSE_STEP);
        values.filter(|v| (limits.0..=limits.1).contains(v)).collect()
    };
    let (xs, ys) = (axis(train.bounds(0), view.x), axis(train.bounds(1), view.y));
    let class_1 = |&y: &f64| {
        let row: Vec<_> = xs.iter().map(|&x| (x, y)).collect();
        predict(run, &row).iter().filter(|&&p| p > 0.5).count()
    };
    item.number("class_1_points_in_view", ys.iter().map(class_1).sum::<usize>() as f64);
}

/// The probability of class 1 at points of the plane.
fn predict(run: &Run, points: &[(f64, f64)]) -> Vec<f64> {
    let x: Vec<f64> = points.iter().map(|p| p.0).chain(points.iter().map(|p| p.1)).collect();
    run.predict(&x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_fits_the_points() {
        let course = Rectangle { x: (-1.0, 1.0), y: (-1.0, 1.0) };
        let square = |side: f64| {
            let rows = [0.0, 0.0, side, side];
            view_of(&Dataset::from_rows(2, &rows, vec![0, 1]).unwrap(), course)
        };
        assert_eq!(square(1.0), course, "they fill it");
        assert_eq!(square(100.0).x, (-10.0, 110.0), "they are not in it");
        assert_eq!(square(0.01).y, (-0.001, 0.01 + 0.001), "they would be a speck in it");
        assert_eq!(square(0.0).x, (-1.0, 1.0));
    }
}
