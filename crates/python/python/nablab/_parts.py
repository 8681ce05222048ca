"""Parameters as people hold them, one array or several by name, and as one flat array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Flat = NDArray[np.float64]


class Parts:
    """The shape of some parameters: a number, an array, a sequence of arrays, or a dictionary of them.

    >>> parts = Parts({"W1": [[1.0, 2.0]], "b1": [3.0]})
    >>> parts.flat({"W1": [[1.0, 2.0]], "b1": [3.0]})
    array([1., 2., 3.])
    >>> parts.like(np.array([4.0, 5.0, 6.0]))
    {'W1': array([[4., 5.]]), 'b1': array([6.])}
    """

    def __init__(self, like: Any, name: str = "theta") -> None:
        self._name = name
        self._is_mapping, self._is_sequence = _kind(like)
        self._shapes = {part: np.shape(array) for part, array in self._arrays(like).items()}

    def _arrays(self, value: Any) -> dict[str, NDArray[Any]]:
        if self._is_mapping:
            pairs: Any = value.items()
        elif self._is_sequence:
            pairs = ((f"{self._name}{i}", part) for i, part in enumerate(value))
        else:
            pairs = [(self._name, value)]
        return {str(part): np.asarray(array) for part, array in pairs}

    @property
    def layout(self) -> list[tuple[str, int, int]]:
        """Each part as a matrix: its name, its rows and its columns."""

        def matrix(shape: tuple[int, ...]) -> tuple[int, int]:
            rows = shape[0] if shape else 1
            return rows, int(np.prod(shape[1:], dtype=int))

        return [(part, *matrix(shape)) for part, shape in self._shapes.items()]

    def flat(self, value: Any, what: str | None = None) -> Flat:
        """All numbers, part by part, row by row.

        Raises
        ------
        ValueError
            If a part is missing, new, of another shape, or not of real numbers.
        """
        what = what or self._name
        if _kind(value) != (self._is_mapping, self._is_sequence):
            raise ValueError(f"{what}: expected {self._described()}, got {type(value).__name__}")
        arrays = self._arrays(value)
        if list(arrays) != list(self._shapes) and set(arrays) == set(self._shapes):
            arrays = {part: arrays[part] for part in self._shapes}
        if list(arrays) != list(self._shapes):
            raise ValueError(f"{what}: expected the parts {list(self._shapes)}, got {list(arrays)}")
        for part, array in arrays.items():
            if array.dtype.kind not in "buif":
                raise ValueError(f"{what}, {part}: expected real numbers, got an array of {array.dtype}")
            if array.shape != self._shapes[part]:
                raise ValueError(f"{what}, {part}: expected the shape {self._shapes[part]}, got {array.shape}")
        if not arrays:
            raise ValueError(f"{what}: expected at least one number, got none")
        return np.concatenate([array.astype(np.float64, copy=False).ravel() for array in arrays.values()])

    def like(self, flat: NDArray[Any]) -> Any:
        """The numbers of a flat array in the shape that these parameters came in; views of it."""
        parts: dict[str, Any] = {}
        start = 0
        for part, shape in self._shapes.items():
            end = start + int(np.prod(shape, dtype=int))
            parts[part] = flat[start:end].reshape(shape)
            start = end
        if self._is_mapping:
            return parts
        if self._is_sequence:
            return list(parts.values())
        (only,) = parts.values()
        return only if only.ndim else float(only)

    def _described(self) -> str:
        if self._is_mapping:
            return "a dictionary of arrays"
        return "a sequence of arrays" if self._is_sequence else "an array"


def _kind(value: Any) -> tuple[bool, bool]:
    """Whether it is a dictionary, and whether it is a sequence of arrays rather than one of numbers."""
    if isinstance(value, Mapping):
        return True, False
    several = isinstance(value, Sequence) and not isinstance(value, str)
    return False, several and any(np.ndim(part) > 0 for part in value) and _is_ragged(value)


def _is_ragged(value: Sequence[Any]) -> bool:
    """A list of equal rows is a matrix; arrays in a list are parts."""
    return any(isinstance(part, np.ndarray) for part in value) or len({np.shape(part) for part in value}) > 1
