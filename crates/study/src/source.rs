//! The file of a study, and the tables that it names.

use std::num::NonZeroUsize;
use std::path::Path;

use nablab_data::read_text;
use nablab_tables::{Loading, Tables};

use crate::{Study, StudyError};

impl Study {
    /// The study in a file, and its name: that of its plan, or else the file's.
    ///
    /// ```
    /// use nablab_study::Study;
    /// let folder = tempfile::tempdir()?;
    /// let file = folder.path().join("rates.toml");
    /// std::fs::write(&file, "learning_rate = { low = 1e-4, high = 1e-1 }\n[data]\ntarget = [\"y\"]")?;
    /// let (study, name) = Study::read(&file)?;
    /// assert_eq!((study.space.parameters().len(), &*name), (1, "rates"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`StudyError::Data`] for a file that cannot be read, [`StudyError::Training`] for one that describes no study.
    pub fn read(file: &Path) -> Result<(Self, String), StudyError> {
        let study = Self::parse(&read_text(file)?, &file.display().to_string())?;
        let stem = || file.file_stem().unwrap_or("study".as_ref()).to_string_lossy().into_owned();
        let name = study.plan.name.clone().unwrap_or_else(stem);
        Ok((study, name))
    }

    /// The table that the study names, which lies `beside` its file, or this one instead of it; with the one it is judged on. Read on
    /// so many threads.
    ///
    /// # Errors
    /// [`StudyError::NoTarget`] and [`StudyError::NoTable`] where the study does not say what is learned from; else as
    /// [`Tables::load`].
    pub fn load_tables(
        &self,
        data: Option<&Path>,
        beside: &Path,
        threads: NonZeroUsize,
        loading: &mut dyn Loading,
    ) -> Result<Tables<'static>, StudyError> {
        let settings = self.first_settings()?;
        if settings.data.target.is_empty() {
            return Err(StudyError::NoTarget);
        }
        let own = settings.data.file.as_ref().map(|file| beside.join(file));
        let file = data.map(Path::to_owned).or(own).ok_or(StudyError::NoTable)?;
        Ok(Tables::load(&settings, &file, beside, threads, loading)?)
    }
}
