"""What is missing, in whatever way a library says it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np


def unmasked(array: Any) -> Any:
    """The array with a gap for each masked value, of which `numpy.asarray` shows what is under the mask; all else as it is.

    >>> unmasked(np.ma.masked_array([1.0, 2.0], mask=[True, False]))
    array([nan,  2.])
    >>> unmasked(np.ma.masked_array([1, 2], mask=[True, False]))
    array([None, 2], dtype=object)
    """
    if not (isinstance(array, np.ma.MaskedArray) and np.ma.is_masked(array)):
        return array
    if array.dtype.kind in "fc":
        return array.filled(np.nan)
    if array.dtype.kind == "M":
        return array.filled(np.datetime64("NaT"))
    cells = np.asarray(array).astype(object)
    cells[np.ma.getmaskarray(array)] = None
    return cells


def is_missing(value: Any) -> bool:
    """None, NaN, and what libraries have for them."""
    if value is None:
        return True
    if isinstance(value, str):
        return False
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, (float, np.floating, np.datetime64)):
        return bool(value != value)
    return type(value).__name__ in ("NAType", "NaTType")


def refuse_gaps(y: Any) -> None:
    """Refuse a target that has no value for a row, where scikit-learn looks at numbers alone.

    Raises
    ------
    ValueError
        With the first such row, in scikit-learn's words.
    """
    cells = np.asarray(unmasked(y))
    if cells.dtype.kind != "O" or cells.ndim == 0:
        return
    for place, cell in enumerate(cells.reshape(-1)):
        if is_missing(cell):
            row = place * len(cells) // cells.size
            raise ValueError(f"Input y contains NaN: row {row} has no target\nhint: leave rows without one out, of X too")
