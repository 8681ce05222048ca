//! What an output must not be written over: whatever is read for it, what a run keeps, and anything else, unless that is allowed.

use std::fmt;
use std::fs;
use std::path::Path;

use nablab_data::{DataError, file_to_replace, is_same_file, name_of};
use nablab_report::document::is_page;

use crate::Error;
use crate::run::is_of_a_run;

/// What would be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overwritten {
    /// What is read, by its name.
    Input(String),
    /// A file of a run, which the run needs.
    OfARun,
    /// Another file, which may be replaced if somebody says so.
    Other,
    /// What is in a folder, of which some files may have the same names.
    InFolder,
}

impl fmt::Display for Overwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(name) => write!(f, "it would be written over what is read, {name}"),
            Self::OfARun => write!(f, "the run in that folder keeps this file"),
            Self::Other => write!(f, "it is there already"),
            Self::InFolder => write!(f, "there is something in it already"),
        }
    }
}

/// Whether a file may be written: not over one of the `inputs`, under whatever name or link, nor over what a run keeps; and over
/// another file only where that is allowed (`replaces`). An empty file has nothing to lose. An input `-` is standard input.
///
/// ```
/// use nablab_tables::{Error, Overwritten, check_output};
/// # let folder = tempfile::tempdir()?;
/// let (table, other, new) = ("t.csv", "other.csv", "new.csv");
/// let [table, other, new] = [table, other, new].map(|name| folder.path().join(name));
/// std::fs::write(&table, "x,y\n1,2\n")?;
/// std::fs::write(&other, "years of work")?;
/// let lost = |out, replaces| match check_output(out, &[table.as_path()], replaces) {
///     Err(Error::Overwrites { what, .. }) => Some(what),
///     _ => None,
/// };
/// assert!(matches!(lost(&table, true), Some(Overwritten::Input(_))));
/// assert_eq!((lost(&other, false), lost(&other, true), lost(&new, false)), (Some(Overwritten::Other), None, None));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// [`Error::Overwrites`]; [`Error::Data`] where something is there that is no file.
pub fn check_output(out: &Path, inputs: &[&Path], replaces: bool) -> Result<(), Error> {
    let overwrites = |what| Err(Error::Overwrites { path: out.to_owned(), what });
    let there = file_to_replace(out)?;
    if let Some(input) = inputs.iter().find(|input| there.is_some() && is_same(out, input)) {
        return overwrites(Overwritten::Input(name_of(input)));
    }
    if is_of_a_run(out) {
        return overwrites(Overwritten::OfARun);
    }
    match there.is_some_and(|there| there.len() > 0) && !replaces {
        true => overwrites(Overwritten::Other),
        false => Ok(()),
    }
}

/// Why a page must not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageProblem {
    /// There is a folder.
    Folder,
    /// There is a file that is no page of ours.
    Foreign,
}

impl fmt::Display for PageProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder => write!(f, "is a folder"),
            Self::Foreign => write!(f, "is there already and is not a report of nablab"),
        }
    }
}

/// Whether a page may be written: only what is not there, or a page of ours, is replaced.
///
/// ```
/// use nablab_tables::check_page;
/// let folder = tempfile::tempdir()?;
/// let page = folder.path().join("report.html");
/// assert!(check_page(&page).is_ok() && check_page(folder.path()).is_err());
/// std::fs::write(&page, "<p>years of work</p>")?;
/// assert!(check_page(&page).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// [`Error::Page`]; [`Error::Data`] where what is there cannot be read, or is no file.
pub fn check_page(out: &Path) -> Result<(), Error> {
    let refused = |problem| Err(Error::Page { path: out.to_owned(), problem });
    if out.is_dir() {
        return refused(PageProblem::Folder);
    }
    if file_to_replace(out)?.is_none() {
        return Ok(());
    }
    match is_page(out).map_err(|source| DataError::Read { path: out.to_owned(), source })? {
        true => Ok(()),
        false => refused(PageProblem::Foreign),
    }
}

/// Whether files may be written into a folder: it is empty, or what has the same names may be replaced.
///
/// ```
/// use nablab_tables::check_output_folder;
/// let folder = tempfile::tempdir()?;
/// assert!(check_output_folder(folder.path(), false).is_ok());
/// std::fs::write(folder.path().join("mine.txt"), "years of work")?;
/// assert!(check_output_folder(folder.path(), false).is_err() && check_output_folder(folder.path(), true).is_ok());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// [`Error::Overwrites`].
pub fn check_output_folder(out: &Path, replaces: bool) -> Result<(), Error> {
    let is_empty = fs::read_dir(out).map_or(true, |mut entries| entries.next().is_none());
    match is_empty || replaces {
        true => Ok(()),
        false => Err(Error::Overwrites { path: out.to_owned(), what: Overwritten::InFolder }),
    }
}

/// A file is what is read, be that standard input.
fn is_same(file: &Path, read: &Path) -> bool {
    is_same_file(file, if read == Path::new("-") { Path::new("/dev/stdin") } else { read })
}
