//! Laying out: the description turned into shapes. From above: the title, the legend, names of marks, the frame, its ticks, and
//! what the axis counts. Nothing that is written lies over data.

use super::axes::{self, Ticks};
use super::axis::Scale;
use super::drawing::{Color, Drawing, Pen, Rect, Shape, Style};
use super::font::width;
use super::label::{Anchor, Label};
use super::layers::{draw_layer, xs, ys};
use super::legend::{Ends, Legend};
use super::map::Map;
use super::marks::Marks;
use super::style::{BESIDE, BESIDE_BAR, EDGE, GAP, HEIGHT, PROBABILITY, ROW, TEXT, TITLE, WIDTH};
use super::{Axis, Figure, Layer, RegionStyle, panels};

/// No frame is lower.
const LOWEST: f64 = 240.0;

/// The frame of the axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Frame {
    pub(super) fn rect(self) -> Rect {
        let Self { left, right, top, bottom } = self;
        Rect { left, top, width: right - left, height: bottom - top }
    }
}

/// What colours mean, at the right of the frame.
enum Bar<'a> {
    Probability,
    Map(&'a Map),
}

fn bar(figure: &Figure) -> Option<Bar<'_>> {
    figure.layers.iter().find_map(|layer| match layer {
        Layer::Regions { style: RegionStyle::Probability, .. } => Some(Bar::Probability),
        Layer::Map(map) => Some(Bar::Map(map)),
        _ => None,
    })
}

pub(super) fn lay_out(figure: &Figure) -> Drawing {
    if !figure.panels.is_empty() {
        return panels::lay_out(figure);
    }
    let bar = bar(figure);
    let y_ticks = Ticks::beside(figure);
    let stands = figure.y.label.as_ref().is_some_and(|label| width(label, TEXT) < LOWEST);
    let left = EDGE + if stands { ROW } else { 0.0 } + y_ticks.longest() + 2.0 * GAP;
    let ends = if bar.is_some() { None } else { Ends::of(figure) };
    let right = WIDTH
        - match (&bar, &ends) {
            (Some(_), _) => BESIDE_BAR,
            (None, Some(ends)) => ends.room(),
            (None, None) => BESIDE,
        };
    let x = Scale::new(&figure.x, figure.layers.iter().flat_map(xs), left, right);
    let x_ticks = Ticks::below(&x);

    let legend = Legend::of(figure, ends.is_some(), (left, WIDTH - EDGE));
    let marks = Marks::of(figure, &x, bar.is_some());
    let title = if figure.title.is_some() { TITLE + GAP } else { 0.0 };
    let lying = f64::from(u8::from(figure.y.label.is_some() && !stands));
    let over = title + legend.height();
    let top = EDGE + over + (lying + marks.rows() as f64) * ROW + GAP;
    let below = x_ticks.height() + if figure.x.label.is_some() { ROW } else { 0.0 } + EDGE;
    let high = (HEIGHT - top - below).max(LOWEST).max(ROW * figure.y.names.len() as f64);
    let frame = Frame { left, right, top, bottom: top + high };
    let y = Scale::new(&figure.y, figure.layers.iter().flat_map(ys), frame.bottom, top);
    let height = frame.bottom + below;

    let paper = Rect { left: 0.0, top: 0.0, width: WIDTH, height };
    let mut shapes = vec![Shape::Rect(paper, Style::filled(Color::Paper))];
    axes::draw(&mut shapes, figure, frame, (&x, &x_ticks), (&y, &y_ticks));
    shapes.push(inside(figure, frame, &x, &y));
    shapes.push(Shape::Rect(frame.rect(), Style::outlined(Pen::thin(Color::Frame))));
    axes::words(&mut shapes, figure, frame, stands, (EDGE + over, height));
    legend.draw(&mut shapes, EDGE + title);
    marks.draw(&mut shapes, top);
    let beside = right + 2.0 * GAP;
    match bar {
        Some(Bar::Probability) => {
            let axis = Axis { limits: Some((0.0, 1.0)), ..Axis::default() };
            let scale = Scale::new(&axis, std::iter::empty(), frame.bottom, top);
            PROBABILITY.bar(&mut shapes, beside, &scale, 2, Some("P(y = 1)"));
        }
        Some(Bar::Map(map)) => map.bar(&mut shapes, beside, (top, frame.bottom)),
        None => {}
    }
    if let Some(ends) = ends {
        ends.draw(&mut shapes, frame, &y);
    }
    Drawing { width: WIDTH, height, shapes }
}

/// The layers, cut off at the frame.
pub(super) fn inside(figure: &Figure, frame: Frame, x: &Scale, y: &Scale) -> Shape {
    let mut inside = Vec::new();
    figure.layers.iter().for_each(|layer| draw_layer(&mut inside, layer, x, y));
    Shape::Clip(frame.rect(), inside)
}

/// A heading around a middle, smaller where it would not fit the figure.
pub(super) fn heading(text: &str, middle: f64) -> Label {
    let room = WIDTH - 2.0 * EDGE;
    let size = TITLE * (room / width(text, TITLE)).min(1.0);
    let half = width(text, size) / 2.0;
    let middle = middle.clamp(EDGE + half, (WIDTH - EDGE - half).max(EDGE + half));
    Label::new(text, (middle, EDGE + 0.8 * TITLE), size, Anchor::Middle)
}

/// The text, cut to a width.
pub(super) fn shortened(text: &str, room: f64) -> String {
    if width(text, TEXT) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        let longer = format!("{kept}{character}");
        if width(&longer, TEXT) + width("…", TEXT) > room {
            break;
        }
        kept = longer;
    }
    kept + "…"
}
