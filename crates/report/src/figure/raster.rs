//! A drawing as PNG.

use std::io;

use tiny_skia::{
    Color, FillRule, FilterQuality, LineJoin, Mask, Paint, Path, PathBuilder, Pattern, Pixmap, Shader,
    SpreadMode, StrokeDash, Transform,
};

use super::drawing::{Drawing, Fill, Image, Pen, Point, Rect, Shape, Style};
use super::label::Label;
use super::marker::Marker;

/// A drawing that could not be rasterised.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// The size is zero or too large.
    #[error("no image of {0} × {1} pixels")]
    Size(u32, u32),
    /// The PNG could not be encoded.
    #[error("the image could not be encoded: {0}")]
    Encode(#[from] io::Error),
}

/// The shapes on `scale` pixels for each of the drawing.
pub(super) fn png(drawing: &Drawing, scale: f32) -> Result<Vec<u8>, PngError> {
    let side = |length: f64| (length as f32 * scale).round() as u32;
    let (width, height) = (side(drawing.width), side(drawing.height));
    let image = Pixmap::new(width, height).ok_or(PngError::Size(width, height))?;
    let mut canvas = Canvas { image, scale: Transform::from_scale(scale, scale), clip: None };
    drawing.shapes.iter().for_each(|shape| canvas.shape(shape));
    // The background is opaque, so premultiplied colours are plain ones and the fourth byte can go.
    let rgb: Vec<u8> =
        canvas.image.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    Ok(encode(width, height, png::ColorType::Rgb, None, &rgb)?)
}

struct Canvas {
    image: Pixmap,
    scale: Transform,
    clip: Option<Mask>,
}

impl Canvas {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Rect(place, style) => self.path(rectangle(*place), *style),
            Shape::Lines(lines, pen) => {
                let mut path = PathBuilder::new();
                lines.iter().for_each(|line| add(&mut path, line));
                self.path(path.finish(), Style::outlined(*pen));
            }
            Shape::Area(outline, fill) => {
                let mut path = PathBuilder::new();
                add(&mut path, outline);
                path.close();
                self.path(path.finish(), Style { fill: Some(*fill), pen: None });
            }
            Shape::Markers { marker, centers, radius, style } => {
                for &(x, y) in centers {
                    let path = match marker {
                        Marker::Circle => PathBuilder::from_circle(x as f32, y as f32, *radius as f32),
                        _ => {
                            let mut path = PathBuilder::new();
                            add(&mut path, &marker.corners((x, y), *radius));
                            path.close();
                            path.finish()
                        }
                    };
                    self.path(path, *style);
                }
            }
            Shape::Image(place, image) => self.picture(*place, image),
            Shape::Label(label) => self.label(label),
            Shape::Clip(place, shapes) => {
                let mask = Mask::new(self.image.width(), self.image.height()).zip(rectangle(*place));
                self.clip = mask.map(|(mut mask, path)| {
                    mask.fill_path(&path, FillRule::Winding, true, self.scale);
                    mask
                });
                shapes.iter().for_each(|shape| self.shape(shape));
                self.clip = None;
            }
        }
    }

    fn path(&mut self, path: Option<Path>, style: Style) {
        let Some(path) = path else { return };
        if let Some(fill) = style.fill {
            self.fill(&path, &paint(fill), Transform::identity());
        }
        if let Some(pen) = style.pen {
            let stroke = tiny_skia::Stroke {
                width: pen.width as f32,
                line_join: LineJoin::Round,
                dash: pen.dashes().and_then(|dashes| StrokeDash::new(dashes.to_vec(), 0.0)),
                ..Default::default()
            };
            let Pen { color, opacity, .. } = pen;
            let paint = paint(Fill { color, opacity });
            self.image.stroke_path(&path, &paint, &stroke, self.scale, self.clip.as_ref());
        }
    }

    fn fill(&mut self, path: &Path, paint: &Paint<'_>, place: Transform) {
        let transform = self.scale.pre_concat(place);
        self.image.fill_path(path, paint, FillRule::Winding, transform, self.clip.as_ref());
    }

    fn picture(&mut self, place: Rect, image: &Image) {
        let Some(mut pixels) = Pixmap::new(image.columns, image.rows) else { return };
        for (pixel, &number) in pixels.data_mut().chunks_exact_mut(4).zip(&image.pixels) {
            let [r, g, b] = image.palette[usize::from(number)];
            pixel.copy_from_slice(&[r, g, b, 255]);
        }
        let quality = if image.smooth { FilterQuality::Bilinear } else { FilterQuality::Nearest };
        let (left, top) = (place.left as f32, place.top as f32);
        let (x, y) = (place.width as f32 / image.columns as f32, place.height as f32 / image.rows as f32);
        let transform = Transform::from_translate(left, top).pre_scale(x, y);
        let shader = Pattern::new(pixels.as_ref(), SpreadMode::Pad, quality, 1.0, transform);
        if let Some(path) = rectangle(place) {
            self.fill(&path, &Paint { shader, ..Paint::default() }, Transform::identity());
        }
    }

    fn label(&mut self, label: &Label) {
        let ((x, y), scale) = (label.start(), label.scale() as f32);
        let turn = if label.upwards { -90.0 } else { 0.0 };
        let start = Transform::from_translate(x as f32, y as f32).pre_rotate(turn).pre_scale(scale, scale);
        let paint = paint(Fill { color: super::drawing::Color::Text, opacity: 1.0 });
        for (glyph, at) in label.glyphs() {
            if let Some(path) = glyph.outline() {
                self.fill(&path, &paint, start.pre_translate(at as f32, 0.0));
            }
        }
    }
}

fn rectangle(Rect { left, top, width, height }: Rect) -> Option<Path> {
    let rect = tiny_skia::Rect::from_xywh(left as f32, top as f32, width as f32, height as f32)?;
    Some(PathBuilder::from_rect(rect))
}

fn add(path: &mut PathBuilder, line: &[Point]) {
    for (k, &(x, y)) in line.iter().enumerate() {
        let (x, y) = (x as f32, y as f32);
        if k == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
}

fn paint(Fill { color, opacity }: Fill) -> Paint<'static> {
    let [r, g, b] = color.rgb();
    let color = Color::from_rgba8(r, g, b, (opacity * 255.0).round() as u8);
    Paint { shader: Shader::SolidColor(color), anti_alias: true, ..Paint::default() }
}

/// A picture for an SVG.
pub(super) fn indexed(image: &Image) -> Vec<u8> {
    let palette = image.palette.concat();
    // Writing to memory fails for no image that has pixels; without any, there is nothing to show.
    encode(image.columns, image.rows, png::ColorType::Indexed, Some(palette), &image.pixels)
        .unwrap_or_default()
}

fn encode(
    width: u32,
    height: u32,
    kind: png::ColorType,
    palette: Option<Vec<u8>>,
    data: &[u8],
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(kind);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    if let Some(palette) = palette {
        encoder.set_palette(palette);
    }
    encoder.write_header()?.write_image_data(data)?;
    Ok(bytes)
}
