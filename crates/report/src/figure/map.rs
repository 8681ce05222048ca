//! A map: the values of cells as colours, with a bar that says which value is which colour.

use std::fmt::Write as _;

use super::axis::Scale;
use super::colors::{VIRIDIS, WIDTH};
use super::contour::segments;
use super::raster::{data_uri, indexed};
use super::svg::escape;
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

/// Of cells without a number.
const WITHOUT: [u8; 3] = [110, 110, 114];

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

    pub(super) fn draw(&self, out: &mut String, x: &Scale, y: &Scale) {
        let fits = self.columns > 0 && self.rows > 0 && self.values.len() == self.columns * self.rows;
        let corners = (x.at(self.x.0), x.at(self.x.1), y.at(self.y.0), y.at(self.y.1));
        let (true, (Some(left), Some(right), Some(bottom), Some(top))) = (fits, corners) else { return };
        let scale = self.scale(0.0, 1.0);
        let index = |value: &f64| match scale.at(*value) {
            Some(t) => 1 + (t.clamp(0.0, 1.0) * 254.0).round() as u8,
            None => 0,
        };
        let pixels: Vec<u8> = self.values.chunks(self.columns).rev().flatten().map(index).collect();
        let palette = std::iter::once(WITHOUT).chain((0..255).map(|k| VIRIDIS.at(f64::from(k) / 254.0)));
        let png = indexed(self.columns as u32, self.rows as u32, palette.flatten().collect(), &pixels);
        let _ = write!(
            out,
            "<image x=\"{left:.2}\" y=\"{top:.2}\" width=\"{:.2}\" height=\"{:.2}\" style=\"image-rendering:pixelated\" \
             preserveAspectRatio=\"none\" href=\"{}\"/>",
            right - left,
            bottom - top,
            data_uri(&png)
        );
        self.lines(out, (left, right), (bottom, top));
    }

    /// Lines of equal value, between the middles of the cells.
    fn lines(&self, out: &mut String, (left, right): (f64, f64), (bottom, top): (f64, f64)) {
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
            let mut path = String::new();
            for [a, b] in
                segments(&grid, level).into_iter().filter(|s| s.iter().all(|p| (p.0 + p.1).is_finite()))
            {
                let _ = write!(path, "M{:.1} {:.1}L{:.1} {:.1}", a.0, a.1, b.0, b.1);
            }
            let _ =
                write!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"#ffffff\" stroke-opacity=\"0.55\"/>");
        }
    }

    /// The bar, between these heights, at the right of `left`.
    pub(super) fn bar(&self, out: &mut String, left: f64, (top, bottom): (f64, f64), ink: &str) {
        let (scale, label) = (self.scale(bottom, top), self.color.label.as_deref());
        VIRIDIS.bar(out, left, &scale, 5, label, ink);
        if let Some(without) = self.without.as_ref().filter(|_| self.values.iter().any(|v| !v.is_finite())) {
            let [r, g, b] = WITHOUT;
            let (at, text, base) = (bottom + 28.0, left + WIDTH + 4.0, bottom + 39.0);
            let _ = write!(
                out,
                "<rect x=\"{left}\" y=\"{at}\" width=\"{WIDTH}\" height=\"{WIDTH}\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>\
                 <text x=\"{text}\" y=\"{base}\" font-size=\"11\" fill=\"{ink}\">{}</text>",
                escape(without)
            );
        }
    }
}
