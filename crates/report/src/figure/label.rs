//! Words of a figure, drawn as outlines of glyphs: the same for every viewer, whatever fonts it has. Where no glyph of ours
//! will do, it is the viewer's fonts that an SVG can ask for, and the box that a PNG shows.

use super::drawing::Point;
use super::font::{EM, Glyph, width};

/// A line of words.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) text: String,
    /// On its base line.
    pub(super) at: Point,
    pub(super) size: f64,
    pub(super) anchor: Anchor,
    /// Read from below to above.
    pub(super) upwards: bool,
}

/// What of a label lies at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Label {
    pub(super) fn new(text: impl Into<String>, at: Point, size: f64, anchor: Anchor) -> Self {
        Self { text: text.into(), at, size, anchor, upwards: false }
    }

    /// Where its first glyph begins.
    pub(super) fn start(&self) -> Point {
        let before = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width(&self.text, self.size) / 2.0,
            Anchor::End => width(&self.text, self.size),
        };
        let (x, y) = self.at;
        if self.upwards { (x, y + before) } else { (x - before, y) }
    }

    /// Pixels per unit of a glyph.
    pub(super) fn scale(&self) -> f64 {
        self.size / EM
    }

    /// Its glyphs, each with its distance from the start in units of a glyph.
    pub(super) fn glyphs(&self) -> impl Iterator<Item = (Glyph, f64)> {
        let mut pen = 0.0;
        self.text.chars().map(move |character| {
            let (glyph, at) = (Glyph::of(character).unwrap_or(Glyph::MISSING), pen);
            pen += glyph.advance();
            (glyph, at)
        })
    }

    /// The characters that no font has.
    pub(super) fn missing(&self) -> impl Iterator<Item = char> {
        self.text.chars().filter(|&character| Glyph::of(character).is_none())
    }
}
