//! The layers of a figure as SVG, and what of their data the axes must hold.

use std::fmt::Write as _;

use super::axis::Scale;
use super::contour::segments;
use super::raster::regions;
use super::svg::escape;
use super::{CLASSES, Grid, Layer, RegionStyle, Stroke};

/// 100 pixels per inch, 72 points per inch.
pub(super) const PIXELS_PER_POINT: f64 = 100.0 / 72.0;

pub(super) fn draw_layer(out: &mut String, layer: &Layer, x: &Scale, y: &Scale) {
    match layer {
        Layer::Line { points, color, width, stroke, .. } => {
            let path = path(points.iter().map(|&(a, b)| Some((x.at(a)?, y.at(b)?))));
            let width = width * PIXELS_PER_POINT;
            let _ = write!(
                out,
                "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.2}\" stroke-linejoin=\"round\"{}/>",
                escape(color),
                dashes(*stroke)
            );
        }
        Layer::Band { points, color } => {
            let lower = points.iter().map(|&(a, low, _)| Some((x.at(a)?, y.at(low)?)));
            let upper = points.iter().rev().map(|&(a, _, high)| Some((x.at(a)?, y.at(high)?)));
            let outline = path(lower.chain(upper).filter(Option::is_some));
            let _ = write!(out, "<path d=\"{outline}Z\" fill=\"{}\" fill-opacity=\"0.18\"/>", escape(color));
        }
        Layer::Points { points, classes, area } => {
            let radius = radius(*area);
            for (&(a, b), &class) in points.iter().zip(classes) {
                let (Some(a), Some(b)) = (x.at(a), y.at(b)) else { continue };
                let color = CLASSES[class as usize % CLASSES.len()];
                // A light rim keeps points apart from each other and from regions of their colour.
                let _ = write!(
                    out,
                    "<circle cx=\"{a:.1}\" cy=\"{b:.1}\" r=\"{radius:.2}\" fill=\"{color}\" stroke=\"#ffffff\" stroke-width=\"1.1\"/>"
                );
            }
        }
        Layer::Dots { points, color, area } => {
            let radius = radius(*area);
            let _ = write!(out, "<g fill=\"{}\" fill-opacity=\"0.6\">", escape(color));
            for &(a, b) in points {
                let (Some(a), Some(b)) = (x.at(a), y.at(b)) else { continue };
                let _ = write!(out, "<circle cx=\"{a:.1}\" cy=\"{b:.1}\" r=\"{radius:.2}\"/>");
            }
            *out += "</g>";
        }
        Layer::Map(map) => map.draw(out, x, y),
        Layer::Regions { grid, style } => draw_regions(out, grid, *style, x, y),
    }
}

/// Radius in pixels of a marker whose diameter squared is `area` points.
fn radius(area: f64) -> f64 {
    area.max(0.0).sqrt() / 2.0 * PIXELS_PER_POINT
}

/// The attribute that breaks a line.
pub(super) fn dashes(stroke: Stroke) -> &'static str {
    match stroke {
        Stroke::Solid => "",
        Stroke::Dashed => " stroke-dasharray=\"9 5\"",
        Stroke::Dotted => " stroke-dasharray=\"2 4\"",
    }
}

fn draw_regions(out: &mut String, grid: &Grid, style: RegionStyle, x: &Scale, y: &Scale) {
    let fits = grid.columns >= 2 && grid.rows >= 2 && grid.probability.len() == grid.columns * grid.rows;
    let corners = (x.at(grid.x.0), x.at(grid.x.1), y.at(grid.y.0), y.at(grid.y.1));
    let (true, (Some(left), Some(right), Some(bottom), Some(top))) = (fits, corners) else { return };
    let (width, height) = (right - left, bottom - top);
    let _ = write!(
        out,
        "<image x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" style=\"image-rendering:smooth\" preserveAspectRatio=\"none\" href=\"{}\"/>",
        regions(grid, style)
    );
    if style == RegionStyle::Probability {
        for (level, dash, width) in [(0.1, "2 4", 1.0), (0.9, "2 4", 1.0), (0.5, "none", 1.8)] {
            let mut path = String::new();
            for [a, b] in segments(grid, level) {
                let (Some(ax), Some(ay), Some(bx), Some(by)) = (x.at(a.0), y.at(a.1), x.at(b.0), y.at(b.1))
                else {
                    continue;
                };
                let _ = write!(path, "M{ax:.1} {ay:.1}L{bx:.1} {by:.1}");
            }
            let _ = write!(
                out,
                "<path d=\"{path}\" fill=\"none\" stroke=\"#222222\" stroke-width=\"{width}\" stroke-dasharray=\"{dash}\"/>"
            );
        }
    }
}
/// A path through the points; a missing one breaks it.
fn path(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for point in points {
        let Some((x, y)) = point else {
            pen_down = false;
            continue;
        };
        // Far outside the frame all is the same, and a finite number short enough to write.
        let (x, y) = (x.clamp(-1e5, 1e5), y.clamp(-1e5, 1e5));
        let _ = write!(path, "{}{x:.1} {y:.1}", if pen_down { 'L' } else { 'M' });
        pen_down = true;
    }
    path
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
