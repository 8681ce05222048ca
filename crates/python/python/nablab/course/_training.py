"""The trainings of the assignments' ``model`` functions, by the engine."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from .. import _core
from ._arrays import Parameters, matrix, put, sizes


def train(
    X: object, Y: object, layers_dims: object, settings: dict[str, Any], every: int, unit: str, print_cost: bool
) -> Parameters:
    """Train by the engine as the course's notebooks do, and print the cost every so many epochs.

    Parameters
    ----------
    settings : dict
        Of the engine's recipe, all but the hidden layers' sizes.
    unit : str
        What an epoch is called.
    """
    x, y, units = matrix(X, "X"), matrix(Y, "Y"), sizes(layers_dims)
    if units[0] != x.shape[0] or units[-1] != y.shape[0]:
        raise ValueError(
            f"layers_dims: expected {x.shape[0]} first and {y.shape[0]} last, as many as X and Y have rows, got {units}"
        )

    def report(epoch: int, cost: float) -> None:
        if print_cost:
            print(f"Cost after {unit} {epoch}: {cost}")

    dropout = settings.pop("dropout", 0.0)
    recipe = {
        "hidden": [{"units": count, "dropout": dropout} for count in units[1:-1]],
        "loss": "sigmoid-cross-entropy-direct",
        "precision": "f64",
        **settings,
    }
    trained = _core.course_train(json.dumps(recipe), x, y, every, report)
    parameters = {
        name: np.empty((rows, cols if name[0] == "W" else 1))
        for n, (cols, rows) in enumerate(zip(units, units[1:]), 1)
        for name in (f"W{n}", f"b{n}")
    }
    put(parameters, list(parameters), trained)
    return parameters
