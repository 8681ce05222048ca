"""Tables by the Arrow C data interface, from whoever holds them."""

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

from nablab import MLPClassifier, NablabClassifier, NablabRegressor, _core

ROWS = 60
RNG = np.random.default_rng(5)
NUMBER: list[Any] = [int(v) for v in RNG.integers(0, 100, ROWS)]
TEXT: list[Any] = RNG.choice(np.array(["Bern", "Oslo", "Zürich"]), ROWS).tolist()
WORD: list[Any] = (RNG.random(ROWS) < 0.5).tolist()
DAY: list[Any] = [datetime.date(2021, 1, 1) + datetime.timedelta(days=int(d)) for d in RNG.integers(0, 400, ROWS)]
TIME: list[Any] = [datetime.datetime(day.year, day.month, day.day, 6, 30) for day in DAY]
for gap in (3, 17, 18, 44):
    NUMBER[gap] = TEXT[gap] = WORD[gap] = DAY[gap] = TIME[gap] = None
Y = [float(n or 0) * (2.0 if t == "Oslo" else 1.0) for n, t in zip(NUMBER, TEXT)]
CELLS = {"number": NUMBER, "text": TEXT, "word": WORD, "day": DAY, "time": TIME}

NUMBERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(), pa.float32(), pa.float64()]
DECIMALS = [pa.decimal32(9, 2), pa.decimal64(18, 3), pa.decimal128(30, 5), pa.decimal256(60, 4)]
TEXTS = [pa.string(), pa.large_string(), pa.string_view()]
MOMENTS = [pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")]


def dictionary(of: pa.DataType) -> Any:
    return lambda cells: pa.array(cells, of).dictionary_encode()


WAYS: dict[str, list[Any]] = {
    "number": [*NUMBERS, *DECIMALS, dictionary(pa.int32()), lambda cells: pa.array([None if c is None else np.float16(c) for c in cells], pa.float16())],
    "text": [*TEXTS, dictionary(pa.string()), dictionary(pa.large_string())],
    "word": [pa.bool_()],
    "day": [pa.date32(), pa.date64()],
    "time": MOMENTS,
}


@pytest.fixture(scope="module")
def model() -> NablabRegressor:
    return NablabRegressor((8,), epochs=5, types={"day": "date", "time": "date"}).fit(pd.DataFrame(CELLS).astype(object), Y)


@pytest.fixture(scope="module")
def expected(model: NablabRegressor) -> Any:
    return model.predict(pd.DataFrame(CELLS).astype(object))


@pytest.mark.parametrize(("name", "way"), [(name, i) for name, ways in WAYS.items() for i in range(len(ways))])
def test_every_type_means_its_values(model: Any, expected: Any, name: str, way: int) -> None:
    kind = WAYS[name][way]
    column = pa.array(CELLS[name], kind) if isinstance(kind, pa.DataType) else kind(CELLS[name])
    columns = {**{other: pa.array(cells) for other, cells in CELLS.items()}, name: column}
    np.testing.assert_array_equal(model.predict(pa.table(columns)), expected)


def test_chunks_slices_and_gaps_are_seen(model: Any, expected: Any) -> None:
    padded = pa.table({name: [None, *cells, cells[5]] for name, cells in CELLS.items()})
    pieces = [padded.slice(1, 7), padded.slice(8, 0), padded.slice(8, 1), padded.slice(9, ROWS - 8)]
    np.testing.assert_array_equal(model.predict(pa.concat_tables(pieces)), expected)
    polars = pl.concat([pl.from_arrow(piece) for piece in pieces], rechunk=False)  # type: ignore[type-var]
    np.testing.assert_array_equal(model.predict(polars), expected)
    (batch,) = pa.table(CELLS).to_batches()
    np.testing.assert_array_equal(model.predict(batch), expected)


class Stream:
    """Somebody who knows Arrow's interface alone."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


class Array:
    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self._table.to_batches()[0].__arrow_c_array__(requested_schema)


class Interchange:
    def __init__(self, table: Any) -> None:
        self._table = table

    def __dataframe__(self, nan_as_null: bool = False, allow_copy: bool = True) -> Any:
        return self._table.__dataframe__(nan_as_null, allow_copy)


@pytest.mark.parametrize("kind", [Stream, Array])
def test_whoever_has_the_interface_is_read(model: Any, expected: Any, kind: Any) -> None:
    np.testing.assert_array_equal(model.predict(kind(pa.table(CELLS))), expected)
    again = NablabRegressor((8,), epochs=5, types={"day": "date", "time": "date"}).fit(kind(pa.table(CELLS)), Y)
    np.testing.assert_array_equal(again.predict(kind(pa.table(CELLS))), expected)
    assert again.feature_names_in_.tolist() == list(CELLS)


def test_whoever_has_the_older_interface_is_read() -> None:
    table = pa.table({"number": NUMBER, "text": TEXT})  # the interface has no days
    model = NablabRegressor((8,), epochs=5).fit(Interchange(table), Y)
    np.testing.assert_array_equal(model.predict(Interchange(table)), NablabRegressor((8,), epochs=5).fit(table, Y).predict(table))


def test_a_reader_is_read_once(model: Any, expected: Any) -> None:
    reader = pa.table(CELLS).to_reader(max_chunksize=7)
    np.testing.assert_array_equal(model.predict(reader), expected)
    with pytest.raises(ValueError, match=r"Found array with 0 sample\(s\) \(shape=\(0, 5\)\) while a minimum of 1 is required by NablabRegressor"):
        model.predict(reader)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([datetime.timedelta(1)] * 4),
        pa.array([datetime.time(1)] * 4),
        pa.array([b"a"] * 4),
        pa.array([b"a"] * 4, pa.binary(1)),
        pa.array([[1]] * 4),
        pa.array([{"a": 1}] * 4),
        pa.array([[("a", 1)]] * 4, pa.map_(pa.string(), pa.int64())),
        pa.array([(1, 2, 3)] * 4, pa.month_day_nano_interval()),
    ],
    ids=lambda column: str(column.type),
)
def test_what_no_table_has_is_refused_by_name(column: Any) -> None:
    with pytest.raises(TypeError, match="X: column odd: expected numbers, texts, booleans or dates, got .*\nhint: leave the column out"):
        NablabRegressor(epochs=1).fit(pa.table({"fine": [1, 2, 3, 4], "odd": column}), [1.0, 2.0, 3.0, 4.0])


def test_what_is_no_table_is_refused() -> None:
    for X in (pa.array([1, 2]), pa.chunked_array([[1, 2]])):
        with pytest.raises(TypeError, match="X: expected a table of columns, got an array of Int64"):
            NablabRegressor(epochs=1).fit(X, [1.0, 2.0])
    missing = pa.array([{"a": 1}, None])
    with pytest.raises(ValueError, match="X: expected rows, got some that are missing"):
        NablabRegressor(epochs=1).fit(missing, [1.0, 2.0])


@pytest.mark.parametrize(
    ("buffers", "said"),
    [
        ([None, pa.array([0, 1, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfe")], "UTF8"),
        ([None, pa.array([0, 900, 2], pa.int32()).buffers()[1], pa.py_buffer(b"ab")], "[Oo]ffset"),
    ],
)
def test_a_broken_array_is_an_error(buffers: Any, said: str) -> None:
    broken = pa.Array.from_buffers(pa.string(), 2, buffers)
    with pytest.raises(ValueError, match=f"X: column a: expected Utf8, got .*{said}"):
        NablabRegressor(epochs=1).fit(pa.table({"a": broken}), [1.0, 2.0])


def test_numbers_that_lie_askew_are_read() -> None:
    bytes_ = b"\0" + np.arange(20.0).tobytes()
    askew = pa.Array.from_buffers(pa.float64(), 20, [None, pa.py_buffer(bytes_).slice(1)])
    model = NablabRegressor((), epochs=3).fit(pa.table({"a": askew}), np.arange(20.0))
    np.testing.assert_array_equal(model.predict(pa.table({"a": askew})), model.predict(pl.DataFrame({"a": np.arange(20.0)})))


def test_labels_of_rows_are_no_column() -> None:
    frame = pd.DataFrame({"a": np.arange(20.0)}, index=[f"row {i}" for i in range(20)])
    model = NablabRegressor((), epochs=3).fit(pa.Table.from_pandas(frame), frame["a"])
    assert model.feature_names_in_.tolist() == ["a"]


@pytest.mark.parametrize("kind", ["<f8", "<f4", "<i8", "<u2"])
def test_numbers_are_not_copied(kind: str) -> None:
    """What is written into the numbers afterwards is seen."""
    numbers = np.arange(40).astype(kind)
    model = NablabRegressor((), epochs=3).fit(pd.DataFrame({"a": numbers}), np.arange(40.0))
    column = _core.Arrow(pa.array(numbers))
    table = _core.Table([("a", column)])
    before, _ = model._fitted.predict(table)
    numbers[0] = 39
    after, _ = model._fitted.predict(table)
    assert before[0] != after[0] == after[39]


MEMORY = """
import resource
import numpy as np
import LIBRARY
from nablab import _core
from nablab._tables.columns import Table
X = LIBRARY.DataFrame({"a": np.random.rand(4 * 10**6), "b": np.arange(4 * 10**6)})
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
table = Table.of(X)
before = peak()
held = _core.Table(table.columns())
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the most memory that a process had is told on Unix")
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_large_table_needs_no_memory_of_its_own(library: str) -> None:
    """A column has 32 MB."""
    program = MEMORY.replace("LIBRARY", library)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 12, done.stdout


def test_types_that_are_of_polars_alone_are_read() -> None:
    columns = {
        "huge": pl.Series([2**90 + i % 2 for i in range(20)], dtype=pl.Int128),
        "half": pl.Series([i / 2 for i in range(20)], dtype=pl.Float16),
        "nothing": pl.Series([None] * 20),
        "mixed": pl.Series([1, "a", None, 2.5] * 5, dtype=pl.Object),
        "kind": pl.Series(["a", None] * 10, dtype=pl.Enum(["b", "a"])),
    }
    X = pl.DataFrame(columns)
    as_objects = pd.DataFrame({name: pd.Series(column.to_list(), dtype=object) for name, column in columns.items()})
    settings: dict[str, Any] = {"epochs": 3, "types": {"huge": "category"}}
    model = NablabRegressor((4,), **settings).fit(X, np.arange(20.0))
    assert list(model.left_out_) == ["nothing"]
    np.testing.assert_array_equal(model.predict(X), model.predict(as_objects))
    empty = pa.table({"a": np.arange(20.0), "nothing": pa.nulls(20)})
    assert list(NablabRegressor((), epochs=1).fit(empty, np.arange(20.0)).left_out_) == ["nothing"]


def test_digits_of_decimals_stay_where_they_are_names() -> None:
    ids = [Decimal(2**60 + i % 3) for i in range(60)]
    X = pa.table({"id": pa.array(ids, pa.decimal128(30, 0))})
    y = [i % 3 for i in range(60)]
    model = NablabClassifier((8,), types={"id": "category"}, epochs=60, dropout=0, learning_rate=0.05).fit(X, y)
    assert model.score(X, y) == 1.0


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_networks_of_numbers_take_tables_of_numbers() -> None:
    columns = {"a": np.arange(40.0), "b": np.arange(40.0)[::-1].copy()}
    y = np.arange(40) > 20
    plain = MLPClassifier((4,), max_iter=5, random_state=0).fit(pd.DataFrame(columns), y)
    table = pa.table(columns)
    for X in (table, pl.DataFrame(columns), table.to_pandas(types_mapper=pd.ArrowDtype), pd.DataFrame(columns).convert_dtypes()):
        np.testing.assert_array_equal(plain.predict_proba(X), plain.predict_proba(pd.DataFrame(columns)))
        fitted = MLPClassifier((4,), max_iter=5, random_state=0).fit(X, y)
        np.testing.assert_array_equal(fitted.predict_proba(X), plain.predict_proba(X))
