//! The trainings of the course's notebooks, by the engine, and the data they train on.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use nablab::data::Generator;
use nablab::engine::{MatRef, Observer, Progress, Settings, Trainer};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

/// How long Ctrl-C waits at most, but for an epoch.
const SIGNALS_EVERY: Duration = Duration::from_millis(100);

/// Tells Python the costs on the way, and hears Ctrl-C.
struct Reporter {
    /// Called with an epoch and the cost of its last batch.
    report: Py<PyAny>,
    every: u64,
    looked: Instant,
    /// What Python raised.
    raised: Option<PyErr>,
}

impl Observer<f64> for Reporter {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        at.batch + 1 == at.batches && at.epoch.is_multiple_of(self.every)
    }

    fn cost(&mut self, at: &Progress, cost: f64) {
        if self.raised.is_none() {
            self.raised = Python::attach(|py| self.report.call1(py, (at.epoch, cost))).err();
        }
    }

    fn gives_up(&mut self) -> bool {
        if self.raised.is_none() && self.looked.elapsed() > SIGNALS_EVERY {
            self.looked = Instant::now();
            self.raised = Python::attach(|py| py.check_signals()).err();
        }
        self.raised.is_some()
    }

    fn epoch_end(&mut self, _: u64, _: &[f64]) -> ControlFlow<()> {
        if self.raised.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Train by a recipe of the engine, in JSON, on X (features, m) and Y (outputs, m), and return the parameters, W before b, layer by
/// layer. `report` is called with the cost of the last batch of each `every`-th epoch.
#[pyfunction(name = "course_train")]
pub(crate) fn train<'py>(
    py: Python<'py>,
    recipe: &str,
    x: PyReadonlyArray2<'py, f64>,
    y: PyReadonlyArray2<'py, f64>,
    every: u64,
    report: Py<PyAny>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let refused = |error: &dyn std::fmt::Display| PyValueError::new_err(error.to_string());
    let settings: Settings = serde_json::from_str(recipe).map_err(|error| refused(&error))?;
    let recipe = settings.check().map_err(|error| refused(&error))?;
    let [x, y] = [x, y].map(|array| {
        let array = array.as_array();
        ([array.nrows(), array.ncols()], array.iter().copied().collect::<Vec<f64>>())
    });
    let mut reporter = Reporter { report, every: every.max(1), looked: Instant::now(), raised: None };
    let trained = py.detach(|| {
        let [x, y] = [&x, &y].map(|([rows, cols], flat)| MatRef::new(flat, *rows, *cols));
        Trainer::<f64>::new(&recipe, x, y).map(|mut trainer| trainer.run(&mut reporter))
    });
    if let Some(raised) = reporter.raised {
        return Err(raised);
    }
    let trained = trained.map_err(|error| refused(&error))?;
    match trained.divergence {
        Some(divergence) => Err(PyValueError::new_err(format!(
            "learning_rate: the training {divergence}; take a smaller one"
        ))),
        None => Ok(trained.params.into_pyarray(py)),
    }
}

type Matrix<'py> = Bound<'py, PyArray2<f64>>;

/// X (features, m) and Y (1, m) of a generator of points, in JSON.
#[pyfunction(name = "course_points")]
pub(crate) fn points<'py>(py: Python<'py>, generator: &str) -> PyResult<(Matrix<'py>, Matrix<'py>)> {
    let generator: Generator =
        serde_json::from_str(generator).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let data = generator.generate().map_err(|error| PyValueError::new_err(error.to_string()))?;
    let m = data.examples();
    let matrix = |rows: usize, flat: &[f64]| {
        let array = flat.to_vec().into_pyarray(py).reshape([rows, m]);
        array.map_err(|error| PyRuntimeError::new_err(error.to_string()))
    };
    Ok((matrix(data.features(), data.x())?, matrix(data.outputs(), &data.targets())?))
}
