//! Colours of numbers, and the bar that says which is which.

use super::axis::Scale;
use super::drawing::{Image, Rect, Shape};
use super::font::width;
use super::label::{Anchor, Label};
use super::plot;

/// Colours from the lowest number to the highest, mixed between these.
pub(super) struct Colors(&'static [[f64; 3]]);

/// Of a probability of class 1: the course's region colours at the ends, light between them.
pub(super) const PROBABILITY: Colors = Colors(&[
    [197.0, 44.0, 75.0],
    [244.0, 165.0, 130.0],
    [247.0, 245.0, 232.0],
    [146.0, 190.0, 219.0],
    [63.0, 119.0, 181.0],
]);

/// Matplotlib's viridis, from dark to light.
pub(super) const VIRIDIS: Colors = Colors(&[
    [68.0, 1.0, 84.0],
    [71.0, 45.0, 123.0],
    [59.0, 82.0, 139.0],
    [44.0, 114.0, 142.0],
    [33.0, 145.0, 140.0],
    [40.0, 174.0, 128.0],
    [94.0, 201.0, 98.0],
    [173.0, 220.0, 48.0],
    [253.0, 231.0, 37.0],
]);

/// Of a bar.
pub(super) const WIDTH: f64 = 14.0;

/// Size of its words.
const TEXT: f64 = 12.0;

impl Colors {
    /// The colour at a place from 0 to 1.
    pub(super) fn at(&self, t: f64) -> [u8; 3] {
        let Self(stops) = self;
        let t = t.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
        let k = (t as usize).min(stops.len() - 2);
        std::array::from_fn(|c| {
            (stops[k][c] + (t - k as f64) * (stops[k + 1][c] - stops[k][c])).round() as u8
        })
    }

    /// A bar at the right of `left`, as high as its scale, with about so many ticks.
    pub(super) fn bar(
        &self,
        shapes: &mut Vec<Shape>,
        left: f64,
        scale: &Scale,
        ticks: usize,
        label: Option<&str>,
    ) {
        const STEPS: u8 = 64;
        let Scale { from: bottom, to: top, .. } = *scale;
        let palette = (0..STEPS).rev().map(|k| self.at(f64::from(k) / f64::from(STEPS - 1))).collect();
        let image =
            Image { columns: 1, rows: STEPS.into(), palette, pixels: (0..STEPS).collect(), smooth: true };
        shapes.push(Shape::Image(Rect { left, top, width: WIDTH, height: bottom - top }, image));
        for (value, name) in scale.ticks(ticks) {
            let Some(at) = scale.at(value) else { continue };
            let place = (left + WIDTH + 5.0, at + 4.0);
            shapes.push(Shape::Label(Label::new(name, place, TEXT, Anchor::Start)));
        }
        if let Some(label) = label {
            // A long one ends with the figure.
            let middle = (left + WIDTH + 8.0).min(plot::WIDTH - 4.0 - width(label, TEXT) / 2.0);
            shapes.push(Shape::Label(Label::new(label, (middle, top - 10.0), TEXT, Anchor::Middle)));
        }
    }
}
