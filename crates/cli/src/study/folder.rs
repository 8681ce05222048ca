//! Where a study lies: its folder, or a database.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args as ClapArgs;
use nablab::study::storage::Record;
use nablab::study::{Confirmation, Storage, Study};

use crate::output;

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
        // A name is no path.
        let plain = |c: char| if matches!(c, '/' | '\\' | ':') || c.is_control() { '-' } else { c };
        let plain: String = name.chars().map(plain).collect();
        let plain = if matches!(plain.as_str(), "" | "." | "..") { "study" } else { &plain };
        Self(out.map_or_else(|| Path::new("studies").join(plain), Path::to_owned))
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
        self.make()?;
        Ok(output::write(path, text.as_bytes())?)
    }

    /// What came of it.
    pub(crate) fn confirmation(&self) -> anyhow::Result<Option<Confirmation>> {
        let path = self.confirmed();
        let Ok(bytes) = fs::read(&path) else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).with_context(|| {
            format!("{}: expected what nablab study confirm wrote\nhint: run it again", path.display())
        })
    }

    /// An error if it is another study's, or a folder with something else in it.
    pub(crate) fn check(&self, name: &str) -> anyhow::Result<()> {
        let path = self.0.join(DATABASE);
        let mut entries = fs::read_dir(&self.0).into_iter().flatten();
        if entries.next().is_some() && ![DATABASE, STUDY].iter().any(|own| self.0.join(own).is_file()) {
            bail!(
                "{}: there is something in it already, and no study of nablab's\nhint: choose another folder with --out",
                self.0.display()
            );
        }
        let names = || Storage::existing(&path.display().to_string())?.names();
        // What is wrong with it is said by who opens it.
        let known = if path.exists() { names().unwrap_or_default() } else { Vec::new() };
        if !known.is_empty() && !known.iter().any(|known| known == name) {
            bail!(
                "{}: it is the folder of the study {}, not of {name}\nhint: choose another folder with --out",
                self.0.display(),
                known.join(", ")
            );
        }
        Ok(())
    }

    /// Keep what is searched, unless it is there: it may have been changed for another search.
    pub(crate) fn keep(&self, study: &Study) -> anyhow::Result<()> {
        let path = self.0.join(STUDY);
        if path.exists() { Ok(()) } else { self.write(&path, &study.text) }
    }

    /// Make it where it is not there.
    pub(crate) fn make(&self) -> anyhow::Result<()> {
        fs::create_dir_all(&self.0).with_context(|| {
            format!("cannot write {}\nhint: choose another folder with --out", self.0.display())
        })
    }
}

/// A study that is there already.
#[derive(ClapArgs, Clone, Debug)]
pub(crate) struct Where {
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
fn without_database(folder: &Path, path: &Path) -> anyhow::Error {
    let place = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (has_study, folder, place) = (folder.join(STUDY).is_file(), folder.display(), place.display());
    if has_study {
        return anyhow!(
            "{folder}: there is no {DATABASE} in it: looked for {place}\nhint: its trials are kept where --storage of \
             nablab study run said: --storage with the same address, and --study where it holds several"
        );
    }
    anyhow!(
        "{folder}: there is no {DATABASE} in it: looked for {place}\nhint: name the folder of a study, as studies/NAME where it \
         was run, or its database: --storage FILE, --storage postgresql://USER@HOST/DATABASE"
    )
}

impl Where {
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
                let path = folder.join(DATABASE);
                if !path.exists() {
                    return Err(without_database(folder, &path));
                }
                path.display().to_string()
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
        StudyFolder::of(self.folder.as_deref().filter(|folder| !is_address(folder)), &record.name)
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
