"""Landscapes: what becomes of a network everywhere on a plane, of two settings of its training or two directions of its weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._network import Network, Settings, rows, targets
from ._page import Words
from ._progress import counted
from ._threads import threads_for

Array = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Trainability:
    """A training for each point of a plane of two settings; row i, column j of an array is `y[i]`, `x[j]`.

    Attributes
    ----------
    names : (str, str)
        The settings along x and y.
    x, y : ndarray of shape (size,)
        Their values.
    loss : ndarray of shape (size, size)
        Loss at the end; not a number where the training diverged.
    reached, diverged : ndarray of shape (size, size)
        Steps until the loss `reach` was reached, and the step at which it diverged; not a number where neither happened.
    reach : float
        The loss to be reached.
    trainings : int
        Trainings made. Where nothing was refined, neighbours hold the same one.
    text : str
        How much of the plane learns, and where the loss is lowest.
    """

    names: tuple[str, str]
    x: Array
    y: Array
    loss: Array
    reached: Array
    diverged: Array
    reach: float
    trainings: int
    text: str

    def __repr__(self) -> str:
        return f"Trainability({self.names[0]} × {self.names[1]}, {self.trainings} trainings)"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return Words(self.text)._repr_html_()


@dataclass(frozen=True)
class Way:
    """The way of a training over a surface.

    Attributes
    ----------
    points : ndarray of shape (k, 2)
        Where it is in the plane, from its start on.
    loss, epochs : ndarray of shape (k,)
        The loss there, and the epochs done.
    """

    points: Array
    loss: Array
    epochs: NDArray[np.int64]


@dataclass(frozen=True, repr=False)
class Surface:
    """The loss over two directions of the weights, around the end of the first of some trainings.

    Attributes
    ----------
    a, b : ndarray of shape (size,)
        How far along either direction.
    loss : ndarray of shape (size, size)
        Row i, column j is `b[i]`, `a[j]`.
    ways : dict of Way
        The trainings by their names.
    explained : float
        Share of the ways' extent that lies in the plane, from 0 to 1.
    text : str
        What it shows.
    """

    a: Array
    b: Array
    loss: Array
    ways: dict[str, Way] = field(repr=False)
    explained: float
    text: str

    def __repr__(self) -> str:
        return f"Surface({len(self.a)} × {len(self.b)}, {', '.join(self.ways)})"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return Words(self.text)._repr_html_()


def trainability(
    network: Network,
    recipe: Settings,
    X: Any,
    y: Any,
    *,
    knobs: tuple[str, str] = ("learning_rate=1e-3..100", "init.normal.scale=0.01..100"),
    size: int = 32,
    refine: int = 0,
    reach: float | None = None,
    threads: int | None = None,
    verbose: bool | str = False,
) -> Trainability:
    """Train a network for each point of a plane of two settings: where it learns, where it does not, where it diverges.

    Parameters
    ----------
    network : Network
        What to train.
    recipe : dict
        How, as for :func:`nablab.train_many`.
    X : array-like of shape (m, inputs)
    y : array-like of shape (m,) or (m, outputs)
    knobs : (str, str)
        The settings along x and y, each `NAME=LOW..HIGH`: any number of a recipe, such as `learning_rate`,
        `init.normal.scale`, `hidden[0].units`, `penalty.l2`, `seed`.
    size : int, default=32
        Points along each side.
    refine : int, default=0
        How often cells at the border between what learns and what does not are cut into four.
    reach : float, default=None
        The loss to be reached; None: half of that of a network that gives every example the same chances.
    threads : int, default=None
        None: `OMP_NUM_THREADS`, or one for each core.
    verbose : bool or 'bar', default=False
        How far it is: True in a line now and then, 'bar' on a bar.

    Returns
    -------
    Trainability

    Examples
    --------
    >>> from nablab import Network, data, trainability
    >>> X, y = data.circles(60, noise=0.05, seed=1)
    >>> seen = trainability(Network(2, [5]), {"epochs": 20, "optimizer": "gradient-descent"}, X, y, size=4)
    >>> seen.loss.shape, seen.trainings
    ((4, 4), 16)
    """
    X = rows(X)
    if not isinstance(recipe, Mapping):
        raise ValueError(f"recipe: expected a dict of settings, got {type(recipe).__name__}")
    _check_size(size)
    if refine < 0:
        raise ValueError(f"refine: expected 0 or more, got {refine}")
    names = tuple(knob.split("=")[0] for knob in knobs)
    settings = {**network.settings, **recipe}
    if any(name.startswith("init.normal") for name in names) and network.settings["init"] == "he":
        settings["init"] = {"normal": {"scale": 1.0}}
    targets_ = targets(y, network.outputs, network.settings, X)
    with counted(verbose, "landscape") as told:
        seen = _core.trainability_of(
            json.dumps(settings), X, targets_, knobs, size, refine, reach, threads_for(threads), told
        )
    shape = (seen["size"], seen["size"])
    square = {name: np.reshape(seen[name], shape) for name in ("loss", "reached", "diverged")}
    return Trainability(
        (names[0], names[1]), np.array(seen["x"]), np.array(seen["y"]), **square,
        reach=seen["reach"], trainings=seen["trainings"], text=seen["text"],
    )  # fmt: skip


def surface(
    network: Network,
    recipes: Mapping[str, Settings],
    X: Any,
    y: Any,
    *,
    directions: str = "path",
    size: int = 32,
    threads: int | None = None,
    verbose: bool | str = False,
) -> Surface:
    """Train by each of some recipes, and look at the loss over two directions of the weights around the end of the first.

    Parameters
    ----------
    network : Network
        What to train.
    recipes : dict of dict
        How, by name: `{"adam": {"epochs": 100, "learning_rate": 0.01}, …}`.
    X : array-like of shape (m, inputs)
    y : array-like of shape (m,) or (m, outputs)
    directions : {'path', 'random'}, default='path'
        The two in which the ways go farthest, or random ones as long as the weights of each unit.
    size : int, default=32
        Points along each side.
    threads : int, default=None
        None: `OMP_NUM_THREADS`, or one for each core.
    verbose : bool or 'bar', default=False
        How far it is: True in a line now and then, 'bar' on a bar.

    Returns
    -------
    Surface

    Examples
    --------
    >>> from nablab import Network, data, surface
    >>> X, y = data.circles(60, noise=0.05, seed=1)
    >>> recipes = {rule: {"epochs": 30, "learning_rate": 0.05, "optimizer": rule} for rule in ("adam", "momentum")}
    >>> seen = surface(Network(2, [5]), recipes, X, y, size=8)
    >>> seen.loss.shape, list(seen.ways)
    ((8, 8), ['adam', 'momentum'])
    """
    X = rows(X)
    _check_size(size)
    if not recipes:
        raise ValueError("recipes: expected at least one, got an empty dict")
    settings = [(str(name), json.dumps({**network.settings, **recipe})) for name, recipe in recipes.items()]
    targets_ = targets(y, network.outputs, network.settings, X)
    with counted(verbose, "landscape") as told:
        seen = _core.surface_of(settings, X, targets_, directions, size, threads_for(threads), told)
    ways = {
        name: Way(np.array(points), np.array(losses), np.array(epochs)) for name, points, losses, epochs in seen["paths"]
    }
    loss = np.reshape(seen["loss"], (size, size))
    a, b = _middles(seen["a"], size), _middles(seen["b"], size)
    return Surface(a, b, loss, ways, seen["explained"], seen["text"])


def _check_size(size: int) -> None:
    if not 2 <= size <= 2048:
        raise ValueError(f"size: expected a whole number from 2 to 2048, got {size}")


def _middles(ends: tuple[float, float], size: int) -> Array:
    """The middles of so many cells."""
    low, high = ends
    return low + (np.arange(size) + 0.5) / size * (high - low)
