//! A run folder: a training with its recipe, its history, its checkpoint, its model and how good that is.
//!
//! | file | holds | written |
//! | --- | --- | --- |
//! | `recipe.toml` | everything that decides the result | first |
//! | `checkpoint.safetensors` | all that the training is between two epochs | every few seconds, and at the end |
//! | `history.csv` | a row for each epoch, of very many for every second, fourth, … | with each checkpoint |
//! | `model.safetensors` | the parameters kept, and all that it takes to predict | at the end |
//! | `evidence.json`, `signals.csv` | what it showed inside, for a diagnosis and for people | at the end |
//! | `report.html` | all of it, to be looked at | at the end |
//! | `metrics.json` | how the training ended, and how good the model is | last |
//!
//! Every file is written whole or not at all, so whatever instant the program dies at, the folder can be taken up again.

mod checkpoint;
mod diagnosis;
mod ending;
mod fingerprint;
mod folder;
mod history;
mod lock;
mod longer;
mod model_file;
mod problem;
mod recipe;
mod record;
mod saved;
mod sealed;
mod so_far;

use std::cell::Cell;
use std::fs;
use std::io::ErrorKind;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use nablab_data::{DataError, NewFolders, remove_half_written, write_file};
use nablab_engine::{Watch, beside, in_precision};
use nablab_report::Lang;

pub use ending::{MetricRow, Remark};
use fingerprint::Contents;
pub(crate) use fingerprint::fingerprint;
pub(crate) use folder::first_fold;
pub use folder::{clear, default_folder, is_bare, is_begun, is_of_a_run, name_of_run};
use lock::Lock;
use longer::Lengthened;
pub use longer::NewLength;
pub use problem::FolderProblem;
pub use record::{Record, Status, Summary};
pub(crate) use sealed::Number;
pub use so_far::SoFar;

use crate::epoch::Epoch;
use crate::fit::{Fitted, Keep, Options, fit};
use crate::model::Kept;
use crate::prepared::Prepared;
use crate::recipe::name_of;
use crate::training::Training;
use crate::{Error, Event, Settings, Tables, report};

const RECIPE: &str = "recipe.toml";
const CHECKPOINT: &str = "checkpoint.safetensors";
const HISTORY: &str = "history.csv";
const MODEL: &str = "model.safetensors";
const EVIDENCE: &str = "evidence.json";
const SIGNALS: &str = "signals.csv";
const REPORT: &str = "report.html";
const METRICS: &str = "metrics.json";
const LOCK: &str = "lock";

/// A run folder that this process alone writes into. A new one goes again with what is in it, if it is dropped before
/// anything was learned: its training could not begin.
#[derive(Debug)]
pub struct Run {
    folder: PathBuf,
    settings: Settings,
    lock: Lock,
    /// Folders made for a new run, which go if nothing is in them.
    new_folders: Option<NewFolders>,
    /// It is new, and no training of it has come to an end.
    is_new: Cell<bool>,
    lengthened: Option<Lengthened>,
}

impl Run {
    /// Make a new run folder with its recipe.
    ///
    /// # Errors
    /// [`Error::Setting`] if they cannot be a recipe; [`Error::NotEmpty`] if there is something else in the folder;
    /// [`Error::Folder`] if another process uses it; [`DataError::Write`].
    pub fn create(folder: &Path, settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let must_be_bare = || match is_bare(folder) {
            true => Ok(()),
            false => Err(Error::NotEmpty { folder: folder.to_owned() }),
        };
        // Into what is somebody else's goes not even a lock.
        must_be_bare()?;
        let parents = NewFolders::create(folder)
            .map_err(|source| DataError::Write { path: folder.to_owned(), source })?;
        let lock = Lock::of(folder)?;
        remove_half_written(folder);
        must_be_bare()?;
        write(&folder.join(RECIPE), settings.to_toml().as_bytes())?;
        let (folder, new_folders, is_new) = (folder.to_owned(), Some(parents), Cell::new(true));
        Ok(Self { folder, settings, lock, new_folders, is_new, lengthened: None })
    }

    /// Take up a run folder.
    ///
    /// # Errors
    /// [`Error::Folder`] if it is none, another process uses it, or its recipe is not that of its training any more;
    /// [`Error::Recipe`] if its recipe is damaged.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let settings = recipe::settings(folder)?;
        let lock = Lock::of(folder)?;
        remove_half_written(folder);
        let (folder, is_new) = (folder.to_owned(), Cell::new(false));
        Ok(Self { folder, settings, lock, new_folders: None, is_new, lengthened: None })
    }

    /// The folders made for a new one: its own, and those around it that were not there.
    pub fn new_folders(&self) -> Option<&NewFolders> {
        self.new_folders.as_ref()
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its recipe.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Train from the last checkpoint, or from the start, to the end. Tables that are given away are freed before the first epoch.
    ///
    /// # Errors
    /// Whatever is wrong with the table, the settings or the checkpoint, and what cannot be written. What was written
    /// before stays. [`Error::Stopped`] if it was to stop before anything was learned.
    pub fn train(
        &self,
        tables: Tables<'_>,
        options: Options,
        watch: &dyn Watch<Event>,
    ) -> Result<Fitted, Error> {
        in_precision!(self.settings.training.precision, F => self.train_in::<F>(tables, options, watch))
    }

    fn train_in<F: Kept>(
        &self,
        tables: Tables<'_>,
        options: Options,
        watch: &dyn Watch<Event>,
    ) -> Result<Fitted, Error> {
        let fitted =
            fit::<F>(&self.settings, tables, options, watch, &mut InFolder { run: self, contents: None })?;
        self.write(&fitted)?;
        self.is_new.set(false);
        Ok(fitted)
    }

    /// Go on from the checkpoint, if there is one.
    fn resume<F: Kept>(
        &self,
        training: &mut Training<'_, F>,
        prepared: &Prepared<F>,
        contents: &Contents,
    ) -> Result<(), Error> {
        let path = self.folder.join(CHECKPOINT);
        let bytes = read(&path)?;
        if let Some(bytes) = &bytes {
            let sealed = checkpoint::open(bytes, &name_of(&path))?;
            if let Some(other) = checkpoint::other_data(&sealed, contents, prepared)? {
                let problem = FolderProblem::OtherData { difference: other };
                return Err(Error::Folder { folder: self.folder.clone(), problem });
            }
            training.resume(checkpoint::read(&sealed, training.network().layout())?)?;
        }
        let Some(Lengthened { before, note }) = &self.lengthened else { return Ok(()) };
        if bytes.is_some() {
            // First what may be in the recipe, then the recipe: killed in between, the run is as long as it was.
            let mut shorter = self.settings.clone();
            shorter.training.epochs = *before;
            self.keep(training, contents, &[&self.settings, &shorter])?;
        }
        recipe::write_longer(&self.folder, &self.settings, note.as_deref())
    }

    fn keep<F: Kept>(
        &self,
        training: &Training<'_, F>,
        contents: &Contents,
        recipes: &[&Settings],
    ) -> Result<(), Error> {
        let bytes = checkpoint::write(&training.standing(), training.network().layout(), contents, recipes);
        write(&self.folder.join(CHECKPOINT), &bytes)?;
        self.write_history(training.history())
    }

    fn write_history(&self, epochs: &[Epoch]) -> Result<(), Error> {
        write(&self.folder.join(HISTORY), history::write(epochs).as_bytes())
    }

    /// The metrics last: they say that all else is there.
    fn write(&self, Fitted { model, record }: &Fitted) -> Result<(), Error> {
        write(&self.folder.join(MODEL), &model.to_bytes())?;
        if let Some(evidence) = &record.evidence {
            write(&self.folder.join(EVIDENCE), diagnosis::write(evidence).as_bytes())?;
            write(&self.folder.join(SIGNALS), diagnosis::signals(evidence).as_bytes())?;
        }
        let page = report::document(&name_of_run(&self.folder), record, model, Lang::En);
        write(&self.folder.join(REPORT), nablab_report::html(&page).as_bytes())?;
        let text = serde_json::to_string_pretty(&record.summary).expect("a summary is plain data") + "\n";
        write(&self.folder.join(METRICS), text.as_bytes())
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.is_new.get() {
            clear(&self.folder);
        }
    }
}

/// Keeps a training in its run folder.
struct InFolder<'r> {
    run: &'r Run,
    /// Of the data it learns from, once they are there.
    contents: Option<Contents>,
}

impl<F: Kept> Keep<F> for InFolder<'_> {
    fn begin(
        &mut self,
        training: &mut Training<'_, F>,
        prepared: &Prepared<F>,
        threads: NonZeroUsize,
    ) -> Result<(), Error> {
        let contents = match threads.get() {
            1 => Contents::of(prepared),
            // Nothing of both depends on the training, and one thread suffices for each.
            _ => beside::both(|| prepared.features(), || Contents::of(prepared)).1,
        };
        self.run.resume(training, prepared, &contents)?;
        self.run.lock.stays();
        self.contents = Some(contents);
        Ok(())
    }

    fn keep(&mut self, training: &Training<'_, F>) -> Result<(), Error> {
        let contents = self.contents.as_ref().expect("it has begun");
        self.run.keep(training, contents, &[&self.run.settings])
    }

    fn end(&mut self, training: &Training<'_, F>) -> Result<(), Error> {
        self.run.write_history(training.history())
    }
}

/// What is in a file, if there is one.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(source) => Err(DataError::Read { path: path.to_owned(), source }.into()),
    }
}

/// Write a file of a run whole or not at all; who ends the process waits for it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    Ok(write_file(path, bytes, &|| false)?)
}
