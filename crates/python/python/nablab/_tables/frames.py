"""Predictions as a table of the library that the rows came in."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray


def frame_like(X: Any, columns: dict[str, NDArray[Any]]) -> Any:
    """A DataFrame of pandas, with the index of X, or of polars; for tables of anybody else one of PyArrow, and for arrays one of pandas."""
    library = type(X).__module__.partition(".")[0]
    plain = {name: values if values.dtype.kind in "fiub" else values.tolist() for name, values in columns.items()}
    if library == "polars":
        import polars

        return polars.DataFrame(plain)
    if library not in ("pandas", "numpy", "scipy") and (hasattr(X, "__arrow_c_stream__") or hasattr(X, "__arrow_c_array__")):
        return _needed("pyarrow").table(plain)
    return _needed("pandas").DataFrame(plain, index=X.index if library == "pandas" else None)


def _needed(library: str) -> Any:
    from importlib import import_module

    try:
        return import_module(library)
    except ImportError as error:
        raise ImportError(f"predictions on these rows become a table of {library}: pip install {library}") from error
