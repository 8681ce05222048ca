//! A figure laid out: shapes at their places in pixels, the first at the back. SVG and pixels are both written from this
//! list, so they show the same.

use super::Stroke;
use super::label::Label;
use super::marker::Marker;

/// A place in pixels, y downwards.
pub(super) type Point = (f64, f64);

/// A figure laid out, or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Rect(Rect, Style),
    /// Straight from point to point, each line apart from the next.
    Lines(Vec<Vec<Point>>, Pen),
    /// What a line goes around.
    Area(Vec<Point>, Fill),
    Markers {
        marker: Marker,
        centers: Vec<Point>,
        /// Of the circle that is as large.
        radius: f64,
        style: Style,
    },
    Image(Rect, Image),
    Label(Label),
    /// Only what lies inside is seen.
    Clip(Rect, Vec<Shape>),
}

/// A picture of colours by number, the top row first.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) columns: u32,
    pub(super) rows: u32,
    pub(super) palette: Vec<[u8; 3]>,
    pub(super) pixels: Vec<u8>,
    /// Mixed between pixels; else each is a rectangle.
    pub(super) smooth: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    pub(super) fill: Option<Fill>,
    pub(super) pen: Option<Pen>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Fill {
    pub(super) color: Color,
    pub(super) opacity: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    pub(super) color: Color,
    pub(super) opacity: f64,
    pub(super) width: f64,
    pub(super) stroke: Stroke,
}

/// Those without a value depend on where the drawing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Color {
    Text,
    Frame,
    Grid,
    Paper,
    Rgb([u8; 3]),
}

impl Color {
    pub(super) const WHITE: Self = Self::Rgb([255; 3]);

    /// Of `#rrggbb`; black, if it is anything else.
    pub(super) fn of(text: &str) -> Self {
        let number = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let [_, red, green, blue] = number.to_be_bytes();
        Self::Rgb([red, green, blue])
    }

    /// On paper.
    pub(super) fn rgb(self) -> [u8; 3] {
        match self {
            Self::Text => [0x22; 3],
            Self::Frame => [0x33; 3],
            Self::Grid => [0xe8; 3],
            Self::Paper => [0xff; 3],
            Self::Rgb(rgb) => rgb,
        }
    }
}

impl Pen {
    /// One pixel wide, in one piece.
    pub(super) fn thin(color: Color) -> Self {
        Self { color, opacity: 1.0, width: 1.0, stroke: Stroke::Solid }
    }

    /// Lengths of a dash and of the gap after it.
    pub(super) fn dashes(self) -> Option<[f32; 2]> {
        match self.stroke {
            Stroke::Solid => None,
            Stroke::Dashed => Some([9.0, 5.0]),
            Stroke::Dotted => Some([2.5, 3.0]),
        }
    }
}

impl Style {
    pub(super) fn filled(color: Color) -> Self {
        Self { fill: Some(Fill { color, opacity: 1.0 }), pen: None }
    }

    pub(super) fn outlined(pen: Pen) -> Self {
        Self { fill: None, pen: Some(pen) }
    }
}

#[cfg(test)]
mod tests {
    use super::Color;

    #[test]
    fn a_colour_is_read_or_black() {
        assert_eq!(Color::of("#1f77b4"), Color::Rgb([31, 119, 180]));
        for odd in ["red", "#123", "#12345g", "#1234567", "", "#é1234"] {
            assert_eq!(Color::of(odd), Color::Rgb([0; 3]), "{odd}");
        }
    }
}
