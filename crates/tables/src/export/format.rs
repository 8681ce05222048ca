//! The formats that a model is exported in.

use std::path::{Path, PathBuf};

use super::{npz, onnx};
use crate::{Error, Model};

/// What a model can be exported as.
///
/// ```
/// use nablab_tables::export::ExportFormat;
/// let names = ExportFormat::ALL.map(ExportFormat::key);
/// assert_eq!(names, ["onnx", "safetensors", "npz"]);
/// assert_eq!(ExportFormat::Onnx.beside("runs/iris-2.safetensors".as_ref()).to_str(), Some("runs/iris-2.onnx"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// From the raw columns of a table to predictions ([`onnx()`]).
    Onnx,
    /// The parameters by name, with all that nablab needs in the metadata ([`Model::to_bytes`]).
    Safetensors,
    /// The parameters and the numbers of the preparation ([`npz()`]).
    Npz,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Onnx, Self::Safetensors, Self::Npz];

    /// Its name, and the ending of its files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Onnx => "onnx",
            Self::Safetensors => "safetensors",
            Self::Npz => "npz",
        }
    }

    /// A model in this format.
    ///
    /// # Errors
    /// As [`onnx()`].
    pub fn bytes(self, model: &Model) -> Result<Vec<u8>, Error> {
        match self {
            Self::Onnx => onnx(model),
            Self::Safetensors => Ok(model.to_bytes()),
            Self::Npz => Ok(npz(model)),
        }
    }

    /// Where the export of a model lies where nobody says: in its run folder, or beside its file.
    pub fn beside(self, model: &Path) -> PathBuf {
        let file = if model.is_dir() { model.join("model") } else { model.to_owned() };
        file.with_extension(self.key())
    }
}
