"""How all figures look, in one place: the colours, markers and sizes of the reports' figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

#: Curves side by side: after Okabe and Ito, in shades that are seen on white and on black.
CYCLE = ("#0072b2", "#d55e00", "#00a37a", "#cc6fa8", "#805800", "#56a8e0")
#: What stands out among many.
CHOSEN = CYCLE[1]
#: What stays behind others.
MUTED = "#9a9aa4"
#: Points of class 0, 1, 2, …: red and blue first, as in the course, in shades that people who confuse red and green tell apart.
CLASSES = ("#b2182b", "#2166ac", "#1b7837", "#e08214", "#762a83", "#4d4d4d")
#: The classes differ in shape, too.
MARKERS = ("o", "s", "^", "D", "v", "P")
#: Of a probability, from class 0 to class 1: light enough for points of either class to be seen on their own colour.
PROBABILITY = ("#f4a582", "#fddbc7", "#f7f5f0", "#d1e5f0", "#92c5de")
#: From few to many.
COUNTS = ("#f7f9fb", "#0072b2")
#: Words beside what they name.
SMALL = "small"


def axes(ax: Axes | None, name: str) -> Axes:
    """The axes to draw on: those that are given, or new ones.

    Raises
    ------
    ImportError
        If there is no matplotlib.
    """
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as error:
        raise ImportError(f"nablab.{name} needs matplotlib: pip install 'nablab[plot]'") from error
    if ax is None:
        _, ax = plt.subplots(figsize=(7.0, 4.0), layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def color(number: int, of: tuple[str, ...] = CYCLE) -> str:
    """The colour of the first, the second, …"""
    return of[number % len(of)]


def shades(*colors: str) -> Colormap:
    """From one colour to the next, and on."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("nablab", colors)


def lighter(shade: str, share: float = 0.7) -> tuple[float, ...]:
    """A colour with so much white in it."""
    from matplotlib.colors import to_rgb

    return tuple(part + (1 - part) * share for part in to_rgb(shade))


def beside_row(ax: Axes, height: float, words: str, shade: str) -> None:
    """Say something to the right of a row."""
    ax.annotate(
        words,
        (1.02, height),
        xycoords=("axes fraction", "data"),
        va="center",
        color=shade,
        fontsize=SMALL,
        annotation_clip=False,
    )


def name_rows(ax: Axes, names: list[str]) -> None:
    """Name rows that are 1 apart, the first on top, in place of an axis of numbers."""
    ax.set_yticks(range(len(names) - 1, -1, -1), names)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def name_ends(ax: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Name curves at their right ends, `(x, y, name, colour)`: each beside its own, moved up where two names would meet."""
    if not ends:
        return
    figure: Any = ax.figure
    figure.canvas.draw()
    size = figure.canvas.get_renderer().points_to_pixels(1.0)
    row = 11.0 * size
    above = -float("inf")
    for x, y, name, shade in sorted(ends, key=lambda end: ax.transData.transform((end[0], end[1]))[1]):
        place = float(ax.transData.transform((x, y))[1])
        moved = max(place, above + row)
        above = moved
        ax.annotate(
            name,
            (x, y),
            xytext=(6, (moved - place) / size),
            textcoords="offset points",
            va="center",
            color=shade,
            fontsize=SMALL,
            annotation_clip=False,
        )
