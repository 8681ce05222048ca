//! Runs and studies that lie in a directory, to be read alone: for a page that shows them while other processes train.
//!
//! Whatever is asked for is named by its place from the directory on. Nothing outside of it is read, wherever links lead.

mod run;
mod study;
mod walk;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use nablab_data::DataError;
use nablab_tables::run::SoFar;

pub use run::RunSoFar;
pub use study::StudySoFar;
pub use walk::{Listed, ListedRun, ListedStudy};

use crate::{Place, StudyError};

/// A directory with runs and studies.
///
/// ```
/// use nablab_study::directory::{Directory, DirectoryError};
/// # let folder = tempfile::tempdir()?;
/// let directory = Directory::new(folder.path())?;
/// assert!(directory.list().runs.is_empty());
/// assert!(matches!(directory.run("../elsewhere"), Err(DirectoryError::Nothing { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
}

/// Why something of a directory cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There is nothing of this kind at this place.
    #[error("{place}: there is no {what}")]
    Nothing {
        /// Its place from the directory on.
        place: String,
        /// What was looked for.
        what: &'static str,
    },
    /// A run that cannot be read.
    #[error(transparent)]
    Run(Box<nablab_tables::Error>),
    /// A study that cannot be read.
    #[error(transparent)]
    Study(Box<StudyError>),
    /// A file that cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
}

impl From<nablab_tables::Error> for DirectoryError {
    fn from(error: nablab_tables::Error) -> Self {
        Self::Run(Box::new(error))
    }
}

impl From<StudyError> for DirectoryError {
    fn from(error: StudyError) -> Self {
        Self::Study(Box::new(error))
    }
}

/// Bytes of a report that is shown.
const MOST_BYTES: u64 = 64 << 20;

impl Directory {
    /// This directory.
    ///
    /// # Errors
    /// [`DataError::Read`] where it cannot be found.
    pub fn new(root: &Path) -> Result<Self, DataError> {
        match fs::canonicalize(root) {
            Ok(root) => Ok(Self { root }),
            Err(source) => Err(DataError::Read { path: root.to_owned(), source }),
        }
    }

    /// Its runs and studies, the one that has changed last first; not more than a page can show.
    pub fn list(&self) -> Listed {
        walk::list(&self.root)
    }

    /// A run, as far as it has come.
    ///
    /// # Errors
    /// [`DirectoryError`] where there is none, or it cannot be read.
    pub fn run(&self, place: &str) -> Result<RunSoFar, DirectoryError> {
        let folder = self.find(place, "run", walk::is_run)?;
        Ok(RunSoFar::new(&folder, &SoFar::read(&folder)?))
    }

    /// A study, as far as it has come: of a folder, or of the file of a database.
    ///
    /// # Errors
    /// [`DirectoryError`] where there is none, or it cannot be read.
    pub fn study(&self, place: &str, name: &str) -> Result<StudySoFar, DirectoryError> {
        let path = self.find(place, "study", walk::is_study)?;
        // A database has an address, which is a text.
        let text = path.to_str().ok_or_else(|| nothing(place, "study"))?;
        StudySoFar::new(Place::at(text, Some(name)).read()?, &path)
    }

    /// The page that a run or a study has of itself.
    ///
    /// # Errors
    /// [`DirectoryError`] where it has none.
    pub fn report(&self, place: &str) -> Result<Vec<u8>, DirectoryError> {
        let folder = self.find(place, "report", |path| walk::is_run(path) || walk::is_study(path))?;
        // It may be a link itself.
        let page = self.inside(&walk::report_of(&folder)).ok_or_else(|| nothing(place, "report"))?;
        let mut bytes = Vec::new();
        let read = File::open(&page).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut bytes));
        read.map_err(|source| DataError::Read { path: page, source })?;
        Ok(bytes)
    }

    /// A text that is another one as soon as anything is written of what is shown of a run or study.
    pub fn version(&self, place: &str) -> String {
        let of = |file: PathBuf| {
            let Ok(file) = fs::metadata(file) else { return "-".to_owned() };
            let age = file.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            format!("{:x}.{:x}", age.unwrap_or_default().as_nanos(), file.len())
        };
        let files = self.find(place, "", |_| true).map(|path| walk::files_of(&path)).unwrap_or_default();
        files.into_iter().map(of).collect::<Vec<_>>().join("-")
    }

    /// Where a place leads, if that is inside and of this kind.
    fn find(
        &self,
        place: &str,
        what: &'static str,
        is: fn(&Path) -> bool,
    ) -> Result<PathBuf, DirectoryError> {
        let is_plain = |part: Component<'_>| match part {
            Component::Normal(name) => !walk::is_hidden(name),
            part => part == Component::CurDir,
        };
        let path = Path::new(place);
        let path = path.components().all(is_plain).then(|| self.root.join(path));
        path.and_then(|path| self.inside(&path)).filter(|path| is(path)).ok_or_else(|| nothing(place, what))
    }

    /// Where a path leads, links and all, if that is inside.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        fs::canonicalize(path).ok().filter(|real| real.starts_with(&self.root))
    }
}

fn nothing(place: &str, what: &'static str) -> DirectoryError {
    DirectoryError::Nothing { place: place.to_owned(), what }
}
