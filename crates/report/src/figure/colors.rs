//! Colours of numbers, and the bar that says which is which.

use super::axis::Scale;
use super::drawing::{Image, Rect, Shape};
use super::font::width;
use super::label::{Anchor, Label};
use super::style::{BAR, EDGE, GAP, HALF_WORD, TEXT, WIDTH};

/// Colours from the lowest number to the highest, mixed between these.
pub(super) struct Colors(pub(super) &'static [[f64; 3]]);

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
        shapes.push(Shape::Image(Rect { left, top, width: BAR, height: bottom - top }, image));
        for (value, name) in scale.ticks(ticks) {
            let Some(at) = scale.at(value) else { continue };
            let place = (left + BAR + GAP, at + HALF_WORD);
            shapes.push(Shape::Label(Label::new(name, place, TEXT, Anchor::Start)));
        }
        if let Some(label) = label {
            // A long one ends with the figure.
            let middle = (left + BAR).min(WIDTH - EDGE - width(label, TEXT) / 2.0);
            shapes.push(Shape::Label(Label::new(
                label,
                (middle, top - 2.0 * HALF_WORD),
                TEXT,
                Anchor::Middle,
            )));
        }
    }
}
