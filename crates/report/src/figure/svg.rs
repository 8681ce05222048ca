//! Drawing: the description turned into SVG, laid out as matplotlib would.

use std::fmt::Write as _;

use super::axis::Scale;
use super::colors::PROBABILITY;
use super::layers::{PIXELS_PER_POINT, dashes, draw_layer, xs, ys};
use super::{Axis, Figure, Layer, RegionStyle, Stroke, Theme};

/// 7 × 4 inches at 100 pixels per inch.
const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 400.0;

/// The frame of the axes.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// Colours that depend on where the drawing is shown.
struct Ink {
    text: &'static str,
    frame: &'static str,
    grid: &'static str,
    paper: &'static str,
}

impl Ink {
    fn of(theme: Theme) -> Self {
        match theme {
            Theme::Standalone => {
                Self { text: "#222222", frame: "#333333", grid: "#e8e8e8", paper: "#ffffff" }
            }
            Theme::Page => Self {
                text: "var(--ink)",
                frame: "var(--line-strong)",
                grid: "var(--line)",
                paper: "var(--figure)",
            },
        }
    }
}

pub(super) fn draw(figure: &Figure, theme: Theme) -> String {
    let ink = Ink::of(theme);
    let shaded = figure
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::Regions { style: RegionStyle::Probability, .. }));
    let map =
        figure.layers.iter().find_map(|layer| if let Layer::Map(map) = layer { Some(map) } else { None });
    // Names of rows need more room than numbers.
    let names = figure.y.names.iter().map(|name| text_width(name) + 20.0);
    let frame = Frame {
        left: names.fold(72.0, f64::max),
        right: WIDTH - if shaded || map.is_some() { 92.0 } else { 22.0 },
        top: 40.0,
        bottom: HEIGHT - 54.0,
    };
    let x = Scale::new(&figure.x, figure.layers.iter().flat_map(xs), frame.left, frame.right);
    let y = Scale::new(&figure.y, figure.layers.iter().flat_map(ys), frame.bottom, frame.top);

    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         font-family=\"DejaVu Sans, Noto Sans, Arial, sans-serif\" font-size=\"14\" role=\"img\" \
         aria-label=\"{}\">",
        escape(if figure.caption.is_empty() { &figure.name } else { &figure.caption })
    );
    let (left, top) = (frame.left, frame.top);
    let (width, height) = (frame.right - left, frame.bottom - top);
    let _ = write!(out, "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"{}\"/>", ink.paper);
    // Each figure of a page needs a clip of its own.
    let clip = format!("clip-{}", figure.name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let _ = write!(
        out,
        "<clipPath id=\"{clip}\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/></clipPath>"
    );
    axes(&mut out, figure, &frame, &x, &y, &ink);
    let _ = write!(out, "<g clip-path=\"url(#{clip})\">");
    for layer in &figure.layers {
        draw_layer(&mut out, layer, &x, &y);
    }
    out += "</g>";
    let _ = write!(
        out,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"{}\"/>",
        ink.frame
    );
    // What the colours mean, at the right of the frame.
    let beside = frame.right + 16.0;
    if shaded {
        let axis = Axis { limits: Some((0.0, 1.0)), ..Axis::default() };
        let scale = Scale::new(&axis, std::iter::empty(), frame.bottom, frame.top);
        PROBABILITY.bar(&mut out, beside, &scale, 2, Some("P(y = 1)"), ink.text);
    }
    if let Some(map) = map {
        map.bar(&mut out, beside, (frame.top, frame.bottom), ink.text);
    }
    legend(&mut out, figure, &frame, (&x, &y), &ink);
    out + "</svg>"
}

fn axes(out: &mut String, figure: &Figure, frame: &Frame, x: &Scale, y: &Scale, ink: &Ink) {
    let Frame { left, right, top, bottom } = *frame;
    // Lines to read values off belong to curves, not to maps.
    let has = |wanted: fn(&Layer) -> bool| figure.layers.iter().any(wanted);
    let lines =
        has(|layer| matches!(layer, Layer::Line { .. })) && !has(|layer| matches!(layer, Layer::Map(_)));
    for (value, label) in x.ticks(8) {
        let Some(at) = x.at(value) else { continue };
        if lines {
            let _ = write!(out, "<path d=\"M{at:.1} {top}V{bottom}\" stroke=\"{}\"/>", ink.grid);
        }
        let (end, text) = (bottom + 5.0, bottom + 20.0);
        let _ = write!(out, "<path d=\"M{at:.1} {bottom}V{end}\" stroke=\"{}\"/>", ink.frame);
        let _ = write!(
            out,
            "<text x=\"{at:.1}\" y=\"{text}\" text-anchor=\"middle\" fill=\"{}\">{}</text>",
            ink.text,
            escape(&label)
        );
    }
    for (value, label) in y.ticks(6) {
        let Some(at) = y.at(value) else { continue };
        if lines {
            let _ = write!(out, "<path d=\"M{left} {at:.1}H{right}\" stroke=\"{}\"/>", ink.grid);
        }
        let (end, text, base) = (left - 5.0, left - 9.0, at + 5.0);
        let _ = write!(out, "<path d=\"M{left} {at:.1}H{end}\" stroke=\"{}\"/>", ink.frame);
        let _ = write!(
            out,
            "<text x=\"{text}\" y=\"{base:.1}\" text-anchor=\"end\" fill=\"{}\">{}</text>",
            ink.text,
            escape(&label)
        );
    }
    let middle = (left + right) / 2.0;
    if let Some(title) = &figure.title {
        let _ = write!(
            out,
            "<text x=\"{middle}\" y=\"27\" text-anchor=\"middle\" font-size=\"17\" fill=\"{}\">{}</text>",
            ink.text,
            escape(title)
        );
    }
    if let Some(label) = &figure.x.label {
        let base = bottom + 43.0;
        let _ = write!(
            out,
            "<text x=\"{middle}\" y=\"{base}\" text-anchor=\"middle\" fill=\"{}\">{}</text>",
            ink.text,
            escape(label)
        );
    }
    if let Some(label) = &figure.y.label {
        let at = (top + bottom) / 2.0;
        let _ = write!(
            out,
            "<text transform=\"translate(17 {at}) rotate(-90)\" text-anchor=\"middle\" fill=\"{}\">{}</text>",
            ink.text,
            escape(label)
        );
    }
}

fn legend(out: &mut String, figure: &Figure, frame: &Frame, (x, y): (&Scale, &Scale), ink: &Ink) {
    let entries: Vec<(&str, &str, Stroke, f64)> = figure
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Line { label: Some(label), color, stroke, width, .. } => {
                Some((label.as_str(), color.as_str(), *stroke, *width * PIXELS_PER_POINT))
            }
            _ => None,
        })
        .collect();
    if entries.is_empty() {
        return;
    }
    let longest = entries.iter().map(|entry| text_width(entry.0)).fold(0.0, f64::max);
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
    let _ = write!(
        out,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"3\" fill=\"{}\" fill-opacity=\"0.85\" stroke=\"{}\"/>",
        ink.paper, ink.grid
    );
    for (k, (label, color, stroke, thickness)) in entries.iter().enumerate() {
        let middle = top + 15.0 + k as f64 * 20.0;
        let (start, end, text, base) = (left + 8.0, left + 44.0, left + 51.0, middle + 5.0);
        let _ = write!(
            out,
            "<path d=\"M{start} {middle}H{end}\" stroke=\"{}\" stroke-width=\"{thickness:.2}\"{}/>\
             <text x=\"{text}\" y=\"{base}\" fill=\"{}\">{}</text>",
            escape(color),
            dashes(*stroke),
            ink.text,
            escape(label)
        );
    }
}

/// Where a box of this size hides the fewest points: at the top right if nothing speaks against it.
fn free_place(frame: &Frame, (width, height): (f64, f64), points: &[(f64, f64)]) -> (f64, f64) {
    let (left, right) = (frame.left + 8.0, frame.right - width - 8.0);
    let (top, bottom) = (frame.top + 8.0, frame.bottom - height - 8.0);
    let (center, middle) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let hidden = |&(left, top): &(f64, f64)| {
        let inside =
            |&&(a, b): &&(f64, f64)| (left..left + width).contains(&a) && (top..top + height).contains(&b);
        points.iter().filter(inside).count()
    };
    let corners = [(right, top), (right, bottom), (left, top), (left, bottom)];
    let between = [(right, middle), (center, top), (center, bottom), (left, middle)];
    corners.into_iter().chain(between).min_by_key(hidden).unwrap_or((right, top))
}

/// About the width of a text: fonts have no metrics here; 8 px is a Latin letter's mean width, rounded up, and a
/// Chinese character is as wide as it is high.
fn text_width(text: &str) -> f64 {
    text.chars().map(|c| if c < '\u{2e80}' { 8.0 } else { 14.0 }).sum()
}

/// Text as XML character data or attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c => out.push(c),
        }
    }
    out
}
