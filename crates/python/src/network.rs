//! A network without parameters: what it predicts.

use nablab::engine::{Float, MatRef, Network as Engine, Pass, Tiles, Workspace};
use numpy::{Element, IntoPyArray, PyArray2, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arrays::{Array1, Array2, Matrix, Rows};
use crate::training::{raised, recipe};

/// A network of so many inputs and outputs, with the hidden layers and the loss of settings in JSON.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct Network(Engine);

impl Network {
    /// X as the engine has it, where it and the parameters are of this network.
    fn checked<F: Float + Element>(&self, params: &[F], x: &Array2<'_, F>) -> PyResult<Matrix<F>> {
        let x = Matrix::of_rows(x);
        let wrong = |what, expected: usize, got: usize| {
            Err(PyValueError::new_err(format!("{what}: expected {expected}, got {got}")))
        };
        if params.len() != self.0.layout().len() {
            return wrong("parameters", self.0.layout().len(), params.len());
        }
        if x.view().rows() != self.0.inputs() {
            return wrong("columns of X", self.0.inputs(), x.view().rows());
        }
        if x.view().cols() == 0 {
            return Err(PyValueError::new_err("X: expected at least one row, got none"));
        }
        if let Some(at) = x.view().data().iter().position(|v| !v.is_finite()) {
            let (row, column) = (at % x.view().cols(), at / x.view().cols());
            let what = format!(
                "X, row {row}, column {column}: expected a finite number, got {}",
                x.view().data()[at]
            );
            return Err(PyValueError::new_err(what));
        }
        Ok(x)
    }

    fn predictions<'py, F: Float + Element>(
        &self,
        py: Python<'py>,
        params: &Array1<'py, F>,
        x: &Array2<'py, F>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let params = params.as_slice()?;
        let x = self.checked(params, x)?;
        let (m, outputs) = (x.view().cols(), self.0.outputs());
        let predictions = py.detach(|| {
            let predictions = self.0.predict(params, x.view());
            match outputs {
                1 => predictions,
                _ => MatRef::new(&predictions, outputs, m).transposed(),
            }
        });
        let rows: Bound<'py, PyArray2<F>> = predictions.into_pyarray(py).reshape([m, outputs])?;
        Ok(rows.into_any())
    }
}

impl Network {
    fn outputs_of_layers<'py, F: Float + Element>(
        &self,
        py: Python<'py>,
        params: &Array1<'py, F>,
        x: &Array2<'py, F>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let params = params.as_slice()?;
        let x = self.checked(params, x)?;
        let m = x.view().cols();
        let layers = py.detach(|| {
            let (x, mut work) = (Tiles::from_matrix(x.view()), Workspace::new(&self.0, m));
            self.0.forward(params, x.view(), Pass::Predict, &mut work);
            let layers = (0..=self.0.hidden().len()).map(|l| work.output(l));
            layers.map(|a| (a.rows(), MatRef::new(&a.to_vec(), a.rows(), m).transposed())).collect::<Vec<_>>()
        });
        let arrays = layers.into_iter().map(|(units, numbers)| numbers.into_pyarray(py).reshape([m, units]));
        arrays.map(|array| Ok(array?.into_any())).collect()
    }
}

#[pymethods]
impl Network {
    #[new]
    fn new(settings: &str, inputs: usize, outputs: usize) -> PyResult<Self> {
        // Of the fewest examples that any network takes, so that one which no memory holds is refused before its parameters are drawn.
        let network = Engine::of::<f64>(&recipe(settings)?, inputs, outputs, 2);
        Ok(Self(network.map_err(|error| raised(&error))?))
    }

    /// Names, shapes and places of the matrices in the flat parameters: `(name, rows, columns, start)`.
    fn layout(&self) -> Vec<(String, usize, usize, usize)> {
        let slots = self.0.layout().slots().iter();
        slots.map(|slot| (slot.name.clone(), slot.rows, slot.cols, slot.range.start)).collect()
    }

    /// Predictions (m, outputs) for X (m, inputs): probabilities, or the numbers themselves. Parameters and X in one precision.
    fn predict<'py>(
        &self,
        py: Python<'py>,
        params: &Bound<'py, PyAny>,
        x: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match Rows::of(x)? {
            Rows::Single(x) => self.predictions(py, &params.extract()?, &x),
            Rows::Double(x) => self.predictions(py, &params.extract()?, &x),
        }
    }

    /// What each hidden layer gives to the next one, (m, units), and the logits (m, outputs).
    fn forward<'py>(
        &self,
        py: Python<'py>,
        params: &Bound<'py, PyAny>,
        x: &Bound<'py, PyAny>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        match Rows::of(x)? {
            Rows::Single(x) => self.outputs_of_layers(py, &params.extract()?, &x),
            Rows::Double(x) => self.outputs_of_layers(py, &params.extract()?, &x),
        }
    }
}
