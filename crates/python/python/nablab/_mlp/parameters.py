"""The engine's flat parameters, and scikit-learn's ``coefs_`` and ``intercepts_`` as views of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Parameters:
    """One flat array, W1 (units, inputs) row by row, b1, W2, …, and views of it in scikit-learn's shapes.

    Whoever writes into the views writes into the array. Whoever puts other arrays in their place is understood, too:
    :meth:`follow` copies them.
    """

    def __init__(self, layout: list[tuple[str, int, int, int]], flat: Array) -> None:
        self.layout = layout
        self.flat = flat
        self.coefs: list[Array] = []
        self.intercepts: list[Array] = []
        for name, rows, columns, start in layout:
            part = flat[start : start + rows * columns]
            if name.startswith("W"):
                self.coefs.append(part.reshape(rows, columns).T)
            elif name.startswith("b"):
                self.intercepts.append(part)

    def are(self, coefs: list[Array], intercepts: list[Array]) -> bool:
        """Whether these are still the views."""
        return (
            len(coefs) == len(self.coefs)
            and all(a is b for a, b in zip(coefs, self.coefs))
            and all(a is b for a, b in zip(intercepts, self.intercepts))
        )

    def follow(self, coefs: list[Array], intercepts: list[Array]) -> None:
        """Take over the numbers of other arrays.

        Raises
        ------
        ValueError
            If they are not of the shapes of this network.
        """
        for kind, views, arrays in (("coefs_", self.coefs, coefs), ("intercepts_", self.intercepts, intercepts)):
            shapes = [np.shape(array) for array in arrays]
            expected = [view.shape for view in views]
            if shapes != expected:
                raise ValueError(f"{kind}: expected arrays of shapes {expected}, got {shapes}")
            for view, array in zip(views, arrays):
                if view is not array:
                    view[...] = array
