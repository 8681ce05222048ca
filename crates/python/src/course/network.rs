//! The course's network of relu layers and a sigmoid: forward, cost, backward, and the gradient by differences.

use nablab::engine::{Activation, Loss};
use nablab::labs::by_hand::{self, Cache, Dropout, Layer, LayerGradient, Matrix, Problem};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arrays::{Array1, Array2};

type Array<'py> = Array2<'py, f64>;
type New<'py> = Bound<'py, PyArray2<f64>>;

/// Weights and biases of each layer.
type Parameters<'py> = Vec<(Array<'py>, Array<'py>)>;
/// The mask of each hidden layer; none where nothing is dropped.
type Masks<'py> = Vec<Array<'py>>;

fn matrix(array: &Array<'_>) -> Matrix {
    let array = array.as_array();
    Matrix::new(array.nrows(), array.ncols(), array.iter().copied().collect::<Vec<_>>())
}

fn new<'py>(py: Python<'py>, matrix: &Matrix) -> New<'py> {
    let flat = matrix.entries().to_vec().into_pyarray(py);
    flat.reshape([matrix.rows(), matrix.cols()]).expect("as many entries as the shape says")
}

fn shape(of: &Matrix) -> [usize; 2] {
    [of.rows(), of.cols()]
}

/// The array must have this shape.
fn check(name: &str, of: &Matrix, rows: usize, cols: usize, remedy: &str) -> PyResult<()> {
    if shape(of) == [rows, cols] {
        return Ok(());
    }
    let got = format!("({}, {})", of.rows(), of.cols());
    Err(PyValueError::new_err(format!("{name}: expected shape ({rows}, {cols}), got {got}; {remedy}")))
}

/// The network, its shapes checked; without Y all targets are 0, which a forward pass does not ask for.
fn problem(
    x: &Array<'_>,
    y: Option<&Array<'_>>,
    parameters: &Parameters<'_>,
    masks: &Masks<'_>,
    keep: f64,
) -> PyResult<Problem> {
    let x = matrix(x);
    let m = x.cols();
    if m == 0 || x.rows() == 0 {
        let got = format!("({}, {m})", x.rows());
        return Err(PyValueError::new_err(format!(
            "X: expected at least one feature and one example, got shape {got}; a column is an example"
        )));
    }
    let is_share = keep > 0.0 && keep <= 1.0;
    if !masks.is_empty() && !is_share {
        return Err(PyValueError::new_err(format!(
            "keep_prob: expected a number above 0, up to 1, got {keep}; it is the share of units that stay"
        )));
    }
    let mut layers: Vec<Layer> = Vec::new();
    for (l, (w, b)) in parameters.iter().enumerate() {
        let (n, w, b) = (l + 1, matrix(w), matrix(b));
        let inputs = layers.last().map_or(x.rows(), |before| before.w.rows());
        let before = if l == 0 { "X has".into() } else { format!("W{l} has units") };
        if w.rows() == 0 {
            return Err(PyValueError::new_err(format!("W{n}: expected a row for each unit, got none")));
        }
        check(&format!("W{n}"), &w, w.rows(), inputs, &format!("it needs as many columns as {before} rows"))?;
        check(
            &format!("b{n}"),
            &b,
            w.rows(),
            1,
            &format!("it is a column, with a row for each row of W{n}"),
        )?;
        let mask = masks.get(l).map(matrix);
        if let Some(mask) = &mask {
            check(&format!("D{n}"), mask, w.rows(), m, &format!("it has the shape of A{n}"))?;
        }
        let dropout = mask.map(|mask| Dropout { mask, keep });
        layers.push(Layer { w, b, activation: Activation::Relu, dropout });
    }
    let outputs = layers.last().map_or(0, |output| output.w.rows());
    let y = match y {
        None => Matrix::from_fn(outputs, m, |_, _| 0.0),
        Some(y) => {
            let y = matrix(y);
            check("Y", &y, outputs, m, "it has a column for each example of X")?;
            y
        }
    };
    Ok(Problem { x, y, layers, loss: Loss::SigmoidCrossEntropyDirect, l2: 0.0 })
}

/// Z and A of each layer, A as the next layer gets it.
#[pyfunction(name = "course_forward")]
pub(crate) fn forward<'py>(
    py: Python<'py>,
    x: Array<'py>,
    parameters: Parameters<'py>,
    masks: Masks<'py>,
    keep: f64,
) -> PyResult<Vec<(New<'py>, New<'py>)>> {
    let problem = problem(&x, None, &parameters, &masks, keep)?;
    let cache = py.detach(|| problem.forward());
    Ok(cache.z.iter().zip(&cache.a).map(|(z, a)| (new(py, z), new(py, a))).collect())
}

/// A network without layers but for the output, whose A is given.
fn of_output(a: Matrix, y: Matrix) -> PyResult<(Problem, Cache)> {
    let [rows, cols] = shape(&a);
    if cols == 0 {
        return Err(PyValueError::new_err(
            "A3: expected at least one example, got none; a column is an example",
        ));
    }
    check("Y", &y, rows, cols, "it has the shape of A3")?;
    let problem = Problem {
        x: Matrix::from_fn(1, cols, |_, _| 0.0),
        y,
        layers: Vec::new(),
        loss: Loss::SigmoidCrossEntropyDirect,
        l2: 0.0,
    };
    Ok((problem, Cache { z: Vec::new(), activated: Vec::new(), a: vec![a] }))
}

/// The mean cross-entropy.
#[pyfunction(name = "course_cost")]
pub(crate) fn cost(a: Array<'_>, y: Array<'_>) -> PyResult<f64> {
    let (problem, cache) = of_output(matrix(&a), matrix(&y))?;
    Ok(problem.mean_loss(&cache))
}

/// λ / 2m · Σ W².
#[pyfunction(name = "course_penalty")]
pub(crate) fn penalty(weights: Vec<Array<'_>>, examples: usize, lambd: f64) -> f64 {
    let layer = |w: &Array<'_>| {
        let w = matrix(w);
        let b = Matrix::from_fn(w.rows(), 1, |_, _| 0.0);
        Layer { w, b, activation: Activation::Relu, dropout: None }
    };
    let (x, y) = (Matrix::from_fn(1, examples, |_, _| 0.0), Matrix::from_fn(1, examples, |_, _| 0.0));
    let layers = weights.iter().map(layer).collect();
    Problem { x, y, layers, loss: Loss::SigmoidCrossEntropyDirect, l2: lambd }.penalty()
}

/// dA, dZ, dW and db of a layer; of the output no dA.
type OfLayer<'py> = (Option<New<'py>>, New<'py>, New<'py>, New<'py>);

/// The gradient from A of each layer, which need not be those of a forward pass. dZ and dA are of each example by itself.
#[pyfunction(name = "course_backward")]
#[allow(clippy::too_many_arguments, reason = "what a backward pass needs, in the course's order")]
pub(crate) fn backward<'py>(
    py: Python<'py>,
    x: Array<'py>,
    y: Array<'py>,
    parameters: Parameters<'py>,
    activations: Vec<Array<'py>>,
    masks: Masks<'py>,
    keep: f64,
    lambd: f64,
) -> PyResult<Vec<OfLayer<'py>>> {
    let problem = Problem { l2: lambd, ..problem(&x, Some(&y), &parameters, &masks, keep)? };
    let a: Vec<Matrix> = activations.iter().map(matrix).collect();
    if a.len() != problem.layers.len() {
        let (expected, got) = (problem.layers.len(), a.len());
        return Err(PyValueError::new_err(format!("cache: expected A of {expected} layers, got {got}")));
    }
    for (l, (a, layer)) in a.iter().zip(&problem.layers).enumerate() {
        check(
            &format!("A{}", l + 1),
            a,
            layer.w.rows(),
            problem.examples(),
            "it is of the same X and parameters",
        )?;
    }
    // relu is known by its output, behind dropout too: where that has put 0, dA is 0 already.
    let gradients = py.detach(|| {
        let cache = Cache { z: a.clone(), activated: a.clone(), a };
        by_hand::backward(&problem, &cache, &[])
    });
    let of_layer = |LayerGradient { da, dz, dw, db, .. }: &LayerGradient| {
        let da = (da.rows() > 0).then(|| new(py, da));
        (da, new(py, dz), new(py, dw), new(py, db))
    };
    Ok(gradients.iter().map(of_layer).collect())
}

/// The gradient of the cost by central differences, W before b, layer by layer.
#[pyfunction(name = "course_numeric_gradient")]
pub(crate) fn numeric_gradient<'py>(
    py: Python<'py>,
    x: Array<'py>,
    y: Array<'py>,
    parameters: Parameters<'py>,
    epsilon: f64,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let problem = problem(&x, Some(&y), &parameters, &Vec::new(), 1.0)?;
    Ok(py.detach(|| problem.numeric_gradient(epsilon)).into_pyarray(py))
}

/// ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖).
#[pyfunction]
pub(crate) fn relative_difference(analytic: Array1<'_, f64>, numeric: Array1<'_, f64>) -> PyResult<f64> {
    let [analytic, numeric] = [analytic, numeric].map(|array| array.as_array().to_vec());
    if analytic.len() != numeric.len() {
        let (expected, got) = (numeric.len(), analytic.len());
        return Err(PyValueError::new_err(format!(
            "gradients: expected {expected} entries, as many as there are parameters, got {got}"
        )));
    }
    Ok(by_hand::relative_difference(&analytic, &numeric))
}
