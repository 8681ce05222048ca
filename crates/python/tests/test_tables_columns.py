"""Columns of all kinds, from all libraries: a cell means what it means in a file of the command."""

from __future__ import annotations

import datetime
import subprocess
import sys
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from nablab import NablabClassifier, NablabRegressor

ROWS = 60
RNG = np.random.default_rng(3)
CITY: list[Any] = RNG.choice(np.array(["Bern", "Oslo", "Rome"]), ROWS).tolist()
AGE: list[Any] = RNG.integers(20, 70, ROWS).tolist()
DAY: list[Any] = [datetime.date(2021, 1, 1) + datetime.timedelta(days=int(d)) for d in RNG.integers(0, 400, ROWS)]
MEMBER: list[Any] = (RNG.random(ROWS) < 0.5).tolist()
PRICE = [float(a) * (2.0 if c == "Oslo" else 1.0) for a, c in zip(AGE, CITY)]
for gap in (5, 12, 40):
    CITY[gap] = AGE[gap] = DAY[gap] = MEMBER[gap] = None

COLUMNS: dict[str, list[Any]] = {"city": CITY, "age": AGE, "day": DAY, "member": MEMBER}


def pandas_objects() -> Any:
    return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in COLUMNS.items()})


def pandas_inferred() -> Any:
    return pd.DataFrame(COLUMNS).astype({"day": "datetime64[us]"})


def pandas_nullable() -> Any:
    types = {"city": "string", "age": "Int64", "day": "datetime64[s]", "member": "boolean"}
    return pd.DataFrame({name: pd.array(cells, types[name]) for name, cells in COLUMNS.items()})


def pandas_of_arrow() -> Any:
    return pa.table(COLUMNS).to_pandas(types_mapper=pd.ArrowDtype)


def pandas_category() -> Any:
    return pandas_inferred().astype({"city": "category"})


def polars_plain() -> Any:
    return pl.DataFrame(COLUMNS)


def polars_categorical() -> Any:
    return pl.DataFrame(COLUMNS).cast({"city": pl.Categorical, "age": pl.Decimal(10, 2), "day": pl.Datetime("ms")})


def arrow_table() -> Any:
    return pa.table(COLUMNS)


def arrow_dictionary() -> Any:
    table = pa.table(COLUMNS)
    return table.set_column(0, "city", table.column("city").dictionary_encode())


def nested_list() -> Any:
    return [list(row) for row in zip(*COLUMNS.values())]


def object_array() -> Any:
    return np.array(nested_list(), dtype=object)


MAKERS = [
    pandas_objects,
    pandas_inferred,
    pandas_nullable,
    pandas_of_arrow,
    pandas_category,
    polars_plain,
    polars_categorical,
    arrow_table,
    arrow_dictionary,
    nested_list,
    object_array,
]


def model_of(X: Any) -> NablabRegressor:
    """Dates are learned from where that is asked for."""
    day = "x2" if isinstance(X, (list, np.ndarray)) else "day"
    return NablabRegressor((8,), epochs=6, types={day: "date"}).fit(X, PRICE)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the command makes of the same table as a file of Parquet's meaning, read from CSV."""
    folder = tmp_path_factory.mktemp("expected")
    pandas_objects().assign(price=PRICE).to_csv(folder / "t.csv", index=False)
    network = ("--task", "regression", "--layers", "8", "--epochs", "6", "--types", "day=date")
    arguments = ("train", "t.csv", "-t", "price", *network, "--out", "run")
    program = "from nablab._command import main; main()"
    subprocess.run([sys.executable, "-c", program, *arguments], cwd=folder, check=True, capture_output=True)
    return NablabRegressor.load(folder / "run").predict(pandas_objects())


@pytest.mark.parametrize("maker", MAKERS)
def test_every_library_says_what_the_command_says(maker: Any, expected: Any) -> None:
    X = maker()
    np.testing.assert_array_equal(model_of(X).predict(X), expected)


def test_columns_are_found_by_name_in_any_order_and_any_library() -> None:
    model = model_of(pandas_objects())
    mixed = polars_plain().select("member", pl.lit(1).alias("more"), "day", "age", "city")
    np.testing.assert_array_equal(model.predict(mixed), model.predict(arrow_table()))


@pytest.mark.filterwarnings("ignore:X. nothing is learned from .day.")
def test_a_missing_column_is_named() -> None:
    model = NablabRegressor((8,), epochs=3).fit(pandas_objects(), PRICE)
    with pytest.raises(ValueError, match=r"X: columns: expected age, which the training had, got city, day, member\nhint: columns"):
        model.predict(pandas_objects().drop(columns="age"))


@pytest.mark.parametrize(
    ("X", "said"),
    [
        (pd.DataFrame({"a": pd.to_timedelta([1, 2], unit="D")}), "X, column a: expected numbers, texts, .*, got timedelta64"),
        (pl.DataFrame({"a": [[1], [2]]}), r"X: column a: expected numbers, texts, booleans or dates, got LargeList\(Int64\)\nhint: leave"),
        (pa.table({"a": [{"b": 1}, {"b": 2}]}), r"X: column a: .*, got Struct\(\"b\": Int64\)"),
        (pd.DataFrame({"a": [{"b": 1}, 2]}), "X, column a, row 0: argument must be a string, a number.*, got a dict"),
        (pd.DataFrame({"a": pd.period_range("2020", periods=2, freq="D")}), r"X, column a: expected numbers, .*, got period\[D\]"),
        (pd.DataFrame({"a": pd.interval_range(0, 2)}), r"X, column a: expected numbers, .*, got interval\[int64, right\]"),
        (pd.DataFrame({"a": np.arange(2) * 1j}), "X, column a: expected numbers, .*, got complex128"),
        (pl.LazyFrame({"a": [1, 2]}), "a polars LazyFrame, which has no rows yet\nhint: X.collect()"),
    ],
)
def test_what_no_table_has_is_refused_by_its_place(X: Any, said: str) -> None:
    with pytest.raises(TypeError, match=said):
        NablabRegressor(epochs=1).fit(X, [1.0, 2.0])


def test_infinity_is_refused_by_its_place() -> None:
    X = pd.DataFrame({"a": [1.0, np.inf, 2.0]})
    with pytest.raises(ValueError, match="X: column a, row 1: expected a finite number, got inf\nhint: leave a missing"):
        NablabRegressor(epochs=1).fit(X, [1.0, 2.0, 3.0])


def test_digits_of_large_ids_stay_where_they_are_names() -> None:
    ids = [2**60 + i % 3 for i in range(60)]
    y = [i % 3 for i in range(60)]
    for X in (pd.DataFrame({"id": ids}), pl.DataFrame({"id": ids}), pa.table({"id": ids})):
        model = NablabClassifier((8,), types={"id": "category"}, epochs=60, dropout=0, learning_rate=0.05).fit(X, y)
        assert model.score(X, y) == 1.0


def test_a_categorical_of_numbers_is_of_categories() -> None:
    codes, y = [1, 2, 3] * 30, np.array([0.0, 6.0, 0.0] * 30)
    linear: dict[str, Any] = {"hidden": (), "l2": 0, "learning_rate": 0.05, "epochs": 100}
    of_categories = NablabRegressor(**linear).fit(pd.DataFrame({"code": pd.Categorical(codes)}), y)
    of_numbers = NablabRegressor(**linear).fit(pd.DataFrame({"code": codes}), y)
    assert of_categories.score(pd.DataFrame({"code": codes}, dtype="category"), y) > 0.99
    assert of_numbers.score(pd.DataFrame({"code": codes}), y) < 0.1


def test_moments_have_zones_and_fractions() -> None:
    moments = pd.date_range("2024-03-01", periods=40, freq="11h")
    y = np.arange(40.0)
    plain = NablabRegressor((), epochs=3, types={"t": "date"}).fit(pd.DataFrame({"t": moments}), y)
    in_zone = pd.DataFrame({"t": moments.tz_localize("UTC").tz_convert("Asia/Tokyo")})
    np.testing.assert_array_equal(plain.predict(in_zone), plain.predict(pd.DataFrame({"t": moments})))
    fractions = pd.DataFrame({"t": moments + pd.Timedelta("250ms")})
    assert np.abs(plain.predict(fractions) - plain.predict(in_zone)).max() < 1e-3


def test_numbers_as_objects_and_decimals_are_numbers() -> None:
    X = [[Decimal(i)] for i in range(40)]
    y = [2.0 * i for i in range(40)]
    decimal = NablabRegressor((8,), epochs=5).fit(np.array(X, dtype=object), y)
    np.testing.assert_array_equal(decimal.predict(np.array(X, dtype=object)), decimal.predict(np.arange(40.0)[:, None]))
