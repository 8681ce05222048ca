"""The assignment on gradient checking: a derivative beside differences of the cost.

>>> gradient_check(2, 4) < 1e-7
The gradient is right: difference = 2.919335883291695e-10
True
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from .. import _core
from ._arrays import (
    LAYERS,
    Cache,
    Matrix,
    Parameters,
    array,
    flat,
    layers,
    matrix,
    number,
    put,
    sizes,
)
from ._network import compute_cost, relu, sigmoid
from ._network import forward_propagation as _forward
from .regularization import backward_propagation as backward_propagation_n

__all__ = [
    "backward_propagation",
    "backward_propagation_n",
    "dictionary_to_vector",
    "forward_propagation",
    "forward_propagation_n",
    "gradient_check",
    "gradient_check_n",
    "gradients_to_vector",
    "relu",
    "sigmoid",
    "vector_to_dictionary",
]

NAMES = tuple(f"{letter}{n}" for n in range(1, LAYERS + 1) for letter in "Wb")
THRESHOLD = 2e-7
"""From this relative difference on a gradient counts as wrong: the course's later threshold, because its network's own is 1.2e-7."""


def forward_propagation(x: float, theta: float) -> float:
    """J(θ) = θ x.

    Examples
    --------
    >>> forward_propagation(2, 4)
    8.0
    """
    return number(theta, "theta") * number(x, "x")


def backward_propagation(x: float, theta: float) -> float:
    """dJ/dθ = x, of :func:`forward_propagation`.

    Examples
    --------
    >>> backward_propagation(2, 4)
    2.0
    """
    number(theta, "theta")
    return number(x, "x")


def gradient_check(x: float, theta: float, epsilon: float = 1e-7) -> float:
    """How far dJ/dθ is from (J(θ + ε) − J(θ − ε)) / 2ε, as abs(g − ĝ) / (abs(g) + abs(ĝ)). Prints what it means.

    Parameters
    ----------
    x, theta : float
    epsilon : float, default 1e-7
        ε.

    Examples
    --------
    >>> difference = gradient_check(2, 4)
    The gradient is right: difference = 2.919335883291695e-10
    """
    at, step = number(theta, "theta"), _step(epsilon)
    numeric = (forward_propagation(x, at + step) - forward_propagation(x, at - step)) / (2 * step)
    return _said(np.array([backward_propagation(x, at)]), np.array([numeric]))


def forward_propagation_n(X: npt.ArrayLike, Y: npt.ArrayLike, parameters: Mapping[str, Matrix]) -> tuple[float, Cache]:
    """The forward pass and the mean cross-entropy.

    Parameters
    ----------
    X : array (features, m)
    Y : array (outputs, m)
    parameters : dict
        ``W1``, ``b1``, …, ``W3``, ``b3``.

    Returns
    -------
    cost : float
    cache : tuple
        ``(Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3)``.

    Examples
    --------
    >>> zero = np.zeros((1, 1))
    >>> cost, cache = forward_propagation_n([[3.0]], [[1]], {name: zero for name in ("W1", "b1", "W2", "b2", "W3", "b3")})
    >>> cost
    0.6931471805599453
    """
    a3, cache = _forward(X, parameters)
    return compute_cost(a3, Y), cache


def dictionary_to_vector(parameters: Mapping[str, Matrix]) -> tuple[Matrix, list[str]]:
    """All parameters in one column, and of each entry the name of the array that it comes from.

    Parameters
    ----------
    parameters : dict
        ``W1``, ``b1``, …, ``W3``, ``b3``.

    Returns
    -------
    theta : array (n, 1)
    keys : list of str

    Examples
    --------
    >>> theta, keys = dictionary_to_vector({name: np.ones((1, 1)) for name in ("W1", "b1", "W2", "b2", "W3", "b3")})
    >>> theta.shape, keys
    ((6, 1), ['W1', 'b1', 'W2', 'b2', 'W3', 'b3'])
    """
    theta = flat(parameters, NAMES, "parameters")
    return theta.reshape(-1, 1), [name for name in NAMES for _ in range(np.size(parameters[name]))]


def vector_to_dictionary(theta: npt.ArrayLike, layers_dims: npt.ArrayLike = (4, 5, 3, 1)) -> Parameters:
    """The way back from :func:`dictionary_to_vector`.

    Parameters
    ----------
    theta : array (n, 1)
    layers_dims : list of int, default (4, 5, 3, 1)
        Inputs, and units of each of the three layers; the course has its own network's only.

    Examples
    --------
    >>> parameters = vector_to_dictionary(np.arange(47.0))
    >>> parameters["W1"].shape, parameters["b1"].ravel().tolist()
    ((5, 4), [20.0, 21.0, 22.0, 23.0, 24.0])
    """
    units = sizes(layers_dims)
    if len(units) != LAYERS + 1:
        raise ValueError(
            f"layers_dims: expected {LAYERS + 1} sizes, of the inputs and of three layers, got {layers_dims!r}"
        )
    parameters: Parameters = {}
    for n, (cols, rows) in enumerate(zip(units, units[1:]), 1):
        parameters[f"W{n}"], parameters[f"b{n}"] = np.empty((rows, cols)), np.empty((rows, 1))
    numbers, count = array(theta, "theta").ravel(), sum(made.size for made in parameters.values())
    if numbers.size != count:
        raise ValueError(
            f"theta: expected {count} numbers, as many as a network of {units} has parameters, got {numbers.size}"
        )
    put(parameters, NAMES, numbers.copy())
    return parameters


def gradients_to_vector(gradients: Mapping[str, Matrix]) -> Matrix:
    """``dW1``, ``db1``, …, ``dW3``, ``db3`` in one column.

    Examples
    --------
    >>> gradients_to_vector({f"d{name}": np.ones((1, 1)) for name in ("W1", "b1", "W2", "b2", "W3", "b3")}).shape
    (6, 1)
    """
    return flat(gradients, [f"d{name}" for name in NAMES], "gradients").reshape(-1, 1)


def gradient_check_n(
    parameters: Mapping[str, Matrix],
    gradients: Mapping[str, Matrix],
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    epsilon: float = 1e-7,
) -> float:
    """How far a gradient is from central differences of the cost: ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖). Prints what it means.

    Parameters
    ----------
    parameters : dict
        ``W1``, ``b1``, …, ``W3``, ``b3``.
    gradients : dict
        ``dW1``, ``db1``, …: what is to be checked.
    X : array (features, m)
    Y : array (outputs, m)
    epsilon : float, default 1e-7
        How far each parameter is moved.

    Examples
    --------
    >>> np.random.seed(1)
    >>> X, Y = np.random.randn(4, 3), np.array([[1, 1, 0]])
    >>> parameters = vector_to_dictionary(np.random.randn(47))
    >>> _, cache = forward_propagation_n(X, Y, parameters)
    >>> gradients = backward_propagation_n(X, Y, cache)
    >>> gradients["dW2"] *= 2
    >>> gradient_check_n(parameters, gradients, X, Y) > 0.1  # doctest: +ELLIPSIS
    The gradient is wrong: difference = 0...
    True
    """
    numeric = _core.course_numeric_gradient(matrix(X, "X"), matrix(Y, "Y"), layers(parameters, LAYERS), _step(epsilon))
    return _said(gradients_to_vector(gradients).ravel(), numeric)


def _step(epsilon: object) -> float:
    step = number(epsilon, "epsilon")
    if not (np.isfinite(step) and step > 0):
        raise ValueError(f"epsilon: expected a number above 0, such as 1e-7, got {epsilon!r}")
    return step


def _said(analytic: Matrix, numeric: Matrix) -> float:
    difference = _core.relative_difference(analytic, numeric)
    verdict = "right" if difference <= THRESHOLD else "wrong"
    print(f"The gradient is {verdict}: difference = {difference}")
    return difference
