//! What a classifier of two features says everywhere on a rectangle.

use super::{Axis, Figure, Grid, Layer, RegionStyle};

/// Area of the markers of points over the regions.
const POINT_AREA: f64 = 44.0;
/// Nodes of the grid along x and y; the border between classes is interpolated between them.
const NODES: (usize, usize) = (181, 121);
/// The same for probabilities: where a saturated network jumps from 0 to 1 within a cell, interpolation draws the
/// cells, so they must be small.
const FINE_NODES: (usize, usize) = (361, 241);

/// A rectangle of the plane of two features.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rectangle {
    /// Smallest and largest value of the first feature.
    pub x: (f64, f64),
    /// Smallest and largest value of the second feature.
    pub y: (f64, f64),
}

impl Rectangle {
    /// The rectangle that holds all points, with a margin of a tenth of their extent on each side.
    ///
    /// ```
    /// use nablab_report::figure::Rectangle;
    /// let rectangle = Rectangle::around(&[(0.0, 7.0), (100.0, 7.0)]);
    /// assert_eq!(rectangle.x, (-10.0, 110.0));
    /// assert!(rectangle.y.0 < 7.0 && rectangle.y.1 > 7.0); // a rectangle, although all points lie on a line
    /// ```
    pub fn around(points: &[(f64, f64)]) -> Self {
        let bounds = |of: fn(&(f64, f64)) -> f64| {
            let first = points.first().map_or(0.0, of);
            points.iter().map(of).fold((first, first), |(low, high), v| (low.min(v), high.max(v)))
        };
        let with_margin = |(low, high): (f64, f64)| {
            // Where all values are the same, a margin that is not lost to rounding.
            let least = if low == 0.0 && high == 0.0 { 1.0 } else { 1e-6 * low.abs().max(high.abs()) };
            let margin = (0.1 * (high - low)).max(least);
            (low - margin, high + margin)
        };
        Self { x: with_margin(bounds(|p| p.0)), y: with_margin(bounds(|p| p.1)) }
    }
}

/// A decision boundary: what a classifier of two features says everywhere on a rectangle, and labelled points over it.
///
/// ```
/// use std::convert::Infallible;
/// use nablab_report::{Boundary, Layer};
/// let boundary = Boundary::around(vec![(-1.0, 0.0), (1.0, 0.0)], vec![0, 1]);
/// // A classifier that looks at the first feature alone: p = 1 / (1 + exp(−x1)).
/// let predict = |x: &[f64]| {
///     let (x1, _) = x.split_at(x.len() / 2);
///     Ok::<_, Infallible>(x1.iter().map(|x1| 1.0 / (1.0 + (-x1).exp())).collect())
/// };
/// let Ok(figure) = boundary.figure("wrong", predict);
/// let Layer::Regions { grid, .. } = &figure.layers[0] else { panic!("the regions are at the back") };
/// let (left, right) = (grid.probability[0], grid.probability[grid.columns - 1]);
/// assert!(left < 0.5 && right > 0.5 && (left + right - 1.0).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// The part of the plane that is drawn.
    pub rectangle: Rectangle,
    /// Points over the regions, as a rule those that were learned from.
    pub points: Vec<(f64, f64)>,
    /// The class of each point.
    pub classes: Vec<u32>,
    /// How the regions are shown.
    pub style: RegionStyle,
}

impl Boundary {
    /// Regions of the predicted classes around these points, each of its class.
    pub fn around(points: Vec<(f64, f64)>, classes: Vec<u32>) -> Self {
        Self { rectangle: Rectangle::around(&points), points, classes, style: RegionStyle::Classes }
    }

    /// The figure, without a name, a title and a caption; points that are predicted wrongly have a ring around them, and `wrong`
    /// says so in the legend, with their number. `predict` gets the nodes of a grid, then the points, as examples X (2, m),
    /// row-major: the first feature of all of them, then the second. It answers with the probability of class 1 of each.
    ///
    /// # Errors
    /// The error of `predict`.
    ///
    /// # Panics
    /// If `predict` gives another number of probabilities than of nodes.
    pub fn figure<E>(
        &self,
        wrong: &str,
        predict: impl FnOnce(&[f64]) -> Result<Vec<f64>, E>,
    ) -> Result<Figure, E> {
        let Rectangle { x, y } = self.rectangle;
        let (columns, rows) = match self.style {
            RegionStyle::Classes => NODES,
            RegionStyle::Probability => FINE_NODES,
        };
        let examples = || Grid::nodes(x, y, columns, rows).chain(self.points.iter().copied());
        let examples: Vec<f64> = examples().map(|at| at.0).chain(examples().map(|at| at.1)).collect();
        let mut probability = predict(&examples)?;
        assert_eq!(probability.len(), examples.len() / 2, "expected a probability for each example");
        let of_points = probability.split_off(columns * rows);
        let grid = Grid { x, y, columns, rows, probability };
        let axis = |label: &str, limits| Axis { limits: Some(limits), ..Axis::labelled(label) };
        let is_wrong = |(&class, p): (&u32, &f64)| (class == 1) != (*p > 0.5);
        let wrongs = self.points.iter().zip(self.classes.iter().zip(&of_points));
        let wrongs: Vec<_> = wrongs.filter(|(_, said)| is_wrong(*said)).map(|(&point, _)| point).collect();
        let label = format!("{wrong}: {}", wrongs.len());
        let (points, classes) = (self.points.clone(), self.classes.clone());
        Ok(Figure {
            x: axis("x1", x),
            y: axis("x2", y),
            layers: vec![
                Layer::Regions { grid, style: self.style },
                Layer::Points { points, classes, area: POINT_AREA },
                Layer::Rings { label, points: wrongs, area: POINT_AREA },
            ],
            ..Figure::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_of_points_that_are_all_the_same_has_a_width() {
        assert_eq!(Rectangle::around(&[]).x, (-1.0, 1.0));
        assert_eq!(Rectangle::around(&[(0.0, 3e9)]), Rectangle { x: (-1.0, 1.0), y: (3e9 - 3e3, 3e9 + 3e3) });
    }

    #[test]
    fn the_nodes_of_the_grid_are_examples_in_columns() {
        let boundary = Boundary::around(vec![(0.0, 10.0), (1.0, 20.0)], vec![1, 0]);
        let mut asked = Vec::new();
        let figure = boundary.figure("wrong", |x| {
            asked = x.to_vec();
            Ok::<_, std::convert::Infallible>(vec![0.5; x.len() / 2])
        });
        let (m, all) = (NODES.0 * NODES.1, NODES.0 * NODES.1 + 2);
        assert_eq!(asked.len(), 2 * all);
        assert_eq!([asked[0], asked[m - 1]], [-0.1, 1.1], "from left to right");
        assert_eq!([asked[all], asked[all + m - 1]], [9.0, 21.0], "from below to above");
        assert_eq!((&asked[m..all], &asked[all + m..]), (&[0.0, 1.0][..], &[10.0, 20.0][..]), "the points");
        let Ok(Figure { x, y, layers, .. }) = figure;
        assert_eq!((x.limits, y.limits), (Some((-0.1, 1.1)), Some((9.0, 21.0))));
        // All are said to be of class 0: the probability is not above ½.
        let Layer::Rings { label, points, .. } = &layers[2] else { panic!("{layers:?}") };
        assert_eq!((&**label, &points[..]), ("wrong: 1", &[(0.0, 10.0)][..]));
        assert_eq!(boundary.figure("wrong", |_| Err("no network")), Err("no network"));
    }
}
