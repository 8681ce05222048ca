//! A training in progress, epoch by epoch, in either precision.

use std::num::NonZeroUsize;
use std::sync::Mutex;

use nablab::diagnosis::Handling;
use nablab::engine::{EngineError, Float, Observer, Progress, Recipe, Settings, State, Trainer};
use nablab::tables::Watched;
use numpy::{Element, IntoPyArray, PyArray1};
use pyo3::exceptions::{PyFloatingPointError, PyMemoryError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{Array1, Array2, Matrix, Rows, Targets, numbers};
use crate::signals::{Interrupt, interruptible};
use crate::watched::{Evidence, Examples, handling, judged, part, target};

/// An error of the engine as Python has it.
pub(crate) fn raised(error: &EngineError) -> PyErr {
    match error {
        EngineError::Memory { .. } => PyMemoryError::new_err(error.to_string()),
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// Settings in JSON, as the engine reads them.
pub(crate) fn recipe(settings: &str) -> PyResult<Recipe> {
    let settings: Settings =
        serde_json::from_str(settings).map_err(|error| PyValueError::new_err(error.to_string()))?;
    settings.check().map_err(|error| raised(&error))
}

/// Adds up the costs of an epoch, and what of them is the penalty.
struct Costs<'a, F> {
    cost: f64,
    penalty: f64,
    examples: usize,
    wants_update: bool,
    /// The parameters before and after the last step, where somebody looks at it.
    update: Option<(Vec<F>, Vec<F>)>,
    interrupt: &'a Interrupt,
}

impl<F: Float> Observer<F> for Costs<'_, F> {
    fn wants_update(&mut self, at: &Progress) -> bool {
        self.wants_update && at.batch + 1 == at.batches
    }
    fn update(&mut self, _: &Progress, before: &[F], after: &[F]) {
        self.update = Some((before.to_vec(), after.to_vec()));
    }
    fn wants_cost(&mut self, _: &Progress) -> bool {
        true
    }
    fn cost(&mut self, at: &Progress, cost: F) {
        self.cost += cost.to_f64() * at.examples as f64;
        self.examples += at.examples;
    }
    fn wants_penalty(&mut self) -> bool {
        true
    }
    fn penalty(&mut self, at: &Progress, penalty: F) {
        self.penalty += penalty.to_f64() * at.examples as f64;
    }
    fn gives_up(&mut self) -> bool {
        self.interrupt.came()
    }
}

/// The trainer of one precision, and who watches it, if somebody does. In boxes, because they hold whole cache lines, and Python's
/// objects do not lie so.
struct AtWork<F: Float> {
    trainer: Box<Trainer<F>>,
    watched: Option<Box<Watched<F>>>,
}

struct Of<F: Float>(Mutex<AtWork<F>>);

impl<F: Float + Element> Of<F> {
    fn new(
        (recipe, threads): (&Recipe, NonZeroUsize),
        x: &Array2<'_, F>,
        y: &Targets<'_, F>,
        weights: &[f64],
        start: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (x, y) = (Matrix::of_rows(x), y.to_y()?);
        let m = x.view().cols();
        if m == 0 {
            return Err(PyValueError::new_err("X: expected at least one row, got none"));
        }
        let trainer = Trainer::weighted(recipe, x.view(), y.view(m), weights);
        let mut trainer = trainer.map_err(|error| raised(&error))?.with_threads(threads);
        if let Some(start) = start {
            let start: Array1<'_, F> = start.extract()?;
            let state = State { params: numbers(&start), ..trainer.state() };
            trainer.resume(state).map_err(|error| raised(&error))?;
        }
        Ok(Self(Mutex::new(AtWork { trainer: Box::new(trainer), watched: None })))
    }

    /// With nothing else at work on it.
    fn alone<T>(&self, work: impl FnOnce(&mut Trainer<F>) -> T) -> PyResult<T> {
        self.both(|trainer, _| work(trainer))
    }

    /// The same, with who watches it.
    fn both<T>(&self, work: impl FnOnce(&mut Trainer<F>, &mut Option<Box<Watched<F>>>) -> T) -> PyResult<T> {
        let mut both = self
            .0
            .try_lock()
            .map_err(|_| PyRuntimeError::new_err("another thread is at work on this training"))?;
        let AtWork { trainer, watched } = &mut *both;
        Ok(work(trainer, watched))
    }

    fn watch(
        &self,
        settings: Settings,
        names: Vec<String>,
        is_labels: bool,
        train: &Examples<'_>,
        held_out: Option<&Examples<'_>>,
    ) -> PyResult<()> {
        let (train, held_out) = (part(train)?, held_out.map(part).transpose()?);
        self.both(|trainer, watched| {
            let target = target(trainer.network().outputs(), names, is_labels);
            let new = Watched::new(trainer, settings, target, &train, held_out.as_ref());
            *watched = Some(Box::new(new.map_err(|error| raised(&error))?));
            Ok(())
        })?
    }

    fn evidence(
        &self,
        py: Python<'_>,
        params: &Array1<'_, F>,
        train: &Examples<'_>,
        held_out: Option<&Examples<'_>>,
        handling: Handling,
    ) -> PyResult<Option<Evidence>> {
        let (params, train, held_out) = (numbers(params), part(train)?, held_out.map(part).transpose()?);
        self.both(|trainer, watched| {
            let watched = watched.as_mut()?;
            let parts = (&train, held_out.as_ref());
            Some(Evidence(py.detach(|| watched.evidence(trainer, &params, parts, handling))))
        })
    }

    fn epoch(&self, py: Python<'_>, order: Option<&[usize]>, rate_factor: f64) -> PyResult<(f64, f64)> {
        self.both(|trainer, watched| {
            trainer.set_rate_factor(rate_factor);
            interruptible(py, trainer.threads(), |interrupt| {
                let wants_update = watched.as_ref().is_some_and(|watched| watched.wants_update());
                let (cost, penalty, examples, update) = (0.0, 0.0, 0, None);
                let mut costs = Costs { cost, penalty, examples, wants_update, update, interrupt };
                let done = match order {
                    Some(order) => {
                        trainer.epoch_in_order(order, &mut costs).map_err(|error| raised(&error))?
                    }
                    None => trainer.epoch(&mut costs),
                };
                let examples = costs.examples.max(1) as f64;
                let (cost, penalty) = (costs.cost / examples, costs.penalty / examples);
                match (done, watched) {
                    (Err(divergence), watched) => {
                        if let Some(watched) = watched {
                            watched.diverged(&divergence);
                        }
                        return Err(PyFloatingPointError::new_err(divergence.to_string()));
                    }
                    (Ok(_), Some(watched)) if !interrupt.came() => {
                        let update = costs.update.as_ref().map(|(before, after)| (&before[..], &after[..]));
                        watched.epoch(trainer, cost, update);
                    }
                    (Ok(_), _) => {}
                }
                Ok((cost, penalty))
            })
        })?
    }

    fn cost_and_gradient<'py>(
        &self,
        py: Python<'py>,
        params: &Array1<'py, F>,
    ) -> PyResult<(f64, f64, Bound<'py, PyArray1<F>>)> {
        let params = numbers(params);
        let (cost, penalty, gradient) = self.alone(|trainer| {
            if params.len() != trainer.params().len() {
                let (expected, got) = (trainer.params().len(), params.len());
                return Err(PyValueError::new_err(format!("parameters: expected {expected}, got {got}")));
            }
            py.detach(|| {
                let mut gradient = vec![F::ZERO; params.len()];
                let cost = trainer.cost_and_gradient(&params, &mut gradient);
                Ok((cost.to_f64(), trainer.penalty(&params).to_f64(), gradient))
            })
        })??;
        Ok((cost, penalty, gradient.into_pyarray(py)))
    }

    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let State { epoch, batch, step, params, moments, mask_generators } =
            self.alone(|trainer| trainer.state())?;
        let state = PyDict::new(py);
        state.set_item("epoch", epoch)?;
        state.set_item("batch", batch)?;
        state.set_item("step", step)?;
        state.set_item("params", params.into_pyarray(py))?;
        let moments: Vec<_> = moments.into_iter().map(|moment| moment.into_pyarray(py)).collect();
        state.set_item("moments", moments)?;
        state.set_item("mask_generators", mask_generators)?;
        Ok(state)
    }

    fn resume(&self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        let item = |name: &str| {
            state.get_item(name)?.ok_or_else(|| PyValueError::new_err(format!("the state has no {name}")))
        };
        let params: Array1<'_, F> = item("params")?.extract()?;
        let moments: Vec<Array1<'_, F>> = item("moments")?.extract()?;
        let state = State {
            epoch: item("epoch")?.extract()?,
            batch: item("batch")?.extract()?,
            step: item("step")?.extract()?,
            params: numbers(&params),
            moments: moments.iter().map(numbers).collect(),
            mask_generators: item("mask_generators")?.extract()?,
        };
        self.alone(|trainer| trainer.resume(state))?.map_err(|error| raised(&error))
    }
}

/// A training in progress.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct Training(Precise);

enum Precise {
    Single(Of<f32>),
    Double(Of<f64>),
}

/// The same for either precision.
macro_rules! either {
    ($self:expr, $training:ident => $body:expr) => {
        match &$self.0 {
            Precise::Single($training) => $body,
            Precise::Double($training) => $body,
        }
    };
}

#[pymethods]
impl Training {
    /// Settings in JSON, X (m, features), and Y (m, outputs) or (classes (m,), outputs); the type of X's numbers is that of all.
    #[new]
    #[pyo3(signature = (settings, x, y, weights=None, start=None, threads=1))]
    fn new(
        settings: &str,
        x: &Bound<'_, PyAny>,
        y: &Bound<'_, PyAny>,
        weights: Option<Array1<'_, f64>>,
        start: Option<&Bound<'_, PyAny>>,
        threads: usize,
    ) -> PyResult<Self> {
        let recipe = recipe(settings)?;
        let on = (&recipe, NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN));
        let weights = weights.as_ref().map(numbers).unwrap_or_default();
        Ok(Self(match Rows::of(x)? {
            Rows::Single(x) => Precise::Single(Of::new(on, &x, &y.extract()?, &weights, start)?),
            Rows::Double(x) => Precise::Double(Of::new(on, &x, &y.extract()?, &weights, start)?),
        }))
    }

    /// One epoch: the mean cost of its batches, each before its update, and how much of that is the penalty. `order` has each example once; without it the training
    /// draws its own.
    #[pyo3(signature = (order=None, rate_factor=1.0))]
    fn epoch(
        &self,
        py: Python<'_>,
        order: Option<Array1<'_, i64>>,
        rate_factor: f64,
    ) -> PyResult<(f64, f64)> {
        if !(rate_factor.is_finite() && rate_factor > 0.0) {
            return Err(PyValueError::new_err(format!(
                "rate_factor must be finite and above 0, got {rate_factor}"
            )));
        }
        // A negative number is no example, and refused as any that is too large.
        let order: Option<Vec<usize>> = order.map(|order| {
            order.as_array().iter().map(|&i| usize::try_from(i).unwrap_or(usize::MAX)).collect()
        });
        either!(self, training => training.epoch(py, order.as_deref(), rate_factor))
    }

    /// Watch it from here on, with these settings, in JSON, for what it does: `names` are the classes of one target, or the labels; the
    /// examples, and those held out, are (X, Y, weights).
    #[pyo3(signature = (settings, names, is_labels, train, held_out=None))]
    fn watch(
        &self,
        settings: &str,
        names: Vec<String>,
        is_labels: bool,
        train: Examples<'_>,
        held_out: Option<Examples<'_>>,
    ) -> PyResult<()> {
        let settings = judged(settings)?;
        either!(self, training => training.watch(settings, names, is_labels, &train, held_out.as_ref()))
    }

    /// Somebody else's update rule has made an iteration, with this cost.
    fn iteration(&self, cost: f64) -> PyResult<()> {
        either!(self, training => training.both(|_, watched| {
            if let Some(watched) = watched {
                watched.iteration(cost);
            }
        }))
    }

    /// What is known of it, with the parameters that are kept; nothing of one that is not watched. `patience` are the epochs
    /// without gain on the rows held out after which it ends.
    #[pyo3(signature = (params, train, held_out=None, is_balanced=false, patience=0))]
    fn evidence(
        &self,
        py: Python<'_>,
        params: &Bound<'_, PyAny>,
        train: Examples<'_>,
        held_out: Option<Examples<'_>>,
        is_balanced: bool,
        patience: u64,
    ) -> PyResult<Option<Evidence>> {
        let handling = handling(is_balanced, held_out.is_some(), patience);
        either!(self, training => {
            training.evidence(py, &params.extract()?, &train, held_out.as_ref(), handling)
        })
    }

    /// The cost of all examples at these parameters, how much of it is the penalty, and its gradient.
    fn cost_and_gradient<'py>(
        &self,
        py: Python<'py>,
        params: &Bound<'py, PyAny>,
    ) -> PyResult<(f64, f64, Bound<'py, PyAny>)> {
        match &self.0 {
            Precise::Single(training) => {
                let (cost, penalty, gradient) = training.cost_and_gradient(py, &params.extract()?)?;
                Ok((cost, penalty, gradient.into_any()))
            }
            Precise::Double(training) => {
                let (cost, penalty, gradient) = training.cost_and_gradient(py, &params.extract()?)?;
                Ok((cost, penalty, gradient.into_any()))
            }
        }
    }

    /// A copy of the parameters: W1 (units, inputs) row by row, b1, W2, …
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &self.0 {
            Precise::Single(of) => Ok(of.alone(|t| t.params().to_vec())?.into_pyarray(py).into_any()),
            Precise::Double(of) => Ok(of.alone(|t| t.params().to_vec())?.into_pyarray(py).into_any()),
        }
    }

    /// All that is needed to go on in another training of the same settings.
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        either!(self, training => training.state(py))
    }

    /// Go on from a state, which may be that of a training on other examples.
    fn resume(&self, state: &Bound<'_, PyDict>) -> PyResult<()> {
        either!(self, training => training.resume(state))
    }
}
