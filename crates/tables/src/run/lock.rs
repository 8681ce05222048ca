//! A run folder belongs to one process at a time.

use std::cell::Cell;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use nablab_data::DataError;

use super::{FolderProblem, LOCK};
use crate::Error;

/// The system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
    /// Its file was not there before, and nothing has come of the run yet: it goes with it.
    goes: Cell<bool>,
}

impl Lock {
    /// Take that of a folder.
    pub(super) fn of(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(LOCK);
        let fail = |source| DataError::Write { path: path.clone(), source };
        let is_new = !path.exists();
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, _file: file, goes: Cell::new(is_new) }),
            Err(TryLockError::WouldBlock) => {
                Err(Error::Folder { folder: folder.to_owned(), problem: FolderProblem::InUse })
            }
            Err(TryLockError::Error(source)) => Err(fail(source).into()),
        }
    }

    /// The run has begun: its file belongs to the folder now.
    pub(super) fn stays(&self) {
        self.goes.set(false);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.goes.get() {
            // Best effort: a lock that nobody holds keeps nobody away.
            let _ = fs::remove_file(&self.path);
        }
    }
}
