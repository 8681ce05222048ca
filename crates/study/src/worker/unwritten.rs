//! What was finished while the storage could not be reached: kept in files until it is written.

use std::fs;
use std::path::{Path, PathBuf};

use nablab_data::{DataError, write_file};

use crate::storage::Outcome;

/// A folder of outcomes, a file for each trial.
#[derive(Clone, Debug)]
pub(super) struct Unwritten {
    folder: PathBuf,
}

impl Unwritten {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn path(&self, trial: i64) -> PathBuf {
        self.folder.join(format!("trial-{trial}.json"))
    }

    /// Keep an outcome.
    pub(super) fn keep(&self, trial: i64, outcome: &Outcome) -> Result<(), DataError> {
        fs::create_dir_all(&self.folder)
            .map_err(|source| DataError::Write { path: self.folder.clone(), source })?;
        let text = serde_json::to_vec(outcome).expect("an outcome is plain data");
        write_file(&self.path(trial), &text, &|| false)
    }

    /// It is written.
    pub(super) fn forget(&self, trial: i64) {
        // What stays is written again, to no effect.
        let _ = fs::remove_file(self.path(trial));
        let _ = fs::remove_dir(&self.folder);
    }

    /// All that are kept.
    pub(super) fn all(&self) -> Vec<(i64, Outcome)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        let outcome = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            let trial = name.strip_prefix("trial-")?.strip_suffix(".json")?.parse().ok()?;
            Some((trial, serde_json::from_slice(&fs::read(entry.path()).ok()?).ok()?))
        };
        entries.filter_map(outcome).collect()
    }
}
