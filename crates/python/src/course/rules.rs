//! One update of each rule, of flat parameters.

use nablab::engine::Layout;
use nablab::engine::optim::{Adam, Momentum, apply};
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arrays::Array1;

type Array<'py> = Array1<'py, f64>;
type New<'py> = Bound<'py, PyArray1<f64>>;

/// The numbers of arrays that must be of one length.
fn equally_long<const N: usize>(arrays: [(&str, Array<'_>); N]) -> PyResult<[Vec<f64>; N]> {
    let expected = arrays.first().map_or(0, |(_, array)| array.as_array().len());
    for (name, array) in &arrays {
        let got = array.as_array().len();
        if got != expected {
            return Err(PyValueError::new_err(format!(
                "{name}: expected {expected} numbers, as many as there are parameters, got {got}"
            )));
        }
    }
    Ok(arrays.map(|(_, array)| array.as_array().to_vec()))
}

/// θ − α g.
#[pyfunction(name = "course_gradient_descent")]
pub(crate) fn gradient_descent<'py>(
    py: Python<'py>,
    theta: Array<'py>,
    gradient: Array<'py>,
    rate: f64,
) -> PyResult<New<'py>> {
    let [mut theta, gradient] = equally_long([("parameters", theta), ("grads", gradient)])?;
    apply(&mut theta, &gradient, rate);
    Ok(theta.into_pyarray(py))
}

/// θ and v behind an update with momentum.
#[pyfunction(name = "course_momentum")]
pub(crate) fn momentum<'py>(
    py: Python<'py>,
    theta: Array<'py>,
    gradient: Array<'py>,
    velocity: Array<'py>,
    beta: f64,
    rate: f64,
) -> PyResult<(New<'py>, New<'py>)> {
    let [mut theta, mut direction, velocity] =
        equally_long([("parameters", theta), ("grads", gradient), ("v", velocity)])?;
    let mut rule = Momentum::new(theta.len(), beta, false).with_velocity(velocity);
    rule.update(&mut direction);
    apply(&mut theta, &direction, rate);
    Ok((theta.into_pyarray(py), rule.velocity().to_vec().into_pyarray(py)))
}

/// θ, v and s behind update `t` of Adam, counted from 1.
#[pyfunction(name = "course_adam")]
#[allow(clippy::too_many_arguments, reason = "the numbers of the rule, in the course's order")]
pub(crate) fn adam<'py>(
    py: Python<'py>,
    theta: Array<'py>,
    gradient: Array<'py>,
    v: Array<'py>,
    s: Array<'py>,
    t: u32,
    rate: f64,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
) -> PyResult<(New<'py>, New<'py>, New<'py>)> {
    let [mut theta, mut direction, v, s] =
        equally_long([("parameters", theta), ("grads", gradient), ("v", v), ("s", s)])?;
    let rule = py.detach(|| {
        let len = theta.len();
        let mut rule = Adam::new(len, beta1, beta2, epsilon).after(t.saturating_sub(1)).with_moments(v, s);
        rule.update(&Layout::vector("theta", len), &theta, &mut direction);
        apply(&mut theta, &direction, rate);
        rule
    });
    let [v, s] = [rule.first_moment(), rule.second_moment()].map(|moment| moment.to_vec().into_pyarray(py));
    Ok((theta.into_pyarray(py), v, s))
}
