"""Costs on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._style import MUTED, SMALL, axes, color, name_ends

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Curve(NamedTuple):
    """Numbers of epochs; those of rows held out are drawn broken."""

    name: str
    epochs: NDArray[Any]
    values: NDArray[Any]
    is_held_out: bool = False


class Costs(NamedTuple):
    """What there is to draw of a training."""

    curves: list[Curve]
    #: Scores on the rows held out, which have an axis of their own.
    scores: Curve | None = None
    #: The epoch whose parameters are kept, if that is not the last.
    best: int | None = None


def plot_costs(source: Any, *, ax: Axes | None = None, log: bool = False) -> Axes:
    """Draw how the cost fell: of one training, or of several beside one another.

    Parameters
    ----------
    source : estimator, LabReport, sequence of float, or dict of these
        A fitted `MLPClassifier`, `MLPRegressor` (ours or scikit-learn's), `NablabClassifier` or `NablabRegressor`: its losses, those on
        rows held out broken, scores on rows held out on an axis at the right. A lab: the costs of each of its trainings.
        Numbers: those of epoch 1, 2, … A dict has a name for each.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.
    log : bool, default=False
        A logarithmic axis of costs.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> from nablab import plot_costs
    >>> ax = plot_costs({"slow": [0.7, 0.6, 0.5], "fast": [0.7, 0.3, 0.1]})
    >>> [line.get_label() for line in ax.lines]
    ['slow', 'fast']
    """
    ax = axes(ax, "plot_costs")
    several = source if isinstance(source, Mapping) else {"": source}
    if not several:
        raise ValueError("plot_costs: expected at least one training, got an empty dict")
    trainings = [_costs(training, str(name)) for name, training in several.items()]
    curves = [curve for training in trainings for curve in training.curves]
    shades = _shades(trainings)
    for curve in curves:
        style = "--" if curve.is_held_out else "-"
        ax.plot(curve.epochs, curve.values, style, color=shades[id(curve)], label=curve.name, linewidth=1.7)
    if log:
        ax.set_yscale("log")
    elif all(np.nanmin(curve.values, initial=np.inf) >= 0 for curve in curves):
        ax.set_ylim(bottom=0)
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    scored = [training for training in trainings if training.scores is not None]
    if len(trainings) == 1:
        for training in scored:
            _scores(ax, training)
    for training in trainings if len(trainings) == 1 else []:
        if training.best is not None:
            ax.axvline(training.best, color=MUTED, linewidth=1.2, zorder=0)
            ax.annotate(
                f" best epoch: {training.best}",
                (training.best, 1),
                xycoords=("data", "axes fraction"),
                va="top",
                color=MUTED,
                fontsize=SMALL,
            )
    if len(curves) > 1 and not scored:
        name_ends(ax, [_end(curve, shades[id(curve)]) for curve in curves])
    return ax


def _shades(trainings: list[Costs]) -> dict[int, str]:
    """A colour for each training; for each curve where there is only one."""
    if len(trainings) == 1:
        return {id(curve): color(number) for number, curve in enumerate(trainings[0].curves)}
    return {id(curve): color(number) for number, training in enumerate(trainings) for curve in training.curves}


def _end(curve: Curve, shade: str) -> tuple[float, float, str, str]:
    finite = np.flatnonzero(np.isfinite(curve.values))
    last = finite[-1] if len(finite) else -1
    return float(curve.epochs[last]), float(curve.values[last]), curve.name, shade


def _scores(ax: Axes, training: Costs) -> None:
    """The scores on rows held out, on an axis at the right."""
    curve = training.scores
    assert curve is not None
    right = ax.twinx()
    right.spines[["top", "left"]].set_visible(False)
    right.plot(curve.epochs, curve.values, "--", color=color(1), label=curve.name, linewidth=1.7)
    right.set_ylabel(curve.name, color=color(1))
    right.tick_params(axis="y", colors=color(1))
    ax.yaxis.label.set_color(color(0))
    ax.tick_params(axis="y", colors=color(0))


def _costs(training: Any, name: str) -> Costs:
    """What there is to draw of a training with this name."""

    def named(what: str) -> str:
        return f"{name}, {what}" if name else what

    if hasattr(training, "history_"):
        history = training.history_
        curves = [
            Curve(named(what), history["epoch"], history[column], is_held_out)
            for what, column, is_held_out in (("training", "train_loss", False), ("held out", "validation_loss", True))
            if np.isfinite(history[column]).any()
        ]
        kept = training.metrics_.get("best_epoch")
        return Costs(curves, best=kept if kept and kept < training.n_iter_ else None)
    if hasattr(training, "loss_curve_"):
        losses = np.asarray(training.loss_curve_, float)
        scores = getattr(training, "validation_scores_", None)
        held_out = None
        if scores:
            what = "accuracy" if hasattr(training, "classes_") else "R²"
            held_out = Curve(f"{what}, held out", np.arange(1, len(scores) + 1), np.asarray(scores, float), True)
        return Costs([Curve(name or "training", np.arange(1, len(losses) + 1), losses)], held_out)
    if hasattr(training, "curves"):
        return Costs([Curve(named(one), epochs, costs) for one, (epochs, costs) in training.curves.items()])
    if hasattr(training, "fit"):
        raise ValueError(
            f"plot_costs: expected a fitted estimator that keeps its losses, got {training!r}\n"
            "hint: call fit first; solver='lbfgs' keeps no losses"
        )
    values = np.asarray(training)
    if values.ndim != 1 or values.dtype.kind not in "buif":
        raise ValueError(f"plot_costs: expected an estimator, a lab or numbers of epochs, got {type(training).__name__}")
    return Costs([Curve(name or "cost", np.arange(1, len(values) + 1), values.astype(float))])
