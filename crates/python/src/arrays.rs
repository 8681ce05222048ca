//! Between NumPy's arrays, an example a row, and the engine's matrices, an example a column.

use nablab::engine::{Float, MatRef, Y};
use numpy::{Element, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// A matrix of the engine that owns its numbers.
pub(crate) struct Matrix<F> {
    numbers: Vec<F>,
    rows: usize,
    cols: usize,
}

impl<F: Float + Element> Matrix<F> {
    /// Of rows: X (m, features) becomes (features, m).
    pub(crate) fn of_rows(rows: &PyReadonlyArray2<'_, F>) -> Self {
        let (m, features) = (rows.shape()[0], rows.shape()[1]);
        // A slice is also had of Fortran's order, in which an array lies as the engine wants it.
        let numbers = match rows.as_slice() {
            Ok(slice) if rows.is_c_contiguous() => MatRef::new(slice, m, features).transposed(),
            Ok(slice) => slice.to_vec(),
            Err(_) => rows.as_array().t().iter().copied().collect(),
        };
        Self { numbers, rows: features, cols: m }
    }

    pub(crate) fn view(&self) -> MatRef<'_, F> {
        MatRef::new(&self.numbers, self.rows, self.cols)
    }
}

/// Rows (m, features) in either precision, which is that of all that is computed from them.
pub(crate) enum Rows<'py> {
    Single(PyReadonlyArray2<'py, f32>),
    Double(PyReadonlyArray2<'py, f64>),
}

impl<'py> Rows<'py> {
    pub(crate) fn of(x: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(x) = x.extract() {
            return Ok(Self::Double(x));
        }
        let other = |_| PyTypeError::new_err("X: expected an array of two dimensions of float32 or float64");
        x.extract().map(Self::Single).map_err(other)
    }
}

/// What is to come out: a matrix (m, outputs), or the class of each example among so many.
#[derive(FromPyObject)]
pub(crate) enum Targets<'py, F: Element> {
    #[pyo3(transparent)]
    Numbers(PyReadonlyArray2<'py, F>),
    #[pyo3(transparent)]
    Classes((PyReadonlyArray1<'py, i64>, usize)),
}

impl<F: Float + Element> Targets<'_, F> {
    pub(crate) fn to_y(&self) -> PyResult<Y<F>> {
        match self {
            Self::Numbers(y) => Ok(Y::Matrix(Matrix::of_rows(y).numbers)),
            Self::Classes((classes, outputs)) => {
                let outside = || PyValueError::new_err(format!("classes must be from 0 to {outputs} - 1"));
                let class = |&class: &i64| {
                    u32::try_from(class).ok().filter(|&class| (class as usize) < *outputs).ok_or_else(outside)
                };
                let classes = classes.as_array().iter().map(class).collect::<PyResult<_>>()?;
                Ok(Y::classes(classes, *outputs))
            }
        }
    }
}

/// The numbers of an array of one dimension.
pub(crate) fn numbers<T: Element + Copy>(array: &PyReadonlyArray1<'_, T>) -> Vec<T> {
    array.as_array().iter().copied().collect()
}
