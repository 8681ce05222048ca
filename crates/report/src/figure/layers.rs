//! The layers of a figure as shapes, and what of their data the axes must hold.

use super::axis::Scale;
use super::drawing::{Color, Fill, Pen, Point, Shape, Style};
use super::{CLASSES, Layer, regions};

/// 100 pixels per inch, 72 points per inch.
pub(super) const PIXELS_PER_POINT: f64 = 100.0 / 72.0;

pub(super) fn draw_layer(shapes: &mut Vec<Shape>, layer: &Layer, x: &Scale, y: &Scale) {
    match layer {
        Layer::Line { points, color, width, stroke, .. } => {
            let pen = Pen { width: width * PIXELS_PER_POINT, stroke: *stroke, ..Pen::thin(Color::of(color)) };
            shapes.push(Shape::Lines(lines(points.iter().map(|&(a, b)| Some((x.at(a)?, y.at(b)?)))), pen));
        }
        Layer::Band { points, color } => {
            let lower = points.iter().map(|&(a, low, _)| Some((x.at(a)?, y.at(low)?)));
            let upper = points.iter().rev().map(|&(a, _, high)| Some((x.at(a)?, y.at(high)?)));
            let outline = lines(lower.chain(upper).filter(Option::is_some)).concat();
            shapes.push(Shape::Area(outline, Fill { color: Color::of(color), opacity: 0.18 }));
        }
        Layer::Points { points, classes, area } => {
            // A light rim keeps points apart from each other and from regions of their colour.
            let rim = Some(Pen { width: 1.1, ..Pen::thin(Color::WHITE) });
            let points: Vec<_> = points.iter().copied().zip(classes.iter().copied()).collect();
            for same in points.chunk_by(|a, b| a.1 == b.1) {
                let color = Color::of(CLASSES[same[0].1 as usize % CLASSES.len()]);
                let style = Style { pen: rim, ..Style::filled(color) };
                shapes.push(circles(same.iter().map(|point| point.0), *area, style, x, y));
            }
        }
        Layer::Dots { points, color, area } => {
            let fill = Some(Fill { color: Color::of(color), opacity: 0.6 });
            shapes.push(circles(points.iter().copied(), *area, Style { fill, pen: None }, x, y));
        }
        Layer::Map(map) => map.draw(shapes, x, y),
        Layer::Regions { grid, style } => regions::draw(shapes, grid, *style, x, y),
    }
}

/// Markers whose diameter squared is `area` points.
fn circles(points: impl Iterator<Item = Point>, area: f64, style: Style, x: &Scale, y: &Scale) -> Shape {
    let radius = area.max(0.0).sqrt() / 2.0 * PIXELS_PER_POINT;
    Shape::Circles {
        centers: points.filter_map(|(a, b)| Some((x.at(a)?, y.at(b)?))).collect(),
        radius,
        style,
    }
}

/// Lines through the points; a missing one breaks them.
fn lines(points: impl Iterator<Item = Option<Point>>) -> Vec<Vec<Point>> {
    // Far outside the frame all is the same, and a finite number short enough to write.
    let near = |(x, y): Point| (x.clamp(-1e5, 1e5), y.clamp(-1e5, 1e5));
    let points: Vec<_> = points.map(|point| point.map(near)).collect();
    points.split(Option::is_none).map(|line| line.iter().flatten().copied().collect()).collect()
}

pub(super) fn xs(layer: &Layer) -> Vec<f64> {
    match layer {
        // A point whose other coordinate cannot be drawn takes no room.
        Layer::Line { points, .. } => points.iter().filter(|p| p.1.is_finite()).map(|p| p.0).collect(),
        Layer::Points { points, .. } | Layer::Dots { points, .. } => {
            points.iter().filter(|p| p.1.is_finite()).map(|p| p.0).collect()
        }
        Layer::Band { points, .. } => points.iter().map(|p| p.0).collect(),
        Layer::Map(map) => vec![map.x.0, map.x.1],
        Layer::Regions { grid, .. } => vec![grid.x.0, grid.x.1],
    }
}

pub(super) fn ys(layer: &Layer) -> Vec<f64> {
    match layer {
        Layer::Line { points, .. } | Layer::Points { points, .. } | Layer::Dots { points, .. } => {
            points.iter().map(|p| p.1).collect()
        }
        Layer::Band { points, .. } => points.iter().flat_map(|p| [p.1, p.2]).collect(),
        Layer::Map(map) => vec![map.y.0, map.y.1],
        Layer::Regions { grid, .. } => vec![grid.y.0, grid.y.1],
    }
}
