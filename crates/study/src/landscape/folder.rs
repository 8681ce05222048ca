//! The folder of a landscape: where one that was begun goes on, and where its files are written.

use std::fs;
use std::path::{Path, PathBuf};

use nablab_data::{DataError, numbered, write_file};
use nablab_tables::check_output_folder;

use super::{DrawnLandscape, Fingerprint, FolderState, LandscapeError, Unfinished};

/// Its name where none is given.
const FOLDER: &str = "landscape";

/// The folder of a landscape, with what is kept in it until all is trained.
#[derive(Debug)]
pub struct LandscapeFolder {
    path: PathBuf,
    kept: Unfinished,
}

impl LandscapeFolder {
    /// Whether a folder can be that of a landscape, as far as this is known before its data are read. With `replaces`, what is in it
    /// is written over where it has the same names.
    ///
    /// # Errors
    /// [`LandscapeError::NoFolder`] for a file, [`nablab_tables::Error::Overwrites`] where something else is in it.
    pub fn check(folder: &Path, replaces: bool) -> Result<(), LandscapeError> {
        if folder.exists() && !folder.is_dir() {
            return Err(LandscapeError::NoFolder { folder: folder.to_owned() });
        }
        // What was begun there goes on, or is refused once it is known what it is.
        if !Unfinished::is_in(folder) {
            check_output_folder(folder, replaces)?;
        }
        Ok(())
    }

    /// Go on with this landscape where it was begun, or begin it: in this folder, or in the first of `landscape`, `landscape-2`, …
    /// that has nothing else in it.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use nablab_study::landscape::{Axes, LandscapeFolder, Plane};
    /// use nablab_tables::Changes;
    /// let axes = Axes::Settings { x: Axes::LEARNING_RATE.parse()?, y: None, refine: 0, reach: None };
    /// let plane = Plane::of_lab(&axes, 3, &Changes { epochs: Some(9), ..Changes::default() })?;
    /// let place = tempfile::tempdir()?;
    /// let path = place.path().join("rates");
    /// let folder = LandscapeFolder::begin(Some(&path), &plane.fingerprint(), false)?;
    /// let drawn = plane.draw(NonZeroUsize::MIN, Some(folder.kept()), &())?;
    /// folder.write(&drawn, &|| false)?;
    /// assert!(path.join("cells.csv").exists());
    /// assert!(LandscapeFolder::begin(Some(&path), &plane.fingerprint(), false).is_err()); // it is there already
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LandscapeError::Busy`], [`nablab_tables::Error::Overwrites`], or [`LandscapeError::Data`] for a folder that cannot be read.
    pub fn begin(
        folder: Option<&Path>,
        fingerprint: &Fingerprint,
        replaces: bool,
    ) -> Result<Self, LandscapeError> {
        let Some(folder) = folder else { return Self::in_first_free(numbered(FOLDER.into()), fingerprint) };
        match Unfinished::find(folder, fingerprint)? {
            FolderState::Same(kept) => return Ok(Self { path: folder.to_owned(), kept }),
            FolderState::Busy => return Err(LandscapeError::Busy { folder: folder.to_owned() }),
            FolderState::Other | FolderState::New => check_output_folder(folder, replaces)?,
        }
        Ok(Self::new(folder.to_owned(), fingerprint))
    }

    fn new(path: PathBuf, fingerprint: &Fingerprint) -> Self {
        let kept = Unfinished::new(&path, fingerprint.clone());
        Self { path, kept }
    }

    /// The first of these folders where it was begun, or which is not there yet. A folder with something else in it, and one where
    /// somebody is at another, is passed over.
    fn in_first_free(
        folders: impl Iterator<Item = PathBuf>,
        fingerprint: &Fingerprint,
    ) -> Result<Self, LandscapeError> {
        for path in folders {
            match Unfinished::find(&path, fingerprint)? {
                FolderState::Same(kept) => return Ok(Self { path, kept }),
                FolderState::New if !path.exists() => return Ok(Self::new(path, fingerprint)),
                FolderState::New | FolderState::Other | FolderState::Busy => {}
            }
        }
        unreachable!("numbers do not end")
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is trained already, and where the rest is kept.
    pub fn kept(&self) -> &Unfinished {
        &self.kept
    }

    /// Write the files, each whole or not at all; then nothing is left to go on with. `cancelled` says whether to stop before a file.
    ///
    /// # Errors
    /// [`LandscapeError::Data`] for a folder or a file that cannot be written.
    pub fn write(self, drawn: &DrawnLandscape, cancelled: &dyn Fn() -> bool) -> Result<(), LandscapeError> {
        let cannot = |source| DataError::Write { path: self.path.clone(), source };
        fs::create_dir_all(&self.path).map_err(cannot)?;
        for file in &drawn.files {
            write_file(&self.path.join(&file.name), &file.bytes, cancelled)?;
        }
        self.kept.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Axes;
    use super::*;
    use crate::landscape::Plane;
    use nablab_tables::{Changes, Error};

    #[test]
    fn a_folder_with_something_else_is_refused_or_passed_over() {
        let place = tempfile::tempdir().unwrap();
        let own = place.path().join("own");
        fs::create_dir(&own).unwrap();
        fs::write(own.join("loss.svg"), "mine").unwrap();
        let axes = Axes::Settings { x: "seed=0..3".parse().unwrap(), y: None, refine: 0, reach: None };
        let fingerprint = Plane::of_lab(&axes, 2, &Changes::default()).unwrap().fingerprint();
        let refused = |result: Result<(), LandscapeError>| matches!(result, Err(LandscapeError::Training(error)) if matches!(*error, Error::Overwrites { .. }));
        assert!(refused(LandscapeFolder::check(&own, false)));
        assert!(refused(LandscapeFolder::begin(Some(&own), &fingerprint, false).map(|_| ())));
        assert!(LandscapeFolder::check(&own, true).is_ok());
        assert!(LandscapeFolder::begin(Some(&own), &fingerprint, true).is_ok());
        let free = LandscapeFolder::in_first_free(numbered(own.clone()), &fingerprint).unwrap();
        assert_eq!(free.path(), place.path().join("own-2"));
        let file = own.join("loss.svg");
        assert!(matches!(LandscapeFolder::check(&file, true), Err(LandscapeError::NoFolder { .. })));
    }
}
