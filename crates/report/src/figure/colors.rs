//! Colours of numbers, and the bar that says which is which.

use std::fmt::Write as _;

use super::axis::Scale;
use super::svg::escape;

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
        out: &mut String,
        left: f64,
        scale: &Scale,
        ticks: usize,
        label: Option<&str>,
        ink: &str,
    ) {
        const STEPS: usize = 64;
        let Scale { from: bottom, to: top, .. } = *scale;
        let step = (bottom - top) / STEPS as f64;
        for k in 0..STEPS {
            let [r, g, b] = self.at((k as f64 + 0.5) / STEPS as f64);
            let (at, height) = (bottom - (k + 1) as f64 * step, step + 0.5);
            let _ = write!(
                out,
                "<rect x=\"{left}\" y=\"{at:.2}\" width=\"{WIDTH}\" height=\"{height:.2}\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>"
            );
        }
        for (value, name) in scale.ticks(ticks) {
            let Some(at) = scale.at(value) else { continue };
            let (text, base) = (left + WIDTH + 5.0, at + 4.0);
            let name = escape(&name);
            let _ = write!(
                out,
                "<text x=\"{text}\" y=\"{base:.1}\" font-size=\"12\" fill=\"{ink}\">{name}</text>"
            );
        }
        if let Some(label) = label {
            let (middle, base, label) = (left + WIDTH + 8.0, top - 10.0, escape(label));
            let _ = write!(
                out,
                "<text x=\"{middle}\" y=\"{base}\" text-anchor=\"middle\" font-size=\"12\" fill=\"{ink}\">{label}</text>"
            );
        }
    }
}
