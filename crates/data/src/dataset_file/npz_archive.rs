//! Writing NumPy's archive of arrays.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::npy;

/// An archive in memory, to which arrays are added; `np.load` reads it.
///
/// ```
/// use nablab_data::dataset_file::npz;
/// let mut archive = npz::Archive::new();
/// archive.numbers("W1", &[2, 1], &[0.5, -1.0]);
/// let arrays = nablab_data::named_arrays::npz::read(&archive.into_bytes(), "a.npz")?;
/// assert_eq!((&arrays[0].name[..], &arrays[0].shape[..], arrays[0].values[1]), ("W1", &[2, 1][..], -1.0));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
pub struct Archive(ZipWriter<Cursor<Vec<u8>>>);

const IN_MEMORY: &str = "writing to memory does not fail";

impl Default for Archive {
    fn default() -> Self {
        Self::new()
    }
}

impl Archive {
    /// Without arrays.
    pub fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    /// Numbers of double precision, row after row.
    pub fn numbers(&mut self, name: &str, shape: &[usize], numbers: &[f64]) {
        self.array(name, shape, "<f8", numbers.iter().map(|v| v.to_le_bytes()));
    }

    /// Of NumPy's type `<U`, as wide as the longest: a character takes four bytes, and zeros fill the rest.
    pub fn texts<'t>(&mut self, name: &str, shape: &[usize], texts: impl Iterator<Item = &'t str> + Clone) {
        let longest = texts.clone().map(|text| text.chars().count()).max().unwrap_or_default().max(1);
        let values = texts.flat_map(|text| text.chars().chain(std::iter::repeat('\0')).take(longest));
        self.array(name, shape, &format!("<U{longest}"), values.map(|c| u32::from(c).to_le_bytes()));
    }

    /// Values of a type by NumPy's name, such as `<f4`, as their bytes.
    pub fn array<const N: usize>(
        &mut self,
        name: &str,
        shape: &[usize],
        kind: &str,
        values: impl Iterator<Item = [u8; N]>,
    ) {
        /// From here on, a header included, the archive notes sizes in 8 bytes.
        const LARGE: usize = 1 << 31;
        let mut bytes = npy::header(kind, shape);
        bytes.extend(values.flatten());
        let options = SimpleFileOptions::default().large_file(bytes.len() >= LARGE);
        self.0.start_file(format!("{name}.npy"), options).expect(IN_MEMORY);
        self.0.write_all(&bytes).expect(IN_MEMORY);
    }

    /// The whole archive.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.finish().expect(IN_MEMORY).into_inner()
    }
}
