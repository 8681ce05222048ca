//! Where a study lies that is there already: in its folder, or in a database.

use std::path::{Path, PathBuf};

use crate::storage::Record;
use crate::{Space, State, Storage, Study, StudyError, StudyFolder, Trial, best, of_space};

/// Where to look for a study that is there already.
///
/// ```
/// use std::path::Path;
/// use nablab_study::{Place, StudyError};
/// let place = tempfile::tempdir()?;
/// let nothing = Place::new(Some(place.path()), None, None);
/// assert!(matches!(nothing.read(), Err(StudyError::NoDatabase { has_study: false, .. })));
/// assert!(matches!(Place::default().read(), Err(StudyError::Nowhere)));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Place {
    folder: Option<PathBuf>,
    storage: Option<String>,
    study: Option<String>,
}

/// A study that was found.
pub struct Located {
    /// Its database.
    pub storage: Storage,
    /// The study as its database has it.
    pub record: Record,
    /// Its folder: the one that was named, or the one it would have here.
    pub folder: StudyFolder,
}

/// Of a database, not of a folder.
fn is_address(folder: &Path) -> bool {
    folder.to_str().is_some_and(|text| text.contains("://"))
}

impl Place {
    /// In the folder of a study, or at the address of a database; with the address of a `storage` beside it, that one counts. A
    /// database that has several studies takes the name of one.
    pub fn new(folder: Option<&Path>, storage: Option<&str>, study: Option<&str>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
            storage: storage.map(str::to_owned),
            study: study.map(str::to_owned),
        }
    }

    /// In the folder of a study, where there is a folder of this name; else at the address of a database, or in a file of one.
    pub fn at(place: &str, study: Option<&str>) -> Self {
        let is_folder = Path::new(place).is_dir();
        let (folder, storage) = if is_folder { (Some(Path::new(place)), None) } else { (None, Some(place)) };
        Self::new(folder, storage, study)
    }

    /// The study, to be worked on.
    ///
    /// # Errors
    /// [`StudyError`] where there is none, or where there are several and none is named.
    pub fn open(&self) -> Result<Located, StudyError> {
        self.find(Storage::existing(&self.address()?)?)
    }

    /// The study, to be read alone.
    ///
    /// # Errors
    /// As [`Place::open`].
    pub fn read(&self) -> Result<Located, StudyError> {
        self.find(Storage::reading(&self.address()?)?)
    }

    fn address(&self) -> Result<String, StudyError> {
        let url = match (&self.storage, &self.folder) {
            (Some(url), _) => url.clone(),
            (None, Some(folder)) if is_address(folder) => folder.display().to_string(),
            (None, Some(folder)) => {
                let folder = StudyFolder::new(Some(folder), "");
                let database = folder.database();
                if !database.exists() {
                    let looked_for = std::path::absolute(&database).unwrap_or(database);
                    let (has_study, folder) = (folder.has_study(), folder.path().to_owned());
                    return Err(StudyError::NoDatabase { folder, looked_for, has_study });
                }
                folder.address()?
            }
            (None, None) => return Err(StudyError::Nowhere),
        };
        let file = url.strip_prefix("sqlite:///").unwrap_or(&url);
        match file.contains("://") || Path::new(file).exists() {
            true => Ok(url),
            false => Err(StudyError::NoFile { url }),
        }
    }

    /// The study of the name asked for, or the only one.
    fn find(&self, mut storage: Storage) -> Result<Located, StudyError> {
        let address = storage.address();
        let name = match &self.study {
            Some(name) => name.clone(),
            None => match &storage.names()?[..] {
                [only] => only.clone(),
                [] => return Err(StudyError::NoStudy { address }),
                several => return Err(StudyError::Several { address, names: several.to_vec() }),
            },
        };
        let Some(record) = storage.study(&name)? else { return Err(storage.without_study(&name).into()) };
        let folder = self.folder.as_deref().filter(|folder| !is_address(folder));
        let folder = StudyFolder::new(folder, &record.name);
        Ok(Located { storage, record, folder })
    }
}

impl Located {
    /// What is searched.
    ///
    /// # Errors
    /// [`StudyError::Storage`] where nablab did not begin it.
    pub fn study(&self) -> Result<Study, StudyError> {
        Ok(self.storage.registered(&self.record)?)
    }

    /// The parameters of its points: of recipes, or of whatever its trials are told of; nothing where neither nablab nor a trial says.
    pub fn space(&mut self) -> Option<Space> {
        self.storage.question(&self.record).ok().map(|question| question.space)
    }

    /// All its trials.
    ///
    /// # Errors
    /// [`StudyError::Storage`].
    pub fn trials(&mut self) -> Result<Vec<Trial>, StudyError> {
        Ok(self.storage.trials(self.record.id)?)
    }

    /// The trial of this number, if it has begun; without a number the best one, over new seeds where that was found out.
    ///
    /// # Errors
    /// [`StudyError`] of the database or of the study's folder.
    pub fn chosen(&mut self, number: Option<u64>) -> Result<Option<Trial>, StudyError> {
        let trials = self.trials()?;
        let confirmed = self.folder.confirmation()?;
        let confirmed = confirmed.and_then(|confirmation| confirmation.candidates.first().map(|c| c.trial));
        Ok(match number.or(confirmed) {
            Some(number) => {
                trials.into_iter().find(|trial| trial.number == number && trial.state != State::Waiting)
            }
            None => best(&of_space(trials, &self.study()?.space), &self.record.directions).cloned(),
        })
    }
}
