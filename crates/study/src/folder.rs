//! The folder of a study.
//!
//! | file | holds |
//! | --- | --- |
//! | `study.toml` | what is searched |
//! | `study.db` | the trials, unless they are kept elsewhere |
//! | `best.toml` | the recipe of the best trial |
//! | `report.html` | the page |
//! | `confirmed.json` | what came of the best, trained again |
//! | `unwritten/` | what came of trials while the database could not be reached |
//!
//! A `best.toml` that somebody has changed, or a page of somebody else's, is not written over: it becomes `best-2.toml`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use nablab_data::{DataError, write_file};
use nablab_report::document::is_page;
use nablab_tables::Settings;

use crate::plan::Study;
use crate::{Confirmation, Storage, StudyError};

const STUDY: &str = "study.toml";
const DATABASE: &str = "study.db";
const BEST: &str = "best.toml";
const UNWRITTEN: &str = "unwritten";
const REPORT: &str = "report.html";
const CONFIRMED: &str = "confirmed.json";

/// A study's folder, which need not be there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyFolder(PathBuf);

impl StudyFolder {
    /// This folder, or `studies/NAME`.
    ///
    /// ```
    /// use nablab_study::StudyFolder;
    /// assert_eq!(StudyFolder::new(None, "a/b").path(), std::path::Path::new("studies/a-b"));
    /// ```
    pub fn new(folder: Option<&Path>, name: &str) -> Self {
        // A name is no path.
        let plain = |c: char| if matches!(c, '/' | '\\' | ':') || c.is_control() { '-' } else { c };
        let plain: String = name.chars().map(plain).collect();
        let plain = if matches!(plain.as_str(), "" | "." | "..") { "study" } else { &plain };
        Self(folder.map_or_else(|| Path::new("studies").join(plain), Path::to_owned))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The best recipe.
    pub fn best(&self) -> PathBuf {
        self.0.join(BEST)
    }

    /// The page.
    pub fn report(&self) -> PathBuf {
        self.0.join(REPORT)
    }

    /// Its own database.
    pub fn database(&self) -> PathBuf {
        self.0.join(DATABASE)
    }

    /// The address of its own database.
    ///
    /// # Errors
    /// [`StudyError::Name`] where the folder has a name that no address has.
    pub fn address(&self) -> Result<String, StudyError> {
        let path = self.database();
        path.to_str().map(str::to_owned).ok_or_else(|| StudyError::Name { folder: self.0.clone() })
    }

    /// There is a study in it.
    pub fn has_study(&self) -> bool {
        self.0.join(STUDY).is_file()
    }

    /// What came of trials while the database could not be reached.
    pub fn unwritten(&self) -> PathBuf {
        self.0.join(UNWRITTEN)
    }

    /// What came of the best, trained again; nothing where nobody has.
    ///
    /// # Errors
    /// [`StudyError::Confirmation`] for a file that is something else.
    pub fn confirmation(&self) -> Result<Option<Confirmation>, StudyError> {
        let path = self.0.join(CONFIRMED);
        let Ok(bytes) = fs::read(&path) else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|source| StudyError::Confirmation { path, source })
    }

    /// An error if it is another study's, or a folder with something else in it.
    ///
    /// # Errors
    /// [`StudyError::Foreign`] and [`StudyError::Other`].
    pub fn check(&self, name: &str) -> Result<(), StudyError> {
        let path = self.database();
        let mut entries = fs::read_dir(&self.0).into_iter().flatten();
        if entries.next().is_some() && !path.is_file() && !self.has_study() {
            return Err(StudyError::Foreign { folder: self.0.clone() });
        }
        let known = match path.exists() {
            // What is wrong with it is said by who opens it.
            true => Storage::existing(&self.address()?).and_then(|mut own| own.names()).unwrap_or_default(),
            false => Vec::new(),
        };
        match known.is_empty() || known.iter().any(|known| known == name) {
            true => Ok(()),
            false => {
                Err(StudyError::Other { folder: self.0.clone(), of: known.join(", "), name: name.to_owned() })
            }
        }
    }

    /// Keep what is searched, unless it is there: it may have been changed for another search.
    pub(crate) fn keep(&self, study: &Study) -> Result<(), DataError> {
        let path = self.0.join(STUDY);
        if path.exists() { Ok(()) } else { write(&path, &study.text) }
    }

    /// Make it where it is not there.
    pub(crate) fn make(&self) -> Result<(), DataError> {
        fs::create_dir_all(&self.0).map_err(|source| DataError::Write { path: self.0.clone(), source })
    }

    /// A recipe as it is written into the folder: a table that lies near it is called by its place from there, so that both can be
    /// moved together; one that lies elsewhere has its whole name.
    pub(crate) fn recipe(&self, mut recipe: Settings) -> Settings {
        for file in recipe.data.file.iter_mut().chain(&mut recipe.validation.file) {
            if let Some(near) = fs::canonicalize(&self.0).ok().and_then(|folder| from(&folder, file)) {
                *file = near;
            }
        }
        recipe
    }

    /// Write the best recipe. One that is none of the trials', as `is_ours` says of its text, was changed by somebody, and stays
    /// under another name, which is the answer.
    pub(crate) fn write_best(
        &self,
        recipe: &str,
        is_ours: impl Fn(&str) -> bool,
    ) -> Result<Option<PathBuf>, DataError> {
        let is_ours = fs::read_to_string(self.best()).is_ok_and(|there| is_ours(&there));
        let kept = if is_ours { None } else { set_aside(&self.best())? };
        write(&self.best(), recipe)?;
        Ok(kept)
    }

    /// Write the page. What is no page of ours stays under another name, which is the answer.
    pub(crate) fn write_report(&self, page: &str) -> Result<Option<PathBuf>, DataError> {
        let is_ours = is_page(&self.report()).unwrap_or(false);
        let kept = if is_ours { None } else { set_aside(&self.report())? };
        write(&self.report(), page)?;
        Ok(kept)
    }

    /// What was measured before is not about other trials: without a confirmation, none stays.
    pub(crate) fn write_confirmation(&self, confirmation: Option<&Confirmation>) -> Result<(), DataError> {
        let path = self.0.join(CONFIRMED);
        match confirmation {
            Some(confirmation) => {
                let text = serde_json::to_string_pretty(confirmation).expect("plain data");
                write(&path, &(text + "\n"))
            }
            None => {
                // There is none as a rule.
                let _ = fs::remove_file(path);
                Ok(())
            }
        }
    }
}

/// As far from a table as `studies/NAME` is from one beside `studies`.
const NEAR: usize = 2;

/// The place of a file from a folder, both with their whole names, where they are near each other.
fn from(folder: &Path, file: &Path) -> Option<PathBuf> {
    // The root of all files is no project.
    let mut ways = folder.ancestors().take(NEAR + 1).filter(|above| above.parent().is_some()).enumerate();
    ways.find_map(|(up, above)| {
        let down = file.strip_prefix(above).ok()?;
        Some(std::iter::repeat_n("..", up).collect::<PathBuf>().join(down))
    })
}

/// Give a file, if it is there, the next name with a number that nobody has: 2, 3, …
fn set_aside(path: &Path) -> Result<Option<PathBuf>, DataError> {
    // What is no file is refused when it is written.
    if !path.is_file() {
        return Ok(None);
    }
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let mut names = (2_u32..).map(|n| path.with_file_name(format!("{stem}-{n}.{extension}")));
    let aside = names.find(|name| fs::symlink_metadata(name).is_err()).expect("names do not end");
    fs::rename(path, &aside).map_err(|source| DataError::Write { path: aside.clone(), source })?;
    Ok(Some(aside))
}

fn write(path: &Path, text: &str) -> Result<(), DataError> {
    write_file(path, text.as_bytes(), &|| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_nearby_is_called_by_its_place() {
        for (folder, file, place) in [
            ("/p/studies/s", "/p/t.csv", Some("../../t.csv")),
            ("/p/studies/s", "/p/data/t.csv", Some("../../data/t.csv")),
            ("/p/s", "/p/t.csv", Some("../t.csv")),
            ("/p/s", "/p/s/t.csv", Some("t.csv")),
            ("/p/q/studies/s", "/p/t.csv", None),
            ("/s", "/t.csv", None),
        ] {
            assert_eq!(from(folder.as_ref(), file.as_ref()), place.map(PathBuf::from), "{folder} {file}");
        }
    }
}
