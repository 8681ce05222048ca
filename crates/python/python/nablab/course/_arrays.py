"""What comes from a caller, as arrays of the shapes that the library takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float64]
Parameters: TypeAlias = dict[str, Matrix]
Cache: TypeAlias = tuple[Matrix, ...]

LAYERS = 3
"""Layers of the course's networks."""


def array(value: object, name: str) -> Matrix:
    """Numbers in double precision, whatever their shape."""
    try:
        made = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name}: expected an array of numbers, got rows of different lengths; make them equally long"
        ) from error
    if made.dtype.kind not in "buif":
        raise TypeError(
            f"{name}: expected an array of real numbers, got {_what(value, made)}; convert it, such as with np.asarray({name}, dtype=float)"
        )
    return made.astype(np.float64, copy=False)


def matrix(value: object, name: str) -> Matrix:
    """An array of two dimensions."""
    made = array(value, name)
    if made.ndim != 2:
        raise ValueError(
            f"{name}: expected two dimensions, a row for each feature or unit and a column for each example, got shape {made.shape}; reshape it, such as with {name}.reshape(1, -1)"
        )
    return made


def number(value: object, name: str) -> float:
    """A single real number."""
    made = array(value, name)
    if made.size != 1:
        raise ValueError(f"{name}: expected a number, got an array of shape {made.shape}")
    return float(made.reshape(()))


def whole(value: object, name: str, least: int) -> int:
    """A whole number, at least this."""
    found = number(value, name)
    if not np.isfinite(found) or found != int(found) or found < least:
        raise ValueError(f"{name}: expected a whole number, {least} or more, got {value!r}")
    return int(found)


def entry(of: object, name: str, within: str) -> object:
    """What a dictionary has under a name."""
    if not isinstance(of, Mapping):
        raise TypeError(f"{within}: expected a dictionary of arrays, got {type(of).__name__}")
    if name not in of:
        has = ", ".join(map(str, of)) or "nothing"
        raise ValueError(f"{within}: expected an entry {name!r}, got {has}; its names are those of the course")
    found: object = of[name]
    return found


def layers_of(parameters: object, within: str = "parameters") -> int:
    """How many layers a dictionary of W1, b1, W2, … has."""
    if not isinstance(parameters, Mapping):
        raise TypeError(f"{within}: expected a dictionary of arrays, got {type(parameters).__name__}")
    if not parameters:
        raise ValueError(f"{within}: expected W1, b1, and so on, got an empty dictionary")
    return len(parameters) // 2


def layers(parameters: object, count: int) -> list[tuple[Matrix, Matrix]]:
    """W and b of so many layers."""

    def one(name: str) -> Matrix:
        return matrix(entry(parameters, name, "parameters"), f'parameters["{name}"]')

    return [(one(f"W{n}"), one(f"b{n}")) for n in range(1, count + 1)]


def flat(of: object, names: Iterable[str], within: str) -> Matrix:
    """The entries of a dictionary under these names, one after the other."""
    return np.concatenate([array(entry(of, name, within), f'{within}["{name}"]').ravel() for name in names])


def put(into: MutableMapping[str, Matrix], names: Sequence[str], numbers: Matrix) -> None:
    """Give each name of a dictionary a new array of its shape, with the numbers that :func:`flat` puts there."""
    start = 0
    for name in names:
        shape = np.shape(into[name])
        end = start + int(np.prod(shape))
        into[name] = numbers[start:end].reshape(shape)
        start = end


def sizes(layers_dims: object, name: str = "layers_dims") -> list[int]:
    """Inputs and units of each layer."""
    made = array(layers_dims, name)
    if made.ndim != 1 or made.size < 2:
        raise ValueError(
            f"{name}: expected the inputs and the units of each layer, such as [2, 10, 5, 1], got {layers_dims!r}"
        )
    return [whole(size, f"{name}[{k}]", 1) for k, size in enumerate(made)]


def drawn(units: list[int], draw: Callable[[int, int], Matrix]) -> Parameters:
    """Parameters of layers of these sizes: weights as they are drawn, biases 0."""
    made: Parameters = {}
    for n, (cols, rows) in enumerate(zip(units, units[1:]), 1):
        made[f"W{n}"], made[f"b{n}"] = draw(rows, cols), np.zeros((rows, 1))
    return made


def cached(cache: object, length: int) -> Cache:
    """What a forward pass left, as a tuple."""
    if not isinstance(cache, (tuple, list)):
        raise TypeError(f"cache: expected the tuple that the forward pass returns, got {type(cache).__name__}")
    if len(cache) != length:
        raise ValueError(
            f"cache: expected {length} arrays, got {len(cache)}; it is the second thing that the forward pass returns"
        )
    return tuple(matrix(value, f"cache[{k}]") for k, value in enumerate(cache))


def _what(value: object, made: npt.NDArray[np.generic]) -> str:
    return f"{type(value).__name__} of dtype {made.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
