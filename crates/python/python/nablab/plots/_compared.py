"""Things side by side: two gradients, several recipes, what is and what is predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .._gradcheck import GradientReport
from .._parts import Parts
from .._population import Population
from ._style import CHOSEN, COUNTS, CYCLE, MUTED, SMALL, axes, beside_row, color, name_rows, shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Entries of a gradient that are named.
_NAMED = 5
#: How far dots stray from the middle of their row; rows are 1 apart.
_SPREAD = 0.22


def plot_gradcheck(report: GradientReport, *, ax: Axes | None = None) -> Axes:
    """Draw each entry of a gradient against what differences of the function say: those that are right lie on the line.

    Parameters
    ----------
    report : GradientReport
        What `gradcheck` found.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> import numpy as np
    >>> from nablab import gradcheck, plot_gradcheck
    >>> report = gradcheck(lambda w: float(w @ w), lambda w: w, np.array([1.0, 2.0]))
    >>> ax = plot_gradcheck(report)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['analytic = numeric', '2 entries wrong']
    """
    ax = axes(ax, "plot_gradcheck")
    flat = Parts(report.numeric)
    numeric, analytic = flat.flat(report.numeric), flat.flat(report.analytic)
    names = np.array(report.names)
    wrong, undecided = np.isin(names, report.wrong), np.isin(names, report.undecided)
    low, high = min(numeric.min(), analytic.min()), max(numeric.max(), analytic.max())
    edge = 0.05 * (high - low) or 0.5
    ends = (low - edge, high + edge)
    ax.plot(ends, ends, color=MUTED, linewidth=1.2, label="analytic = numeric", zorder=1)
    for which, shade, said, size in (
        (~wrong & ~undecided, CYCLE[0], "right", 22),
        (undecided, MUTED, "undecided, at a corner", 30),
        (wrong, CHOSEN, "wrong", 30),
    ):
        if which.any():
            count = int(which.sum())
            label = f"{count} {'entry' if count == 1 else 'entries'} {said}"
            ax.scatter(numeric[which], analytic[which], s=size, color=shade, label=label, zorder=2, alpha=0.8, linewidths=0)
    for place in np.flatnonzero(wrong)[:_NAMED]:
        at = (float(numeric[place]), float(analytic[place]))
        ax.annotate(names[place], at, xytext=(6, -10), textcoords="offset points", color=CHOSEN, fontsize=SMALL)
    ax.set_xlim(ends)
    ax.set_ylim(ends)
    ax.set_xlabel("numeric gradient")
    ax.set_ylabel("analytic gradient")
    ax.set_title("\n".join(report.findings[:2]), fontsize=SMALL, loc="left")
    ax.legend(frameon=False, fontsize=SMALL)
    return ax


def plot_seeds(population: Population, *, ax: Axes | None = None) -> Axes:
    """Draw the last cost of each training, a row for each recipe and a dot for each seed, and say what the paired test makes of it.

    Parameters
    ----------
    population : Population
        What `train_many` trained.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.

    Returns
    -------
    ax : matplotlib Axes
        Beside each row is what the test of :meth:`Population.compared` says.

    Examples
    --------
    >>> import numpy as np
    >>> from nablab import Network, plot_seeds, train_many
    >>> X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    >>> recipes = [{"epochs": 200, "learning_rate": rate} for rate in (0.001, 0.05)]
    >>> ax = plot_seeds(train_many(Network(2, [4]), recipes, X, y, seeds=20))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['learning_rate 0.001', 'learning_rate 0.05']
    """
    ax = axes(ax, "plot_seeds")
    names = population.names
    rows = population.costs_by_recipe
    for row, costs in enumerate(rows):
        base, shade = len(rows) - 1 - row, color(row)
        finite = np.isfinite(costs)
        # The golden ratio spreads dots evenly at any number of them.
        stray = _SPREAD * (2 * ((np.arange(len(costs)) * (np.sqrt(5) - 1) / 2) % 1) - 1)
        ax.scatter(costs[finite], (base + stray)[finite], s=18, color=shade, alpha=0.7, linewidths=0, label=names[row])
        if finite.any():
            median = float(np.median(costs[finite]))
            ax.plot([median, median], [base - 0.36, base + 0.36], color="#333333", linewidth=2.2, zorder=3)
        beside_row(ax, base, _beside(population, row), shade)
    name_rows(ax, [name.replace(", ", ",\n") for name in names])
    ax.set_ylim(-0.5, len(rows) - 0.5)
    too_few = population.compared()[:1] if len(population.seeds) < population.seeds_needed else []
    ax.set_xlabel("\n".join(["cost of the last epoch; a dot is a training, a bar the median", *too_few]))
    return ax


def _beside(population: Population, row: int) -> str:
    """What is said beside the row of a recipe: how it does beside the best, and how many of its trainings diverged."""
    told = []
    if len(population.recipes) > 1 and len(population.seeds) >= population.seeds_needed:
        wins, p, counts = population.beside_the_best(row)
        if row == population.best:
            told.append("lowest median")
        elif p is None:
            told.append("cannot be compared\nwith the lowest")
        else:
            said = "worse than the lowest" if counts else "not shown to be worse"
            told += [said, f"with {wins} of {len(population.seeds)} seeds", f"(p = {p:.2g})"]
    lost = int((~np.isfinite(population.costs_by_recipe[row])).sum())
    if lost:
        told.append(f"{lost} diverged")
    return "\n".join(told)


def plot_confusion(model: Any, X: Any, y: Any, *, ax: Axes | None = None) -> Axes:
    """Draw how many examples of each class are predicted to be of which; colours are shares of the class.

    Parameters
    ----------
    model : classifier
        Any fitted one with `predict`.
    X, y : array-like
        Examples and their classes.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from nablab import MLPClassifier, plot_confusion
    >>> X, y = load_iris(return_X_y=True)
    >>> ax = plot_confusion(MLPClassifier(solver="lbfgs", max_iter=500, random_state=0).fit(X, y), X, y)
    >>> sum(int(text.get_text()) for text in ax.texts)
    150
    """
    if not hasattr(model, "predict"):
        raise ValueError(f"model: expected a fitted classifier, got {type(model).__name__}")
    truth, predicted = np.asarray(y), np.asarray(model.predict(X))
    if truth.ndim != 1 or truth.shape != predicted.shape:
        raise ValueError(f"y: expected a class each, of the shape {predicted.shape}, got {truth.shape}")
    ax = axes(ax, "plot_confusion")
    known = getattr(model, "classes_", [])
    classes = [*known, *sorted({*truth.tolist(), *predicted.tolist()} - set(np.asarray(known).tolist()), key=str)]
    place = {label: i for i, label in enumerate(np.asarray(classes).tolist())}
    counts: NDArray[np.int64] = np.zeros((len(place), len(place)), np.int64)
    np.add.at(counts, ([place[t] for t in truth.tolist()], [place[p] for p in predicted.tolist()]), 1)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap=shades(*COUNTS), vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        ink = "white" if share[row, column] > 0.55 else "#222222"
        ax.text(column, row, str(count), ha="center", va="center", color=ink, fontsize=SMALL if len(place) > 8 else None)
    labels = [str(label) for label in place]
    ax.set_xticks(range(len(labels)), labels)
    if max(map(len, labels)) > 6:
        ax.tick_params(axis="x", labelrotation=45)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel(f"predicted ({np.trace(counts) / max(counts.sum(), 1):.1%} right)")
    ax.set_ylabel("true class")
    return ax
