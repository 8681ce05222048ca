"""The cells of a column, as a table of the engine holds them.

What a cell means is what the same cell of a Parquet file means to the command: numbers are numbers, NaN and None are missing,
texts and booleans (``True`` and ``False``) are categories, days and points in time are dates, those with a time zone in UTC.
"""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterable
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._gaps import is_missing

#: An array of float64; or that with its texts; or ``category`` or ``date`` with texts. Texts are each different one once, and a
#: place for each row, -1 where the value is missing.
Cells = Any

#: Whole numbers up to here are doubles, too.
LARGEST_EXACT = 2**53


def of_numbers(numbers: NDArray[Any]) -> Cells:
    """Numbers; whole ones that are too large for a double keep their digits, in case they are names."""
    doubles = np.ascontiguousarray(numbers, np.float64)
    if numbers.dtype.kind in "iu" and numbers.dtype.itemsize == 8 and len(numbers):
        if numbers.max() > LARGEST_EXACT or numbers.min() < -LARGEST_EXACT:
            return doubles, once(str(number) for number in numbers)
    return doubles


def once(texts: Iterable[Hashable | None]) -> tuple[list[str], NDArray[np.int64]]:
    """Each different text once, and the place of each row's, -1 for None."""
    places: dict[Hashable, int] = {}
    rows = np.array([-1 if text is None else places.setdefault(text, len(places)) for text in texts], np.int64)
    return list(places), rows  # type: ignore[arg-type]


def of_texts(texts: Iterable[str | None]) -> Cells:
    """Categories."""
    return "category", once(texts)


def of_levels(levels: Iterable[Any], places: NDArray[Any], where: str) -> Cells:
    """Categories of any values that come more than once: the texts of numbers and dates are categories, too."""
    texts: list[str] = [text_of(level, where) for level in levels]
    return "category", (texts, np.asarray(places, np.int64))


def of_booleans(values: NDArray[Any], missing: NDArray[Any]) -> Cells:
    """``False`` and ``True``."""
    places = np.where(missing, -1, values.astype(bool, copy=False)).astype(np.int64)
    return "category", (["False", "True"], places)


def of_datetimes(moments: NDArray[Any], in_utc: bool) -> Cells:
    """Dates of an array of ``datetime64``, in UTC or without a time zone."""
    different, places = np.unique(moments, return_inverse=True)
    missing = np.isnat(different)
    written = np.datetime_as_string(different, unit=_precision(different[~missing]))
    texts = [str(text).replace("T", " ") + ("+00:00" if in_utc else "") for text in written[~missing]]
    # What is missing stands behind all others.
    places = places.reshape(-1)
    return "date", (texts, np.where(places < len(texts), places, -1).astype(np.int64))


def _precision(moments: NDArray[Any]) -> Any:
    """The coarsest unit below a day that holds all of them."""
    kind = np.datetime_data(moments.dtype)[0]
    if kind in ("Y", "M", "W", "D"):
        return "D"
    for unit in ("s", "ms", "us"):
        if (moments.astype(f"datetime64[{unit}]") == moments).all():
            return unit
    return "ns"


def of_objects(values: Iterable[Any], where: str) -> Cells:
    """Cells of any kind, each a Python object.

    Raises
    ------
    TypeError
        For an object that is no cell of a table.
    """
    cells = [None if is_missing(value) else value for value in values]
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds <= {str}:
        return of_texts(cells) if kinds else np.full(len(cells), np.nan)
    if all(is_number(kind) for kind in kinds):
        numbers = np.array([np.nan if cell is None else _double(cell) for cell in cells], np.float64)
        if np.nanmax(np.abs(numbers)) > LARGEST_EXACT and not any(issubclass(kind, float) for kind in kinds):
            return numbers, once(None if cell is None else str(cell) for cell in cells)
        return numbers
    if all(issubclass(kind, (datetime.date, np.datetime64)) for kind in kinds):
        return "date", once(None if cell is None else _written(cell) for cell in cells)
    for row, cell in enumerate(cells):
        if cell is not None:
            text_of(cell, f"{where}, row {row}")
    return of_texts(None if cell is None else text_of(cell, where) for cell in cells)


def _double(number: Any) -> float:
    """The double next to a number; one that is too large is infinite, which no table takes."""
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def is_number(kind: type) -> bool:
    """Whether objects of this type are numbers; booleans are words."""
    return issubclass(kind, (Real, Decimal)) and not issubclass(kind, (bool, np.bool_))


def text_of(value: Any, where: str) -> str:
    """The text of a cell, as the engine writes it.

    >>> [text_of(cell, "X") for cell in (1, 1.0, 2.5, True, "red", np.float32(0.5))]
    ['1', '1', '2.5', 'True', 'red', '0.5']
    >>> text_of({}, "X, column size")
    Traceback (most recent call last):
        ...
    TypeError: X, column size: argument must be a string, a number, a boolean, a date or missing, got a dict
    hint: leave the column out, or spread it over columns of one value each
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if is_number(type(value)):
        if isinstance(value, (float, np.floating)):
            return np.format_float_positional(float(value), trim="-")
        return str(value)
    if isinstance(value, (datetime.date, np.datetime64)):
        return _written(value)
    raise TypeError(
        f"{where}: argument must be a string, a number, a boolean, a date or missing, got a {type(value).__name__}\n"
        "hint: leave the column out, or spread it over columns of one value each"
    )


def _written(date: Any) -> str:
    """A day, or a point in time."""
    if isinstance(date, np.datetime64):
        _, (texts, _) = of_datetimes(np.array([date]), in_utc=False)
        return str(texts[0])
    if isinstance(date, datetime.datetime):
        if date.tzinfo is not None:
            date = date.astimezone(datetime.timezone.utc)
        return date.isoformat(sep=" ")
    return str(date.isoformat())
