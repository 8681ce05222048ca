//! A run folder as far as it has come.

use std::path::Path;

use super::{HISTORY, METRICS, Summary, history, read, recipe};
use crate::epoch::Epoch;
use crate::recipe::name_of;
use crate::{Error, Settings};

/// A run folder as far as it has come: for whoever watches a training that another process goes on with.
#[derive(Clone, Debug, PartialEq)]
pub struct SoFar {
    /// The recipe.
    pub settings: Settings,
    /// A row for each epoch, up to the last checkpoint.
    pub history: Vec<Epoch>,
    /// How it ended; nothing where it has not, or goes on again.
    pub summary: Option<Summary>,
}

impl SoFar {
    /// Read a run folder, and write nothing into it.
    ///
    /// ```
    /// use nablab_tables::{Run, Settings, run::SoFar};
    /// # let folder = tempfile::tempdir()?;
    /// let place = folder.path().join("run");
    /// let run = Run::create(&place, Settings::default())?;
    /// let so_far = SoFar::read(&place)?;
    /// assert!(so_far.history.is_empty() && so_far.summary.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Folder`] if it is none; [`Error::Damaged`] and [`Error::Data`] for damaged files.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let settings = recipe::settings(folder)?;
        let path = folder.join(HISTORY);
        let history =
            read(&path)?.map(|text| history::read(&String::from_utf8_lossy(&text), &name_of(&path)));
        let history = history.transpose()?.unwrap_or_default();
        // Of a run that was made longer, the summary is that of its first part until it ends again.
        let done = history.last().map_or(0, |epoch| epoch.epoch);
        let summary = Self::summary(folder)?.filter(|summary| done <= summary.epochs);
        Ok(Self { settings, history, summary })
    }

    /// Its summary alone, where there is one: to name many runs in a list.
    ///
    /// # Errors
    /// [`Error::Damaged`] for a damaged file.
    pub fn summary(folder: &Path) -> Result<Option<Summary>, Error> {
        let path = folder.join(METRICS);
        let summary = read(&path)?.map(|text| serde_json::from_slice(&text)).transpose();
        summary.map_err(|error| Error::damaged(&path, "file", "the metrics of a run", &error.to_string()))
    }
}
