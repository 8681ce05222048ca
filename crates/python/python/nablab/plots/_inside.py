"""What is inside a network: a row for each layer, and how its numbers are spread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._network import Network
from ._style import axes, beside_row, color, name_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Parts = dict[str, NDArray[Any]]

#: Bins of a histogram, and how high the highest is; rows are 1 apart.
_BINS, _HEIGHT = 60, 0.8


def plot_weights(model: Any, params: Any = None, *, ax: Axes | None = None) -> Axes:
    """Draw how the weights of each layer are spread.

    Parameters
    ----------
    model : fitted MLPClassifier or MLPRegressor, Network, or dict of arrays
        Whose weights; ours or scikit-learn's. Biases are shown of a dict, where they are asked for by name.
    params : ndarray, default=None
        The flat parameters of a :class:`nablab.Network`.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> from nablab import Network, plot_weights
    >>> net = Network(2, [50, 50])
    >>> ax = plot_weights(net, net.init(seed=0))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['W1', 'W2', 'W3']
    """
    return _rows(axes(ax, "plot_weights"), _weights(_parameters(model, params)), "weight")


def plot_gradients(model: Any, X: Any, y: Any, params: Any = None, *, ax: Axes | None = None) -> Axes:
    """Draw how the gradient of the cost is spread over the weights of each layer: layers that do not learn have narrow rows.

    Parameters
    ----------
    model : Network, or fitted MLPClassifier or MLPRegressor
        Whose gradient, at its parameters by now; of an estimator without dropout, and with its penalty.
    X, y : array-like
        The examples of the cost.
    params : ndarray, default=None
        The flat parameters of a :class:`nablab.Network`.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> import numpy as np
    >>> from nablab import Network, plot_gradients
    >>> net = Network(2, [5])
    >>> ax = plot_gradients(net, np.eye(2), np.array([0, 1]), net.init(seed=0))
    >>> ax.get_xlabel()
    'gradient'
    """
    if isinstance(model, Network):
        gradient = model.parts(model.backward(_given(model, params), X, y))
    elif hasattr(model, "_gradient"):
        gradient = model._gradient(X, y)
    else:
        raise ValueError(f"model: expected a Network or an estimator of nablab, got {type(model).__name__}")
    return _rows(axes(ax, "plot_gradients"), _weights(gradient), "gradient")


def plot_activations(model: Any, X: Any, params: Any = None, *, ax: Axes | None = None) -> Axes:
    """Draw what the units of each hidden layer say of some examples, with the share that is silent.

    Parameters
    ----------
    model : Network, or fitted MLPClassifier or MLPRegressor
        Whose activations.
    X : array-like of shape (m, features)
        The examples.
    params : ndarray, default=None
        The flat parameters of a :class:`nablab.Network`.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> import numpy as np
    >>> from nablab import Network, plot_activations
    >>> net = Network(2, [20, 10])
    >>> ax = plot_activations(net, np.eye(2), net.init(seed=0))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['A1', 'A2']
    """
    if isinstance(model, Network):
        layers = model.forward(_given(model, params), X)
    elif hasattr(model, "_layers"):
        layers = model._layers(X)
    else:
        raise ValueError(f"model: expected a Network or an estimator of nablab, got {type(model).__name__}")
    parts = {f"A{i}": layer for i, layer in enumerate(layers[:-1], 1)}
    silent = {name: f"{np.mean(layer == 0):.0%} are 0" for name, layer in parts.items() if np.any(layer == 0)}
    return _rows(axes(ax, "plot_activations"), parts, "activation", silent)


def _given(network: Network, params: Any) -> Any:
    if params is None:
        raise ValueError("params: a Network has no parameters of its own; give those of `init`, or of `train_many`")
    return params


def _parameters(model: Any, params: Any) -> Parts:
    if isinstance(model, Network):
        return model.parts(_given(model, params))
    if isinstance(model, Mapping):
        return {str(name): np.asarray(part, float) for name, part in model.items()}
    if hasattr(model, "coefs_"):
        return {f"W{i}": weights for i, weights in enumerate(model.coefs_, 1)}
    raise ValueError(
        f"model: expected a fitted MLPClassifier or MLPRegressor, a Network with params, or a dict, got {type(model).__name__}"
    )


def _weights(parts: Parts) -> Parts:
    """The matrices among them; all, where none is named as one."""
    return {name: part for name, part in parts.items() if name.startswith("W")} or parts


def _rows(ax: Axes, parts: Parts, what: str, notes: Mapping[str, str] | None = None) -> Axes:
    """A histogram for each part, the first on top, all over the same axis."""
    values = {name: np.asarray(part, float).ravel() for name, part in parts.items()}
    finite = {name: numbers[np.isfinite(numbers)] for name, numbers in values.items()}
    together = np.concatenate([*finite.values(), np.empty(0)])
    if not len(together):
        raise ValueError(f"{what}: expected at least one finite number, got none")
    low, high = together.min(), together.max()
    edge = 0.02 * (high - low) or max(abs(low), 1.0) * 0.05
    bins = np.linspace(low - edge, high + edge, _BINS + 1)
    for row, (name, numbers) in enumerate(finite.items()):
        base, shade = len(finite) - 1 - row, color(row)
        counts, _ = np.histogram(numbers, bins)
        heights = base + _HEIGHT * counts / max(counts.max(), 1)
        ax.stairs(heights, bins, baseline=base, fill=True, color=shade, alpha=0.35)
        ax.stairs(heights, bins, baseline=base, color=shade, linewidth=1.2, label=name)
        lost = len(values[name]) - len(numbers)
        said = [f"{len(numbers):,} numbers"]
        said += [f"deviation {numbers.std():.2g}"] if len(numbers) else []
        said += [notes[name]] if notes and name in notes else []
        said += [f"{lost} not finite"] if lost else []
        beside_row(ax, base + _HEIGHT / 2, "\n".join(said), shade)
    ax.axvline(0, color="#bbbbc2", linewidth=0.8, zorder=0)
    name_rows(ax, list(finite))
    ax.set_ylim(-0.15, len(finite))
    ax.set_xlabel(what)
    return ax
