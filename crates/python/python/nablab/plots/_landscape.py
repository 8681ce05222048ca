"""Maps of landscapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .._landscape import Surface, Trainability
from ._style import axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Of ways over a map, on all of whose shades they are seen.
_OVER_MAP = ("#ff4136", "#000000", "#ff9ff3", "#7fdbff", "#b35900")


def plot_landscape(seen: Trainability | Surface, *, ax: Axes | None = None, colorbar: bool = True) -> Axes:
    """Draw a landscape: the loss at each point of the plane, grey where the training diverged, and the ways over a surface.

    Parameters
    ----------
    seen : Trainability or Surface
        What `trainability` or `surface` found.
    ax : matplotlib Axes, default=None
        Where to draw; None makes a figure.
    colorbar : bool, default=True
        Say which colour is which loss.

    Returns
    -------
    ax : matplotlib Axes

    Examples
    --------
    >>> from nablab import Network, data, plot_landscape, trainability
    >>> X, y = data.circles(60, noise=0.05, seed=1)
    >>> seen = trainability(Network(2, [5]), {"epochs": 20, "optimizer": "gradient-descent"}, X, y, size=4)
    >>> plot_landscape(seen).get_xlabel()
    'learning_rate'
    """
    ax = axes(ax, "plot_landscape")
    from matplotlib.colors import LogNorm

    is_surface = isinstance(seen, Surface)
    across, up = (seen.a, seen.b) if isinstance(seen, Surface) else (seen.x, seen.y)
    finite = seen.loss[np.isfinite(seen.loss) & (seen.loss > 0)]
    if not finite.size:
        raise ValueError("plot_landscape: every training diverged; choose lower ranges")
    # Beyond ten times what knowing nothing costs all is equally bad.
    high = finite.max() if isinstance(seen, Surface) else min(finite.max(), 20 * seen.reach)
    low = min(max(finite.min(), high * 1e-6), high / 1.001)
    ax.set_facecolor("#6e6e72")
    map_ = ax.pcolormesh(
        across, up, np.ma.masked_invalid(seen.loss), norm=LogNorm(low, high), cmap="viridis", shading="nearest", rasterized=True
    )
    if isinstance(seen, Surface):
        for number, (name, way) in enumerate(seen.ways.items()):
            shade = _OVER_MAP[number % len(_OVER_MAP)]
            ax.plot(way.points[:, 0], way.points[:, 1], color=shade, linewidth=1.6, label=name)
            ax.plot(*way.points[-1], "o", color=shade, markersize=5, markeredgecolor="white", label="_end")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.13), ncols=len(seen.ways), frameon=False)
        ax.set_xlabel("first direction")
        ax.set_ylabel("second direction")
    else:
        for name, values, scale in ((seen.names[0], seen.x, ax.set_xscale), (seen.names[1], seen.y, ax.set_yscale)):
            steps = np.diff(values)
            if (values > 0).all() and not np.allclose(steps, steps[0]):
                scale("log")
        ax.set_xlabel(seen.names[0])
        ax.set_ylabel(seen.names[1])
    if colorbar:
        ax.figure.colorbar(map_, ax=ax, label="loss" if is_surface else "loss at the end (grey: diverged)")
    return ax
