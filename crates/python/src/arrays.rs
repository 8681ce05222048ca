//! Between NumPy's arrays, an example a row, and the engine's matrices, an example a column.

use std::ops::Deref;

use nablab::engine::{Float, MatRef, Y};
use numpy::ndarray::Dimension;
use numpy::{Element, Ix1, Ix2, IxDyn, PyReadonlyArray, PyUntypedArrayMethods};
use pyo3::Borrowed;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// An array to read. One whose numbers do not begin where the processor reads them, as a piece of some bytes or a field of records may lie,
/// is copied first.
pub(crate) struct Readable<'py, T: Element, D: Dimension>(PyReadonlyArray<'py, T, D>);

pub(crate) type Array1<'py, T> = Readable<'py, T, Ix1>;
pub(crate) type Array2<'py, T> = Readable<'py, T, Ix2>;
pub(crate) type ArrayDyn<'py, T> = Readable<'py, T, IxDyn>;

impl<'py, T: Element, D: Dimension> FromPyObject<'_, 'py> for Readable<'py, T, D> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let array: PyReadonlyArray<'py, T, D> = object.extract()?;
        match array.is_aligned() {
            true => Ok(Self(array)),
            false => Ok(Self(object.call_method0("copy")?.extract()?)),
        }
    }
}

impl<'py, T: Element, D: Dimension> Deref for Readable<'py, T, D> {
    type Target = PyReadonlyArray<'py, T, D>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// A matrix of the engine that owns its numbers.
pub(crate) struct Matrix<F> {
    numbers: Vec<F>,
    rows: usize,
    cols: usize,
}

impl<F: Float + Element> Matrix<F> {
    /// Of rows: X (m, features) becomes (features, m).
    pub(crate) fn of_rows(rows: &Array2<'_, F>) -> Self {
        let (m, features) = (rows.shape()[0], rows.shape()[1]);
        // A slice is also had of Fortran's order, in which an array lies as the engine wants it.
        let numbers = match rows.as_slice() {
            Ok(slice) if rows.is_c_contiguous() => MatRef::new(slice, m, features).transposed(),
            Ok(slice) => slice.to_vec(),
            Err(_) => rows.as_array().t().iter().copied().collect(),
        };
        Self { numbers, rows: features, cols: m }
    }

    /// The numbers, and how many examples they are of.
    pub(crate) fn into_numbers(self) -> (Vec<F>, usize) {
        (self.numbers, self.cols)
    }

    pub(crate) fn view(&self) -> MatRef<'_, F> {
        MatRef::new(&self.numbers, self.rows, self.cols)
    }
}

/// Rows (m, features) in either precision, which is that of all that is computed from them.
pub(crate) enum Rows<'py> {
    Single(Array2<'py, f32>),
    Double(Array2<'py, f64>),
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
    Numbers(Array2<'py, F>),
    #[pyo3(transparent)]
    Classes((Array1<'py, i64>, usize)),
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
pub(crate) fn numbers<T: Element + Copy>(array: &Array1<'_, T>) -> Vec<T> {
    array.as_array().iter().copied().collect()
}
