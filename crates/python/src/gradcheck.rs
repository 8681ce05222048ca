//! The gradient of any function of Python, compared with differences of its values.

use nablab::engine::gradcheck::{CheckError, Context, Report, Verdict, check_with};
use nablab::engine::{Layout, Role};
use numpy::IntoPyArray;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::Array1;

/// Compare `gradient` with the central differences of `function(theta)`, a number, around `params`. The parts of both are matrices
/// `(name, rows, columns)`, one after the other; `examples` are what the function is a mean over.
#[pyfunction]
#[pyo3(signature = (parts, params, gradient, function, examples=None))]
pub(crate) fn gradcheck<'py>(
    py: Python<'py>,
    parts: Vec<(String, usize, usize)>,
    params: Array1<'py, f64>,
    gradient: Array1<'py, f64>,
    function: &Bound<'py, PyAny>,
    examples: Option<usize>,
) -> PyResult<Bound<'py, PyDict>> {
    let matrices = parts.into_iter().map(|(name, rows, columns)| (name, Role::Weight, rows, columns));
    let layout = Layout::new(matrices);
    let (params, gradient) = (params.as_array().to_vec(), gradient.as_array().to_vec());
    // What the function raises ends the check: no number follows, and the error is what is told.
    let mut raised = None;
    let value = |theta: &[f64]| match (&raised, function.call1((theta.to_vec().into_pyarray(py),))) {
        (Some(_), _) => (f64::NAN, 0),
        (None, answer) => match answer.and_then(|answer| answer.extract::<f64>()) {
            Ok(value) => (value, 0),
            Err(error) => {
                raised = Some(error);
                (f64::NAN, 0)
            }
        },
    };
    let context = Context { examples, penalty: None };
    let report = check_with(&layout, &params, &gradient, context, value);
    match (raised, report) {
        (Some(error), _) => Err(error),
        (None, Err(error)) => Err(refused(&error)),
        (None, Ok(report)) => told(py, &report),
    }
}

fn refused(error: &CheckError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn told<'py>(py: Python<'py>, report: &Report) -> PyResult<Bound<'py, PyDict>> {
    let column = |of: &dyn Fn(&nablab::engine::gradcheck::Component) -> f64| {
        report.components.iter().map(of).collect::<Vec<_>>().into_pyarray(py)
    };
    let verdict = |verdict: Verdict| match verdict {
        Verdict::Agrees => "agrees",
        Verdict::RoundOff => "round-off",
        Verdict::Kink => "kink",
        Verdict::Wrong => "wrong",
    };
    let answer = PyDict::new(py);
    answer.set_item("value", report.value)?;
    answer.set_item("difference", report.difference)?;
    answer.set_item("numeric", column(&|component| component.wide))?;
    answer.set_item("names", report.components.iter().map(|c| c.name.clone()).collect::<Vec<_>>())?;
    answer.set_item("verdicts", report.components.iter().map(|c| verdict(c.verdict)).collect::<Vec<_>>())?;
    answer.set_item("findings", report.findings.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    Ok(answer)
}
