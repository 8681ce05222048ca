//! The trainings of the course's notebooks, by the engine.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use nablab::engine::{MatRef, Observer, Progress, Trainer};
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arrays::Array2;
use crate::signals::{Interrupt, interruptible};
use crate::training::{raised, recipe};

/// Tells Python the costs on the way, and hears Ctrl-C.
struct Reporter<'a> {
    /// Called with an epoch and the cost of its last batch.
    report: Py<PyAny>,
    every: u64,
    interrupt: &'a Interrupt,
    /// What the report raised.
    raised: Option<PyErr>,
}

impl Observer<f64> for Reporter<'_> {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        at.batch + 1 == at.batches && at.epoch.is_multiple_of(self.every)
    }

    fn cost(&mut self, at: &Progress, cost: f64) {
        if self.raised.is_none() {
            self.raised = Python::attach(|py| self.report.call1(py, (at.epoch, cost))).err();
        }
    }

    fn gives_up(&mut self) -> bool {
        self.raised.is_some() || self.interrupt.came()
    }

    fn epoch_end(&mut self, _: u64, _: &[f64]) -> ControlFlow<()> {
        if self.gives_up() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Train by a recipe of the engine, in JSON, on X (features, m) and Y (outputs, m), and return the parameters, W before b, layer by
/// layer. `report` is called with the cost of the last batch of each `every`-th epoch.
#[pyfunction(name = "course_train")]
pub(crate) fn train<'py>(
    py: Python<'py>,
    settings: &str,
    x: Array2<'py, f64>,
    y: Array2<'py, f64>,
    every: u64,
    report: Py<PyAny>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let recipe = recipe(settings)?;
    let [x, y] = [x, y].map(|array| {
        let array = array.as_array();
        ([array.nrows(), array.ncols()], array.iter().copied().collect::<Vec<f64>>())
    });
    // The course's networks are too small for several threads.
    let trained = interruptible(py, NonZeroUsize::MIN, |interrupt| {
        let [x, y] = [&x, &y].map(|([rows, cols], flat)| MatRef::new(flat, *rows, *cols));
        let mut trainer = Trainer::<f64>::new(&recipe, x, y).map_err(|error| raised(&error))?;
        let mut reporter = Reporter { report, every: every.max(1), interrupt, raised: None };
        let trained = trainer.run(&mut reporter);
        reporter.raised.map_or(Ok(trained), Err)
    })?;
    match trained.divergence {
        Some(divergence) => Err(PyValueError::new_err(format!(
            "learning_rate: the training {divergence}; take a smaller one"
        ))),
        None => Ok(trained.params.into_pyarray(py)),
    }
}
