//! The fonts of figures: which glyph a character has, how wide it is and what its outline is.

use std::sync::LazyLock;

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// DejaVu Sans, cut down to Latin, Greek and mathematics (licence beside it).
const LATIN: &[u8] = include_bytes!("../../assets/DejaVuSans-subset.ttf");
/// Noto Sans CJK SC, cut down to the Chinese characters of our figures (licence beside it). Made by `pyftsubset
/// NotoSansCJK-Regular.ttc --font-number=2 --text-file=NotoSansSC-characters.txt --layout-features= --notdef-outline`.
const CHINESE: &[u8] = include_bytes!("../../assets/NotoSansSC-subset.otf");

static FONTS: LazyLock<[Face<'static>; 2]> =
    LazyLock::new(|| [LATIN, CHINESE].map(|font| Face::parse(font, 0).expect("an embedded font is whole")));

/// Units per em of all widths and outlines here. The fonts count in units of their own; of a label's 14 pixels nobody
/// sees a thousandth, and whole thousandths are short to write.
pub(super) const EM: f64 = 1000.0;

/// The drawing of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    font: usize,
    id: GlyphId,
}

impl Glyph {
    /// A crossed box, an em wide: for a character that no font has.
    pub(super) const MISSING: Self = Self { font: 1, id: GlyphId(0) };

    /// Of the first font that has the character.
    pub(super) fn of(character: char) -> Option<Self> {
        let mut fonts = FONTS.iter().enumerate();
        fonts.find_map(|(font, face)| Some(Self { font, id: face.glyph_index(character)? }))
    }

    /// From its origin to that of the next.
    pub(super) fn advance(self) -> f64 {
        let face = &FONTS[self.font];
        f64::from(face.glyph_hor_advance(self.id).unwrap_or(0)) * EM / f64::from(face.units_per_em())
    }

    /// In whole units, y downwards; a space has none.
    pub(super) fn outline(self) -> Option<Path> {
        let face = &FONTS[self.font];
        let scale = EM as f32 / f32::from(face.units_per_em());
        let mut outline = Outline { path: PathBuilder::new(), scale };
        face.outline_glyph(self.id, &mut outline)?;
        outline.path.finish()
    }
}

/// Width of a text in pixels.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let advance = |character| Glyph::of(character).unwrap_or(Glyph::MISSING).advance();
    text.chars().map(advance).sum::<f64>() * size / EM
}

struct Outline {
    path: PathBuilder,
    scale: f32,
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        ((x * self.scale).round(), -(y * self.scale).round())
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of `hmtx` over the characters, read by fontTools 4.68, in thousandths of an em.
    #[test]
    fn widths_are_those_of_the_fonts() {
        for (text, expected) in [
            ("iterations (x1,000)", 9298.340),
            ("AVATAR", 4041.992),
            ("Learning rate η = 0.0007, λ ≤ 0.7", 16941.406),
            ("−0.00025", 4973.145),
            ("代价", 2000.0),
            ("验证准确率（），", 8000.0),
        ] {
            assert!((width(text, EM) - expected).abs() < 1e-2, "{text}: {}", width(text, EM));
        }
        assert_eq!(width("代价", 14.0), 28.0);
        assert_eq!(width("", 14.0), 0.0);
    }

    /// Bounds by fontTools' BoundsPen (left, bottom, right, top): TrueType outlines first, then a CFF one.
    #[test]
    fn outlines_are_those_of_the_fonts() {
        for (character, expected) in [
            ('g', [55.2, -208.0, 543.9, 560.1]),
            ('η', [90.8, -208.0, 548.8, 560.1]),
            ('1', [109.9, 0.0, 543.9, 729.0]),
            ('代', [21.0, -79.1, 975.0, 830.0]),
        ] {
            let path = Glyph::of(character).unwrap().outline().unwrap();
            let bounds = path.compute_tight_bounds().unwrap();
            let bounds = [bounds.left(), -bounds.bottom(), bounds.right(), -bounds.top()];
            let far = bounds.iter().zip(expected).any(|(is, should)| (is - should).abs() > 0.75);
            assert!(!far, "{character}: {bounds:?}");
        }
        assert!(Glyph::of(' ').unwrap().outline().is_none());
        assert!(Glyph::of('☃').is_none() && Glyph::MISSING.outline().is_some());
    }

    /// What the font was made of is what it has.
    #[test]
    fn every_character_of_the_list_has_a_glyph() {
        let list = include_str!("../../assets/NotoSansSC-characters.txt");
        let missing: String = list.trim().chars().filter(|&c| Glyph::of(c).is_none()).collect();
        assert_eq!(missing, "");
    }
}
