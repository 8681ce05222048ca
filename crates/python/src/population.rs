//! Many trainings on the same examples, side by side.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use nablab::engine::population::{Member, train_many as train_all};
use nablab::engine::{Float, Observer, Progress, Recipe, YRef};
use numpy::{Element, IntoPyArray};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arrays::{Array1, Array2, Matrix, Rows, Targets, numbers};
use crate::signals::{self, Interrupt};
use crate::training::{raised, recipe};

/// Keeps the cost of the last epoch, and gives up where the caller does.
struct Last<'a> {
    sum: f64,
    examples: usize,
    last: u64,
    interrupt: &'a Interrupt,
}

impl Last<'_> {
    /// Not a number where the training ended before its last epoch.
    fn cost(&self) -> f64 {
        self.sum / self.examples as f64
    }
}

impl<F: Float> Observer<F> for Last<'_> {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        at.epoch == self.last
    }
    fn cost(&mut self, at: &Progress, cost: F) {
        self.sum += cost.to_f64() * at.examples as f64;
        self.examples += at.examples;
    }
    fn gives_up(&mut self) -> bool {
        self.interrupt.came()
    }
    fn epoch_end(&mut self, _: u64, _: &[F]) -> ControlFlow<()> {
        self.interrupt.count(1);
        ControlFlow::Continue(())
    }
}

/// Flat parameters, the mean cost of the last epoch, the updates made, and where it diverged, in words.
type Trained<'py> = (Bound<'py, PyAny>, f64, u64, Option<String>);

fn trained<'py, F: Float + Element>(
    py: Python<'py>,
    recipes: &[Recipe],
    x: &Array2<'py, F>,
    y: &Targets<'py, F>,
    threads: NonZeroUsize,
    told: Option<Py<PyAny>>,
) -> PyResult<Vec<Trained<'py>>> {
    let (x, y) = (Matrix::of_rows(x), y.to_y()?);
    let targets: YRef<'_, F> = y.view(x.view().cols());
    let members: Vec<_> = recipes.iter().map(|recipe| Member { recipe, x: x.view(), y: targets }).collect();
    // Somebody looks for signals while others work, so that none of them has to be the interpreter's first thread.
    let watched = threads.saturating_add(1);
    let all = signals::told(py, watched, told, |interrupt| {
        interrupt.expect(recipes.iter().map(|recipe| recipe.epochs).sum());
        let observer =
            |number: usize| Last { sum: 0.0, examples: 0, last: recipes[number].epochs - 1, interrupt };
        let all = train_all(&members, threads, observer).map_err(|error| raised(&error))?;
        Ok(all.into_iter().map(|(trained, last)| (trained, last.cost())).collect::<Vec<_>>())
    })?;
    let told = all.into_iter().map(|(trained, cost)| {
        let divergence = trained.divergence.map(|divergence| divergence.to_string());
        (trained.params.into_pyarray(py).into_any(), cost, trained.steps, divergence)
    });
    Ok(told.collect())
}

/// Train each of many settings in JSON on X (m, features) and Y, as [`Training`](crate::training::Training) takes them.
/// `told` is called with the epochs that are done, and all.
#[pyfunction]
#[pyo3(signature = (settings, x, y, threads, told=None))]
pub(crate) fn train_many<'py>(
    py: Python<'py>,
    settings: Vec<String>,
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    threads: usize,
    told: Option<Py<PyAny>>,
) -> PyResult<Vec<Trained<'py>>> {
    let recipes = settings.iter().map(|settings| recipe(settings)).collect::<PyResult<Vec<_>>>()?;
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    match Rows::of(x)? {
        Rows::Single(x) => trained(py, &recipes, &x, &y.extract()?, threads, told),
        Rows::Double(x) => trained(py, &recipes, &x, &y.extract()?, threads, told),
    }
}

/// p of the two-sided Wilcoxon signed-rank test that paired numbers do not differ; none where it cannot be told.
#[pyfunction]
pub(crate) fn wilcoxon(first: Array1<'_, f64>, second: Array1<'_, f64>) -> PyResult<Option<f64>> {
    let (first, second) = (numbers(&first), numbers(&second));
    if first.len() != second.len() {
        return Err(PyValueError::new_err(format!(
            "pairs: got {} and {} numbers",
            first.len(),
            second.len()
        )));
    }
    Ok(nablab::statistics::wilcoxon(&first, &second))
}
