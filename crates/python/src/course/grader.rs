//! Problems of the course's functions, and what the library says of an answer.

use nablab::data::named_arrays::NamedArray;
use nablab::labs::hand_in::{CourseFunction, CourseProblem};
use numpy::{IntoPyArray, PyArrayDyn, PyArrayMethods};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use crate::arrays::ArrayDyn;
use crate::language::language;

/// Arrays with their names.
type Arrays<'py> = Vec<(String, ArrayDyn<'py, f64>)>;
type New<'py> = Vec<(String, Bound<'py, PyArrayDyn<f64>>)>;

fn function(key: &str) -> PyResult<CourseFunction> {
    let known = CourseFunction::ALL.iter().copied().find(|function| function.key() == key);
    known.ok_or_else(|| {
        let all: Vec<&str> = CourseFunction::ALL.iter().map(|function| function.key()).collect();
        PyValueError::new_err(format!("function: expected one of {}, got {key}", all.join(", ")))
    })
}

fn named(arrays: &Arrays<'_>) -> Vec<NamedArray> {
    let of = |(name, array): &(String, ArrayDyn<'_, f64>)| {
        let array = array.as_array();
        NamedArray::new(name.clone(), array.shape(), array.iter().copied().collect::<Vec<_>>())
    };
    arrays.iter().map(of).collect()
}

/// The numbers that a function is given.
#[pyfunction(name = "course_given")]
pub(crate) fn given<'py>(py: Python<'py>, key: &str, variant: u64) -> PyResult<New<'py>> {
    let function = function(key)?;
    let given = py.detach(|| CourseProblem::new(function, variant).given());
    let new = |NamedArray { name, shape, values, .. }: NamedArray| {
        let array = values.into_pyarray(py).reshape(shape);
        Ok((name, array.map_err(|error| PyRuntimeError::new_err(error.to_string()))?))
    };
    given.into_iter().map(new).collect()
}

/// What is said of what a function gave, as data in JSON and in words of a language. Of a forward pass with dropout `masks` are those that it drew.
#[pyfunction(name = "course_judge")]
pub(crate) fn judge(
    py: Python<'_>,
    key: &str,
    variant: u64,
    handed: Arrays<'_>,
    masks: Arrays<'_>,
    lang: &str,
) -> PyResult<(String, String)> {
    let (function, lang) = (function(key)?, language(lang)?);
    let [handed, masks] = [handed, masks].map(|arrays| named(&arrays));
    let judged = py.detach(|| {
        let problem = match masks.is_empty() {
            true => CourseProblem::new(function, variant),
            false => CourseProblem::with_masks(variant, &masks)?,
        };
        problem.judge(&handed)
    });
    let judgement = judged.map_err(|error| PyValueError::new_err(error.words(lang)))?;
    let data =
        serde_json::to_string(&judgement).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    Ok((data, judgement.words(lang)))
}
