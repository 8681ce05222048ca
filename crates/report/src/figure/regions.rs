//! What a classifier says everywhere: a picture, with lines of equal probability.

use super::axis::Scale;
use super::contour::segments;
use super::drawing::{Image, Pen, Rect, Shape};
use super::style::{BORDER, BORDER_COLOR, PROBABILITY, REGIONS};
use super::{Grid, RegionStyle, Stroke};

pub(super) fn draw(shapes: &mut Vec<Shape>, grid: &Grid, style: RegionStyle, x: &Scale, y: &Scale) {
    let fits = grid.columns >= 2 && grid.rows >= 2 && grid.probability.len() == grid.columns * grid.rows;
    let corners = (x.at(grid.x.0), x.at(grid.x.1), y.at(grid.y.0), y.at(grid.y.1));
    let (true, (Some(left), Some(right), Some(bottom), Some(top))) = (fits, corners) else { return };
    shapes.push(Shape::Image(
        Rect { left, top, width: right - left, height: bottom - top },
        picture(grid, style),
    ));
    let border = (0.5, Stroke::Solid, BORDER);
    let levels: &[_] = match style {
        RegionStyle::Classes => &[border],
        RegionStyle::Probability => &[(0.1, Stroke::Dotted, 1.0), (0.9, Stroke::Dotted, 1.0), border],
    };
    for &(level, stroke, width) in levels {
        let at = |(a, b): (f64, f64)| Some((x.at(a)?, y.at(b)?));
        let line = |[from, to]: [_; 2]| Some(vec![at(from)?, at(to)?]);
        let lines = segments(grid, level).into_iter().filter_map(line).collect();
        let pen = Pen { width, stroke, ..Pen::thin(BORDER_COLOR) };
        shapes.push(Shape::Lines(lines, pen));
    }
}

/// Finer than the grid by linear interpolation.
fn picture(grid: &Grid, style: RegionStyle) -> Image {
    let fine = match style {
        // Edges of flat colours need pixels; shades do not.
        RegionStyle::Classes => 5,
        RegionStyle::Probability => 1,
    };
    let (columns, rows) = ((grid.columns - 1) * fine, (grid.rows - 1) * fine);
    let mut pixels = Vec::with_capacity(columns * rows);
    for row in (0..rows).rev() {
        let (r, v) = (row / fine, (row % fine) as f64 / fine as f64 + 0.5 / fine as f64);
        for column in 0..columns {
            let (c, u) = (column / fine, (column % fine) as f64 / fine as f64 + 0.5 / fine as f64);
            let at = |r: usize, c: usize| grid.probability[r * grid.columns + c];
            let low = at(r, c) + u * (at(r, c + 1) - at(r, c));
            let high = at(r + 1, c) + u * (at(r + 1, c + 1) - at(r + 1, c));
            let p = low + v * (high - low);
            pixels.push(match style {
                RegionStyle::Classes => u8::from(p > 0.5),
                RegionStyle::Probability => (p.clamp(0.0, 1.0) * 255.0).round() as u8,
            });
        }
    }
    let palette = match style {
        RegionStyle::Classes => REGIONS.to_vec(),
        RegionStyle::Probability => (0..=255_u8).map(|k| PROBABILITY.at(f64::from(k) / 255.0)).collect(),
    };
    Image { columns: columns as u32, rows: rows as u32, palette, pixels, smooth: true }
}
