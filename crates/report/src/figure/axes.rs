//! The axes of a figure: ticks, their words, and what is counted.

use super::axis::Scale;
use super::drawing::{Color, Pen, Point, Shape};
use super::font::width;
use super::label::{Anchor, Label};
use super::layers::ys;
use super::plot::{Frame, heading, shortened};
use super::style::{EDGE, GAP, HALF_WORD, ROW, TEXT, WIDTH};
use super::{Figure, Layer};

/// About so many ticks at most.
const X_TICKS: usize = 8;
const Y_TICKS: usize = 6;
/// Between two words below an axis.
const APART: f64 = 12.0;
/// A name at the left of the frame takes no more.
const LONGEST: f64 = 0.42 * WIDTH;

/// Ticks whose words do not touch each other.
pub(super) struct Ticks {
    ticks: Vec<(f64, String)>,
    /// Every second one stands a row lower.
    staggered: bool,
}

impl Ticks {
    /// At the left of the frame.
    pub(super) fn beside(figure: &Figure) -> Self {
        let y = Scale::new(&figure.y, figure.layers.iter().flat_map(ys), 1.0, 0.0);
        let ticks = y.ticks(Y_TICKS).into_iter().filter(|(value, _)| y.at(*value).is_some());
        Self { ticks: ticks.map(|(v, name)| (v, shortened(&name, LONGEST))).collect(), staggered: false }
    }

    /// Width of the longest word.
    pub(super) fn longest(&self) -> f64 {
        self.ticks.iter().map(|(_, label)| width(label, TEXT)).fold(0.0, f64::max)
    }

    /// Below the frame.
    pub(super) fn below(x: &Scale) -> Self {
        if x.is_named() {
            return Self::names(x);
        }
        let of = |count| Self { ticks: x.ticks(count), staggered: false };
        let mut ticks = (2..=X_TICKS).rev().map(of).find(|ticks| ticks.fit(x)).unwrap_or_else(|| of(2));
        // Those that cannot be had apart from each other otherwise.
        let mut taken = f64::NEG_INFINITY;
        ticks.ticks.retain(|(value, label)| {
            let (Some(at), half) = (x.at(*value), width(label, TEXT) / 2.0) else { return false };
            let is_free = at - half >= taken;
            taken = if is_free { at + half + APART } else { taken };
            is_free
        });
        ticks
    }

    fn names(x: &Scale) -> Self {
        let mut all = Self { ticks: x.ticks(X_TICKS), staggered: false };
        if !all.fit(x) {
            let room = 2.0 * (x.at(1.0).unwrap_or(0.0) - x.at(0.0).unwrap_or(0.0)) - APART;
            all.ticks.iter_mut().for_each(|(_, name)| *name = shortened(name, room));
            all.staggered = true;
        }
        all
    }

    fn fit(&self, x: &Scale) -> bool {
        let half = |label: &str| width(label, TEXT) / 2.0;
        self.ticks.windows(2).all(|pair| {
            let (Some(a), Some(b)) = (x.at(pair[0].0), x.at(pair[1].0)) else { return true };
            b - a >= half(&pair[0].1) + half(&pair[1].1) + APART
        })
    }

    /// Of the words below the frame.
    pub(super) fn height(&self) -> f64 {
        GAP + ROW * if self.staggered { 2.0 } else { 1.0 }
    }
}

/// Ticks, their words, and lines to read values off.
pub(super) fn draw(
    shapes: &mut Vec<Shape>,
    figure: &Figure,
    frame: Frame,
    (x, x_ticks): (&Scale, &Ticks),
    (y, y_ticks): (&Scale, &Ticks),
) {
    let Frame { left, right, top, bottom } = frame;
    let line = |from: Point, to: Point, color| Shape::Lines(vec![vec![from, to]], Pen::thin(color));
    // Lines to read values off belong to curves, not to maps.
    let has = |wanted: fn(&Layer) -> bool| figure.layers.iter().any(wanted);
    let lines =
        has(|layer| matches!(layer, Layer::Line { .. })) && !has(|layer| matches!(layer, Layer::Map(_)));
    for (k, (value, label)) in x_ticks.ticks.iter().enumerate() {
        let Some(at) = x.at(*value) else { continue };
        if lines {
            shapes.push(line((at, top), (at, bottom), Color::Grid));
        }
        shapes.push(line((at, bottom), (at, bottom + GAP), Color::Frame));
        let lower = if x_ticks.staggered && k % 2 == 1 { ROW } else { 0.0 };
        // The last word ends with the figure, the first begins with it.
        let half = width(label, TEXT) / 2.0;
        let at = at.clamp(EDGE + half, (WIDTH - EDGE - half).max(EDGE + half));
        let place = (at, bottom + GAP + TEXT + lower);
        shapes.push(Shape::Label(Label::new(label, place, TEXT, Anchor::Middle)));
    }
    for (value, label) in &y_ticks.ticks {
        let Some(at) = y.at(*value) else { continue };
        if lines {
            shapes.push(line((left, at), (right, at), Color::Grid));
        }
        shapes.push(line((left, at), (left - GAP, at), Color::Frame));
        let place = (left - 2.0 * GAP + 1.0, at + HALF_WORD);
        shapes.push(Shape::Label(Label::new(label, place, TEXT, Anchor::End)));
    }
}

/// The title and what the axes count. The name of y stands beside it, or lies in a row that begins at `lying`.
pub(super) fn words(
    shapes: &mut Vec<Shape>,
    figure: &Figure,
    Frame { left, right, top, bottom }: Frame,
    stands: bool,
    (lying, height): (f64, f64),
) {
    let middle = (left + right) / 2.0;
    if let Some(title) = &figure.title {
        shapes.push(Shape::Label(heading(title, middle)));
    }
    if let Some(label) = &figure.x.label {
        let label = shortened(label, WIDTH - 2.0 * EDGE);
        let half = width(&label, TEXT) / 2.0;
        let middle = middle.clamp(EDGE + half, WIDTH - EDGE - half);
        let place = (middle, height - EDGE - GAP);
        shapes.push(Shape::Label(Label::new(label, place, TEXT, Anchor::Middle)));
    }
    match &figure.y.label {
        Some(label) if stands => {
            let place = (EDGE + 0.8 * TEXT, (top + bottom) / 2.0);
            let label = Label::new(label, place, TEXT, Anchor::Middle);
            shapes.push(Shape::Label(Label { upwards: true, ..label }));
        }
        Some(label) => {
            let label = shortened(label, WIDTH - 2.0 * EDGE);
            shapes.push(Shape::Label(Label::new(label, (EDGE, lying + TEXT), TEXT, Anchor::Start)));
        }
        None => {}
    }
}
