//! What can go wrong with a training on a table.

use std::path::{Path, PathBuf};

use nablab_data::{DataError, Wording, readable};
use nablab_engine::EngineError;
use nablab_engine::gradcheck::CheckError;

use crate::metrics::MetricsError;
use crate::overwriting::{Overwritten, PageProblem};
use crate::recipe::{Difference, Fold, name_of};
use crate::run::{FolderProblem, Summary};

/// One clear error: where, what was expected, what came, what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Of a table, or of any file that is read or written.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Of a training's settings, or of data the engine does not take.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Of numbers that cannot be judged.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// Of a gradient that cannot be checked.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// Of a setting that is not the engine's.
    #[error("`{field}` must be {expected}, got {got}")]
    Setting {
        /// Dotted path, as in the recipe file.
        field: &'static str,
        /// The legal range.
        expected: Wording,
        /// The value.
        got: String,
    },
    /// Of a text that is no value of a setting.
    #[error("`{setting}` {what}\nhint: such as {example}")]
    Value {
        /// Its name in [`Changes`](crate::Changes).
        setting: &'static str,
        /// What is wrong with it, to be said behind the name.
        what: String,
        /// A text that it takes.
        example: &'static str,
    },
    /// Of a change that would do nothing.
    #[error("`{field}` has no say {why}\nhint: leave it away")]
    Idle {
        /// Its name in [`Changes`](crate::Changes).
        field: &'static str,
        /// Beside what.
        why: &'static str,
    },
    /// Of a recipe's text.
    #[error("{place}: {what}{}", hint.map_or_else(String::new, |hint| format!("\nhint: {hint}")))]
    Recipe {
        /// File, line and column.
        place: String,
        /// What is wrong there.
        what: String,
        /// What to do; none where it helps to know what may stand in a recipe.
        hint: Option<&'static str>,
    },
    /// Of a file that a run keeps of its end, and that holds something else: the run can write it again.
    #[error("{file}: {place}: expected {expected}, got {got}")]
    Damaged {
        /// Name of the file.
        file: String,
        /// Where in it.
        place: String,
        /// What fits there.
        expected: String,
        /// What came.
        got: String,
    },
    /// It was to stop before there was a result.
    #[error("stopped before there was a result")]
    Stopped,
    /// A training of a cross-validation did not come to its end, so there is nothing that the folds say together.
    #[error("fold {} of {} did not come to its end: {}", fold.number, fold.of, summary.ending())]
    Fold {
        /// Which.
        fold: Fold,
        /// How it ended.
        summary: Box<Summary>,
    },
    /// Something would be lost by writing a file.
    #[error("{}: {what}", path.display())]
    Overwrites {
        /// The file.
        path: PathBuf,
        /// What would be lost.
        what: Overwritten,
    },
    /// A page is to be written where something else is.
    #[error("{} {problem}", path.display())]
    Page {
        /// The file.
        path: PathBuf,
        /// What is there.
        problem: PageProblem,
    },
    /// A new run, or a new cross-validation, was to begin in a folder that has something in it.
    #[error("{}: there is something in it already", folder.display())]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// Of several runs that are to be compared, two are the same.
    #[error("{} is the same run as {}", folder.display(), earlier.display())]
    SameRun {
        /// The folder.
        folder: PathBuf,
        /// The one that was named before.
        earlier: PathBuf,
    },
    /// A run is to go on by other settings than those it began with.
    #[error("{}: the run began with other settings: {difference}", folder.display())]
    OtherSettings {
        /// The run folder.
        folder: PathBuf,
        /// The first setting that is another one.
        difference: Box<Difference>,
    },
    /// Of a run folder.
    #[error("{}: {problem}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        problem: FolderProblem,
    },
}

impl Error {
    /// It says only that whoever watched wanted it to stop.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped | Self::Data(DataError::Cancelled))
    }

    /// A file of a run is damaged; what it holds is made readable.
    pub(crate) fn damaged(file: &Path, place: &str, expected: &str, got: &str) -> Self {
        Self::Damaged {
            file: name_of(file),
            place: readable(place),
            expected: expected.to_owned(),
            got: readable(got),
        }
    }
}
