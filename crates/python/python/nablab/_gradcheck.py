"""Gradient checking of any function: where a gradient is wrong, and which mistake makes such numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._parts import Parts


@dataclass(frozen=True)
class GradientReport:
    """What a check of a gradient found.

    Attributes
    ----------
    value : float
        What the function is at `theta`.
    difference : float
        ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) with ε = 1e-7, the one number of the course; 0 if both are 0.
    findings : list of str
        Mistakes by name, part by part; none if the gradient is right.
    numeric : as `theta`
        The numeric gradient ĝ.
    analytic : as `theta`
        The gradient g that was checked.
    names : list of str
        The entries, in the order of the parts.
    wrong : list of str
        Names of the entries that differ by more than round-off explains.
    undecided : list of str
        Entries at a corner of the function, of which differences tell nothing.
    """

    value: float
    difference: float
    findings: list[str]
    numeric: Any
    analytic: Any
    names: list[str]
    wrong: list[str]
    undecided: list[str]

    @property
    def ok(self) -> bool:
        """No entry is wrong beyond round-off."""
        return not self.wrong

    def __str__(self) -> str:
        said = f"The relative difference is {self.difference:.3g}; it should be about 1e-7 or less."
        if self.ok:
            return f"{said} No entry differs by more than round-off explains."
        shown = ", ".join(self.wrong[:5]) + (", …" if len(self.wrong) > 5 else "")
        count = "1 entry is" if len(self.wrong) == 1 else f"{len(self.wrong)} entries are"
        lines = [f"{said} {count} wrong: {shown}.", *(f"- {text}" for text in self.findings)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        said, *findings = str(self).split("\n")
        items = "".join(f"<li>{escape(text[2:])}</li>" for text in findings)
        return f"<p>{escape(said)}</p>" + (f"<ul>{items}</ul>" if items else "")


def gradcheck(
    function: Callable[[Any], Any],
    gradient: Callable[[Any], Any] | Any,
    theta: Any,
    *,
    examples: int | None = None,
) -> GradientReport:
    """Compare a gradient with central differences of the function, and name what is wrong with it.

    Each entry is measured with two steps, so that round-off is told from mistakes.

    Parameters
    ----------
    function : callable
        From parameters like `theta` to a number; the same number each time.
    gradient : callable or like `theta`
        Its gradient at `theta`, or what computes that.
    theta : float, array, sequence of arrays, or dict of arrays
        Where to check, in double precision.
    examples : int, default=None
        Number of examples that the function is a mean over, by which a forgotten 1/m is known.

    Returns
    -------
    GradientReport
        With the findings in words; `print` it.

    Raises
    ------
    ValueError
        If shapes do not fit, a number is not finite, or the function is not the same twice at the same point.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.arange(6.0).reshape(3, 2), np.ones(3)
    >>> loss = lambda w: 0.5 * np.mean((X @ w - y) ** 2)
    >>> right = lambda w: X.T @ (X @ w - y) / 3
    >>> gradcheck(loss, right, np.array([0.5, -1.0]), examples=3).ok
    True
    >>> report = gradcheck(loss, lambda w: X.T @ (X @ w - y), np.array([0.5, -1.0]), examples=3)
    >>> report.findings
    ['theta: analytic is 3 × numeric in all 2 entries (the mean over 3 examples is missing)']
    """
    parts = Parts(theta)
    flat = parts.flat(theta)
    g = gradient(parts.like(flat.copy())) if callable(gradient) else gradient

    def value(at: NDArray[np.float64]) -> float:
        found = np.asarray(function(parts.like(at)))
        if found.size != 1 or found.dtype.kind not in "buif":
            raise ValueError(f"function: expected a real number, got {found!r}")
        return float(found.reshape(()))

    flat_gradient = parts.flat(g, "gradient")
    found = _core.gradcheck(parts.layout, flat, flat_gradient, value, examples)
    named = list(zip(found["names"], found["verdicts"]))
    return GradientReport(
        value=found["value"],
        difference=found["difference"],
        findings=found["findings"],
        numeric=parts.like(found["numeric"]),
        analytic=parts.like(flat_gradient),
        names=found["names"],
        wrong=[name for name, verdict in named if verdict == "wrong"],
        undecided=[name for name, verdict in named if verdict == "kink"],
    )
