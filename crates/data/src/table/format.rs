//! What kind of file a table is in: as its name says, or, where that says nothing, as is said or as it begins.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A kind of file that holds a table.
///
/// ```
/// use nablab_data::table::Format;
/// assert_eq!(Format::of_name("houses.CSV.gz"), Some(Format::Csv));
/// assert_eq!(Format::of_name("iris.data"), None);
/// assert_eq!("tsv".parse(), Ok(Format::Tsv));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Format {
    /// Separated values, by whatever separator.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// An array of NumPy.
    Npy,
    /// Arrays of NumPy.
    Npz,
    /// Arrays of MATLAB.
    Mat,
    /// MNIST's.
    Idx,
    /// Parquet; needs `nablab-arrow`.
    Parquet,
    /// Arrow's messages, also as Feather; needs `nablab-arrow`.
    Arrow,
}

/// Names, and the endings of files that say so.
const KNOWN: [(Format, &str, &[&str]); 8] = [
    (Format::Csv, "csv", &["csv", "txt"]),
    (Format::Tsv, "tsv", &["tsv"]),
    (Format::Npy, "npy", &["npy"]),
    (Format::Npz, "npz", &["npz"]),
    (Format::Mat, "mat", &["mat"]),
    (Format::Idx, "idx", &[]),
    (Format::Parquet, "parquet", &["parquet", "pq"]),
    (Format::Arrow, "arrow", &["arrow", "ipc", "arrows", "feather"]),
];

/// What a gzip file begins with.
pub(crate) const GZIP: &[u8] = b"\x1f\x8b";

impl Format {
    /// What the ending of a name says, before `.gz`.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (_, ending) = name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?;
        KNOWN.iter().find(|(_, _, endings)| endings.contains(&ending)).map(|(format, ..)| *format)
    }

    /// What the first bytes of a file say, unpacked; text is taken for separated values.
    pub(crate) fn of_start(start: &[u8]) -> Self {
        match start {
            [b'P', b'A', b'R', b'1', ..] => Self::Parquet,
            _ if start.starts_with(b"ARROW1") => Self::Arrow,
            _ if start.starts_with(b"\x93NUMPY") => Self::Npy,
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Npz,
            _ if start.starts_with(b"MATLAB 5.0") => Self::Mat,
            _ if super::is_idx(start) => Self::Idx,
            _ => Self::Csv,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = KNOWN.iter().find(|(format, ..)| format == self).map_or("", |(_, name, _)| name);
        f.write_str(name)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = KNOWN.iter().find(|(_, name, _)| text.eq_ignore_ascii_case(name));
        found.map(|(format, ..)| *format).ok_or_else(|| {
            let names: Vec<_> = KNOWN.iter().map(|(_, name, _)| *name).collect();
            format!("expected {}, got {text:?}", names.join(", "))
        })
    }
}

impl TryFrom<String> for Format {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Format> for String {
    fn from(format: Format) -> Self {
        format.to_string()
    }
}
