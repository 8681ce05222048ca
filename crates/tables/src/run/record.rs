//! What a run folder tells those who come later: predictions, reports, exports.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nablab_data::prepare::{LeftOut, Seen, Task};
use nablab_diagnosis::{Evidence, Lookalike, Untaught};
use serde::{Deserialize, Serialize};

use super::{
    FolderProblem, HISTORY, METRICS, MODEL, diagnosis, first_fold, history, name_of_run, read, recipe,
};
use crate::epoch::Epoch;
use crate::metrics::Metrics;
use crate::model::Model;
use crate::recipe::name_of;
use crate::{Error, Settings};

/// How a training ended, as a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// All epochs are done.
    Finished,
    /// The validation loss did not sink any more.
    StoppedEarly,
    /// No step to a lower cost was found, and the gradient is flat.
    Converged,
    /// No step to a lower cost was found, although the gradient is not flat.
    SearchFailed,
    /// A gradient, or a running statistic of batch normalisation, was no number.
    Diverged,
    /// It was asked to stop, and can be resumed.
    Interrupted,
}

/// `metrics.json`: how a training ended, and how good the model is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// `nablab.metrics/1`.
    pub schema: String,
    /// How the training ended.
    pub ended: Status,
    /// Where and why it diverged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub divergence: Option<String>,
    /// Kind of the prediction.
    pub task: Task,
    /// Rows learned from.
    pub train_rows: usize,
    /// Rows judged on.
    pub validation_rows: usize,
    /// Features after encoding.
    pub features: usize,
    /// Rows left out because they have no target.
    #[serde(skip_serializing_if = "is_none", default)]
    pub without_target: usize,
    /// Columns that became no feature.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub left_out: Vec<LeftOut>,
    /// Columns that became features and look like ids or dates.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub lookalikes: Vec<Lookalike>,
    /// What the rows judged on have that the training rows have not.
    #[serde(skip_serializing_if = "Seen::is_empty", default)]
    pub seen: Seen,
    /// Classes without a row to learn from.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub untaught: Vec<Untaught>,
    /// Parameters of the network.
    pub parameters: usize,
    /// Epochs done.
    pub epochs: u64,
    /// The epoch whose parameters were kept, where that is not the last.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub best_epoch: Option<u64>,
    /// The largest component of the gradient at the last parameters, of a training by L-BFGS.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub gradient: Option<f64>,
    /// From which probability on the second of two classes is predicted, where the recipe says something of it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub threshold: Option<f64>,
    /// Time of the training.
    pub seconds: f64,
    /// The model on the rows it learned from.
    pub train: Metrics,
    /// The model on the rows held out.
    pub validation: Option<Metrics>,
}

fn is_none(rows: &usize) -> bool {
    *rows == 0
}

/// A run folder as it is read: by predictions, reports and exports.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The recipe.
    pub settings: Settings,
    /// A row for each epoch.
    pub history: Vec<Epoch>,
    /// How it ended.
    pub summary: Summary,
    /// What it showed inside; none of a run of an older version.
    pub evidence: Option<Evidence>,
}

impl Record {
    /// Read several run folders, to be compared: each with its name, that of the folder, or the whole path where two have the same.
    ///
    /// # Errors
    /// As [`Record::read`]; [`Error::SameRun`] where two are the same.
    pub fn read_all(folders: &[PathBuf]) -> Result<Vec<(String, PathBuf, Self)>, Error> {
        let (mut seen, mut names) = (BTreeMap::new(), BTreeMap::new());
        for folder in folders {
            let place = fs::canonicalize(folder).unwrap_or_else(|_| folder.clone());
            if let Some(earlier) = seen.insert(place, folder) {
                return Err(Error::SameRun { folder: folder.clone(), earlier: earlier.clone() });
            }
            *names.entry(name_of_run(folder)).or_insert(0) += 1;
        }
        let named = |folder: &PathBuf| {
            let name = name_of_run(folder);
            let name = if names.get(&name) == Some(&1) { name } else { folder.display().to_string() };
            Ok((name, folder.clone(), Self::read(folder)?))
        };
        folders.iter().map(named).collect()
    }

    /// Read a run folder.
    ///
    /// # Errors
    /// [`Error::Folder`] if it is none, or its training has not come to an end; [`Error::Damaged`] for damaged files.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let settings = recipe::settings(folder)?;
        let unfinished =
            |file| Error::Folder { folder: folder.to_owned(), problem: FolderProblem::Unfinished { file } };
        let path = folder.join(METRICS);
        let text = read(&path)?.ok_or_else(|| unfinished(METRICS))?;
        let summary: Summary = serde_json::from_slice(&text)
            .map_err(|error| Error::damaged(&path, "file", "the metrics of a run", &error.to_string()))?;
        let path = folder.join(HISTORY);
        let text = read(&path)?.ok_or_else(|| unfinished(HISTORY))?;
        let history = history::read(&String::from_utf8_lossy(&text), &name_of(&path))?;
        // Later epochs are another attempt's.
        let told = history.iter().take_while(|epoch| epoch.epoch <= summary.epochs).count();
        let evidence = diagnosis::evidence(folder, &history[..told])?;
        Ok(Self { settings, history, summary, evidence })
    }
}

impl Model {
    /// The model of a run folder, or in a file of its own, to predict.
    ///
    /// # Errors
    /// [`Error::Folder`] if there is none, [`nablab_data::DataError`] if it is damaged or a parameter is no number.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let (bytes, name) = bytes_of(path)?;
        Self::from_bytes(&bytes, &name)
    }

    /// The same to be looked at: also that of a training that diverged.
    ///
    /// # Errors
    /// [`Error::Folder`] if there is none, [`nablab_data::DataError`] if it is damaged.
    pub fn load_to_show(path: &Path) -> Result<Self, Error> {
        let (bytes, name) = bytes_of(path)?;
        Self::read(&bytes, &name)
    }
}

/// The bytes of a model, and their file.
fn bytes_of(path: &Path) -> Result<(Vec<u8>, String), Error> {
    let file = if path.is_dir() { path.join(MODEL) } else { path.to_owned() };
    let bytes = read(&file)?.ok_or_else(|| {
        let cross_validation = first_fold(path).map(|first| FolderProblem::CrossValidation { first });
        let problem = cross_validation.unwrap_or(FolderProblem::NoModel);
        Error::Folder { folder: path.to_owned(), problem }
    })?;
    Ok((bytes, name_of(&file)))
}
