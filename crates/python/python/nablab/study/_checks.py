"""What a study is told by its user, checked."""

from __future__ import annotations

from numbers import Integral
from typing import Any


def count(what: str, given: Any, most: int = 2**31 - 1) -> int:
    if isinstance(given, bool) or not isinstance(given, Integral) or not 0 <= int(given) <= most:
        raise ValueError(f"{what}: expected a whole number from 0 to {most}, got {given!r}")
    return int(given)


def numbers_of(given: Any, directions: int) -> list[float]:
    several = list(given) if isinstance(given, (list, tuple)) or getattr(given, "ndim", 0) == 1 else [given]
    try:
        if any(value is None or isinstance(value, (str, bytes)) for value in several):
            raise TypeError
        numbers = [float(value) for value in several]
    except (TypeError, ValueError, OverflowError):
        expected = "a number" if directions == 1 else f"{directions} numbers"
        raise TypeError(f"values: expected {expected}, got {given!r}\nhint: state='failed' where nothing came of it") from None
    if len(numbers) != directions:
        raise ValueError(f"values: expected {directions}, one for each direction, got {len(numbers)}")
    return numbers
