//! A trained model, and how its training went, as other programs read them: bytes, to be written wherever they belong.
//!
//! | function | for |
//! | --- | --- |
//! | [`onnx()`] | ONNX Runtime and its like: from the columns of a table to predictions |
//! | [`npz()`] | NumPy: the parameters, and what it takes to use them by hand |
//! | [`tensorboard`] | TensorBoard: the history of a training |
//! | [`Model::to_bytes`](crate::Model::to_bytes) | `safetensors`: the parameters by name |
//!
//! ```
//! use std::num::NonZeroUsize;
//! use nablab_tables::{Model, Params, Prepared, Settings, Tables, Training, export};
//! let table = nablab_data::table::csv::read(b"size,kind\n1,a\n2,a\n3,b\n4,b\n", "t.csv")?;
//! let recipe = "hidden = []\nepochs = 2\n[data]\ntarget = [\"kind\"]\n[validation]\nshare = 0.0\n";
//! let settings = Settings::from_toml(recipe, "recipe.toml")?;
//! let prepared = Prepared::<f64>::new(&settings, &Tables::from(&table), NonZeroUsize::MIN)?;
//! let mut training = Training::new(&settings, &prepared, NonZeroUsize::MIN)?;
//! while training.epoch(&|| 0.0, &|| false).is_ok() {}
//! let model = Model {
//!     params: Params::F64(training.params().to_vec()),
//!     network: training.network().clone(),
//!     inputs: prepared.found.inputs.clone(),
//!     target: prepared.found.target.clone(),
//!     kept: prepared.found.kept.clone(),
//!     threshold: training.threshold(),
//!     settings,
//! };
//!
//! let holds = |bytes: Vec<u8>, text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
//! assert!(holds(export::onnx(&model)?, "probabilities"));
//! assert!(holds(export::npz(&model), "W1.npy"));
//! assert!(holds(export::tensorboard(training.history(), 0.0), "loss/train"));
//! assert_eq!(training.history().len(), 2);
//! # Ok::<(), nablab_tables::Error>(())
//! ```

mod event_file;
pub mod events;
mod format;

mod npz;
mod onnx;

/// A file is a model that nablab wrote, of whatever kind, and which another may replace.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("model.onnx");
/// std::fs::write(&file, "years of work")?;
/// assert!(!nablab_tables::export::is_ours(&file));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn is_ours(file: &Path) -> bool {
    let is_export = |bytes: Vec<u8>| npz::is_ours(&bytes) || onnx::is_ours(&bytes);
    file.is_file() && (fs::read(file).is_ok_and(is_export) || Model::load(file).is_ok())
}

pub use event_file::EventFile;
pub use format::ExportFormat;
pub use npz::npz;
pub use onnx::onnx;

use std::fs;
use std::path::Path;

use crate::{Epoch, Model};

/// A history as one of TensorBoard's event files, of a training that began at `start`, in seconds since 1970; [`events`]
/// writes one while the training runs, and has the file's name.
///
/// ```
/// use nablab_tables::export::{events, tensorboard};
/// assert_eq!(tensorboard(&[], 5.0), events::start(5.0));
/// ```
pub fn tensorboard(history: &[Epoch], start: f64) -> Vec<u8> {
    let epochs = history.iter().map(|epoch| events::epoch(epoch, start + epoch.seconds));
    [events::start(start)].into_iter().chain(epochs).flatten().collect()
}
