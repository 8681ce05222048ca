//! Pixels: regions as an image inside the SVG, and a whole figure as PNG.

use std::io;
use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::colors::PROBABILITY;
use super::{Grid, RegionStyle};

/// A drawing that could not be rasterised.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PngError {
    /// The SVG is not well formed.
    #[error("the drawing is not valid SVG: {0}")]
    Svg(String),
    /// The size is zero or too large.
    #[error("no image of {0} × {1} pixels")]
    Size(u32, u32),
    /// The PNG could not be encoded.
    #[error("the image could not be encoded: {0}")]
    Encode(#[from] io::Error),
}

/// DejaVu Sans, cut down to Latin, Greek and mathematics (licence beside it). The rasteriser must not depend on
/// the fonts of a system: text in a family it cannot find would vanish.
const FONT: &[u8] = include_bytes!("../../assets/DejaVuSans-subset.ttf");
/// Noto Sans CJK SC, cut down to the Chinese characters of the labs' figures (licence beside it); a test of the
/// labs holds that none is missing. Made by
/// `pyftsubset NotoSansCJK-Regular.ttc --font-number=2 --text-file=NotoSansSC-characters.txt --layout-features=`.
const CHINESE: &[u8] = include_bytes!("../../assets/NotoSansSC-subset.otf");

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.load_font_data(CHINESE.to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

/// Rasterise an SVG drawing.
pub(super) fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    let options =
        Options { fontdb: FONTS.clone(), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| PngError::Svg(error.to_string()))?;
    let side = |length: f32| (length * scale).round() as u32;
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    let mut image = Pixmap::new(width, height).ok_or(PngError::Size(width, height))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut image.as_mut());
    // The background is opaque, so premultiplied colours are plain ones and the fourth byte can go.
    let rgb: Vec<u8> =
        image.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    Ok(encode(width, height, png::ColorType::Rgb, None, &rgb)?)
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

/// The regions as a PNG data URI, the top row first, finer than the grid by linear interpolation.
pub(super) fn regions(grid: &Grid, style: RegionStyle) -> String {
    let fine = match style {
        // Edges of flat colours need pixels; shades do not.
        RegionStyle::Classes => 5,
        RegionStyle::Probability => 1,
    };
    let (width, height) = ((grid.columns - 1) * fine, (grid.rows - 1) * fine);
    let mut pixels = Vec::with_capacity(width * height);
    for row in (0..height).rev() {
        let (r, v) = (row / fine, (row % fine) as f64 / fine as f64 + 0.5 / fine as f64);
        for column in 0..width {
            let (c, u) = (column / fine, (column % fine) as f64 / fine as f64 + 0.5 / fine as f64);
            let at = |r: usize, c: usize| grid.probability[r * grid.columns + c];
            let low = at(r, c) + u * (at(r, c + 1) - at(r, c));
            let high = at(r + 1, c) + u * (at(r + 1, c + 1) - at(r + 1, c));
            let p = low + v * (high - low);
            pixels.push(match style {
                RegionStyle::Classes => u8::from(p > 0.5) * 255,
                RegionStyle::Probability => (p.clamp(0.0, 1.0) * 255.0).round() as u8,
            });
        }
    }
    let palette = (0..=255_u8).flat_map(|k| PROBABILITY.at(f64::from(k) / 255.0)).collect();
    data_uri(&indexed(width as u32, height as u32, palette, &pixels))
}

/// A PNG of colours by number.
pub(super) fn indexed(width: u32, height: u32, palette: Vec<u8>, pixels: &[u8]) -> Vec<u8> {
    // Writing to memory fails for no image that has pixels; without any, there is nothing to show.
    encode(width, height, png::ColorType::Indexed, Some(palette), pixels).unwrap_or_default()
}

/// A PNG inside an SVG.
pub(super) fn data_uri(png: &[u8]) -> String {
    use base64::Engine as _;
    format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(png))
}
