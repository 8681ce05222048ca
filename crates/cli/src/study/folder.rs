//! Where a study lies: its folder, or a database.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args as ClapArgs;
use nablab_data::write_file;
use nablab_study::storage::Record;
use nablab_study::{Storage, Study};

/// `study.toml`, `study.db` unless the storage is elsewhere, `best.toml`, `report.html`, and `confirmed.json` where the best was
/// trained again.
const STUDY: &str = "study.toml";
const DATABASE: &str = "study.db";
const BEST: &str = "best.toml";
const UNWRITTEN: &str = "unwritten";
const REPORT: &str = "report.html";
const CONFIRMED: &str = "confirmed.json";

/// A study's folder.
#[derive(Clone, Debug)]
pub(crate) struct StudyFolder(PathBuf);

impl StudyFolder {
    /// The folder, or `studies/NAME`.
    pub(crate) fn of(out: Option<&Path>, name: &str) -> Self {
        Self(out.map_or_else(|| Path::new("studies").join(name), Path::to_owned))
    }

    pub(crate) fn best(&self) -> PathBuf {
        self.0.join(BEST)
    }

    pub(crate) fn report(&self) -> PathBuf {
        self.0.join(REPORT)
    }

    /// The best, trained again.
    pub(crate) fn confirmed(&self) -> PathBuf {
        self.0.join(CONFIRMED)
    }

    /// Where files lie that its study names.
    pub(crate) fn beside(&self) -> PathBuf {
        self.0.clone()
    }

    pub(crate) fn unwritten(&self) -> PathBuf {
        self.0.join(UNWRITTEN)
    }

    /// The storage asked for, or the folder's own.
    pub(crate) fn storage(&self, asked: Option<&str>) -> String {
        asked.map_or_else(|| self.0.join(DATABASE).display().to_string(), str::to_owned)
    }

    /// Write one of its files.
    pub(crate) fn write(&self, path: &Path, text: &str) -> anyhow::Result<()> {
        fs::create_dir_all(&self.0).with_context(|| {
            format!("cannot write {}\nhint: choose another folder with --out", self.0.display())
        })?;
        Ok(write_file(path, text.as_bytes(), &|| false)?)
    }

    /// Keep what is searched.
    pub(crate) fn keep(&self, study: &Study) -> anyhow::Result<()> {
        self.write(&self.0.join(STUDY), &study.text)
    }
}

/// A study that is there already.
#[derive(ClapArgs, Clone, Debug)]
pub(crate) struct Where {
    /// The study's folder, such as studies/NAME
    folder: Option<PathBuf>,
    /// Its database: a file of SQLite, or postgresql://USER@HOST/DATABASE
    #[arg(long, value_name = "URL", conflicts_with = "folder")]
    pub(crate) storage: Option<String>,
    /// Its name in the database; not needed where there is only one
    #[arg(long, value_name = "NAME")]
    pub(crate) study: Option<String>,
}

impl Where {
    /// The database, and where it is.
    pub(crate) fn open(&self) -> anyhow::Result<Storage> {
        let url = match (&self.storage, &self.folder) {
            (Some(url), _) => url.clone(),
            (None, Some(folder)) => {
                let path = folder.join(DATABASE);
                if !path.exists() {
                    bail!(
                        "{}: there is no {DATABASE} in it\nhint: name the folder of a study, or its database with --storage",
                        folder.display()
                    );
                }
                path.display().to_string()
            }
            (None, None) => {
                bail!("which study?\nhint: nablab study show studies/NAME, or --storage URL --study NAME")
            }
        };
        if !url.contains("://") && !Path::new(&url).exists() {
            bail!("{url}: there is no such file\nhint: nablab study run makes it");
        }
        Ok(Storage::open(&url)?)
    }

    /// Its folder: the one that was named, or the one it would have here.
    pub(crate) fn folder(&self, record: &Record) -> StudyFolder {
        StudyFolder::of(self.folder.as_deref(), &record.name)
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
