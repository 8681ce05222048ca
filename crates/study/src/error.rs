//! What can go wrong with a study.

use std::path::PathBuf;

use nablab_data::{DataError, name_of};
use nablab_tables::Error;

use crate::StorageError;
use crate::space::SpaceError;

/// One clear error: where, what was expected, what came.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// Of the database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Of what is searched, or of the tables.
    #[error(transparent)]
    Training(Box<Error>),
    /// Of what is searched by asking.
    #[error(transparent)]
    Space(#[from] SpaceError),
    /// Of how it is searched, or of what a trial is told.
    #[error("{field}: expected {expected}, got {got}")]
    Asked {
        /// What is wrong.
        field: &'static str,
        /// What was expected.
        expected: String,
        /// What came.
        got: String,
    },
    /// A trial that is under way no more, or not yet.
    #[error("trial {number} is {state} and not under way: what comes of it does not count")]
    NotUnderWay {
        /// Its number.
        number: u64,
        /// Where it stands.
        state: &'static str,
    },
    /// There is no trial of this number.
    #[error("there is no trial {0} in this study")]
    NoTrial(u64),
    /// Of a file.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The thread that says every few seconds that the trials are alive.
    #[error(
        "the thread that says that trials are alive cannot be started: {0}\nhint: allow more threads (ulimit -u) or memory (ulimit -v)"
    )]
    Thread(std::io::Error),
    /// A folder with something else in it.
    #[error("{}: there is something in it already, and no study of nablab's", folder.display())]
    Foreign {
        /// The folder.
        folder: PathBuf,
    },
    /// A folder of another study.
    #[error("{}: it is the folder of the study {of}, not of {name}", folder.display())]
    Other {
        /// The folder.
        folder: PathBuf,
        /// Whose it is.
        of: String,
        /// Whose it is not.
        name: String,
    },
    /// A folder whose database has no address.
    #[error("{}: expected a folder with a name in UTF-8, or its database could not be named", folder.display())]
    Name {
        /// The folder.
        folder: PathBuf,
    },
    /// It is not said where the study lies.
    #[error("expected the folder of a study, or the address of its database; got neither")]
    Nowhere,
    /// A folder without a database.
    #[error("{}: there is no study.db in it: looked for {}", folder.display(), looked_for.display())]
    NoDatabase {
        /// The folder.
        folder: PathBuf,
        /// The whole name of the database.
        looked_for: PathBuf,
        /// There is a study in it, whose trials are kept elsewhere.
        has_study: bool,
    },
    /// A database that is not there.
    #[error("{url}: there is no such file")]
    NoFile {
        /// Its address.
        url: String,
    },
    /// A database without a study.
    #[error("{address}: there is no study in it")]
    NoStudy {
        /// The database.
        address: String,
    },
    /// A database with several studies, and none is named.
    #[error("{address}: which of its studies?")]
    Several {
        /// The database.
        address: String,
        /// Its studies.
        names: Vec<String>,
    },
    /// It is not said what is to be predicted.
    #[error("which column is to be predicted?")]
    NoTarget,
    /// It is not said what is learned from.
    #[error("which table?")]
    NoTable,
    /// A range test belongs to a single training.
    #[error("the learning rate is to be found by a range test, which is for a single training")]
    RangeTest,
    /// A trial is judged on parts of the table, or on a share of it or another one.
    #[error("expected folds or rows held out, got both")]
    FoldsAndRows,
    /// A table that can be read only once.
    #[error(
        "{}: a study reads its table again whenever it goes on, and this can be read only once\nhint: save it as a file",
        name_of(file)
    )]
    Pipe {
        /// Its name.
        file: PathBuf,
    },
    /// A file that is no confirmation.
    #[error("{}: expected a confirmation of the best trials: {source}", path.display())]
    Confirmation {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl StudyError {
    /// It says only that whoever watched wanted it to stop.
    pub fn is_stopped(&self) -> bool {
        match self {
            Self::Training(error) => error.is_stopped(),
            error => matches!(error, Self::Data(DataError::Cancelled)),
        }
    }
}

impl From<Error> for StudyError {
    fn from(error: Error) -> Self {
        Self::Training(Box::new(error))
    }
}
