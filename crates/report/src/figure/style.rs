//! How all figures look: sizes, strokes and colours, in one place.

use super::colors::Colors;
use super::drawing::Color;

/// 7 inches at 100 pixels per inch, as the course's figures.
pub(super) const WIDTH: f64 = 700.0;
/// 4 inches; names or a legend that need more make a figure higher.
pub(super) const HEIGHT: f64 = 400.0;
/// 100 pixels per inch, 72 points per inch.
pub(super) const PIXELS_PER_POINT: f64 = 100.0 / 72.0;

/// Size of a word. A phone shows the 700 pixels on about 385, where it is 9 pixels high.
pub(super) const TEXT: f64 = 17.0;
/// Size of the title.
pub(super) const TITLE: f64 = 19.0;
/// From base line to base line of words below each other.
pub(super) const ROW: f64 = 22.0;
/// From the middle of a word's height down to its base line.
pub(super) const HALF_WORD: f64 = 6.0;
/// No word comes closer to the edge of the figure.
pub(super) const EDGE: f64 = 6.0;
/// Between a tick and its word, and other things that belong together.
pub(super) const GAP: f64 = 5.0;
/// Width of the sample of a line beside its name.
pub(super) const SAMPLE: f64 = 32.0;

/// Width of the bar that says which number is which colour.
pub(super) const BAR: f64 = 14.0;
/// Room that the bar and its numbers take at the right of the frame.
pub(super) const BESIDE_BAR: f64 = 96.0;
/// Room that the last number of an axis needs at the right of the frame.
pub(super) const BESIDE: f64 = 34.0;

/// The rim of a point: it keeps points apart from each other and from regions of their colour.
pub(super) const RIM: f64 = 1.1;
/// A ring around a point, and how many times as large as the point it is.
pub(super) const RING: f64 = 2.0;
pub(super) const RING_SIZE: f64 = 1.75;
pub(super) const RING_COLOR: Color = Color::Rgb([0x11; 3]);
/// The line between two classes.
pub(super) const BORDER: f64 = 1.8;
pub(super) const BORDER_COLOR: Color = Color::Rgb([0x22; 3]);
/// A line at a value of x that has a name.
pub(super) const MARK: f64 = 1.6;
/// How much of what lies beneath a half-transparent thing hides: an area, and a dot.
pub(super) const BAND_OPACITY: f64 = 0.18;
pub(super) const DOT_OPACITY: f64 = 0.7;

/// Of cells of a map without a number.
pub(super) const WITHOUT: [u8; 3] = [110, 110, 114];

/// A single curve.
pub const CURVE: &str = CYCLE[0];
/// Points of class 0, 1, 2, …: red and blue first, as in the course, in shades that people who confuse red and green tell apart.
/// The markers of the classes differ in shape, too.
pub const CLASSES: [&str; 6] = ["#b2182b", "#2166ac", "#1b7837", "#e08214", "#762a83", "#4d4d4d"];
/// Curves side by side: after Okabe and Ito, in shades that are seen on white and on black.
pub const CYCLE: [&str; 6] = ["#0072b2", "#d55e00", "#00a37a", "#cc6fa8", "#805800", "#56a8e0"];
/// What stands out among many: the best of them, or what was chosen.
pub const CHOSEN: &str = CYCLE[1];
/// What stays behind others: what was given up, or the single values behind their mean. Seen on light and dark.
pub const MUTED: &str = "#9a9aa4";
/// Over a map, on all of whose shades it is seen.
pub const OVER_MAP: [&str; 5] = ["#ff4136", "#000000", "#ff9ff3", "#7fdbff", "#b35900"];

/// Of a probability of class 1: red to blue, light enough for points of either class to be seen on their own colour.
pub(super) const PROBABILITY: Colors = Colors(&[
    [244.0, 165.0, 130.0],
    [253.0, 219.0, 199.0],
    [247.0, 245.0, 240.0],
    [209.0, 229.0, 240.0],
    [146.0, 197.0, 222.0],
]);
/// Where class 0 is predicted, and class 1: the second is darker, which is seen in black and white.
pub(super) const REGIONS: [[u8; 3]; 2] = [[253, 224, 207], [156, 196, 224]];

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

#[cfg(test)]
mod tests {
    use super::*;

    type Rgb = [f64; 3];

    /// The light of sRGB.
    fn light(rgb: [u8; 3]) -> Rgb {
        rgb.map(|v| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn of(color: &str) -> Rgb {
        light(Color::of(color).rgb())
    }

    /// What eyes without one kind of cones see (Machado, Oliveira and Fernandes 2009, severity 1): protanopia, deuteranopia.
    const BLIND: [[Rgb; 3]; 2] = [
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ];

    fn seen(eye: &[Rgb; 3], light: Rgb) -> Rgb {
        eye.map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
    }

    fn luminance([r, g, b]: Rgb) -> f64 {
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// WCAG's contrast.
    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    /// Distance in CIELAB; about 2 is just seen.
    fn distance(a: Rgb, b: Rgb) -> f64 {
        let lab = |[r, g, b]: Rgb| {
            let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
            let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
            let [x, y, z] = [x, luminance([r, g, b]), z]
                .map(|t| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 });
            [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
        };
        lab(a).iter().zip(lab(b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn curves_and_classes_differ_for_those_who_confuse_red_and_green() {
        let green_and_red = BLIND.map(|eye| distance(seen(&eye, of("#d62728")), seen(&eye, of("#2ca02c"))));
        assert!(
            green_and_red.iter().any(|&d| d < 25.0),
            "the simulation takes colours away: {green_and_red:?}"
        );
        for eye in BLIND {
            let apart = |a: &str, b: &str| distance(seen(&eye, of(a)), seen(&eye, of(b)));
            for (k, a) in CYCLE.iter().enumerate() {
                for b in &CYCLE[k + 1..] {
                    assert!(apart(a, b) > 12.0, "{a} {b}: {}", apart(a, b));
                }
            }
            assert!(apart(CLASSES[0], CLASSES[1]) > 60.0);
            let regions = REGIONS.map(|rgb| seen(&eye, light(rgb)));
            assert!(distance(regions[0], regions[1]) > 25.0);
        }
    }

    #[test]
    fn curves_are_seen_on_light_and_on_dark() {
        for color in CYCLE.iter().chain([&MUTED]) {
            for paper in ["#ffffff", "#1b1f26"] {
                let contrast = contrast(of(color), of(paper));
                assert!(contrast > 2.5, "{color} on {paper}: {contrast}");
            }
        }
    }

    #[test]
    fn points_are_seen_on_regions_of_their_own_colour_and_regions_differ_in_grey() {
        let shades = [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| PROBABILITY.at(t));
        for ground in REGIONS.into_iter().chain(shades) {
            for class in &CLASSES[..2] {
                let contrast = contrast(of(class), light(ground));
                assert!(contrast > 2.9, "{class} on {ground:?}: {contrast}");
            }
        }
        let [red, blue] = REGIONS.map(light);
        assert!(luminance(red) > 1.3 * luminance(blue));
    }
}
