//! What can go wrong with a study.

use std::path::PathBuf;

use nablab_data::DataError;
use nablab_tables::Error;

use crate::StorageError;

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
    /// A file that is no confirmation.
    #[error("{}: expected a confirmation of the best trials: {source}", path.display())]
    Confirmation {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl From<Error> for StudyError {
    fn from(error: Error) -> Self {
        Self::Training(Box::new(error))
    }
}
