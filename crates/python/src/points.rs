//! Generated points.

use nablab::data::Generator;
use numpy::{IntoPyArray, PyArray2, PyArrayMethods};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;

type Matrix<'py> = Bound<'py, PyArray2<f64>>;

/// X (features, m) and Y (1, m) of a generator of points, in JSON.
#[pyfunction]
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
