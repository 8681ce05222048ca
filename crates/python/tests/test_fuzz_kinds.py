"""Numbers of every type, however they lie and whatever holds them, for each of the four: a model, or one error of Python's."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from four_estimators import QUIET as AT_SMALL_DATA
from four_estimators import all_four, said, same
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from nablab import MLPClassifier, MLPRegressor, NablabClassifier, NablabRegressor

pytestmark = AT_SMALL_DATA

QUIET = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
SMALL: dict[str, Any] = {"epochs": 2, "threads": 1}
MODELS = [
    MLPClassifier((3,), max_iter=2, random_state=0, threads=1),
    NablabClassifier((3,), **SMALL),
    MLPRegressor(hidden_layer_sizes=(3,), max_iter=2, random_state=0, threads=1),
    NablabRegressor((3,), **SMALL),
]

NUMBERS = ["f2", "f4", "f8", "g", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?", ">f8", ">f4", ">i4", ">u8"]
OTHERS = ["c8", "c16", "S3", "U3", "M8[D]", "M8[ns]", "m8[s]", "O", "V4", "i4,f4"]
VALUES = st.sampled_from(
    [0.0, 1.0, -1.0, 2.0, 3.5, -0.0, 5e-324, 1e-300, 7e4, 1e300, -1e300, 2.0**53 + 2, 1.8e19, float("nan"), float("inf"), -float("inf")]
)


def of_kind(values: list[float], shape: tuple[int, ...], kind: str) -> Any:
    """An array of the kind that holds something like these values."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        doubles = np.array(values, float).reshape(shape)
        if kind == "O":
            cells = doubles.astype(object)
            cells[np.isnan(doubles)] = None
            return cells
        if kind in ("V4", "i4,f4"):
            return np.zeros(shape, kind)
        if np.dtype(kind).kind in "iu":
            limits = np.iinfo(kind)
            return np.clip(np.nan_to_num(doubles), float(limits.min), float(limits.max) / 2).astype(kind)
        if np.dtype(kind).kind in "Mm":
            return np.nan_to_num(np.clip(doubles, -1e5, 1e5)).astype("i8").astype(kind)
        return doubles.astype(kind)


LAYOUTS: dict[str, Any] = {
    "C": np.ascontiguousarray,
    "Fortran": np.asfortranarray,
    "backwards": lambda a: np.ascontiguousarray(a[::-1])[::-1],
    "mirrored": lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],
    "every second": lambda a: np.repeat(a, 2, axis=0)[::2],
    "read-only": lambda a: np.broadcast_to(a, a.shape),
    "askew": lambda a: np.frombuffer(b"\0" + a.tobytes(), a.dtype, offset=1).reshape(a.shape) if a.dtype.kind in "fiu" and a.size else a,
}
HOLDERS: dict[str, Any] = {
    "array": lambda a: a,
    "matrix": np.matrix,
    "masked": lambda a: np.ma.masked_array(a, mask=False),
    "list": lambda a: a.tolist(),
    "pandas": lambda a: pd.DataFrame(a).add_prefix("c"),
    "pandas by numbers": pd.DataFrame,
    "pandas by pairs": lambda a: pd.DataFrame(a, columns=pd.MultiIndex.from_tuples([("a", i) for i in range(a.shape[1])])),
    "pandas twice": lambda a: pd.DataFrame(a, columns=["c"] * a.shape[1]),
    "pandas of arrow": lambda a: pa.table({f"c{i}": a[:, i] for i in range(a.shape[1])}).to_pandas(types_mapper=pd.ArrowDtype),
    "polars": lambda a: pl.DataFrame({f"c{i}": a[:, i] for i in range(a.shape[1])}),
    "pyarrow": lambda a: pa.table({f"c{i}": a[:, i] for i in range(a.shape[1])}),
    "sparse": scipy.sparse.csr_array,
}


def held(array: Any, layout: str, holder: str) -> Any:
    """The array as somebody has it; as it is where the library takes no such one."""
    try:
        return HOLDERS[holder](LAYOUTS[layout](array))
    except (Exception, pl.exceptions.PanicException):
        return array


@st.composite
def tables(draw: Any, kinds: list[str]) -> tuple[Any, Any]:
    """An array, and the same as somebody has it."""
    rows, columns = draw(st.sampled_from([0, 1, 2, 5, 12])), draw(st.integers(0, 3))
    values = draw(st.lists(VALUES, min_size=rows * columns, max_size=rows * columns))
    array = of_kind(values, (rows, columns), draw(st.sampled_from(kinds)))
    return array, held(array, draw(st.sampled_from(list(LAYOUTS))), draw(st.sampled_from(list(HOLDERS))))


def outcome(model: Any, X: Any, y: Any, rows: int) -> Any:
    """What it predicts, or the error that it gives."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            predicted = clone(model).fit(X, y).predict(X)
        except (ValueError, TypeError, NotImplementedError) as error:
            assert str(error) and "panicked" not in str(error)
            return type(error)
    assert predicted.shape[0] == rows
    return predicted


@all_four
@QUIET
@given(table=tables(NUMBERS), seed=st.integers(0, 5))
def test_numbers_mean_the_same_however_they_lie(model: Any, table: tuple[Any, Any], seed: int) -> None:
    model = next(of for of in MODELS if type(of) is type(model))
    array, X = table
    rows = len(array)
    y = np.random.default_rng(seed).integers(0, 2, rows)
    outcomes = [outcome(model, of, y, rows) for of in (array.copy(), X)]
    plain, other = outcomes
    # scikit-learn makes doubles of some libraries' singles.
    if isinstance(plain, np.ndarray) and isinstance(other, np.ndarray) and plain.dtype == other.dtype:
        np.testing.assert_array_equal(other, plain)


@all_four
@QUIET
@given(table=tables(OTHERS), y=tables(NUMBERS + OTHERS), ravel=st.booleans())
def test_anything_else_is_taken_or_refused(model: Any, table: tuple[Any, Any], y: tuple[Any, Any], ravel: bool) -> None:
    model = next(of for of in MODELS if type(of) is type(model))
    array, X = table
    outcome(model, X, y[0].ravel() if ravel else y[1], len(array))


@all_four
@pytest.mark.parametrize(
    ("X", "y", "said"),
    [
        (np.ones((4, 2)) * 1j, [0, 1, 0, 1], "Complex data not supported"),
        (np.ones(4), [0, 1, 0, 1], "Expected 2D array, got 1D array instead"),
        (np.ones((4, 2, 2)), [0, 1, 0, 1], "Found array with dim 3|Expected 2D array|Expected <= 2"),
        (np.ones((0, 2)), [], r"Found array with 0 sample\(s\)"),
        (np.ones((4, 0)), [0, 1, 0, 1], r"Found array with 0 feature\(s\)|0 feature\(s\) \(shape=\(4, 0\)\)"),
        (pl.DataFrame({"a": [1.0] * 4}), [0, 1], "Found input variables with inconsistent numbers of samples: .4, 2."),
        (np.ones((4, 2)), None, "requires y to be passed, but the target y is None"),
        (np.eye(4), [0.0, 1.0, np.nan, 0.0], "Input y contains NaN"),
        (np.eye(4), [[[0]], [[1]], [[0]], [[1]]], "dim 3|should be a 1d array|Expected"),
        (np.eye(4), np.array([0, 1, 0, 1]) * 1j, "Complex data not supported|Unknown label type"),
    ],
)
def test_errors_have_scikit_learns_words(model: Any, X: Any, y: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        clone(model).fit(X, y)


@all_four
@pytest.mark.parametrize("kind", ["f8", "i4", "u8"])
def test_values_that_are_masked_are_gaps(model: Any, kind: str) -> None:
    """NumPy's view of a masked array shows what is under the mask."""
    mask = [[False, True]] + [[False, False]] * 5
    masked = np.ma.masked_array(np.arange(12).reshape(6, 2).astype(kind), mask=mask)
    y = [0, 1] * 3
    plain = clone(model).fit(np.arange(12.0).reshape(6, 2), y)
    if isinstance(model, (MLPClassifier, MLPRegressor)):
        with pytest.raises(ValueError, match="Input X contains NaN"):
            clone(model).fit(masked, y)
        with pytest.raises(ValueError, match="Input X contains NaN"):
            plain.predict(masked)
    else:
        gaps = np.where(mask, np.nan, masked.data)
        same(clone(model).fit(masked, y), clone(model).fit(gaps, y), gaps)
        np.testing.assert_array_equal(said(plain, masked), said(plain, gaps))
    with pytest.raises(ValueError, match="Input y contains NaN"):
        clone(model).fit(np.eye(6), np.ma.masked_array(y, mask=[True] + [False] * 5))
