//! A drawing as SVG.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use tiny_skia::{PathSegment, Point};

use super::drawing::{Color, Drawing, Fill, Image, Pen, Rect, Shape, Style};
use super::font::Glyph;
use super::label::{Anchor, Label};
use super::marker::Marker;
use super::raster::indexed;
use super::{Figure, Theme};

pub(super) fn svg(figure: &Figure, Drawing { width, height, shapes }: &Drawing, theme: Theme) -> String {
    let mut writer = Writer { out: String::new(), id: id(&figure.name), theme, glyphs: Vec::new(), clips: 0 };
    let label = escape(if figure.caption.is_empty() { &figure.name } else { &figure.caption });
    let _ = write!(
        writer.out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         style=\"max-width:100%;height:auto\" fill=\"none\" stroke-linejoin=\"round\" role=\"img\" aria-label=\"{label}\">"
    );
    shapes.iter().for_each(|shape| writer.shape(shape));
    writer.outlines();
    writer.out + "</svg>"
}

/// What the ids of a figure begin with: a page holds many figures, and a reference must not lead into another, which may be
/// hidden. A hash (FNV-1a) of its name, because the name would be written again for every letter.
fn id(name: &str) -> String {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    format!("f{:08x}", name.bytes().fold(0x811c_9dc5, step))
}

struct Writer {
    out: String,
    id: String,
    theme: Theme,
    /// Used so far; the number of each is in its id.
    glyphs: Vec<Glyph>,
    /// So far.
    clips: usize,
}

impl Writer {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Rect(place, style) => {
                let style = self.style(*style);
                let _ = write!(self.out, "<rect{}{style}/>", Place(*place));
            }
            Shape::Lines(lines, pen) => {
                let style = self.style(Style::outlined(*pen));
                self.out += "<path d=\"";
                lines.iter().for_each(|line| self.line(line));
                let _ = write!(self.out, "\"{style}/>");
            }
            Shape::Area(outline, fill) => {
                let style = self.style(Style { fill: Some(*fill), pen: None });
                self.out += "<path d=\"";
                self.line(outline);
                let _ = write!(self.out, "Z\"{style}/>");
            }
            Shape::Markers { marker: Marker::Circle, centers, radius, style } => {
                let style = self.style(*style);
                let _ = write!(self.out, "<g{style}>");
                for &(x, y) in centers {
                    let _ = write!(
                        self.out,
                        "<circle cx=\"{}\" cy=\"{}\" r=\"{radius:.2}\"/>",
                        Short(x),
                        Short(y)
                    );
                }
                self.out += "</g>";
            }
            Shape::Markers { marker, centers, radius, style } => {
                let style = self.style(*style);
                self.out += "<path d=\"";
                for &center in centers {
                    self.line(&marker.corners(center, *radius));
                    self.out.push('Z');
                }
                let _ = write!(self.out, "\"{style}/>");
            }
            Shape::Image(place, image) => {
                let rendering = if image.smooth { "smooth" } else { "pixelated" };
                let _ = write!(
                    self.out,
                    "<image{} style=\"image-rendering:{rendering}\" preserveAspectRatio=\"none\" href=\"{}\"/>",
                    Place(*place),
                    data_uri(image)
                );
            }
            Shape::Label(label) => self.label(label),
            Shape::Clip(place, shapes) => {
                let id = format!("{}-clip{}", self.id, self.clips);
                self.clips += 1;
                let _ = write!(
                    self.out,
                    "<clipPath id=\"{id}\"><rect{}/></clipPath><g clip-path=\"url(#{id})\">",
                    Place(*place)
                );
                shapes.iter().for_each(|shape| self.shape(shape));
                self.out += "</g>";
            }
        }
    }

    fn line(&mut self, points: &[(f64, f64)]) {
        for (k, &(x, y)) in points.iter().enumerate() {
            let command = if k == 0 { 'M' } else { 'L' };
            let _ = write!(self.out, "{command}{} {}", Short(x), Short(y));
        }
    }

    /// The text stays beside its outlines, for whoever reads it by other means.
    fn label(&mut self, label: &Label) {
        if label.missing().next().is_some() {
            return self.text(label);
        }
        let ((x, y), color) = (label.start(), self.color(Color::Text));
        let turn = if label.upwards { "rotate(-90)" } else { "" };
        let _ = write!(
            self.out,
            "<g aria-label=\"{}\" fill=\"{color}\" transform=\"translate({} {}){turn}scale({})\">",
            escape(&label.text),
            Short(x),
            Short(y),
            label.scale()
        );
        for (glyph, at) in label.glyphs().filter(|(glyph, _)| glyph.outline().is_some()) {
            let number = self.number(glyph);
            let _ = write!(self.out, "<use href=\"#{}-{number}\" x=\"{at:.0}\"/>", self.id);
        }
        self.out += "</g>";
    }

    /// A label that our fonts cannot draw, such as a name in another script: the viewer's may, and know how to set it.
    fn text(&mut self, label: &Label) {
        let ((x, y), color) = (label.at, self.color(Color::Text));
        let turn = if label.upwards { "rotate(-90)" } else { "" };
        let anchor = match label.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.out,
            "<text fill=\"{color}\" transform=\"translate({} {}){turn}\" font-family=\"sans-serif\" font-size=\"{}\" \
             text-anchor=\"{anchor}\">{}</text>",
            Short(x),
            Short(y),
            label.size,
            escape(&label.text)
        );
    }

    fn number(&mut self, glyph: Glyph) -> usize {
        self.glyphs.iter().position(|&known| known == glyph).unwrap_or_else(|| {
            self.glyphs.push(glyph);
            self.glyphs.len() - 1
        })
    }

    /// Each glyph that was used, once.
    fn outlines(&mut self) {
        self.out += "<defs>";
        for (number, glyph) in self.glyphs.iter().enumerate() {
            let _ = write!(self.out, "<path id=\"{}-{number}\" d=\"{}\"/>", self.id, data(*glyph));
        }
        self.out += "</defs>";
    }

    fn style(&self, style: Style) -> String {
        let mut out = String::new();
        if let Some(Fill { color, opacity }) = style.fill {
            let _ = write!(out, " fill=\"{}\"", self.color(color));
            if opacity < 1.0 {
                let _ = write!(out, " fill-opacity=\"{opacity}\"");
            }
        }
        if let Some(pen) = style.pen {
            let Pen { color, opacity, width, .. } = pen;
            let _ = write!(out, " stroke=\"{}\"", self.color(color));
            if opacity < 1.0 {
                let _ = write!(out, " stroke-opacity=\"{opacity}\"");
            }
            if width != 1.0 {
                let _ = write!(out, " stroke-width=\"{width:.2}\"");
            }
            if let Some([dash, gap]) = pen.dashes() {
                let _ = write!(out, " stroke-dasharray=\"{dash} {gap}\"");
            }
        }
        out
    }

    fn color(&self, color: Color) -> String {
        match (self.theme, color) {
            (Theme::Page, Color::Text) => "var(--ink)".into(),
            (Theme::Page, Color::Frame) => "var(--line-strong)".into(),
            (Theme::Page, Color::Grid) => "var(--line)".into(),
            (Theme::Page, Color::Paper) => "var(--figure)".into(),
            (_, color) => {
                let [r, g, b] = color.rgb();
                format!("#{r:02x}{g:02x}{b:02x}")
            }
        }
    }
}

/// The outline of a glyph as path data, relative to where the pen is, because such numbers are short.
fn data(glyph: Glyph) -> String {
    let (mut out, mut pen, mut start) = (String::new(), Point::zero(), Point::zero());
    for segment in glyph.outline().iter().flat_map(|path| path.segments()) {
        let from = pen;
        let (command, steps) = match segment {
            PathSegment::MoveTo(to) => ('m', vec![to - from]),
            PathSegment::LineTo(to) => ('l', vec![to - from]),
            PathSegment::QuadTo(by, to) => ('q', vec![by - from, to - from]),
            PathSegment::CubicTo(by, and, to) => ('c', vec![by - from, and - from, to - from]),
            PathSegment::Close => ('z', Vec::new()),
        };
        let (command, numbers) = match (command, &steps[..]) {
            ('l', [step]) if step.y == 0.0 => ('h', vec![step.x]),
            ('l', [step]) if step.x == 0.0 => ('v', vec![step.y]),
            _ => (command, steps.iter().flat_map(|step| [step.x, step.y]).collect()),
        };
        out.push(command);
        for (k, number) in numbers.into_iter().enumerate() {
            // A minus sign separates, too; nothing is −0.
            let separator = if k == 0 || number < 0.0 { "" } else { " " };
            let _ = write!(out, "{separator}{}", number + 0.0);
        }
        pen = steps.last().map_or(start, |&step| from + step);
        if command == 'm' {
            start = pen;
        }
    }
    out
}

/// A tenth of a pixel is fine enough.
struct Short(f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0 + 0.0)
    }
}

/// As attributes.
struct Place(Rect);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rect { left, top, width, height } = self.0;
        let [x, y, width, height] = [left, top, width, height].map(Short);
        write!(f, " x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
    }
}

fn data_uri(image: &Image) -> String {
    format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(indexed(image)))
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
