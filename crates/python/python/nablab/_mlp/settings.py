"""scikit-learn's names for what a training is, as the engine's settings."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from operator import index
from typing import Any

from sklearn.utils._param_validation import Interval, StrOptions

Choice = str | dict[str, Any]

#: scikit-learn's activations, by the engine's names.
ACTIVATIONS: dict[str, Choice] = {
    "identity": "identity",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
}

#: Rules that scikit-learn lacks, with the engine's defaults. A dictionary says the numbers: ``{"rms-prop": {"rho": 0.95}}``.
RULES = ("gradient-descent", "momentum", "nesterov", "heavy-ball", "rms-prop", "adam-w")

#: Ways to draw the first weights.
INITIALIZERS = {
    "zeros", "he", "he-uniform", "xavier", "xavier-uniform", "lecun", "lecun-uniform"
}

#: Rules that scikit-learn has.
SCIKIT_LEARN_SOLVERS = ("lbfgs", "sgd", "adam")

#: Rates that scikit-learn changes by itself, beside a constant one.
SCIKIT_LEARN_RATES = ("constant", "invscaling", "adaptive")


#: Constraints of the parameters that scikit-learn's estimators lack.
CONSTRAINTS: dict[str, list[Any]] = {
    "activation": [StrOptions({*ACTIVATIONS, "sigmoid", "leaky-relu"}), dict],
    "solver": [StrOptions({*SCIKIT_LEARN_SOLVERS, *RULES}), dict],
    "learning_rate": [StrOptions({*SCIKIT_LEARN_RATES, "cosine"}), dict],
    "dropout": [Interval(Real, 0, 1, closed="left"), list, tuple],
    "batch_norm": ["boolean", list, tuple],
    "initializer": [StrOptions(INITIALIZERS), dict, None],
    "l1": [Interval(Real, 0, None, closed="left")],
    "clip_norm": [Interval(Real, 0, None, closed="neither"), None],
    "verbose": ["verbose", StrOptions({"bar"})],
    "diagnostics": ["boolean"],
    "callbacks": [callable, list, tuple, None],
    "threads": [Interval(Integral, 1, None, closed="left"), None],
}


def hidden_units(sizes: Any) -> list[int]:
    """The units of each hidden layer, of ``hidden_layer_sizes``: a number or a sequence of them."""
    try:
        hidden = [index(units) for units in (sizes if hasattr(sizes, "__iter__") else [sizes])]
    except TypeError as error:
        raise TypeError(f"hidden_layer_sizes must be whole numbers, got {sizes!r}.") from error
    if any(units <= 0 for units in hidden):
        raise ValueError(f"hidden_layer_sizes must be > 0, got {hidden}.")
    return hidden


def per_layer(value: Any, layers: int, name: str) -> list[Any]:
    """One value for each hidden layer, of one for all or of as many as there are layers."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return [value] * layers
    if len(value) != layers:
        raise ValueError(
            f"{name}: expected one value, or {layers} (one for each hidden layer), got {len(value)}"
        )
    return list(value)


def optimizer(estimator: Any) -> Choice:
    """The update rule: scikit-learn's three with its formulas, or any of the engine's."""
    match estimator.solver:
        case "sgd":
            return {
                "heavy-ball": {
                    "beta": float(estimator.momentum),
                    "nesterov": bool(estimator.nesterovs_momentum),
                }
            }
        case "adam":
            return {
                "adam": {
                    "beta1": float(estimator.beta_1),
                    "beta2": float(estimator.beta_2),
                    "epsilon": float(estimator.epsilon),
                    "form": "epsilon-hat",
                }
            }
        case "lbfgs":
            return "gradient-descent"  # SciPy has the rule; the engine only computes cost and gradient.
        case str(name):
            return name
        case other:
            return dict(other)


def hidden_layers(estimator: Any, units: list[int]) -> list[dict[str, Any]]:
    """The hidden layers of an estimator, of so many units each."""
    dropout = per_layer(estimator.dropout, len(units), "dropout")
    normalised = per_layer(estimator.batch_norm, len(units), "batch_norm")
    activation = ACTIVATIONS.get(estimator.activation) if isinstance(estimator.activation, str) else None
    return [
        {"units": n, "activation": activation or estimator.activation, "dropout": float(p), "batch_norm": bool(norm)}
        for n, p, norm in zip(units, dropout, normalised)
    ]


def engine_settings(estimator: Any, hidden: list[int], loss: str, batch_size: int | None) -> dict[str, Any]:
    """What the engine is to do for an estimator with hidden layers of these sizes."""
    rate = estimator.learning_rate
    settings: dict[str, Any] = {
        "hidden": hidden_layers(estimator, hidden),
        "loss": loss,
        "init": estimator.initializer or "zeros",
        "penalty": {"l2": float(estimator.alpha), "l1": float(estimator.l1)},
        "optimizer": optimizer(estimator),
        "learning_rate": float(estimator.learning_rate_init),
        "schedule": "constant" if rate in SCIKIT_LEARN_RATES else rate,
        "batch_mean": "of-batch",
        "epochs": int(estimator.max_iter),
    }
    if estimator.clip_norm is not None:
        settings["clip"] = {"norm": {"max": float(estimator.clip_norm)}}
    if batch_size is not None:
        settings["batch_size"] = int(batch_size)
    return settings
