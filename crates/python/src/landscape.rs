//! Landscapes of a network on matrices: over two knobs of its training, or over two directions of its weights.

use std::num::NonZeroUsize;

use nablab::engine::{Done, Recipe, Watch};
use nablab::study::landscape::{
    Directions, Knob, LandscapeError, LandscapePlan, Rows as Learned, surface, trainability,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{Matrix, Rows, Targets};
use crate::signals::{self, Interrupt};
use crate::training::recipe;
use crate::watched::judged;

/// Counts the trainings, and ends them soon after Ctrl-C.
struct Heeding<'a>(&'a Interrupt);

impl Watch<Done> for Heeding<'_> {
    fn saw(&self, event: &Done) {
        self.0.expect(event.of as u64);
        self.0.reach(event.done as u64);
    }
    fn stop(&self) -> bool {
        self.0.came()
    }
}

fn raised(error: &LandscapeError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn knob(text: &str) -> PyResult<Knob> {
    text.parse()
        .map_err(|error: nablab::study::landscape::KnobError| PyValueError::new_err(error.to_string()))
}

/// X (m, features) and Y, `work`ed on in their precision.
macro_rules! on_rows {
    ($x:expr, $y:expr, $rows:ident => $body:expr) => {
        match Rows::of($x)? {
            Rows::Single(x) => {
                let (x, y): (Matrix<f32>, Targets<'_, f32>) = (Matrix::of_rows(&x), $y.extract()?);
                let y = y.to_y()?;
                let $rows = Learned { x: x.view(), y: y.view(x.view().cols()) };
                $body
            }
            Rows::Double(x) => {
                let (x, y): (Matrix<f64>, Targets<'_, f64>) = (Matrix::of_rows(&x), $y.extract()?);
                let y = y.to_y()?;
                let $rows = Learned { x: x.view(), y: y.view(x.view().cols()) };
                $body
            }
        }
    };
}

/// Train a network for each point of a plane of two knobs `NAME=LOW..HIGH`, with the other settings in JSON.
#[pyfunction]
#[pyo3(signature = (settings, x, y, knobs, size, refine, reach=None, threads=1, told=None))]
#[allow(clippy::too_many_arguments, reason = "they are keyword arguments in Python")]
pub(crate) fn trainability_of<'py>(
    py: Python<'py>,
    settings: &str,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    knobs: (String, String),
    size: usize,
    refine: u32,
    reach: Option<f64>,
    threads: usize,
    told: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let settings = judged(settings)?;
    let plan = LandscapePlan { x: knob(&knobs.0)?, y: knob(&knobs.1)?, size, refine, reach };
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    let landscape = on_rows!(x, y, rows => {
        signals::told(py, threads.saturating_add(1), told, |interrupt| {
            trainability(&settings, rows, &plan, threads, None, &Heeding(interrupt)).map_err(|error| raised(&error))
        })?
    });
    let answer = PyDict::new(py);
    answer.set_item("size", landscape.size)?;
    answer.set_item("trainings", landscape.trainings)?;
    answer.set_item("reach", landscape.reach)?;
    answer.set_item("text", landscape.text(&plan))?;
    let cells = || landscape.cells.iter();
    answer.set_item("x", cells().take(landscape.size).map(|cell| cell.x).collect::<Vec<_>>())?;
    answer.set_item("y", cells().step_by(landscape.size).map(|cell| cell.y).collect::<Vec<_>>())?;
    answer.set_item("loss", cells().map(|cell| cell.loss).collect::<Vec<_>>())?;
    let or_nan = |step: Option<u64>| step.map_or(f64::NAN, |step| step as f64);
    answer.set_item("reached", cells().map(|cell| or_nan(cell.reached)).collect::<Vec<_>>())?;
    answer.set_item("diverged", cells().map(|cell| or_nan(cell.diverged)).collect::<Vec<_>>())?;
    Ok(answer)
}

/// The loss around the end of the first of some recipes, by name and in JSON, and the way of each; `directions` are `path`, or
/// `random`, with a seed.
#[pyfunction]
#[pyo3(signature = (recipes, x, y, directions, size, threads=1, told=None))]
#[allow(clippy::too_many_arguments, reason = "they are keyword arguments in Python")]
pub(crate) fn surface_of<'py>(
    py: Python<'py>,
    recipes: Vec<(String, String)>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    directions: &str,
    size: usize,
    threads: usize,
    told: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let recipes: Vec<(String, Recipe)> =
        recipes.into_iter().map(|(name, text)| Ok((name, recipe(&text)?))).collect::<PyResult<_>>()?;
    let directions: Directions =
        directions.parse().map_err(|error: &str| PyValueError::new_err(format!("directions: {error}")))?;
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    let seen = on_rows!(x, y, rows => {
        signals::told(py, threads.saturating_add(1), told, |interrupt| {
            surface(&recipes, rows, directions, size, threads, None, &Heeding(interrupt))
                .map_err(|error| raised(&error))
        })?
    });
    let answer = PyDict::new(py);
    answer.set_item("a", seen.a)?;
    answer.set_item("b", seen.b)?;
    answer.set_item("size", seen.size)?;
    answer.set_item("explained", seen.explained)?;
    answer.set_item("text", seen.text())?;
    answer.set_item("loss", seen.losses)?;
    let paths = seen.paths.into_iter().map(|path| (path.name, path.points, path.losses, path.epochs));
    answer.set_item("paths", paths.collect::<Vec<_>>())?;
    Ok(answer)
}
