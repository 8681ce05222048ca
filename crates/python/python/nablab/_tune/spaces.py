"""What is searched where nobody says what."""

from __future__ import annotations

from typing import Any

from sklearn.neural_network import MLPClassifier as ScikitLearnClassifier
from sklearn.neural_network import MLPRegressor as ScikitLearnRegressor
from sklearn.pipeline import Pipeline

from .._mlp import MLPClassifier, MLPRegressor
from .._tables import NablabClassifier, NablabRegressor
from ..study import Integer, Real

#: One to three layers, from 16 to 256 units.
_LAYERS = [(units,) * layers for layers in (1, 2, 3) for units in (16, 32, 64, 128, 256)]
#: As `nablab tune` has them (docs/defaults.md).
_RATE, _BATCH, _DROPOUT = Real(1e-4, 3e-2, log=True), Integer(16, 128, log=True), Real(0.0, 0.5)


def default_space(estimator: Any) -> dict[str, Any]:
    """The space of an estimator of ours, of scikit-learn's perceptrons, or of a pipeline that ends with one.

    Raises
    ------
    ValueError
        For any other estimator.
    """
    if isinstance(estimator, Pipeline):
        name, last = estimator.steps[-1]
        return {f"{name}__{parameter}": domain for parameter, domain in default_space(last).items()}
    if isinstance(estimator, (NablabClassifier, NablabRegressor)):
        searched: dict[str, Any] = {
            "hidden": _LAYERS,
            "learning_rate": _RATE,
            "schedule": ["constant", "cosine"],
            "batch_size": _BATCH,
            "dropout": _DROPOUT,
            "l2": Real(1e-6, 1e-1, log=True),
        }
        # It searches the length of its steps, over all rows and without dropout.
        if estimator.optimizer == "l-bfgs":
            searched = {name: searched[name] for name in ("hidden", "l2")}
    elif isinstance(estimator, (ScikitLearnClassifier, ScikitLearnRegressor)):
        searched = {
            "hidden_layer_sizes": _LAYERS,
            "learning_rate_init": _RATE,
            "alpha": Real(1e-6, 1e1, log=True),
        }
        if isinstance(estimator, (MLPClassifier, MLPRegressor)):
            searched["dropout"] = _DROPOUT
        if estimator.solver == "lbfgs":
            searched = {name: searched[name] for name in ("hidden_layer_sizes", "alpha")}
    else:
        raise ValueError(
            f"space: expected what is to be searched of {type(estimator).__name__}, got None\n"
            'hint: such as {"alpha": nablab.study.Real(1e-6, 1.0, log=True)}; get_params() has the names'
        )
    return searched
