//! Which sign is which: names at the ends of curves where all of them fit, else, and for all other signs, in rows above the
//! frame. Neither lies over data.

use super::axis::Scale;
use super::drawing::{Color, Fill, Pen, Point, Rect, Shape, Style};
use super::font::width;
use super::label::{Anchor, Label};
use super::layers::{class_marker, pen, radius, ring, xs, ys};
use super::marker::Marker;
use super::plot::{Frame, shortened};
use super::style::{DOT_OPACITY, EDGE, GAP, HALF_WORD, RING_SIZE, ROW, SAMPLE, TEXT, WITHOUT};
use super::{Figure, Layer};

/// Between two entries of a row.
const APART: f64 = 20.0;
/// More curves than this, or with longer names, are named above the frame.
const MOST_ENDS: usize = 8;
const LONGEST_END: f64 = 200.0;
/// A curve that ends before this share of the axis is not named at its end.
const NEAR_END: f64 = 0.8;
/// Areas of markers in the legend.
const AREA: f64 = 44.0;

/// How something is drawn.
enum Sign {
    Line(Pen),
    Markers(Vec<(Marker, Style)>, f64),
    Square(Color),
}

impl Sign {
    fn width(&self) -> f64 {
        match self {
            Self::Line(_) => SAMPLE,
            _ => TEXT,
        }
    }

    fn draw(&self, shapes: &mut Vec<Shape>, (left, middle): Point) {
        let right = left + self.width();
        match self {
            Self::Line(pen) => shapes.push(Shape::Lines(vec![vec![(left, middle), (right, middle)]], *pen)),
            Self::Markers(markers, radius) => {
                let centers = vec![((left + right) / 2.0, middle)];
                shapes.extend(markers.iter().map(|&(marker, style)| Shape::Markers {
                    marker,
                    centers: centers.clone(),
                    radius: *radius,
                    style,
                }));
            }
            Self::Square(color) => {
                let side = right - left - 2.0;
                let place = Rect { left, top: middle - side / 2.0, width: side, height: side };
                shapes.push(Shape::Rect(place, Style::filled(*color)));
            }
        }
    }
}

/// The names of a figure in rows.
pub(super) struct Legend {
    /// Row, left, sign and name.
    entries: Vec<(usize, f64, Sign, String)>,
}

impl Legend {
    /// Of all that has a name, without the curves where those are named at their ends; between two sides.
    pub(super) fn of(figure: &Figure, without_lines: bool, (left, right): (f64, f64)) -> Self {
        let mut all: Vec<(Sign, String)> = Vec::new();
        for layer in &figure.layers {
            match layer {
                Layer::Line { label: Some(label), color, width, stroke, .. } if !without_lines => {
                    all.push((Sign::Line(pen(color, *width, *stroke)), label.clone()));
                }
                Layer::Points { classes, .. } => {
                    let mut classes = classes.clone();
                    classes.sort_unstable();
                    classes.dedup();
                    let sign = |class| Sign::Markers(vec![class_marker(class, radius(AREA))], radius(AREA));
                    all.extend(classes.into_iter().map(|class| (sign(class), format!("y = {class}"))));
                }
                Layer::Rings { label, points, .. } if !points.is_empty() => {
                    all.push((Sign::Markers(ring().to_vec(), RING_SIZE * radius(AREA) * 0.9), label.clone()));
                }
                Layer::Dots { label: Some(label), points, color, .. } if !points.is_empty() => {
                    let fill = Some(Fill { color: Color::of(color), opacity: DOT_OPACITY });
                    let marker = (Marker::Circle, Style { fill, pen: None });
                    all.push((Sign::Markers(vec![marker], radius(AREA)), label.clone()));
                }
                Layer::Map(map) => {
                    all.extend(map.grey().map(|name| (Sign::Square(Color::Rgb(WITHOUT)), name.to_owned())));
                }
                _ => {}
            }
        }
        let (mut row, mut at) = (0, left);
        let mut entries = Vec::new();
        for (sign, name) in all {
            let name = shortened(&name, right - left - sign.width() - 2.0 * GAP);
            let end = at + sign.width() + GAP + width(&name, TEXT);
            let (of, from) = if end > right && at > left { (row + 1, left) } else { (row, at) };
            at = from + sign.width() + GAP + width(&name, TEXT) + APART;
            row = of;
            entries.push((row, from, sign, name));
        }
        Self { entries }
    }

    pub(super) fn height(&self) -> f64 {
        self.entries.last().map_or(0.0, |(row, ..)| (*row + 1) as f64 * ROW)
    }

    pub(super) fn draw(&self, shapes: &mut Vec<Shape>, top: f64) {
        for (row, left, sign, name) in &self.entries {
            let middle = top + ROW * (*row as f64 + 0.5);
            sign.draw(shapes, (*left, middle));
            let place = (left + sign.width() + GAP, middle + HALF_WORD);
            shapes.push(Shape::Label(Label::new(name, place, TEXT, Anchor::Start)));
        }
    }
}

/// The names of all curves, each at its end.
pub(super) struct Ends {
    /// Value of y at the end, pen and name.
    ends: Vec<(f64, Pen, String)>,
}

impl Ends {
    /// None where a curve ends early or outside the frame, or where names would not fit.
    pub(super) fn of(figure: &Figure) -> Option<Self> {
        let x = Scale::new(&figure.x, figure.layers.iter().flat_map(xs), 0.0, 1.0);
        let y = Scale::new(&figure.y, figure.layers.iter().flat_map(ys), 0.0, 1.0);
        let mut ends = Vec::new();
        for layer in &figure.layers {
            let Layer::Line { label: Some(label), points, color, width: line, stroke } = layer else {
                continue;
            };
            let (u, v, value) = points.iter().rev().find_map(|&(a, b)| Some((x.at(a)?, y.at(b)?, b)))?;
            let is_near = (NEAR_END..=1.0 + 1e-9).contains(&u) && (0.0..=1.0).contains(&v);
            if !is_near || width(label, TEXT) > LONGEST_END {
                return None;
            }
            ends.push((value, pen(color, *line, *stroke), label.clone()));
        }
        (!ends.is_empty() && ends.len() <= MOST_ENDS).then_some(Self { ends })
    }

    /// At the right of the frame.
    pub(super) fn room(&self) -> f64 {
        let longest = self.ends.iter().map(|(.., name)| width(name, TEXT)).fold(0.0, f64::max);
        SAMPLE + 2.0 * GAP + longest + EDGE
    }

    /// Each name at the height of its end, or next to it where another one is there. A stroke like the curve's leads to it.
    pub(super) fn draw(&self, shapes: &mut Vec<Shape>, frame: Frame, y: &Scale) {
        let mut ends: Vec<_> =
            self.ends.iter().filter_map(|(value, pen, name)| Some((y.at(*value)?, pen, name))).collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let heights: Vec<f64> = ends.iter().map(|end| end.0).collect();
        let left = frame.right + GAP;
        for (middle, (end, pen, name)) in apart(&heights, (frame.top, frame.bottom)).into_iter().zip(ends) {
            let right = left + SAMPLE;
            shapes.push(Shape::Lines(vec![vec![(left, end), (right, middle)]], *pen));
            let place = (right + GAP, middle + HALF_WORD);
            shapes.push(Shape::Label(Label::new(name, place, TEXT, Anchor::Start)));
        }
    }
}

/// Sorted heights moved as little as possible (least squares) so that rows of words between two sides do not touch.
fn apart(heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    // Without the rows above it each is to be no higher than the one before: neighbours that are share their mean.
    let mut groups: Vec<(f64, usize)> = Vec::new();
    for (k, height) in heights.iter().enumerate() {
        groups.push((height - k as f64 * ROW, 1));
        while let [.., (a, m), (b, n)] = groups[..] {
            if b > a {
                break;
            }
            groups.truncate(groups.len() - 2);
            groups.push(((a * m as f64 + b * n as f64) / (m + n) as f64, m + n));
        }
    }
    let lowest = (bottom - heights.len().saturating_sub(1) as f64 * ROW).max(top);
    let all = groups.into_iter().flat_map(|(mean, n)| std::iter::repeat_n(mean.clamp(top, lowest), n));
    all.enumerate().map(|(k, height)| height + k as f64 * ROW).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_move_apart_no_further_than_they_must() {
        let side = (0.0, 200.0);
        assert_eq!(apart(&[50.0, 100.0], side), [50.0, 100.0]);
        assert_eq!(apart(&[100.0, 100.0], side), [100.0 - ROW / 2.0, 100.0 + ROW / 2.0]);
        assert_eq!(apart(&[20.0, 100.0, 110.0, 120.0], side), [20.0, 110.0 - ROW, 110.0, 110.0 + ROW]);
        assert_eq!(apart(&[0.0, 0.0], side), [0.0, ROW]);
        assert_eq!(apart(&[200.0, 200.0], side), [200.0 - ROW, 200.0]);
        assert_eq!(apart(&[], side), [0.0; 0]);
    }
}
