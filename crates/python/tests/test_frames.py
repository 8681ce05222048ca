"""Predictions as tables: of the library that the rows came in, with their index."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from sklearn.exceptions import NotFittedError

from nablab import NablabClassifier, NablabRegressor

X = pd.DataFrame({"side": ["left", "right", "left", "up"] * 15, "size": np.arange(60.0)}, index=[f"row {i}" for i in range(60)])
LEVEL = pd.Series(["low", "high", "low", "odd"] * 15, index=X.index, name="level")
PRICE = pd.DataFrame({"net": np.arange(60.0), "gross": 1.2 * np.arange(60)})
MODEL = NablabClassifier((8,), epochs=60, learning_rate=0.05, dropout=0).fit(X, LEVEL)


def test_a_frame_of_pandas_keeps_the_index() -> None:
    said = MODEL.predict_frame(X.iloc[::7], probabilities=True)
    assert said.index.tolist() == X.index[::7].tolist()
    assert said.columns.tolist() == ["level", "p(high)", "p(low)", "p(odd)"]
    assert said["level"].tolist() == MODEL.predict(X.iloc[::7]).tolist()
    np.testing.assert_array_equal(said.iloc[:, 1:].to_numpy(), MODEL.predict_proba(X.iloc[::7]))
    assert (MODEL.predict_frame(X)["level"] == LEVEL).mean() > 0.9


def test_other_libraries_get_their_own() -> None:
    whole = MODEL.predict_frame(X, probabilities=True).reset_index(drop=True)
    of_polars = MODEL.predict_frame(pl.from_pandas(X), probabilities=True)
    assert of_polars.schema == {"level": pl.String, "p(high)": pl.Float64, "p(low)": pl.Float64, "p(odd)": pl.Float64}
    pd.testing.assert_frame_equal(of_polars.to_pandas(), whole)
    table = pa.Table.from_pandas(X)
    for rows in (table, table.to_batches()[0], table.to_reader()):
        of_arrow = MODEL.predict_frame(rows, probabilities=True)
        assert isinstance(of_arrow, pa.Table)
        pd.testing.assert_frame_equal(of_arrow.to_pandas(), whole)
    # And out again by the interface of Arrow.
    assert pa.table(MODEL.predict_frame(X)).column("level").to_pylist() == pa.table(of_polars).column("level").to_pylist()


def test_arrays_get_one_of_pandas() -> None:
    model = NablabRegressor((4,), epochs=5).fit(X[["size"]].to_numpy(), PRICE["net"].to_numpy())
    for rows in (X[["size"]].to_numpy(), X[["size"]].to_numpy().tolist(), scipy.sparse.csr_matrix(X[["size"]].to_numpy())):
        said = model.predict_frame(rows)
        assert said.columns.tolist() == ["y"] and said.index.tolist() == list(range(60))
        np.testing.assert_array_equal(said["y"], model.predict(rows))


def test_several_targets_have_their_names() -> None:
    numbers = NablabRegressor((4,), epochs=5).fit(X, PRICE)
    pd.testing.assert_frame_equal(
        numbers.predict_frame(X), pd.DataFrame(numbers.predict(X), columns=["net", "gross"], index=X.index)
    )
    labels = pd.DataFrame({"left": X["side"] == "left", "large": np.where(X["size"] > 30, "yes", "no")})
    model = NablabClassifier((8,), epochs=60, dropout=0).fit(X, labels.astype(object))
    said = model.predict_frame(X, probabilities=True)
    assert said.columns.tolist() == ["left", "large", "p(left)", "p(large)"]
    np.testing.assert_array_equal(said[["left", "large"]].to_numpy(object), model.predict(X))


@pytest.mark.parametrize("y", [[3, 7], [False, True], [1.0, 2.0], ["b", "a"]])
def test_classes_keep_their_type(y: list[Any]) -> None:
    model = NablabClassifier((4,), epochs=3).fit(X, y * 30)
    assert set(model.predict_frame(pl.from_pandas(X))["y"].to_list()) <= set(y)
    assert model.predict_frame(X)["y"].dtype.kind == (np.array(y).dtype.kind if not isinstance(y[0], str) else "O")


def test_what_is_not_fitted_says_so() -> None:
    with pytest.raises(NotFittedError):
        NablabClassifier().predict_frame(X)
