//! A map: the values of cells as colours, with a bar that says which value is which colour.

use std::fmt::Write as _;

use super::axis::Scale;
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

/// Matplotlib's viridis, from dark to light.
const STOPS: [[f64; 3]; 9] = [
    [68.0, 1.0, 84.0],
    [71.0, 45.0, 123.0],
    [59.0, 82.0, 139.0],
    [44.0, 114.0, 142.0],
    [33.0, 145.0, 140.0],
    [40.0, 174.0, 128.0],
    [94.0, 201.0, 98.0],
    [173.0, 220.0, 48.0],
    [253.0, 231.0, 37.0],
];
/// Of cells without a number.
const WITHOUT: [u8; 3] = [110, 110, 114];

/// Colour of a place between the limits.
fn shade(t: f64) -> [u8; 3] {
    let t = t.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let k = (t as usize).min(STOPS.len() - 2);
    std::array::from_fn(|c| (STOPS[k][c] + (t - k as f64) * (STOPS[k + 1][c] - STOPS[k][c])).round() as u8)
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
        let palette = std::iter::once(WITHOUT).chain((0..255).map(|k| shade(f64::from(k) / 254.0)));
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
        const STEPS: usize = 64;
        const WIDTH: f64 = 14.0;
        let step = (bottom - top) / STEPS as f64;
        for k in 0..STEPS {
            let [r, g, b] = shade((k as f64 + 0.5) / STEPS as f64);
            let (at, height) = (bottom - (k + 1) as f64 * step, step + 0.5);
            let _ = write!(
                out,
                "<rect x=\"{left}\" y=\"{at:.2}\" width=\"{WIDTH}\" height=\"{height:.2}\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>"
            );
        }
        let scale = self.scale(bottom, top);
        for (value, label) in scale.ticks(5) {
            let Some(at) = scale.at(value) else { continue };
            let (text, base) = (left + WIDTH + 5.0, at + 4.0);
            let _ = write!(
                out,
                "<text x=\"{text}\" y=\"{base:.1}\" font-size=\"12\" fill=\"{ink}\">{}</text>",
                escape(&label)
            );
        }
        if let Some(label) = &self.color.label {
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"12\" fill=\"{ink}\">{}</text>",
                left + WIDTH + 8.0,
                top - 10.0,
                escape(label)
            );
        }
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
