"""Run folders go to and fro between Python and the command, whatever file the table is in."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pytest

from nablab import NablabClassifier, NablabRegressor

ROWS = 80
RNG = np.random.default_rng(2)
TABLE = pd.DataFrame(
    {
        "city": RNG.choice(np.array(["Bern", "Oslo", "São Paulo"], dtype=object), ROWS),
        "age": RNG.integers(20, 70, ROWS).astype(float),
        "member": RNG.random(ROWS) < 0.5,
        "since": [datetime.date(2021, 1, 1) + datetime.timedelta(days=int(d)) for d in RNG.integers(0, 400, ROWS)],
    }
)
TABLE.loc[::11, "age"] = np.nan
TABLE.loc[::13, "city"] = None
KIND = pd.Series(np.where((TABLE["age"] > 45) == TABLE["member"], "plus", "basic"), name="kind")
PRICE = pd.Series(2.0 * TABLE["age"].fillna(40) + TABLE["member"], name="price")

FORMATS: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    "csv": lambda table, path: table.to_csv(path, index=False),
    "tsv": lambda table, path: table.to_csv(path, index=False, sep="\t"),
    "csv.gz": lambda table, path: table.to_csv(path, index=False),
    "parquet": lambda table, path: table.to_parquet(path),
    "arrow": lambda table, path: pyarrow.feather.write_feather(pa.Table.from_pandas(table), path, "zstd"),
}


def command(folder: Path, *arguments: str) -> None:
    program = "from nablab._command import main; main()"
    done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", FORMATS)
def test_python_reads_what_the_command_has_trained(kind: str, tmp_path: Path) -> None:
    FORMATS[kind](TABLE.assign(kind=KIND), tmp_path / f"table.{kind}")
    command(tmp_path, "train", f"table.{kind}", "-t", "kind", "--epochs", "8", "--types", "since=date", "--out", "run")
    command(tmp_path, "predict", "run", f"table.{kind}", "--proba", "--out", "said.csv")
    model = NablabClassifier.load(tmp_path / "run")
    ours = model.predict_frame(TABLE, probabilities=True)
    theirs = pd.read_csv(tmp_path / "said.csv")
    assert ours.columns.tolist() == theirs.columns.tolist() == ["kind", "p(basic)", "p(plus)"]
    assert ours["kind"].tolist() == theirs["kind"].tolist()
    np.testing.assert_allclose(ours.iloc[:, 1:], theirs.iloc[:, 1:], atol=1e-6)
    in_python = NablabClassifier(epochs=8, types={"since": "date"}).fit(TABLE, KIND)
    np.testing.assert_array_equal(in_python.predict_proba(TABLE), model.predict_proba(TABLE))


@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow"])
def test_the_command_reads_what_python_has_trained(kind: str, tmp_path: Path) -> None:
    model = NablabRegressor(epochs=8).fit(pa.Table.from_pandas(TABLE.drop(columns="since")), PRICE)
    model.save(tmp_path / "run")
    FORMATS[kind](TABLE, tmp_path / f"new.{kind}")
    command(tmp_path, "predict", "run", f"new.{kind}", "--out", "said.parquet")
    said = pd.read_parquet(tmp_path / "said.parquet")
    np.testing.assert_allclose(said["price"], model.predict(TABLE), rtol=1e-6)
