"""What a student's function returned, as arrays with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from ._arrays import LAYERS, Matrix, array
from ._call import Refused

Given: TypeAlias = Mapping[str, Matrix]
Handed: TypeAlias = dict[str, Matrix]

W_AND_B = [f"{letter}{n}" for n in range(1, LAYERS + 1) for letter in "Wb"]


def from_dictionary(returned: object, required: Sequence[str], optional: Sequence[str] = (), what: str = "") -> Handed:
    """What a dictionary has that was returned."""
    what = what or "a dictionary"
    if not isinstance(returned, Mapping):
        raise Refused(f"it returned {kind_of(returned)}; expected {what} with {', '.join(required)}")
    missing = [name for name in required if name not in returned]
    if missing:
        has = ", ".join(map(str, returned)) or "nothing"
        raise Refused(
            f"{', '.join(missing)} missing in what it returned: expected {what} with {', '.join(required)}, got {has}"
        )
    present = [*required, *(name for name in optional if name in returned)]
    return {name: numbers(returned[name], name) for name in present}


def numbers(value: object, name: str) -> Matrix:
    """An array that was returned."""
    if value is None:
        raise Refused(f"{name} is None, as what a function without return gives; expected numbers")
    try:
        return array(value, name)
    except (TypeError, ValueError) as error:
        raise Refused(str(error)) from error


def parts(returned: object, *names: str) -> list[object]:
    """The things that a function returns together; more of them, as in a later edition of the course, are left aside."""
    if not isinstance(returned, (tuple, list)) or len(returned) < len(names):
        count = f" of {len(returned)}" if isinstance(returned, (tuple, list)) else ""
        raise Refused(f"it returned {kind_of(returned)}{count}; expected {', '.join(names)}")
    return list(returned[: len(names)])


def kind_of(value: object) -> str:
    if value is None:
        return "None, as a function without return does"
    return "an array" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"


def from_cache(cache: object, given: Given, names: Sequence[str]) -> Handed:
    """Z, A and masks of a cache whose entries stand in this order."""
    expected = f"({', '.join(names)})"
    if not isinstance(cache, (tuple, list)):
        raise Refused(f"the cache is {kind_of(cache)}; expected a tuple {expected}")
    if len(cache) != len(names):
        raise Refused(f"the cache has {len(cache)} entries; expected {len(names)}: {expected}")
    arrays = {name: numbers(value, f"cache[{k}]") for k, (name, value) in enumerate(zip(names, cache))}
    for k, name in enumerate(names):
        if name in W_AND_B and not np.array_equal(arrays[name], given[name]):
            raise Refused(f"cache[{k}] is not {name}; expected {expected}")
    return {name: value for name, value in arrays.items() if name not in W_AND_B}
