//! A study that is asked for points and told what came of them.

use std::time::Duration;

use nablab::study::{self, Asked, Place, Question, State, Storage, StudyError, Told, best, front};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::{Map, Value};

use super::words::raised;

/// Begun, or gone on with.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct AskTell(study::AskTell);

/// Parameters and their values; a choice by its place.
type Point = Vec<(String, f64)>;
/// Number, state, point, values, curve, and why it failed.
type Trial = (u64, &'static str, Point, Vec<f64>, Vec<(u64, f64)>, Option<String>);

/// Library's work without the interpreter's lock.
fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, StudyError> + Send) -> PyResult<T> {
    py.detach(work).map_err(|error| raised(&error))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn grace_of(seconds: Option<f64>) -> Option<Duration> {
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

/// Before the process is forked: no thread is at work in a database from now on.
#[pyfunction]
pub(crate) fn study_before_fork(py: Python<'_>) {
    py.detach(study::fork::before);
}

/// After it, in the parent and in the child.
#[pyfunction]
pub(crate) fn study_after_fork() {
    study::fork::after();
}

#[pymethods]
impl AskTell {
    /// A study of this name at an address, or in memory, that asks this: JSON of a `Question`.
    #[staticmethod]
    #[pyo3(signature = (storage, name, question, grace=None))]
    fn begin(
        py: Python<'_>,
        storage: Option<&str>,
        name: &str,
        question: &str,
        grace: Option<f64>,
    ) -> PyResult<Self> {
        let question: Question = from_json(question)?;
        let begin = || match storage {
            Some(address) => study::AskTell::begin(Storage::open(address)?, name, &question, grace_of(grace)),
            None => study::AskTell::in_memory(name, &question),
        };
        detached(py, begin).map(Self)
    }

    /// One that is there already: in the folder of a study, or in a database.
    #[staticmethod]
    #[pyo3(signature = (place, name=None, grace=None))]
    fn join(py: Python<'_>, place: &str, name: Option<&str>, grace: Option<f64>) -> PyResult<Self> {
        let join = || {
            let located = Place::at(place, name).open()?;
            study::AskTell::join(located.storage, located.record, grace_of(grace))
        };
        detached(py, join).map(Self)
    }

    #[getter]
    fn name(&self) -> &str {
        &self.0.record().name
    }

    /// What it asks, as JSON.
    fn question(&self) -> PyResult<String> {
        serde_json::to_string(self.0.question()).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// The ranges of which a grid leaves values out.
    fn thinned(&self) -> Vec<(&str, usize, i64)> {
        self.0.thinned()
    }

    fn ask(&self, py: Python<'_>) -> PyResult<Option<(u64, Point)>> {
        let plain = |Asked { number, point }: Asked| (number, point.into_iter().collect());
        Ok(detached(py, || self.0.ask())?.map(plain))
    }

    fn report(&self, py: Python<'_>, number: u64, step: u64, value: f64) -> PyResult<()> {
        detached(py, || self.0.report(number, step, value))
    }

    fn should_stop(&self, py: Python<'_>, number: u64) -> PyResult<bool> {
        detached(py, || self.0.should_stop(number))
    }

    /// What came of a trial: values, or `pruned`, `released`, or `failed` and why. Its state then.
    #[pyo3(signature = (number, values, state="complete", why=""))]
    fn tell(
        &self,
        py: Python<'_>,
        number: u64,
        values: Vec<f64>,
        state: &str,
        why: &str,
    ) -> PyResult<&'static str> {
        let told = match state {
            "pruned" => Told::GivenUp,
            "released" => Told::Released,
            "failed" => Told::Failed(why.to_owned()),
            _ => Told::Values(values),
        };
        detached(py, || self.0.tell(number, told)).map(State::word)
    }

    /// A trial with these values, JSON by the parameters' names, waits; its number.
    fn enqueue(&self, py: Python<'_>, values: &str) -> PyResult<u64> {
        let values: Map<String, Value> = from_json(values)?;
        detached(py, || self.0.enqueue(&values))
    }

    /// What the trials are judged on, which is the same for all.
    fn judge_on(&self, py: Python<'_>, fingerprint: &str) -> PyResult<()> {
        detached(py, || self.0.judge_on(fingerprint))
    }

    fn trials(&self, py: Python<'_>) -> PyResult<Vec<Trial>> {
        let plain = |trial: study::Trial| {
            let point = trial.point.into_iter().collect();
            (trial.number, trial.state.word(), point, trial.values, trial.curve, trial.why)
        };
        Ok(detached(py, || self.0.trials())?.into_iter().map(plain).collect())
    }

    /// The number of the best trial, and of those than which no other is better.
    fn best(&self, py: Python<'_>) -> PyResult<(Option<u64>, Vec<u64>)> {
        let trials = detached(py, || self.0.trials())?;
        let directions = &self.0.question().directions;
        let front = front(&trials, directions).iter().map(|trial| trial.number).collect();
        Ok((best(&trials, directions).map(|trial| trial.number), front))
    }

    /// The share of each parameter in what decides.
    fn importances(&self, py: Python<'_>) -> PyResult<Vec<(String, f64)>> {
        let trials = detached(py, || self.0.trials())?;
        let direction = self.0.record().direction();
        Ok(py.detach(|| study::importances(&self.0.question().space, &trials, direction)))
    }
}

/// The studies of a database.
#[pyfunction]
pub(crate) fn study_names(py: Python<'_>, storage: &str) -> PyResult<Vec<String>> {
    detached(py, || Ok(Storage::reading(storage)?.names()?))
}
