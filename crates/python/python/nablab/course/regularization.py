"""The assignment on regularisation: an L2 penalty, and dropout.

>>> cost = compute_cost_with_regularization([[0.5, 0.5]], [[1, 0]], {f"W{n}": np.ones((1, 1)) for n in (1, 2, 3)}, lambd=0.4)
>>> round(cost - compute_cost([[0.5, 0.5]], [[1, 0]]), 12)  # 0.4 / (2 · 2) · 3
0.3
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from ._arrays import (
    LAYERS,
    Cache,
    Matrix,
    Parameters,
    cached,
    drawn,
    entry,
    matrix,
    number,
    sizes,
    whole,
)
from ._network import (
    compute_cost,
    forward_propagation,
    gradients_of,
    pass_backward,
    pass_forward,
    predict,
    predict_dec,
    relu,
    sigmoid,
    update_parameters,
)
from ._training import train

__all__ = [
    "backward_propagation",
    "backward_propagation_with_dropout",
    "backward_propagation_with_regularization",
    "compute_cost",
    "compute_cost_with_regularization",
    "forward_propagation",
    "forward_propagation_with_dropout",
    "initialize_parameters",
    "model",
    "predict",
    "predict_dec",
    "relu",
    "sigmoid",
    "update_parameters",
]


def initialize_parameters(layer_dims: npt.ArrayLike) -> Parameters:
    """Weights of variance 1 / n_in, biases 0. Seeds ``np.random`` with 3.

    Parameters
    ----------
    layer_dims : list of int
        Inputs, and units of each layer.

    Returns
    -------
    dict
        ``W1`` (layer_dims[1], layer_dims[0]), ``b1`` (layer_dims[1], 1), and so on.

    Examples
    --------
    >>> initialize_parameters([4, 1])["W1"].round(4)[0, :2].tolist()
    [0.8943, 0.2183]
    """
    units = sizes(layer_dims, "layer_dims")
    np.random.seed(3)
    return drawn(units, lambda rows, cols: np.random.randn(rows, cols) / np.sqrt(cols))


def compute_cost_with_regularization(
    A3: npt.ArrayLike, Y: npt.ArrayLike, parameters: Mapping[str, Matrix], lambd: float
) -> float:
    """The mean cross-entropy and the penalty λ / 2m · Σ W².

    Parameters
    ----------
    A3 : array (outputs, m)
        What the forward pass gave.
    Y : array (outputs, m)
        Zeros and ones.
    parameters : dict
        ``W1``, ``W2``, ``W3``. Biases are free.
    lambd : float
        λ.

    Examples
    --------
    >>> parameters = {f"W{n}": np.full((1, 1), 2.0) for n in (1, 2, 3)}
    >>> round(compute_cost_with_regularization([[0.5]], [[1]], parameters, lambd=0.5), 6)  # ln 2 + 0.5 / 2 · 12
    3.693147
    """
    a3 = matrix(A3, "A3")
    weights = [matrix(entry(parameters, f"W{n}", "parameters"), f'parameters["W{n}"]') for n in range(1, LAYERS + 1)]
    return _core.course_cost(a3, matrix(Y, "Y")) + _core.course_penalty(weights, a3.shape[1], number(lambd, "lambd"))


def backward_propagation(X: npt.ArrayLike, Y: npt.ArrayLike, cache: Sequence[Matrix]) -> Parameters:
    """The backward pass without penalty: dZ3 is A3 − Y, and the factor 1/m comes in with dW and db.

    Parameters
    ----------
    X : array (features, m)
    Y : array (outputs, m)
        Zeros and ones.
    cache : tuple
        What :func:`forward_propagation` returned.

    Returns
    -------
    dict
        ``dZ3``, ``dW3``, ``db3``, ``dA2``, ``dZ2``, ``dW2``, ``db2``, ``dA1``, ``dZ1``, ``dW1``, ``db1``.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> parameters = {"W1": one, "b1": one, "W2": one, "b2": -one, "W3": one, "b3": -one}
    >>> _, cache = forward_propagation([[1.0]], parameters)
    >>> gradients = backward_propagation([[1.0]], [[1.0]], cache)
    >>> gradients["dZ3"].item(), gradients["dA2"].item(), gradients["dW1"].item()
    (-0.5, -0.5, -0.5)
    """
    return backward_propagation_with_regularization(X, Y, cache, 0.0)


def backward_propagation_with_regularization(
    X: npt.ArrayLike, Y: npt.ArrayLike, cache: Sequence[Matrix], lambd: float
) -> Parameters:
    """The backward pass with the penalty: dW = 1/m · dZ Aᵀ + λ/m · W.

    Parameters
    ----------
    X, Y, cache
        As in :func:`backward_propagation`.
    lambd : float
        λ.

    Returns
    -------
    dict
        As :func:`backward_propagation` returns.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> parameters = {"W1": one, "b1": one, "W2": one, "b2": -one, "W3": one, "b3": -one}
    >>> _, cache = forward_propagation([[1.0]], parameters)
    >>> backward_propagation_with_regularization([[1.0]], [[1.0]], cache, lambd=0.75)["dW1"].item()
    0.25
    """
    _, a1, w1, b1, _, a2, w2, b2, _, a3, w3, b3 = cached(cache, 4 * LAYERS)
    passed = pass_backward(X, Y, [(a1, w1, b1), (a2, w2, b2), (a3, w3, b3)], lambd=number(lambd, "lambd"))
    return gradients_of(passed, 1.0, "Z", "A")


def forward_propagation_with_dropout(
    X: npt.ArrayLike, parameters: Mapping[str, Matrix], keep_prob: float = 0.5
) -> tuple[Matrix, Cache]:
    """The forward pass with dropout of both hidden layers: A ∘ D / keep. Seeds ``np.random`` with 1.

    Parameters
    ----------
    X : array (features, m)
    parameters : dict
        ``W1``, ``b1``, …, ``W3``, ``b3``.
    keep_prob : float, default 0.5
        The share of units that stay: D is where ``np.random.rand`` is below it, D1 drawn first.

    Returns
    -------
    A3 : array (outputs, m)
    cache : tuple
        ``(Z1, D1, A1, W1, b1, Z2, D2, A2, W2, b2, Z3, A3, W3, b3)``; A1 and A2 as the next layer gets them.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> parameters = {"W1": one, "b1": one, "W2": one, "b2": one, "W3": one, "b3": one}
    >>> A3, cache = forward_propagation_with_dropout([[1.0, 1.0, 1.0]], parameters, keep_prob=0.5)
    >>> cache[1].tolist(), cache[2].tolist()
    ([[True, False, True]], [[4.0, 0.0, 4.0]])
    """
    x, keep = matrix(X, "X"), number(keep_prob, "keep_prob")
    np.random.seed(1)
    units = [len(matrix(entry(parameters, f"W{n}", "parameters"), f'parameters["W{n}"]')) for n in range(1, LAYERS)]
    masks = [np.random.rand(count, x.shape[1]) < keep for count in units]
    cache = cache_with_masks(x, parameters, masks, keep)
    return cache[-3], cache


def cache_with_masks(
    X: Matrix, parameters: Mapping[str, Matrix], masks: Sequence[npt.NDArray[Any]], keep: float
) -> Cache:
    """What the forward pass leaves behind with these masks, in the order of :func:`forward_propagation_with_dropout`."""
    passed = pass_forward(X, parameters, [mask.astype(np.float64) for mask in masks], keep)
    cache: list[npt.NDArray[Any]] = []
    for n, (z, a) in enumerate(passed, 1):
        cache.extend([z, *masks[n - 1 : n], a, parameters[f"W{n}"], parameters[f"b{n}"]])
    return tuple(cache)


def backward_propagation_with_dropout(
    X: npt.ArrayLike, Y: npt.ArrayLike, cache: Sequence[Matrix], keep_prob: float
) -> Parameters:
    """The backward pass with dropout: dA = Wᵀ dZ ∘ D / keep.

    Parameters
    ----------
    X : array (features, m)
    Y : array (outputs, m)
    cache : tuple
        What :func:`forward_propagation_with_dropout` returned.
    keep_prob : float
        As there.

    Returns
    -------
    dict
        As :func:`backward_propagation` returns; dA1 and dA2 behind the mask.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> parameters = {"W1": one, "b1": one, "W2": one, "b2": one, "W3": 0 * one, "b3": 0 * one}
    >>> X, Y = np.ones((1, 3)), np.zeros((1, 3))
    >>> _, cache = forward_propagation_with_dropout(X, parameters, keep_prob=0.5)
    >>> gradients = backward_propagation_with_dropout(X, Y, cache, keep_prob=0.5)
    >>> gradients["dZ3"].tolist(), round(gradients["db3"].item(), 6)
    ([[0.5, 0.5, 0.5]], 0.5)
    """
    _, d1, a1, w1, b1, _, d2, a2, w2, b2, _, a3, w3, b3 = cached(cache, 4 * LAYERS + 2)
    keep = number(keep_prob, "keep_prob")
    passed = pass_backward(X, Y, [(a1, w1, b1), (a2, w2, b2), (a3, w3, b3)], [d1, d2], keep)
    return gradients_of(passed, 1.0, "Z", "A")


def model(
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    learning_rate: float = 0.3,
    num_iterations: int = 30000,
    print_cost: bool = True,
    lambd: float = 0,
    keep_prob: float = 1,
) -> Parameters:
    """Train a network of 20 and 3 hidden units by gradient descent on all examples, with a penalty or dropout.

    Parameters
    ----------
    X : array (features, m)
    Y : array (1, m)
    learning_rate : float, default 0.3
    num_iterations : int, default 30000
    print_cost : bool, default True
        Print the cost every 10000 iterations.
    lambd : float, default 0
        λ of the penalty.
    keep_prob : float, default 1
        The share of hidden units that stay; the masks are the same in every iteration, as in the course.

    Returns
    -------
    dict
        The parameters that were learned.

    Examples
    --------
    >>> from nablab.course.initialization import load_dataset
    >>> train_X, train_Y, _, _ = load_dataset()
    >>> parameters = model(train_X, train_Y, num_iterations=3000, print_cost=False, lambd=0.7)
    >>> parameters["W1"].shape
    (20, 2)
    """
    keep, penalty = number(keep_prob, "keep_prob"), number(lambd, "lambd")
    if not 0 < keep <= 1:
        raise ValueError(
            f"keep_prob: expected a number above 0, up to 1, got {keep_prob!r}; it is the share of units that stay"
        )
    if keep < 1 and penalty != 0:
        raise ValueError(
            f"lambd: expected 0 beside dropout, got {lambd!r}; the course's model takes a penalty or dropout, not both"
        )
    settings = {
        "init": "lecun",
        "optimizer": "gradient-descent",
        "learning_rate": number(learning_rate, "learning_rate"),
        "epochs": whole(num_iterations, "num_iterations", 1),
        "seed": {"weights": 3, "dropout": 1, "shuffle": 0},
        "penalty": {"l2": penalty},
        "dropout": 1 - keep,
    }
    return train(X, Y, [len(matrix(X, "X")), 20, 3, 1], settings, 10000, "iteration", print_cost)
