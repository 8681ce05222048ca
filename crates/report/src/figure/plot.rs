//! Laying out: the description turned into shapes, as matplotlib would place them.

use super::axis::Scale;
use super::colors::PROBABILITY;
use super::drawing::{Color, Fill, Pen, Point, Rect, Shape, Style};
use super::font::width;
use super::label::{Anchor, Label};
use super::layers::{PIXELS_PER_POINT, draw_layer, xs, ys};
use super::{Axis, Figure, Layer, RegionStyle};

/// 7 × 4 inches at 100 pixels per inch.
pub(super) const WIDTH: f64 = 700.0;
pub(super) const HEIGHT: f64 = 400.0;

/// Size of a word, and of the title.
const TEXT: f64 = 14.0;
const TITLE: f64 = 17.0;

/// About so many ticks.
const X_TICKS: usize = 8;
const Y_TICKS: usize = 6;

/// The frame of the axes.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

pub(super) fn lay_out(figure: &Figure) -> Vec<Shape> {
    let is_shaded = |layer: &Layer| matches!(layer, Layer::Regions { style: RegionStyle::Probability, .. });
    let shaded = figure.layers.iter().any(is_shaded);
    let map =
        figure.layers.iter().find_map(|layer| if let Layer::Map(map) = layer { Some(map) } else { None });
    let (top, bottom) = (40.0, HEIGHT - 54.0);
    let y = Scale::new(&figure.y, figure.layers.iter().flat_map(ys), bottom, top);
    // Long numbers and names need more room.
    let longest = y.ticks(Y_TICKS).iter().map(|(_, label)| width(label, TEXT)).fold(0.0, f64::max);
    let beside = if figure.y.label.is_some() { 35.0 } else { 17.0 };
    let left = (longest + beside).max(72.0);
    let right = WIDTH - if shaded || map.is_some() { 92.0 } else { 22.0 };
    let x = Scale::new(&figure.x, figure.layers.iter().flat_map(xs), left, right);
    let frame = Frame { left, right, top, bottom };

    let paper = Rect { left: 0.0, top: 0.0, width: WIDTH, height: HEIGHT };
    let mut shapes = vec![Shape::Rect(paper, Style::filled(Color::Paper))];
    axes(&mut shapes, figure, &frame, &x, &y);
    let mut inside = Vec::new();
    figure.layers.iter().for_each(|layer| draw_layer(&mut inside, layer, &x, &y));
    let place = Rect { left, top, width: right - left, height: bottom - top };
    shapes.push(Shape::Clip(place, inside));
    shapes.push(Shape::Rect(place, Style::outlined(Pen::thin(Color::Frame))));
    // What the colours mean, at the right of the frame.
    let beside = right + 16.0;
    if shaded {
        let axis = Axis { limits: Some((0.0, 1.0)), ..Axis::default() };
        let scale = Scale::new(&axis, std::iter::empty(), bottom, top);
        PROBABILITY.bar(&mut shapes, beside, &scale, 2, Some("P(y = 1)"));
    }
    if let Some(map) = map {
        map.bar(&mut shapes, beside, (top, bottom));
    }
    legend(&mut shapes, figure, &frame, &x, &y);
    shapes
}

fn axes(shapes: &mut Vec<Shape>, figure: &Figure, frame: &Frame, x: &Scale, y: &Scale) {
    let Frame { left, right, top, bottom } = *frame;
    let line = |from: Point, to: Point, color| Shape::Lines(vec![vec![from, to]], Pen::thin(color));
    // Lines to read values off belong to curves, not to maps.
    let has = |wanted: fn(&Layer) -> bool| figure.layers.iter().any(wanted);
    let lines =
        has(|layer| matches!(layer, Layer::Line { .. })) && !has(|layer| matches!(layer, Layer::Map(_)));
    for (value, label) in x.ticks(X_TICKS) {
        let Some(at) = x.at(value) else { continue };
        if lines {
            shapes.push(line((at, top), (at, bottom), Color::Grid));
        }
        shapes.push(line((at, bottom), (at, bottom + 5.0), Color::Frame));
        shapes.push(Shape::Label(Label::new(label, (at, bottom + 20.0), TEXT, Anchor::Middle)));
    }
    for (value, label) in y.ticks(Y_TICKS) {
        let Some(at) = y.at(value) else { continue };
        if lines {
            shapes.push(line((left, at), (right, at), Color::Grid));
        }
        shapes.push(line((left, at), (left - 5.0, at), Color::Frame));
        shapes.push(Shape::Label(Label::new(label, (left - 9.0, at + 5.0), TEXT, Anchor::End)));
    }
    let middle = (left + right) / 2.0;
    if let Some(title) = &figure.title {
        shapes.push(Shape::Label(Label::new(title, (middle, 27.0), TITLE, Anchor::Middle)));
    }
    if let Some(label) = &figure.x.label {
        shapes.push(Shape::Label(Label::new(label, (middle, bottom + 43.0), TEXT, Anchor::Middle)));
    }
    if let Some(label) = &figure.y.label {
        let label = Label::new(label, (17.0, (top + bottom) / 2.0), TEXT, Anchor::Middle);
        shapes.push(Shape::Label(Label { upwards: true, ..label }));
    }
}

fn legend(shapes: &mut Vec<Shape>, figure: &Figure, frame: &Frame, x: &Scale, y: &Scale) {
    let entries: Vec<(&str, Pen)> = figure
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Line { label: Some(label), color, stroke, width, .. } => {
                let pen = Pen::thin(Color::of(color));
                Some((label.as_str(), Pen { width: width * PIXELS_PER_POINT, stroke: *stroke, ..pen }))
            }
            _ => None,
        })
        .collect();
    if entries.is_empty() {
        return;
    }
    let longest = entries.iter().map(|(label, _)| width(label, TEXT)).fold(0.0, f64::max);
    let (width, height) = (longest + 58.0, entries.len() as f64 * 20.0 + 10.0);
    let points: Vec<_> = figure
        .layers
        .iter()
        .flat_map(|layer| match layer {
            Layer::Line { points, .. } => points.as_slice(),
            _ => &[],
        })
        .filter_map(|&(a, b)| Some((x.at(a)?, y.at(b)?)))
        .collect();
    let (left, top) = free_place(frame, (width, height), &points);
    let fill = Some(Fill { color: Color::Paper, opacity: 0.85 });
    let style = Style { fill, pen: Some(Pen::thin(Color::Grid)) };
    shapes.push(Shape::Rect(Rect { left, top, width, height }, style));
    for (k, &(label, pen)) in entries.iter().enumerate() {
        let middle = top + 15.0 + k as f64 * 20.0;
        shapes.push(Shape::Lines(vec![vec![(left + 8.0, middle), (left + 44.0, middle)]], pen));
        shapes.push(Shape::Label(Label::new(label, (left + 51.0, middle + 5.0), TEXT, Anchor::Start)));
    }
}

/// Where a box of this size hides the fewest points: at the top right if nothing speaks against it.
fn free_place(frame: &Frame, (width, height): (f64, f64), points: &[Point]) -> Point {
    let (left, right) = (frame.left + 8.0, frame.right - width - 8.0);
    let (top, bottom) = (frame.top + 8.0, frame.bottom - height - 8.0);
    let (center, middle) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let hidden = |&(left, top): &Point| {
        let inside =
            |&&(a, b): &&Point| (left..left + width).contains(&a) && (top..top + height).contains(&b);
        points.iter().filter(inside).count()
    };
    let corners = [(right, top), (right, bottom), (left, top), (left, bottom)];
    let between = [(right, middle), (center, top), (center, bottom), (left, middle)];
    corners.into_iter().chain(between).min_by_key(hidden).unwrap_or((right, top))
}
