"""The course's network of two hidden layers, which all four assignments share. The library computes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from .. import _core
from ._arrays import (
    LAYERS,
    Cache,
    Matrix,
    Parameters,
    array,
    cached,
    flat,
    layers,
    layers_of,
    matrix,
    number,
    put,
)

Masks = Sequence[Matrix]


def sigmoid(x: npt.ArrayLike) -> Matrix:
    """1 / (1 + e^−x), entry by entry.

    Examples
    --------
    >>> float(sigmoid(0))
    0.5
    """
    made: Matrix = 1 / (1 + np.exp(-array(x, "x")))
    return made


def relu(x: npt.ArrayLike) -> Matrix:
    """x where it is above 0, else 0.

    Examples
    --------
    >>> relu([-2, 3]).tolist()
    [0.0, 3.0]
    """
    return np.maximum(0, array(x, "x"))


def forward_propagation(X: npt.ArrayLike, parameters: Mapping[str, Matrix]) -> tuple[Matrix, Cache]:
    """The forward pass: relu, relu, sigmoid.

    Parameters
    ----------
    X : array (features, m)
        A column is an example.
    parameters : dict
        ``W1`` (units, features), ``b1`` (units, 1), and so on up to ``W3``, ``b3``.

    Returns
    -------
    a3 : array (outputs, m)
    cache : tuple
        ``(z1, a1, W1, b1, z2, a2, W2, b2, z3, a3, W3, b3)``, for the backward pass.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> parameters = {"W1": one, "b1": one, "W2": one, "b2": -3 * one, "W3": one, "b3": 0 * one}
    >>> a3, cache = forward_propagation([[1.0, 2.0]], parameters)
    >>> a3[0, 0].item(), cache[0].tolist(), cache[5].tolist()
    (0.5, [[2.0, 3.0]], [[0.0, 0.0]])
    """
    passed = pass_forward(X, parameters)
    cache = tuple(
        part
        for (z, a), n in zip(passed, range(1, LAYERS + 1))
        for part in (z, a, parameters[f"W{n}"], parameters[f"b{n}"])
    )
    return passed[-1][1], cache


def pass_forward(
    X: object, parameters: object, masks: Masks = (), keep_prob: float = 1.0
) -> list[tuple[Matrix, Matrix]]:
    """Z and A of each layer."""
    return _core.course_forward(matrix(X, "X"), layers(parameters, LAYERS), list(masks), keep_prob)


def pass_backward(
    X: object,
    Y: object,
    of_layers: Sequence[tuple[Matrix, Matrix, Matrix]],
    masks: Masks = (),
    keep_prob: float = 1.0,
    lambd: float = 0.0,
) -> list[tuple[Matrix | None, Matrix, Matrix, Matrix]]:
    """dA, dZ, dW and db of each layer, from its A, W and b; dZ and dA without the factor 1/m."""
    activations = [a for a, _, _ in of_layers]
    parameters = [(w, b) for _, w, b in of_layers]
    return _core.course_backward(matrix(X, "X"), matrix(Y, "Y"), parameters, activations, list(masks), keep_prob, lambd)


def gradients_of(
    passed: Sequence[tuple[Matrix | None, Matrix, Matrix, Matrix]], factor: float, z: str, a: str
) -> Parameters:
    """A dictionary from the output back: dZ, dW, db, and dA of the layer before, by the names of their Z and A."""
    gradients: Parameters = {}
    for n in range(LAYERS, 0, -1):
        da, dz, dw, db = passed[n - 1]
        if da is not None:
            gradients[f"d{a}{n}"] = factor * da
        gradients.update({f"d{z}{n}": factor * dz, f"dW{n}": dw, f"db{n}": db})
    return gradients


def backward_propagation(X: npt.ArrayLike, Y: npt.ArrayLike, cache: Sequence[Matrix]) -> Parameters:
    """The backward pass, with the factor 1/m in ``dz3`` and so in all that follows from it.

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
        ``dz3``, ``dW3``, ``db3``, ``da2``, ``dz2``, ``dW2``, ``db2``, ``da1``, ``dz1``, ``dW1``, ``db1``, each of the shape of what it
        is the derivative by.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> parameters = {"W1": one, "b1": one, "W2": one, "b2": -one, "W3": one, "b3": -one}
    >>> _, cache = forward_propagation([[1.0]], parameters)
    >>> gradients = backward_propagation([[1.0]], [[1.0]], cache)
    >>> gradients["dz3"].item(), gradients["dW3"].item(), gradients["dW1"].item()
    (-0.5, -0.5, -0.5)
    """
    _, a1, w1, b1, _, a2, w2, b2, _, a3, w3, b3 = cached(cache, 4 * LAYERS)
    passed = pass_backward(X, Y, [(a1, w1, b1), (a2, w2, b2), (a3, w3, b3)])
    return gradients_of(passed, 1 / a3.shape[1], "z", "a")


def compute_cost(a3: npt.ArrayLike, Y: npt.ArrayLike) -> float:
    """The mean cross-entropy: −1/m · Σ (y ln a + (1 − y) ln(1 − a)).

    Parameters
    ----------
    a3 : array (outputs, m)
        From 0 to 1.
    Y : array (outputs, m)
        Zeros and ones.

    Examples
    --------
    >>> compute_cost([[0.5, 0.5]], [[1, 0]])
    0.6931471805599453
    """
    return _core.course_cost(matrix(a3, "a3"), matrix(Y, "Y"))


def update_parameters(parameters: Parameters, grads: Mapping[str, Matrix], learning_rate: float) -> Parameters:
    """A step of gradient descent: W ← W − α dW, b ← b − α db.

    Parameters
    ----------
    parameters : dict
        ``W1``, ``b1``, … of any number of layers. Its entries are replaced by new arrays, as in the course.
    grads : dict
        ``dW1``, ``db1``, ….
    learning_rate : float
        α.

    Returns
    -------
    dict
        ``parameters`` itself.

    Examples
    --------
    >>> parameters = {"W1": np.array([[2.0]]), "b1": np.array([[1.0]])}
    >>> update_parameters(parameters, {"dW1": np.array([[4.0]]), "db1": np.array([[0.0]])}, 0.5)["W1"].item()
    0.0
    """
    names = names_of(parameters)
    theta, gradient = flat(parameters, names, "parameters"), flat(grads, [f"d{name}" for name in names], "grads")
    put(parameters, names, _core.course_gradient_descent(theta, gradient, number(learning_rate, "learning_rate")))
    return parameters


def names_of(parameters: object) -> list[str]:
    """W1, b1, W2, … of a dictionary of parameters."""
    return [f"{letter}{n}" for n in range(1, layers_of(parameters) + 1) for letter in "Wb"]


def predict(X: npt.ArrayLike, y: npt.ArrayLike, parameters: Mapping[str, Matrix]) -> npt.NDArray[np.int_]:
    """The predicted labels; prints the share of them that is right.

    Parameters
    ----------
    X : array (features, m)
    y : array (1, m)
        The true labels.
    parameters : dict
        Of :func:`forward_propagation`.

    Returns
    -------
    array (1, m)
        1 where the output is above ½, else 0.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> parameters = {"W1": one, "b1": 0 * one, "W2": one, "b2": 0 * one, "W3": one, "b3": -3 * one}
    >>> predict([[1.0, 5.0]], [[0, 1]], parameters).tolist()
    Accuracy: 1.0
    [[0, 1]]
    """
    p = predict_dec(parameters, X).astype(np.int_)
    true = matrix(y, "y")
    if true.shape != p.shape:
        raise ValueError(f"y: expected shape {p.shape}, a label for each example, got {true.shape}")
    print(f"Accuracy: {np.mean(p[0] == true[0])}")
    return p


def predict_dec(parameters: Mapping[str, Matrix], X: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Where the output is above ½, (1, m): what a decision boundary is drawn of."""
    made: npt.NDArray[np.bool_] = pass_forward(X, parameters)[-1][1] > 0.5
    return made
