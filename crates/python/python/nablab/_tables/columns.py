"""The columns of whatever holds a table in Python."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from .cells import Cells, of_booleans, of_datetimes, of_levels, of_numbers, of_objects, of_texts

#: Names and cells.
Columns = list[tuple[str, Cells]]


class Table:
    """A table of any library, with its columns by name or by place."""

    def __init__(self, X: Any, library: str) -> None:
        self.X = X
        self.library = library

    @classmethod
    def of(cls, X: Any) -> Table | None:
        """The table that this is; none for an array or a list."""
        library, kind = type(X).__module__.partition(".")[0], type(X).__name__
        if (library, kind) == ("polars", "LazyFrame"):
            raise TypeError("X: expected a table, got a polars LazyFrame, which has no rows yet\nhint: X.collect()")
        if library == "pandas" and hasattr(X, "columns"):
            return cls(X, "pandas")
        if (library, kind) == ("polars", "DataFrame"):
            return cls(X, "polars")
        if library == "pyarrow" and kind in ("Table", "RecordBatch"):
            return cls(X, "pyarrow")
        if hasattr(X, "__arrow_c_stream__") and not hasattr(X, "__array__"):
            return cls(_with_pyarrow(X), "pyarrow")
        return None

    @property
    def names(self) -> list[Any]:
        """What the columns are called; of pandas' tables that may be anything."""
        return list(self.X.schema.names if self.library == "pyarrow" else self.X.columns)

    @property
    def has_names(self) -> bool:
        """Whether all names are texts, by which columns can be found."""
        return all(isinstance(name, str) for name in self.names)

    def only(self, names: list[str]) -> Table:
        """These columns of it."""
        return Table(self.X[names] if self.library == "pandas" else self.X.select(names), self.library)

    def columns(self) -> Columns:
        """All columns.

        Raises
        ------
        TypeError
            For a column of a type that no table has, by its name.
        """
        of = {"pandas": _of_pandas, "polars": _of_polars, "pyarrow": _of_arrow}[self.library]
        names = map(str, self.names)
        return [(name, of(self._column(i), f"X, column {name}")) for i, name in enumerate(names)]

    def _column(self, place: int) -> Any:
        match self.library:
            case "pandas":
                return self.X.iloc[:, place]
            case "polars":
                return self.X.to_series(place)
        return self.X.column(place)


def _with_pyarrow(X: Any) -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise ImportError(f"X: a {type(X).__name__} is read with pyarrow: pip install pyarrow") from error
    return pyarrow.table(X)


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


def _of_pandas(column: Any, where: str) -> Cells:
    dtype = column.dtype
    if dtype.name == "category":
        return of_levels(dtype.categories, column.cat.codes.to_numpy(), where)
    if isinstance(dtype, np.dtype):
        return _of_array(column.to_numpy(), where)
    if hasattr(dtype, "pyarrow_dtype"):
        return _of_arrow(column.array.__arrow_array__(), where)
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


def _of_polars(column: Any, where: str) -> Cells:
    polars = sys.modules["polars"]
    dtype = column.dtype
    if dtype.is_integer() and not column.null_count() and dtype not in (polars.Int128, getattr(polars, "UInt128", None)):
        return of_numbers(column.to_numpy())
    if dtype.is_numeric():
        return of_numbers(column.cast(polars.Float64).to_numpy())
    if dtype == polars.Datetime:
        in_utc = dtype.time_zone is not None
        moments = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if in_utc else column
        return of_datetimes(moments.to_numpy(), in_utc)
    if dtype in (polars.String, polars.Categorical, polars.Enum):
        return of_texts(column.cast(polars.String).to_list())
    if dtype in (polars.Boolean, polars.Date, polars.Null, polars.Object):
        return of_objects(column.to_list(), where)
    raise _unknown(where, dtype)


def _of_arrow(column: Any, where: str) -> Cells:
    import pyarrow.types as of

    dtype = column.type
    if of.is_dictionary(dtype):
        column, dtype = column.cast(dtype.value_type), dtype.value_type
    if of.is_integer(dtype) and not column.null_count:
        return of_numbers(np.asarray(column))
    if of.is_integer(dtype) or of.is_floating(dtype) or of.is_decimal(dtype):
        return of_objects(column.to_pylist(), where) if of.is_decimal(dtype) else _doubles(column)
    if of.is_timestamp(dtype):
        return of_datetimes(np.asarray(column.cast(f"timestamp[{dtype.unit}]")), dtype.tz is not None)
    is_text = of.is_string(dtype) or of.is_large_string(dtype) or of.is_string_view(dtype)
    if is_text or of.is_boolean(dtype) or of.is_date(dtype) or of.is_null(dtype):
        return of_objects(column.to_pylist(), where)
    raise _unknown(where, dtype)


def _doubles(column: Any) -> Cells:
    import pyarrow

    doubles = column.cast(pyarrow.float64(), safe=False)
    return of_numbers(np.asarray(doubles.to_numpy(), np.float64))


def _unknown(where: str, dtype: Any) -> TypeError:
    return TypeError(
        f"{where}: expected numbers, texts, booleans, categories or dates, got {dtype}\n"
        "hint: leave the column out, or spread it over columns of one value each"
    )
