//! What several tests look at.

use nablab_report::Figure;

/// A figure's PNG: how wide it is, and its pixels row by row.
pub(crate) fn pixels(figure: &Figure, scale: f32) -> (usize, Vec<[u8; 3]>) {
    let png = figure.png(scale).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut bytes).unwrap();
    (reader.info().width as usize, bytes.chunks(3).map(|p| [p[0], p[1], p[2]]).collect())
}
