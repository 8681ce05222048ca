//! Studies of recipes: trainings on tables, by the threads of this process.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nablab::study::{Event, Place, Search, SearchProgress, Study, StudyError, StudyFolder, Watch, Working};
use nablab::tables::Tables;
use pyo3::exceptions::PyLookupError;
use pyo3::prelude::*;

use super::words::raised;
use crate::signals::{Interrupt, heeding};
use crate::tables::Table;

/// Tells a callable of Python what is worth saying, and ends at a signal.
struct Told<'a> {
    interrupt: &'a Interrupt,
    callable: Option<&'a Py<PyAny>>,
    progress: Mutex<SearchProgress>,
    failed: AtomicBool,
    error: Mutex<Option<PyErr>>,
}

impl Watch<Event> for Told<'_> {
    fn saw(&self, event: &Event) {
        let fact = self.progress.lock().ok().and_then(|mut progress| progress.see(event));
        let (Some(callable), Some(fact)) = (self.callable, fact) else { return };
        if let Err(error) = Python::attach(|py| callable.call1(py, (fact.to_string(),))) {
            self.failed.store(true, Ordering::Relaxed);
            if let Ok(mut kept) = self.error.lock() {
                kept.get_or_insert(error);
            }
        }
    }

    fn stop(&self) -> bool {
        self.failed.load(Ordering::Relaxed) || self.interrupt.came()
    }
}

/// How a worker works.
#[derive(Clone, Copy)]
struct Worker<'a> {
    threads: NonZeroUsize,
    grace: Duration,
    told: Option<&'a Py<PyAny>>,
}

impl<'a> Worker<'a> {
    fn new(threads: usize, grace: f64, told: Option<&'a Py<PyAny>>) -> Self {
        let grace = Duration::try_from_secs_f64(grace).unwrap_or(Duration::from_secs(30));
        Self { threads: NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN), grace, told }
    }

    /// Search without the interpreter's lock; how many trials ended here, and what was raised meanwhile.
    fn work(
        self,
        py: Python<'_>,
        search: impl FnOnce(&dyn Fn(&mut Search<'_>) -> Result<u64, StudyError>) -> Result<u64, StudyError> + Send,
        writes: bool,
    ) -> PyResult<(u64, Option<PyErr>)> {
        // This thread looks for signals, and others train.
        let two = NonZeroUsize::MIN.saturating_add(1);
        let ((ended, of_told), of_signal) = heeding(py, two, |interrupt| {
            let of_told = Mutex::new(None);
            let run = |search: &mut Search<'_>| {
                let trials = search.trials()?;
                let progress = SearchProgress::new(&search.study, &search.record, &trials);
                let told = Told {
                    interrupt,
                    callable: self.told,
                    progress: Mutex::new(progress),
                    failed: AtomicBool::new(false),
                    error: Mutex::default(),
                };
                let found = search.work(Working { threads: self.threads, grace: self.grace }, &told);
                if let (Ok(mut kept), Ok(error)) = (of_told.lock(), told.error.into_inner()) {
                    *kept = error;
                }
                let found = found?;
                if writes {
                    search.write(&found)?;
                }
                Ok(found.ended)
            };
            let ended = search(&run);
            (ended, of_told.into_inner().ok().flatten())
        });
        Ok((ended.map_err(|error| raised(&error))?, of_told.or(of_signal)))
    }
}

/// Where a table comes from: Python, a file, or what the study says.
fn tables<'t>(
    study: &Study,
    table: Option<&'t Table>,
    data: Option<&Path>,
    beside: &Path,
    threads: NonZeroUsize,
) -> Result<Tables<'t>, StudyError> {
    match table {
        Some(table) => Ok(Tables::from(&table.0)),
        None => study.load_tables(data, beside, threads, &mut ()),
    }
}

/// Begin a study of recipes, or go on with it, and work until nothing waits: the text of a study, or its file. Where it is, its
/// name, how many trials ended here, and what was raised meanwhile.
#[pyfunction]
#[pyo3(signature = (text, file, name, folder, storage, trials, table, data, threads, grace, told))]
#[allow(clippy::too_many_arguments, reason = "they are keyword arguments in Python")]
pub(crate) fn study_run(
    py: Python<'_>,
    text: Option<&str>,
    file: Option<PathBuf>,
    name: Option<String>,
    folder: Option<PathBuf>,
    storage: Option<&str>,
    trials: Option<u64>,
    table: Option<&Table>,
    data: Option<PathBuf>,
    threads: usize,
    grace: f64,
    told: Option<Py<PyAny>>,
) -> PyResult<(String, String, u64, Option<PyErr>)> {
    let read = || -> Result<(Study, String), StudyError> {
        let (mut study, of_file) = match &file {
            Some(file) => Study::read(file)?,
            None => {
                let study = Study::parse(text.unwrap_or_default(), "the study")?;
                let name = study.plan.name.clone().unwrap_or_else(|| "study".into());
                (study, name)
            }
        };
        study.plan.trials = trials.or(study.plan.trials);
        Ok((study, name.unwrap_or(of_file)))
    };
    let (study, name) = read().map_err(|error| raised(&error))?;
    let folder = StudyFolder::new(folder.as_deref(), &name);
    let address = match storage {
        Some(address) => address.to_owned(),
        None => folder.address().map_err(|error| raised(&error))?,
    };
    let worker = Worker::new(threads, grace, told.as_ref());
    let beside = file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let search = |work: &dyn Fn(&mut Search<'_>) -> Result<u64, StudyError>| {
        let tables = tables(&study, table, data.as_deref(), beside, worker.threads)?;
        let study = study.with_whole_names(beside)?;
        let (mut search, _) = Search::begin(study, &name, &tables, folder, storage, None)?;
        work(&mut search)
    };
    let (ended, raised) = worker.work(py, search, true)?;
    Ok((address, name, ended, raised))
}

/// Help with a study of recipes until nothing waits; how many trials ended here, and what was raised meanwhile.
#[pyfunction]
#[pyo3(signature = (place, name, table, data, threads, grace, told))]
#[allow(clippy::too_many_arguments, reason = "they are keyword arguments in Python")]
pub(crate) fn study_work(
    py: Python<'_>,
    place: &str,
    name: &str,
    table: Option<&Table>,
    data: Option<PathBuf>,
    threads: usize,
    grace: f64,
    told: Option<Py<PyAny>>,
) -> PyResult<(u64, Option<PyErr>)> {
    let worker = Worker::new(threads, grace, told.as_ref());
    let search = |work: &dyn Fn(&mut Search<'_>) -> Result<u64, StudyError>| {
        let located = Place::at(place, Some(name)).open()?;
        let study = located.study()?;
        let tables = tables(&study, table, data.as_deref(), Path::new(""), worker.threads)?;
        let mut search = Search::join(study, located.record, located.storage, &tables, located.folder)?;
        work(&mut search)
    };
    worker.work(py, search, false)
}

/// The recipe of a trial of a study of recipes, in TOML; of the best one, where no number is given.
#[pyfunction]
#[pyo3(signature = (place, name, number=None))]
pub(crate) fn study_recipe(py: Python<'_>, place: &str, name: &str, number: Option<u64>) -> PyResult<String> {
    let recipe = || -> Result<Option<String>, StudyError> {
        let mut located = Place::at(place, Some(name)).read()?;
        let (study, trial) = (located.study()?, located.chosen(number)?);
        Ok(trial.map(|trial| study.recipe(&trial)).transpose()?.map(|settings| settings.to_toml()))
    };
    let recipe = py.detach(recipe).map_err(|error| raised(&error))?;
    recipe.ok_or_else(|| match number {
        Some(number) => PyLookupError::new_err(format!("there is no trial {number} that has begun")),
        None => PyLookupError::new_err("no trial has come to its end yet: there is no best one"),
    })
}
