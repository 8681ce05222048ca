"""The assignment on initialisation: what the first weights do to learning.

>>> parameters = initialize_parameters_he([2, 4, 1])
>>> parameters["W1"].shape, round(parameters["W1"][0, 0].item(), 8)
((4, 2), 1.78862847)
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .. import _core
from ._arrays import Matrix, Parameters, drawn, matrix, number, sizes, whole
from ._network import (
    backward_propagation,
    forward_propagation,
    predict,
    predict_dec,
    relu,
    sigmoid,
    update_parameters,
)
from ._network import (
    compute_cost as compute_loss,
)
from ._training import train

__all__ = [
    "backward_propagation",
    "compute_loss",
    "forward_propagation",
    "initialize_parameters_he",
    "initialize_parameters_random",
    "initialize_parameters_zeros",
    "load_dataset",
    "model",
    "predict",
    "predict_dec",
    "relu",
    "sigmoid",
    "update_parameters",
]


def initialize_parameters_zeros(layers_dims: npt.ArrayLike) -> Parameters:
    """All weights and biases 0, so that all units of a layer stay the same.

    Parameters
    ----------
    layers_dims : list of int
        Inputs, and units of each layer.

    Returns
    -------
    dict
        ``W1`` (layers_dims[1], layers_dims[0]), ``b1`` (layers_dims[1], 1), and so on.

    Examples
    --------
    >>> initialize_parameters_zeros([2, 1])
    {'W1': array([[0., 0.]]), 'b1': array([[0.]])}
    """
    units = sizes(layers_dims)
    return drawn(units, lambda rows, cols: np.zeros((rows, cols)))


def initialize_parameters_random(layers_dims: npt.ArrayLike) -> Parameters:
    """Weights ten times a standard normal number, biases 0. Seeds ``np.random`` with 3.

    Parameters
    ----------
    layers_dims : list of int
        Inputs, and units of each layer.

    Returns
    -------
    dict
        ``W1`` (layers_dims[1], layers_dims[0]), ``b1`` (layers_dims[1], 1), and so on.

    Examples
    --------
    >>> initialize_parameters_random([2, 1])["W1"].round(4).tolist()
    [[17.8863, 4.3651]]
    """
    units = sizes(layers_dims)
    np.random.seed(3)
    return drawn(units, lambda rows, cols: np.random.randn(rows, cols) * 10)


def initialize_parameters_he(layers_dims: npt.ArrayLike) -> Parameters:
    """Weights of variance 2 / n_in (He et al. 2015), biases 0. Seeds ``np.random`` with 3.

    Parameters
    ----------
    layers_dims : list of int
        Inputs, and units of each layer.

    Returns
    -------
    dict
        ``W1`` (layers_dims[1], layers_dims[0]), ``b1`` (layers_dims[1], 1), and so on.

    Examples
    --------
    >>> initialize_parameters_he([8, 1])["W1"].round(4)[0, :2].tolist()
    [0.8943, 0.2183]
    """
    units = sizes(layers_dims)
    np.random.seed(3)
    return drawn(units, lambda rows, cols: np.random.randn(rows, cols) * np.sqrt(2.0 / cols))


def load_dataset() -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Two noisy circles: 300 points to learn from, 100 to judge on.

    Returns
    -------
    train_X, train_Y, test_X, test_Y : arrays (2, 300), (1, 300), (2, 100), (1, 100)

    Examples
    --------
    >>> [part.shape for part in load_dataset()]
    [(2, 300), (1, 300), (2, 100), (1, 100)]
    """
    circles = '{{"source": "circles", "samples": {}, "noise": 0.05, "seed": {}}}'
    return (*_core.points(circles.format(300, 1)), *_core.points(circles.format(100, 2)))


INITIALIZERS = {"zeros": "zeros", "random": {"normal": {"scale": 10.0}}, "he": "he"}


def model(
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    learning_rate: float = 0.01,
    num_iterations: int = 15000,
    print_cost: bool = True,
    initialization: str = "he",
) -> Parameters:
    """Train a network of 10 and 5 hidden units by gradient descent on all examples.

    Parameters
    ----------
    X : array (features, m)
    Y : array (1, m)
    learning_rate : float, default 0.01
    num_iterations : int, default 15000
    print_cost : bool, default True
        Print the cost every 1000 iterations.
    initialization : {"he", "random", "zeros"}, default "he"

    Returns
    -------
    dict
        The parameters that were learned.

    Examples
    --------
    >>> train_X, train_Y, test_X, test_Y = load_dataset()
    >>> parameters = model(train_X, train_Y, print_cost=False)
    >>> _ = predict(test_X, test_Y, parameters)
    Accuracy: 0.96
    """
    if initialization not in INITIALIZERS:
        raise ValueError(f'initialization: expected "zeros", "random" or "he", got {initialization!r}')
    settings = {
        "init": INITIALIZERS[initialization],
        "optimizer": "gradient-descent",
        "learning_rate": number(learning_rate, "learning_rate"),
        "epochs": whole(num_iterations, "num_iterations", 1),
        "seed": {"weights": 3, "dropout": 0, "shuffle": 0},
    }
    return train(X, Y, [len(matrix(X, "X")), 10, 5, 1], settings, 1000, "iteration", print_cost)
