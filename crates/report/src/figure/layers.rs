//! The layers of a figure as shapes, and what of their data the axes must hold.

use super::axis::Scale;
use super::drawing::{Color, Fill, Pen, Point, Shape, Style};
use super::marker::Marker;
use super::style::{
    BAND_OPACITY, CLASSES, DOT_OPACITY, MARK, PIXELS_PER_POINT, RIM, RING, RING_COLOR, RING_SIZE,
};
use super::{Layer, Stroke, regions};

/// A curve of no more points shows each of them: the line between them says less than it seems to.
const FEW: usize = 25;
/// Area of such a point, and widths of the line with and without points.
const POINT: f64 = 32.0;
const THIN: f64 = 1.0;
const WIDE: f64 = 1.5;

impl Layer {
    /// What was measured, as a curve. Where it is little, the points are drawn, and the line through them is thin.
    ///
    /// ```
    /// use nablab_report::{Layer, Stroke};
    /// let curve = |points: u32| Layer::curve(None, (0..points).map(|i| (f64::from(i), 0.5)).collect(), "#0072b2", Stroke::Solid);
    /// assert!(matches!(curve(3)[..], [Layer::Line { .. }, Layer::Dots { .. }]));
    /// assert!(matches!(curve(300)[..], [Layer::Line { .. }]));
    /// ```
    pub fn curve(label: Option<&str>, points: Vec<(f64, f64)>, color: &str, stroke: Stroke) -> Vec<Self> {
        let (color, label) = (color.to_owned(), label.map(str::to_owned));
        let is_few = points.len() <= FEW;
        let dots = is_few.then(|| Self::Dots {
            label: None,
            points: points.clone(),
            color: color.clone(),
            area: POINT,
        });
        let width = if is_few { THIN } else { WIDE };
        std::iter::once(Self::Line { label, points, color, width, stroke }).chain(dots).collect()
    }
}

pub(super) fn draw_layer(shapes: &mut Vec<Shape>, layer: &Layer, x: &Scale, y: &Scale) {
    match layer {
        Layer::Line { points, color, width, stroke, .. } => {
            let points = points.iter().map(|&(a, b)| Some((x.at(a)?, y.at(b)?)));
            shapes.push(Shape::Lines(lines(points), pen(color, *width, *stroke)));
        }
        Layer::Band { points, color } => {
            let lower = points.iter().map(|&(a, low, _)| Some((x.at(a)?, y.at(low)?)));
            let upper = points.iter().rev().map(|&(a, _, high)| Some((x.at(a)?, y.at(high)?)));
            let outline = lines(lower.chain(upper).filter(Option::is_some)).concat();
            shapes.push(Shape::Area(outline, Fill { color: Color::of(color), opacity: BAND_OPACITY }));
        }
        Layer::Points { points, classes, area } => {
            let points: Vec<_> = points.iter().copied().zip(classes.iter().copied()).collect();
            for same in points.chunk_by(|a, b| a.1 == b.1) {
                let points = same.iter().map(|point| point.0);
                let radius = radius(*area);
                shapes.push(markers(points, radius, class_marker(same[0].1, radius), x, y));
            }
        }
        Layer::Rings { points, area, .. } => {
            let points = || points.iter().copied();
            // A light line within the dark one is seen on every ground.
            for marker in ring() {
                shapes.push(markers(points(), RING_SIZE * radius(*area), marker, x, y));
            }
        }
        Layer::Dots { points, color, area, .. } => {
            let fill = Some(Fill { color: Color::of(color), opacity: DOT_OPACITY });
            let style = Style { fill, pen: None };
            shapes.push(markers(points.iter().copied(), radius(*area), (Marker::Circle, style), x, y));
        }
        Layer::Mark { at, .. } => {
            let Some(at) = x.at(*at) else { return };
            let pen = Pen { width: MARK, stroke: Stroke::Dotted, ..Pen::thin(Color::Text) };
            shapes.push(Shape::Lines(vec![vec![(at, y.from), (at, y.to)]], pen));
        }
        Layer::Map(map) => map.draw(shapes, x, y),
        Layer::Regions { grid, style } => regions::draw(shapes, grid, *style, x, y),
    }
}

/// Of a curve, `width` in points.
pub(super) fn pen(color: &str, width: f64, stroke: Stroke) -> Pen {
    Pen { width: width * PIXELS_PER_POINT, stroke, ..Pen::thin(Color::of(color)) }
}

/// How points of a class look.
pub(super) fn class_marker(class: u32, radius: f64) -> (Marker, Style) {
    // Of a small point a rim would leave nothing.
    let rim = Some(Pen { width: RIM.min(0.25 * radius), ..Pen::thin(Color::WHITE) });
    let color = Color::of(CLASSES[class as usize % CLASSES.len()]);
    (Marker::of_class(class), Style { pen: rim, ..Style::filled(color) })
}

/// How a ring looks: a light circle and a dark one over it.
pub(super) fn ring() -> [(Marker, Style); 2] {
    [(2.0 * RING, Color::WHITE), (RING, RING_COLOR)]
        .map(|(width, color)| (Marker::Circle, Style::outlined(Pen { width, ..Pen::thin(color) })))
}

/// Of a marker whose diameter squared is `area` points.
pub(super) fn radius(area: f64) -> f64 {
    area.max(0.0).sqrt() / 2.0 * PIXELS_PER_POINT
}

fn markers(
    points: impl Iterator<Item = Point>,
    radius: f64,
    (marker, style): (Marker, Style),
    x: &Scale,
    y: &Scale,
) -> Shape {
    let centers = points.filter_map(|(a, b)| Some((x.at(a)?, y.at(b)?))).map(near).collect();
    Shape::Markers { marker, centers, radius, style }
}

/// Far outside the frame all is the same, and a finite number short enough to write.
fn near((x, y): Point) -> Point {
    (x.clamp(-1e5, 1e5), y.clamp(-1e5, 1e5))
}

/// Lines through the points; a missing one breaks them.
fn lines(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    let points: Vec<_> = points.map(|point| point.map(near)).collect();
    points.split(Option::is_none).map(|line| line.iter().flatten().copied().collect()).collect()
}

pub(super) fn xs(layer: &Layer) -> Vec<f64> {
    match layer {
        // A point whose other coordinate cannot be drawn takes no room.
        Layer::Line { points, .. }
        | Layer::Points { points, .. }
        | Layer::Rings { points, .. }
        | Layer::Dots { points, .. } => points.iter().filter(|p| p.1.is_finite()).map(|p| p.0).collect(),
        Layer::Band { points, .. } => points.iter().map(|p| p.0).collect(),
        Layer::Mark { at, .. } => vec![*at],
        Layer::Map(map) => vec![map.x.0, map.x.1],
        Layer::Regions { grid, .. } => vec![grid.x.0, grid.x.1],
    }
}

pub(super) fn ys(layer: &Layer) -> Vec<f64> {
    match layer {
        Layer::Line { points, .. }
        | Layer::Points { points, .. }
        | Layer::Rings { points, .. }
        | Layer::Dots { points, .. } => points.iter().map(|p| p.1).collect(),
        Layer::Band { points, .. } => points.iter().flat_map(|p| [p.1, p.2]).collect(),
        Layer::Mark { .. } => Vec::new(),
        Layer::Map(map) => vec![map.y.0, map.y.1],
        Layer::Regions { grid, .. } => vec![grid.y.0, grid.y.1],
    }
}
