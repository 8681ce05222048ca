//! Drawing: the description turned into SVG, laid out as matplotlib would.

use std::fmt::Write as _;

use super::axis::Scale;
use super::contour::segments;
use super::raster::{regions, shade};
use super::{CLASSES, Figure, Grid, Layer, RegionStyle, Theme};

/// 7 × 4 inches at 100 pixels per inch.
const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 400.0;
const PIXELS_PER_POINT: f64 = 100.0 / 72.0;

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
    let frame = Frame {
        left: 72.0,
        right: WIDTH - if shaded { 92.0 } else { 22.0 },
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
    if shaded {
        color_bar(&mut out, &frame, &ink);
    }
    legend(&mut out, figure, &frame, &ink);
    out + "</svg>"
}

fn axes(out: &mut String, figure: &Figure, frame: &Frame, x: &Scale, y: &Scale, ink: &Ink) {
    let Frame { left, right, top, bottom } = *frame;
    // Lines to read values off belong to curves, not to maps.
    let lines = figure.layers.iter().any(|layer| matches!(layer, Layer::Line { .. }));
    for (value, label) in x.ticks(8) {
        let Some(at) = x.at(value) else { continue };
        if lines {
            let _ = write!(out, "<path d=\"M{at:.1} {top}V{bottom}\" stroke=\"{}\"/>", ink.grid);
        }
        let (end, text) = (bottom + 5.0, bottom + 20.0);
        let _ = write!(out, "<path d=\"M{at:.1} {bottom}V{end}\" stroke=\"{}\"/>", ink.frame);
        let _ = write!(
            out,
            "<text x=\"{at:.1}\" y=\"{text}\" text-anchor=\"middle\" fill=\"{}\">{label}</text>",
            ink.text
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
            "<text x=\"{text}\" y=\"{base:.1}\" text-anchor=\"end\" fill=\"{}\">{label}</text>",
            ink.text
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

fn draw_layer(out: &mut String, layer: &Layer, x: &Scale, y: &Scale) {
    match layer {
        Layer::Line { points, color, width, .. } => {
            let path = path(points.iter().map(|&(a, b)| Some((x.at(a)?, y.at(b)?))));
            let width = width * PIXELS_PER_POINT;
            let _ = write!(
                out,
                "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width:.2}\" stroke-linejoin=\"round\"/>",
                escape(color)
            );
        }
        Layer::Band { points, color } => {
            let lower = points.iter().map(|&(a, low, _)| Some((x.at(a)?, y.at(low)?)));
            let upper = points.iter().rev().map(|&(a, _, high)| Some((x.at(a)?, y.at(high)?)));
            let outline = path(lower.chain(upper).filter(Option::is_some));
            let _ = write!(out, "<path d=\"{outline}Z\" fill=\"{}\" fill-opacity=\"0.18\"/>", escape(color));
        }
        Layer::Points { points, classes, area } => {
            let radius = area.max(0.0).sqrt() / 2.0 * PIXELS_PER_POINT;
            for (&(a, b), &class) in points.iter().zip(classes) {
                let (Some(a), Some(b)) = (x.at(a), y.at(b)) else { continue };
                let color = CLASSES[class as usize % CLASSES.len()];
                // A thin light rim keeps points apart from each other and from regions of their colour.
                let _ = write!(
                    out,
                    "<circle cx=\"{a:.1}\" cy=\"{b:.1}\" r=\"{radius:.2}\" fill=\"{color}\" stroke=\"#ffffff\" stroke-width=\"0.7\"/>"
                );
            }
        }
        Layer::Regions { grid, style } => draw_regions(out, grid, *style, x, y),
    }
}

fn draw_regions(out: &mut String, grid: &Grid, style: RegionStyle, x: &Scale, y: &Scale) {
    let fits = grid.columns >= 2 && grid.rows >= 2 && grid.probability.len() == grid.columns * grid.rows;
    let corners = (x.at(grid.x.0), x.at(grid.x.1), y.at(grid.y.0), y.at(grid.y.1));
    let (true, (Some(left), Some(right), Some(bottom), Some(top))) = (fits, corners) else { return };
    let (width, height) = (right - left, bottom - top);
    let _ = write!(
        out,
        "<image x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" style=\"image-rendering:smooth\" preserveAspectRatio=\"none\" href=\"{}\"/>",
        regions(grid, style)
    );
    if style == RegionStyle::Probability {
        for (level, dash, width) in [(0.1, "2 4", 1.0), (0.9, "2 4", 1.0), (0.5, "none", 1.8)] {
            let mut path = String::new();
            for [a, b] in segments(grid, level) {
                let (Some(ax), Some(ay), Some(bx), Some(by)) = (x.at(a.0), y.at(a.1), x.at(b.0), y.at(b.1))
                else {
                    continue;
                };
                let _ = write!(path, "M{ax:.1} {ay:.1}L{bx:.1} {by:.1}");
            }
            let _ = write!(
                out,
                "<path d=\"{path}\" fill=\"none\" stroke=\"#222222\" stroke-width=\"{width}\" stroke-dasharray=\"{dash}\"/>"
            );
        }
    }
}

/// What the shades mean, at the right of the frame.
fn color_bar(out: &mut String, frame: &Frame, ink: &Ink) {
    const STEPS: usize = 40;
    let (left, width) = (frame.right + 16.0, 14.0);
    let step = (frame.bottom - frame.top) / STEPS as f64;
    for k in 0..STEPS {
        let [r, g, b] = shade((k as f64 + 0.5) / STEPS as f64);
        let (top, height) = (frame.bottom - (k + 1) as f64 * step, step + 0.5);
        let _ = write!(
            out,
            "<rect x=\"{left}\" y=\"{top:.2}\" width=\"{width}\" height=\"{height:.2}\" fill=\"#{r:02x}{g:02x}{b:02x}\"/>"
        );
    }
    for (p, label) in [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] {
        let (at, base) = (left + width + 5.0, frame.bottom - p * (frame.bottom - frame.top) + 5.0);
        let _ = write!(out, "<text x=\"{at}\" y=\"{base:.1}\" fill=\"{}\">{label}</text>", ink.text);
    }
    let (at, base) = (left + width / 2.0, frame.top - 10.0);
    let _ = write!(
        out,
        "<text x=\"{at}\" y=\"{base}\" text-anchor=\"middle\" font-size=\"12\" fill=\"{}\">P(label = 1)</text>",
        ink.text
    );
}

fn legend(out: &mut String, figure: &Figure, frame: &Frame, ink: &Ink) {
    let entries: Vec<(&str, &str)> = figure
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Line { label: Some(label), color, .. } => Some((label.as_str(), color.as_str())),
            _ => None,
        })
        .collect();
    if entries.is_empty() {
        return;
    }
    // The rasteriser's font has no metrics here; 8 px per letter is its mean width, rounded up.
    let longest = entries.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    let (width, height) = (longest as f64 * 8.0 + 48.0, entries.len() as f64 * 20.0 + 10.0);
    let (left, top) = (frame.right - width - 8.0, frame.top + 8.0);
    let _ = write!(
        out,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"3\" fill=\"{}\" fill-opacity=\"0.85\" stroke=\"{}\"/>",
        ink.paper, ink.grid
    );
    for (k, (label, color)) in entries.iter().enumerate() {
        let middle = top + 15.0 + k as f64 * 20.0;
        let (start, end, text, base) = (left + 8.0, left + 34.0, left + 41.0, middle + 5.0);
        let _ = write!(
            out,
            "<path d=\"M{start} {middle}H{end}\" stroke=\"{}\" stroke-width=\"2.5\"/>\
             <text x=\"{text}\" y=\"{base}\" fill=\"{}\">{}</text>",
            escape(color),
            ink.text,
            escape(label)
        );
    }
}

/// A path through the points; a missing one breaks it.
fn path(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for point in points {
        let Some((x, y)) = point else {
            pen_down = false;
            continue;
        };
        // Far outside the frame all is the same, and a finite number short enough to write.
        let (x, y) = (x.clamp(-1e5, 1e5), y.clamp(-1e5, 1e5));
        let _ = write!(path, "{}{x:.1} {y:.1}", if pen_down { 'L' } else { 'M' });
        pen_down = true;
    }
    path
}

fn xs(layer: &Layer) -> Vec<f64> {
    match layer {
        // A point whose other coordinate cannot be drawn takes no room.
        Layer::Line { points, .. } => points.iter().filter(|p| p.1.is_finite()).map(|p| p.0).collect(),
        Layer::Points { points, .. } => points.iter().filter(|p| p.1.is_finite()).map(|p| p.0).collect(),
        Layer::Band { points, .. } => points.iter().map(|p| p.0).collect(),
        Layer::Regions { grid, .. } => vec![grid.x.0, grid.x.1],
    }
}

fn ys(layer: &Layer) -> Vec<f64> {
    match layer {
        Layer::Line { points, .. } | Layer::Points { points, .. } => points.iter().map(|p| p.1).collect(),
        Layer::Band { points, .. } => points.iter().flat_map(|p| [p.1, p.2]).collect(),
        Layer::Regions { grid, .. } => vec![grid.y.0, grid.y.1],
    }
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
