"""Whatever a table holds, there is a model or one clear error."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nablab import NablabClassifier, NablabRegressor

CELLS: list[Any] = [
    st.floats(),
    st.integers(-(2**70), 2**70),
    st.text(max_size=5),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.decimals(),
    st.binary(max_size=2),
    st.lists(st.integers(), max_size=2),
    st.just({}),
    st.complex_numbers(),
    st.just(np.datetime64("NaT")),
    st.just(pd.NA),
]


@st.composite
def columns(draw: Any, rows: int) -> list[Any]:
    """A column of one kind of cells, or of two, with gaps or without."""
    kinds = draw(st.lists(st.sampled_from(range(len(CELLS))), min_size=1, max_size=2))
    cells = st.one_of(*(CELLS[kind] for kind in kinds), *([st.none()] if draw(st.booleans()) else []))
    return list(draw(st.lists(cells, min_size=rows, max_size=rows)))


@st.composite
def tables(draw: Any) -> list[list[Any]]:
    rows = draw(st.integers(1, 7))
    return [draw(columns(rows)) for _ in range(draw(st.integers(1, 3)))]


def trained(model: Any, X: Any, y: Any) -> None:
    """It predicts numbers, or has said in one error what is wrong."""
    try:
        model.fit(X, y)
    except (ValueError, TypeError) as error:
        said = str(error)
        assert said and "panicked" not in said and "Traceback" not in said
        return
    assert len(model.predict(X)) == len(y)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(table=tables(), texts=st.booleans(), seed=st.integers(0, 3))
def test_any_cells(table: list[list[Any]], texts: bool, seed: int) -> None:
    rows = len(table[0])
    y = np.random.default_rng(seed).integers(0, 2, rows)
    whole: dict[str, Any] = {"epochs": 2, "validation": 0, "threads": 1, "hidden": (3,)}
    frame = pd.DataFrame({f"c{i}": pd.Series(column, dtype=object) for i, column in enumerate(table)})
    trained(NablabRegressor(**whole), frame, y.astype(float))
    trained(NablabClassifier(**whole), frame, np.where(y == 1, "b", "a") if texts else y)
    trained(NablabClassifier(**whole), [list(row) for row in zip(*table)], y)
    try:
        inferred = pl.DataFrame({f"c{i}": column for i, column in enumerate(table)}, strict=False)
    except (Exception, pl.exceptions.PanicException):
        return  # polars takes no such columns
    trained(NablabRegressor(**whole), inferred, y.astype(float))


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cells=st.lists(st.one_of(st.floats(), st.integers(), st.text(max_size=3), st.booleans(), st.none(), st.dates()), max_size=8),
    weights=st.one_of(st.none(), st.lists(st.floats(), max_size=8)),
)
def test_any_target_and_weights(cells: list[Any], weights: Any) -> None:
    X = np.arange(2.0 * len(cells)).reshape(-1, 2)
    for model in (NablabClassifier((), epochs=1, validation=0), NablabRegressor((), epochs=1, validation=0)):
        try:
            model.fit(X, cells, sample_weight=weights)
        except (ValueError, TypeError) as error:
            assert str(error)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(
        ["hidden", "dropout", "epochs", "optimizer", "clip", "types", "class_weight", "threshold", "ignore", "validation", "recipe"]
    ),
    value=st.one_of(
        *(st.floats(), st.integers(), st.text(max_size=6), st.booleans()),
        st.dictionaries(st.text(max_size=3), st.floats(), max_size=2),
        st.lists(st.one_of(st.text(max_size=3), st.integers(-3, 5)), max_size=3),
    ),
)
def test_any_setting(name: str, value: Any) -> None:
    if name == "epochs" and isinstance(value, (int, float)):
        value = min(value, 3)
    if name == "hidden" and isinstance(value, int):
        value = min(value, 20)
    model = NablabClassifier(epochs=1).set_params(**{name: value})
    try:
        model.fit([[i, str(i % 2)] for i in range(12)], [i % 2 for i in range(12)])
    except (ValueError, TypeError, MemoryError, OSError) as error:
        assert str(error)


def test_days_of_all_kinds_are_dates() -> None:
    day = datetime.date(2024, 2, 29)
    for cell in (day, datetime.datetime(2024, 2, 29, 12), np.datetime64("2024-02-29T12"), pd.Timestamp("2024-02-29")):
        X = [[cell, float(i)] for i in range(6)]
        model = NablabRegressor((), epochs=1, validation=0)
        with pytest.warns(UserWarning, match="dates are not learned from unasked"):
            model.fit(X, [Decimal(i) for i in range(6)])
        assert list(model.left_out_) == ["x0"]
