"""The laboratory for training dense neural networks.

>>> from nablab import MLPClassifier
>>> MLPClassifier((8,), dropout=0.2)
MLPClassifier(dropout=0.2, hidden_layer_sizes=(8,))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._core import VERSION as __version__

if TYPE_CHECKING:
    from . import course as course
    from . import data as data
    from . import labs as labs
    from . import plots as plots
    from . import study as study
    from ._gradcheck import GradientReport, gradcheck
    from ._landscape import Surface, Trainability, surface, trainability
    from ._mlp import MLPClassifier, MLPRegressor
    from ._network import Network, Optimizer
    from ._population import Population, train_many
    from ._tables import NablabClassifier, NablabRegressor
    from ._tune import TuneSearchCV, tune
    from .plots import (
        plot_activations,
        plot_boundary,
        plot_confusion,
        plot_costs,
        plot_gradcheck,
        plot_gradients,
        plot_landscape,
        plot_seeds,
        plot_weights,
    )

__all__ = [
    "GradientReport",
    "MLPClassifier",
    "MLPRegressor",
    "NablabClassifier",
    "NablabRegressor",
    "Network",
    "Optimizer",
    "Population",
    "Surface",
    "Trainability",
    "TuneSearchCV",
    "__version__",
    "course",
    "data",
    "gradcheck",
    "labs",
    "plot_activations",
    "plot_boundary",
    "plot_confusion",
    "plot_costs",
    "plot_gradcheck",
    "plot_gradients",
    "plot_landscape",
    "plot_seeds",
    "plot_weights",
    "plots",
    "study",
    "surface",
    "train_many",
    "trainability",
    "tune",
]

#: Parts of the package that are imported when they are first used.
_PARTS = ("course", "data", "labs", "plots", "study")

#: Where each name is, which is imported when it is first used: estimators bring scikit-learn.
_PLACES = {
    "GradientReport": "_gradcheck",
    "MLPClassifier": "_mlp",
    "MLPRegressor": "_mlp",
    "NablabClassifier": "_tables",
    "NablabRegressor": "_tables",
    "Network": "_network",
    "Optimizer": "_network",
    "Population": "_population",
    "TuneSearchCV": "_tune",
    "gradcheck": "_gradcheck",
    "plot_activations": "plots",
    "plot_boundary": "plots",
    "plot_confusion": "plots",
    "plot_costs": "plots",
    "plot_gradcheck": "plots",
    "plot_gradients": "plots",
    "plot_landscape": "plots",
    "surface": "_landscape",
    "trainability": "_landscape",
    "Surface": "_landscape",
    "Trainability": "_landscape",
    "plot_seeds": "plots",
    "plot_weights": "plots",
    "train_many": "_population",
    "tune": "_tune",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES and name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name in _PARTS:
        return import_module(f".{name}", __name__)

    try:
        module = import_module(f".{_PLACES[name]}", __name__)
    except ModuleNotFoundError as error:
        if error.name in ("sklearn", "scipy"):
            raise ImportError(f"nablab.{name} needs scikit-learn: pip install 'nablab[sklearn]'") from error
        raise
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES, *_PARTS})
