//! A map: the values of cells as colours, with a bar that says which value is which colour.

use super::axis::Scale;
use super::contour::segments;
use super::drawing::{Color, Image, Pen, Rect, Shape};
use super::style::{VIRIDIS, WITHOUT};
use super::{Axis, Grid};

/// Values of the cells of a regular grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// Left and right edge.
    pub x: (f64, f64),
    /// Lower and upper edge.
    pub y: (f64, f64),
    /// Number of columns, at least 1.
    pub columns: usize,
    /// Number of rows, at least 1.
    pub rows: usize,
    /// Row by row, the bottom row first. A cell without a number is grey.
    pub values: Vec<f64>,
    /// What the colours mean; limits from the values.
    pub color: Axis,
    /// What grey means.
    pub without: Option<String>,
    /// Values along which lines are drawn.
    pub levels: Vec<f64>,
}

impl Map {
    fn scale(&self, from: f64, to: f64) -> Scale {
        let limits = self.color.limits.or_else(|| {
            let usable =
                self.values.iter().copied().filter(|v| v.is_finite() && (!self.color.log || *v > 0.0));
            let (low, high) =
                usable.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            (low < high).then_some((low, high))
        });
        Scale::new(&Axis { limits, ..self.color.clone() }, self.values.iter().copied(), from, to)
    }

    pub(super) fn draw(&self, shapes: &mut Vec<Shape>, x: &Scale, y: &Scale) {
        let fits = self.columns > 0 && self.rows > 0 && self.values.len() == self.columns * self.rows;
        let corners = (x.at(self.x.0), x.at(self.x.1), y.at(self.y.0), y.at(self.y.1));
        let (true, (Some(left), Some(right), Some(bottom), Some(top))) = (fits, corners) else { return };
        let scale = self.scale(0.0, 1.0);
        let number = |value: &f64| match scale.at(*value) {
            Some(t) => 1 + (t.clamp(0.0, 1.0) * 254.0).round() as u8,
            None => 0,
        };
        let colors = (0..255).map(|k| VIRIDIS.at(f64::from(k) / 254.0));
        let image = Image {
            columns: self.columns as u32,
            rows: self.rows as u32,
            palette: std::iter::once(WITHOUT).chain(colors).collect(),
            pixels: self.values.chunks(self.columns).rev().flatten().map(number).collect(),
            smooth: false,
        };
        shapes.push(Shape::Image(Rect { left, top, width: right - left, height: bottom - top }, image));
        self.lines(shapes, (left, right), (bottom, top));
    }

    /// Lines of equal value, between the middles of the cells.
    fn lines(&self, shapes: &mut Vec<Shape>, (left, right): (f64, f64), (bottom, top): (f64, f64)) {
        if self.columns < 2 || self.rows < 2 {
            return;
        }
        let (w, h) = ((right - left) / self.columns as f64, (top - bottom) / self.rows as f64);
        let grid = Grid {
            x: (left + w / 2.0, right - w / 2.0),
            y: (bottom + h / 2.0, top - h / 2.0),
            columns: self.columns,
            rows: self.rows,
            probability: self.values.clone(),
        };
        for &level in &self.levels {
            let all = segments(&grid, level).into_iter();
            let lines = all.filter(|s| s.iter().all(|p| (p.0 + p.1).is_finite())).map(Vec::from).collect();
            shapes.push(Shape::Lines(lines, Pen { opacity: 0.55, ..Pen::thin(Color::WHITE) }));
        }
    }

    /// The bar, between these heights, at the right of `left`.
    pub(super) fn bar(&self, shapes: &mut Vec<Shape>, left: f64, (top, bottom): (f64, f64)) {
        VIRIDIS.bar(shapes, left, &self.scale(bottom, top), 5, self.color.label.as_deref());
    }

    /// What grey means, where something is grey.
    pub(super) fn grey(&self) -> Option<&str> {
        self.without.as_deref().filter(|_| self.values.iter().any(|v| !v.is_finite()))
    }
}
