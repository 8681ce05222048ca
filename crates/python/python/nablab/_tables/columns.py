"""The columns of whatever holds a table in Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _core
from .cells import Cells, of_booleans, of_datetimes, of_levels, of_numbers, of_objects, of_texts

#: Names and cells.
Columns = list[tuple[str, Cells]]


class Table:
    """A table of any library, whose columns are read when they are asked for."""

    def __init__(self, X: Any, library: str, rows: int, columns: list[tuple[Any, Callable[[str], Cells]]]) -> None:
        self.X = X
        #: `pandas`, `polars`, `pyarrow`, or whatever else holds columns of Arrow.
        self.library = library
        self.rows = rows
        self._columns = columns

    @classmethod
    def of(cls, X: Any) -> Table | None:
        """The table that this is; none for an array or a list."""
        library, kind = type(X).__module__.partition(".")[0], type(X).__name__
        if (library, kind) == ("polars", "LazyFrame"):
            raise TypeError("X: expected a table, got a polars LazyFrame, which has no rows yet\nhint: X.collect()")
        if library == "pandas" and hasattr(X, "columns"):
            return cls(X, library, len(X), [(name, _of_pandas(X.iloc[:, i])) for i, name in enumerate(X.columns)])
        if (library, kind) == ("polars", "DataFrame"):
            return cls(X, library, len(X), [(name, _of_polars(X[name])) for name in X.columns])
        arrow = None if library in ("numpy", "pandas", "polars") else _arrow(X)
        if arrow is None:
            return None
        return cls(X, library, len(arrow), [(name, _as_it_is(column)) for name, column in arrow.columns()])

    @property
    def names(self) -> list[Any]:
        """What the columns are called; of pandas' tables that may be anything."""
        return [name for name, _ in self._columns]

    @property
    def has_names(self) -> bool:
        """Whether all names are texts, by which columns can be found."""
        return all(isinstance(name, str) for name in self.names)

    def only(self, names: set[str]) -> Table:
        """These columns of it."""
        return Table(self.X, self.library, self.rows, [column for column in self._columns if column[0] in names])

    def columns(self) -> Columns:
        """The cells of all columns.

        Raises
        ------
        TypeError
            For a column of a type that no table has, by its name.
        """
        return [(str(name), cells(f"X, column {name}")) for name, cells in self._columns]


def _arrow(X: Any) -> _core.Arrow | None:
    """The table of Arrow that this is, by any of the ways in which libraries hand them over."""
    if hasattr(X, "__arrow_c_stream__") or hasattr(X, "__arrow_c_array__"):
        return _core.Arrow(X)
    if hasattr(X, "__dataframe__"):
        try:
            from pyarrow.interchange import from_dataframe
        except ImportError as error:
            raise ImportError(f"X: a {type(X).__name__} is read with pyarrow: pip install pyarrow") from error
        return _core.Arrow(from_dataframe(X))
    return None


def _as_it_is(cells: Cells) -> Callable[[str], Cells]:
    return lambda where: cells


def columns_of_array(X: Any) -> Columns:
    """The columns of an array of two dimensions, by their places: x0, x1, …."""
    return [(f"x{i}", _of_array(X[:, i], f"X, column x{i}")) for i in range(X.shape[1])]


def _of_array(column: Any, where: str) -> Cells:
    match column.dtype.kind:
        case "f" | "i" | "u":
            return of_numbers(column)
        case "b":
            return of_booleans(column, np.zeros(len(column), bool))
        case "M":
            return of_datetimes(column, in_utc=False)
        case "U":
            return of_texts(map(str, column))
        case "T":
            return of_objects(column.tolist(), where)
        case "O":
            return of_objects(column, where)
    raise _unknown(where, column.dtype)


def _of_pandas(column: Any) -> Callable[[str], Cells]:
    return lambda where: _pandas_cells(column, where)


def _pandas_cells(column: Any, where: str) -> Cells:
    dtype = column.dtype
    if dtype.name == "category":
        return of_levels(dtype.categories, column.cat.codes.to_numpy(), where)
    if isinstance(dtype, np.dtype):
        array = column.to_numpy()
        return _lent(array) if dtype.kind in "fiu" else _of_array(array, where)
    if hasattr(dtype, "pyarrow_dtype"):
        return _core.Arrow(column.array.__arrow_array__())
    # Extension types of pandas: nullable numbers, texts, zones.
    kind, name = getattr(dtype, "kind", "O"), str(dtype)
    if kind in "fiu" and column.isna().any():
        return of_numbers(column.to_numpy(np.float64, na_value=np.nan))
    if kind in "fiu":
        return of_numbers(column.to_numpy(dtype.numpy_dtype if hasattr(dtype, "numpy_dtype") else np.float64))
    if kind == "b":
        missing = column.isna().to_numpy()
        return of_booleans(column.fillna(False).to_numpy(bool), missing)
    if kind == "M":
        in_utc = getattr(column.dt, "tz", None) is not None
        moments = column.dt.tz_convert("UTC").dt.tz_localize(None) if in_utc else column
        return of_datetimes(moments.to_numpy("datetime64[ns]"), in_utc)
    if name.startswith("str"):
        places, texts = column.factorize()
        return "category", (list(map(str, texts)), np.asarray(places, np.int64))
    if name.startswith("Sparse"):
        return _of_array(np.asarray(column), where)
    raise _unknown(where, dtype)


def _lent(numbers: Any) -> Cells:
    """Numbers of NumPy, which Arrow can show without a copy where they lie one behind the other."""
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is None or not (numbers.flags.c_contiguous and numbers.flags.aligned and numbers.dtype.isnative):
        return of_numbers(numbers)
    try:
        return _core.Arrow(pyarrow.array(numbers))
    except pyarrow.ArrowNotImplementedError:
        return of_numbers(numbers)  # a type that Arrow has not


#: Types of polars that Arrow has not, or that polars hands over otherwise than Arrow says.
NOT_OF_ARROW = ("Object", "Null", "Int128", "UInt128")


def _of_polars(column: Any) -> Callable[[str], Cells]:
    def cells(where: str) -> Cells:
        return of_objects(column.to_list(), where) if str(column.dtype) in NOT_OF_ARROW else _core.Arrow(column)

    return cells


def _unknown(where: str, dtype: Any) -> TypeError:
    return TypeError(
        f"{where}: expected numbers, texts, booleans, categories or dates, got {dtype}\n"
        "hint: leave the column out, or spread it over columns of one value each"
    )
