"""The assignment on optimisation: mini-batches, momentum, Adam.

>>> X, Y = load_dataset()
>>> [batch_X.shape for batch_X, batch_Y in random_mini_batches(X, Y)]
[(2, 64), (2, 64), (2, 64), (2, 64), (2, 44)]
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from .. import _core
from ._arrays import Matrix, Parameters, entry, flat, matrix, number, put, sizes, whole
from ._network import (
    backward_propagation,
    compute_cost,
    forward_propagation,
    names_of,
    predict,
    predict_dec,
    relu,
    sigmoid,
)
from ._network import (
    update_parameters as update_parameters_with_gd,
)
from ._training import train
from .initialization import initialize_parameters_he as initialize_parameters

__all__ = [
    "backward_propagation",
    "compute_cost",
    "forward_propagation",
    "initialize_adam",
    "initialize_parameters",
    "initialize_velocity",
    "load_dataset",
    "model",
    "predict",
    "predict_dec",
    "random_mini_batches",
    "relu",
    "sigmoid",
    "update_parameters_with_adam",
    "update_parameters_with_gd",
    "update_parameters_with_momentum",
]


def random_mini_batches(
    X: npt.ArrayLike, Y: npt.ArrayLike, mini_batch_size: int = 64, seed: int = 0
) -> list[tuple[Matrix, Matrix]]:
    """The examples, shuffled and cut into mini-batches; the last one takes what is left. Seeds ``np.random``.

    Parameters
    ----------
    X : array (features, m)
    Y : array (1, m)
    mini_batch_size : int, default 64
    seed : int, default 0
        For ``np.random.seed``; ``np.random.permutation(m)`` is the order.

    Returns
    -------
    list of (array (features, size), array (1, size))

    Examples
    --------
    >>> batches = random_mini_batches([[0, 1, 2, 3, 4]], [[5, 6, 7, 8, 9]], 2)
    >>> [batch_X.tolist() for batch_X, batch_Y in batches]
    [[[2.0, 0.0]], [[1.0, 3.0]], [[4.0]]]
    """
    x, y = matrix(X, "X"), matrix(Y, "Y")
    m, size = x.shape[1], whole(mini_batch_size, "mini_batch_size", 1)
    if y.shape[1] != m:
        raise ValueError(f"Y: expected {m} columns, as many as X has examples, got shape {y.shape}")
    np.random.seed(whole(seed, "seed", 0))
    order = np.random.permutation(m)
    return [(x[:, some], y[:, some]) for some in (order[start : start + size] for start in range(0, m, size))]


def initialize_velocity(parameters: Mapping[str, Matrix]) -> Parameters:
    """Momentum's velocity at rest: zeros ``dW1``, ``db1``, … of the shapes of the parameters.

    Examples
    --------
    >>> initialize_velocity({"W1": np.ones((1, 2)), "b1": np.ones((1, 1))})
    {'dW1': array([[0., 0.]]), 'db1': array([[0.]])}
    """
    return {
        f"d{name}": np.zeros(np.shape(matrix(entry(parameters, name, "parameters"), name)))
        for name in names_of(parameters)
    }


def update_parameters_with_momentum(
    parameters: Parameters, grads: Mapping[str, Matrix], v: Parameters, beta: float, learning_rate: float
) -> tuple[Parameters, Parameters]:
    """A step with momentum: v ← β v + (1 − β) dW, W ← W − α v.

    Parameters
    ----------
    parameters, v : dict
        ``W1``, ``b1``, … and ``dW1``, ``db1``, …. Their entries are replaced by new arrays, as in the course.
    grads : dict
        ``dW1``, ``db1``, ….
    beta : float
        The share of v that stays, from 0, below 1.
    learning_rate : float
        α.

    Returns
    -------
    parameters, v : dict

    Examples
    --------
    >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
    >>> grads = {"dW1": np.array([[4.0]]), "db1": np.array([[0.0]])}
    >>> parameters, v = update_parameters_with_momentum(parameters, grads, initialize_velocity(parameters), 0.5, 0.25)
    >>> v["dW1"].item(), parameters["W1"].item()
    (2.0, 0.5)
    """
    names = names_of(parameters)
    d_names = [f"d{name}" for name in names]
    theta, gradient, velocity = (
        flat(parameters, names, "parameters"),
        flat(grads, d_names, "grads"),
        flat(v, d_names, "v"),
    )
    theta, velocity = _core.course_momentum(
        theta, gradient, velocity, _share(beta, "beta"), number(learning_rate, "learning_rate")
    )
    put(parameters, names, theta)
    put(v, d_names, velocity)
    return parameters, v


def initialize_adam(parameters: Mapping[str, Matrix]) -> tuple[Parameters, Parameters]:
    """Adam's moments at the start: v and s, both as :func:`initialize_velocity`.

    Examples
    --------
    >>> v, s = initialize_adam({"W1": np.ones((1, 2)), "b1": np.ones((1, 1))})
    >>> s
    {'dW1': array([[0., 0.]]), 'db1': array([[0.]])}
    """
    return initialize_velocity(parameters), initialize_velocity(parameters)


def update_parameters_with_adam(
    parameters: Parameters,
    grads: Mapping[str, Matrix],
    v: Parameters,
    s: Parameters,
    t: int,
    learning_rate: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Parameters, Parameters, Parameters]:
    """A step of Adam: W ← W − α v̂ / (√ŝ + ε), with v̂ = v / (1 − β1ᵗ) and ŝ = s / (1 − β2ᵗ).

    Parameters
    ----------
    parameters, v, s : dict
        ``W1``, ``b1``, … and ``dW1``, ``db1``, …. Their entries are replaced by new arrays, as in the course.
    grads : dict
        ``dW1``, ``db1``, ….
    t : int
        The number of this step, counted from 1.
    learning_rate : float, default 0.01
    beta1, beta2 : float, default 0.9 and 0.999
        The shares of v and of s that stay.
    epsilon : float, default 1e-8

    Returns
    -------
    parameters, v, s : dict
        v and s as they are stored: not corrected.

    Examples
    --------
    >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
    >>> grads = {"dW1": np.array([[4.0]]), "db1": np.array([[0.0]])}
    >>> parameters, v, s = update_parameters_with_adam(parameters, grads, *initialize_adam(parameters), t=1)
    >>> round(parameters["W1"].item(), 6), round(v["dW1"].item(), 6), round(s["dW1"].item(), 6)
    (0.99, 0.4, 0.016)
    """
    names = names_of(parameters)
    d_names = [f"d{name}" for name in names]
    step = whole(t, "t", 1)
    if step >= 2**32:
        raise ValueError(f"t: expected the number of the step, below 2^32, got {t!r}")
    theta, first, second = _core.course_adam(
        flat(parameters, names, "parameters"),
        flat(grads, d_names, "grads"),
        flat(v, d_names, "v"),
        flat(s, d_names, "s"),
        step,
        number(learning_rate, "learning_rate"),
        _share(beta1, "beta1"),
        _share(beta2, "beta2"),
        number(epsilon, "epsilon"),
    )
    put(parameters, names, theta)
    put(v, d_names, first)
    put(s, d_names, second)
    return parameters, v, s


def _share(value: object, name: str) -> float:
    share = number(value, name)
    if not 0 <= share < 1:
        raise ValueError(
            f"{name}: expected a number from 0, below 1, got {value!r}; it is the share of the past that stays"
        )
    return share


def load_dataset() -> tuple[Matrix, Matrix]:
    """Two moons of 300 points.

    Returns
    -------
    train_X, train_Y : arrays (2, 300), (1, 300)

    Examples
    --------
    >>> X, Y = load_dataset()
    >>> X.shape, Y.sum().item()
    ((2, 300), 150.0)
    """
    return _core.points('{"source": "moons", "samples": 300, "noise": 0.2, "seed": 3}')


def model(
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    layers_dims: npt.ArrayLike,
    optimizer: str,
    learning_rate: float = 0.0007,
    mini_batch_size: int = 64,
    beta: float = 0.9,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    num_epochs: int = 10000,
    print_cost: bool = True,
) -> Parameters:
    """Train on mini-batches with one of three rules. The seed of the shuffling is 11 in the first epoch, and one more in each.

    Parameters
    ----------
    X : array (features, m)
    Y : array (1, m)
    layers_dims : list of int
        Inputs, and units of each layer: as many first and last as X and Y have rows.
    optimizer : {"gd", "momentum", "adam"}
    learning_rate : float, default 0.0007
    mini_batch_size : int, default 64
    beta : float, default 0.9
        Of momentum.
    beta1, beta2, epsilon : float, default 0.9, 0.999, 1e-8
        Of Adam.
    num_epochs : int, default 10000
    print_cost : bool, default True
        Print the cost of the last batch every 1000 epochs.

    Returns
    -------
    dict
        The parameters that were learned.

    Examples
    --------
    >>> X, Y = load_dataset()
    >>> parameters = model(X, Y, [2, 5, 2, 1], "adam", print_cost=False)
    >>> _ = predict(X, Y, parameters)
    Accuracy: 0.94
    """
    rules: dict[str, object] = {
        "gd": "gradient-descent",
        "momentum": {"momentum": {"beta": _share(beta, "beta")}},
        "adam": {
            "adam": {
                "beta1": _share(beta1, "beta1"),
                "beta2": _share(beta2, "beta2"),
                "epsilon": number(epsilon, "epsilon"),
            }
        },
    }
    if optimizer not in rules:
        raise ValueError(f'optimizer: expected "gd", "momentum" or "adam", got {optimizer!r}')
    settings = {
        "init": "he",
        "optimizer": rules[optimizer],
        "learning_rate": number(learning_rate, "learning_rate"),
        "batch_size": whole(mini_batch_size, "mini_batch_size", 1),
        "epochs": whole(num_epochs, "num_epochs", 1),
        "seed": {"weights": 3, "dropout": 0, "shuffle": 11},
    }
    return train(X, Y, sizes(layers_dims), settings, 1000, "epoch", print_cost)
