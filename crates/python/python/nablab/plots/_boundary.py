"""What a classifier of two features says everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ._style import CLASSES, MARKERS, PROBABILITY, axes, color, lighter, shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How far the picture goes beyond the points, in shares of their extent.
_MARGIN = 0.1


def plot_boundary(
    model: Any,
    X: Any,
    y: Any,
    *,
    ax: Axes | None = None,
    resolution: int = 200,
    colorbar: bool = True,
) -> Axes:
    """Draw what a classifier of two features says everywhere around some points, the points, and rings around its mistakes.

    Parameters
    ----------
    model : estimator or callable
        Any fitted classifier with `predict`, and `predict_proba` where it has probabilities; or a function from rows (m, 2) to
        probabilities of the second of two classes, (m,) or (m, 1), or of all classes, (m, k), which count from 0 then.
    X : array-like or DataFrame of shape (m, 2)
        The points.
    y : array-like of shape (m,)
        Their classes.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.
    resolution : int, default=200
        Points of the grid along each side.
    colorbar : bool, default=True
        Of two classes: say which colour is which probability.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> import numpy as np
    >>> from nablab import plot_boundary
    >>> X = np.array([[-1.0, 0.0], [-0.5, 1.0], [0.5, 0.0], [1.0, 1.0]])
    >>> ax = plot_boundary(lambda X: 1 / (1 + np.exp(-4 * X[:, 0])), X, np.array([0, 1, 1, 1]))
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['0', '1', '1 of 4 wrong']
    """
    ax = axes(ax, "plot_boundary")
    points, names = _points(X)
    y = np.asarray(y)
    if y.shape != (len(points),):
        raise ValueError(f"y: expected the shape ({len(points)},), got {y.shape}")
    asked = _Asked(model, X, y)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.where(high > low, _MARGIN * (high - low), 0.5)
    sides = [np.linspace(low[i] - margin[i], high[i] + margin[i], resolution) for i in (0, 1)]
    across, up = np.meshgrid(*sides)
    grid = np.column_stack([across.ravel(), up.ravel()])
    predicted, shares = asked.of(grid)
    k = len(asked.classes)
    regions = np.searchsorted(asked.classes, predicted).reshape(across.shape)
    if k == 2 and shares is not None:
        probability = shares[:, 1].reshape(across.shape)
        colors = shades(*PROBABILITY)
        map_ = ax.pcolormesh(across, up, probability, cmap=colors, vmin=0, vmax=1, shading="auto", rasterized=True)
        if colorbar:
            ax.figure.colorbar(map_, ax=ax, label=f"probability of {asked.classes[1]}")
    else:
        from matplotlib.colors import ListedColormap

        light = ListedColormap([lighter(color(i, CLASSES)) for i in range(k)])
        ax.pcolormesh(across, up, regions, cmap=light, vmin=-0.5, vmax=k - 0.5, shading="auto", rasterized=True)
    for i in range(1 if k == 2 else 0, k):
        if 0 < (regions == i).sum() < regions.size:
            lead = _lead(regions == i, shares, i).reshape(across.shape)
            ax.contour(across, up, lead, levels=[0.0], colors="#222222", linewidths=1.5)
    for i, label in enumerate(asked.classes):
        of = points[y == label]
        ax.scatter(
            of[:, 0], of[:, 1], s=26, color=color(i, CLASSES), marker=MARKERS[i % len(MARKERS)],
            edgecolors="white", linewidths=0.7, label=str(label), zorder=3,
        )  # fmt: skip
    wrong = points[asked.of(points)[0] != y]
    said = f"{len(wrong)} of {len(points)} wrong" if len(wrong) else "none wrong"
    ax.scatter(
        wrong[:, 0], wrong[:, 1], s=90, facecolors="none", edgecolors="#111111", linewidths=1.4, label=said, zorder=4
    )
    ax.set_xlabel(names[0])
    ax.set_ylabel(names[1])
    ax.set_xlim(sides[0][0], sides[0][-1])
    ax.set_ylim(sides[1][0], sides[1][-1])
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.13), ncols=min(len(asked.classes), 6) + 1, frameon=False)
    return ax


def _points(X: Any) -> tuple[NDArray[np.float64], list[str]]:
    columns = getattr(X, "columns", None)
    points = np.asarray(X, float)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"X: expected two columns, which span a plane, got the shape {points.shape}")
    if not len(points) or not np.isfinite(points).all():
        raise ValueError("X: expected at least one point, and finite numbers")
    return points, ["feature 0", "feature 1"] if columns is None else [str(name) for name in columns]


def _lead(is_predicted: NDArray[np.bool_], shares: NDArray[np.float64] | None, i: int) -> NDArray[np.float64]:
    """Something smooth that is above 0 exactly where class i is predicted; a step where no probabilities say so."""
    inside = is_predicted.ravel()
    if shares is not None:
        lead = shares[:, i] - np.delete(shares, i, axis=1).max(axis=1)
        # A class may be predicted from another probability on than that of the others.
        least, most = lead[inside].min(), lead[~inside].max()
        if least >= most:
            return lead - (least + most) / 2
    return np.where(inside, 0.5, -0.5)


class _Asked:
    """A classifier and its classes, asked in the form that it was trained with."""

    def __init__(self, model: Any, X: Any, y: NDArray[Any]) -> None:
        self._model, self._like = model, X
        self._is_function = not hasattr(model, "predict")
        if self._is_function and not callable(model):
            raise ValueError(f"model: expected a fitted classifier or a function, got {type(model).__name__}")
        known = getattr(model, "classes_", None)
        self.classes: NDArray[Any] = np.unique(y) if known is None else np.asarray(known)
        if known is None and self._is_function:
            shares = np.asarray(self._ask(np.asarray(X, float)[:1]))
            k = 2 if shares.ndim == 1 or shares.shape[1] == 1 else shares.shape[1]
            self.classes = np.arange(k)
        unknown = set(y.tolist()) - set(self.classes.tolist())
        if unknown:
            raise ValueError(f"y: expected the classes {self.classes.tolist()}, got {sorted(unknown, key=str)[0]!r}, too")

    def _ask(self, points: NDArray[np.float64], how: str = "") -> Any:
        columns = getattr(self._like, "columns", None)
        rows = points if columns is None else type(self._like)({name: points[:, i] for i, name in enumerate(columns)})
        return getattr(self._model, how)(rows) if how else self._model(rows)

    def of(self, points: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[np.float64] | None]:
        """The class that is predicted of each point, and the probabilities of all classes, where there are some."""
        if self._is_function:
            shares = np.asarray(self._ask(points), float).reshape(len(points), -1)
            if shares.shape[1] == 1:
                shares = np.hstack([1 - shares, shares])
            return self.classes[shares.argmax(axis=1)], shares
        predicted = np.asarray(self._ask(points, "predict"))
        if not hasattr(self._model, "predict_proba"):
            return predicted, None
        return predicted, np.asarray(self._ask(points, "predict_proba"), float)
