//! Where a study lies that is there already: in its folder, or in a database.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use clap::Args as ClapArgs;
use nablab::study::storage::Record;
use nablab::study::{Storage, StudyFolder};

use super::worded;

/// A study that is there already.
#[derive(ClapArgs, Clone, Debug)]
pub(crate) struct Place {
    /// The study's folder, such as studies/NAME, or the address of its database
    folder: Option<PathBuf>,
    /// Its database: a file of SQLite, or postgresql://USER@HOST/DATABASE (feature postgres)
    #[arg(long, value_name = "URL", conflicts_with = "folder")]
    pub(crate) storage: Option<String>,
    /// Its name in the database; not needed where there is only one
    #[arg(long, value_name = "NAME")]
    pub(crate) study: Option<String>,
}

/// Of a database, not of a folder.
fn is_address(folder: &Path) -> bool {
    folder.to_str().is_some_and(|text| text.contains("://"))
}

/// There is no database where it was looked for.
fn without_database(folder: &StudyFolder, path: &Path) -> anyhow::Error {
    let place = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (has_study, folder, place) = (folder.has_study(), folder.path().display(), place.display());
    if has_study {
        return anyhow!(
            "{folder}: there is no study.db in it: looked for {place}\nhint: its trials are kept where --storage of \
             nablab study run said: --storage with the same address, and --study where it holds several"
        );
    }
    anyhow!(
        "{folder}: there is no study.db in it: looked for {place}\nhint: name the folder of a study, as studies/NAME where it \
         was run, or its database: --storage FILE, --storage postgresql://USER@HOST/DATABASE"
    )
}

impl Place {
    /// The database.
    pub(crate) fn open(&self) -> anyhow::Result<Storage> {
        Ok(Storage::existing(&self.url()?)?)
    }

    /// The database, to be read alone.
    pub(crate) fn read(&self) -> anyhow::Result<Storage> {
        Ok(Storage::reading(&self.url()?)?)
    }

    fn url(&self) -> anyhow::Result<String> {
        let url = match (&self.storage, &self.folder) {
            (Some(url), _) => url.clone(),
            (None, Some(folder)) if is_address(folder) => folder.display().to_string(),
            (None, Some(folder)) => {
                let folder = StudyFolder::new(Some(folder), "");
                let path = folder.database();
                if !path.exists() {
                    return Err(without_database(&folder, &path));
                }
                folder.address().map_err(worded)?
            }
            (None, None) => {
                bail!("which study?\nhint: nablab study show studies/NAME, or --storage URL --study NAME")
            }
        };
        let file = url.strip_prefix("sqlite:///").unwrap_or(&url);
        if !file.contains("://") && !Path::new(file).exists() {
            bail!("{url}: there is no such file\nhint: nablab study run makes it");
        }
        Ok(url)
    }

    /// Its folder: the one that was named, or the one it would have here.
    pub(crate) fn folder(&self, record: &Record) -> StudyFolder {
        StudyFolder::new(self.folder.as_deref().filter(|folder| !is_address(folder)), &record.name)
    }

    /// The study of the name asked for, or the only one.
    pub(crate) fn find(&self, storage: &mut Storage) -> anyhow::Result<Record> {
        let name = match &self.study {
            Some(name) => name.clone(),
            None => match &storage.names()?[..] {
                [only] => only.clone(),
                [] => {
                    bail!("{}: there is no study in it\nhint: nablab study run makes one", storage.address())
                }
                several => bail!(
                    "{}: which of its studies?\nhint: --study with one of {}",
                    storage.address(),
                    several.join(", ")
                ),
            },
        };
        match storage.study(&name)? {
            Some(record) => Ok(record),
            None => Err(storage.without_study(&name).into()),
        }
    }
}
