//! An update rule, step by step.

use std::sync::Mutex;

use nablab::engine::optim::{Rule as Engine, apply};
use nablab::engine::{Layout, Optimizer, Role};
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use crate::arrays::{Array1, numbers};
use crate::training::recipe;

/// An update rule with what it remembers. Weight decay pulls on the parts whose name begins with W.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct Rule {
    layout: Layout,
    rule: Mutex<Engine<f64>>,
}

#[pymethods]
impl Rule {
    /// Settings in JSON say which; the parameters are matrices `(name, rows, columns)`, one after the other.
    #[new]
    fn new(settings: &str, parts: Vec<(String, usize, usize)>) -> PyResult<Self> {
        let optimizer = recipe(settings)?.optimizer;
        if let Optimizer::LBfgs { .. } = optimizer {
            let why = "l-bfgs searches the length of its steps on the cost: take SciPy's minimize, or a network's fit";
            return Err(PyValueError::new_err(why));
        }
        let role = |name: &str| if name.starts_with('W') { Role::Weight } else { Role::Bias };
        let layout = Layout::new(parts.into_iter().map(|(name, rows, columns)| {
            let role = role(&name);
            (name, role, rows, columns)
        }));
        let rule = Mutex::new(optimizer.start(layout.len()));
        Ok(Self { layout, rule })
    }

    /// The parameters behind a step along the direction that the rule makes of a gradient.
    fn step<'py>(
        &self,
        py: Python<'py>,
        params: Array1<'py, f64>,
        gradient: Array1<'py, f64>,
        learning_rate: f64,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let (mut params, mut gradient) = (numbers(&params), numbers(&gradient));
        let expected = self.layout.len();
        for (what, got) in [("parameters", params.len()), ("gradient", gradient.len())] {
            if got != expected {
                return Err(PyValueError::new_err(format!("{what}: expected {expected} numbers, got {got}")));
            }
        }
        let mut rule = self
            .rule
            .try_lock()
            .map_err(|_| PyRuntimeError::new_err("another thread is at work on this rule"))?;
        let rule = &mut *rule;
        py.detach(|| {
            rule.update(&self.layout, &params, &mut gradient);
            apply(&mut params, &gradient, learning_rate);
        });
        Ok(params.into_pyarray(py))
    }
}
