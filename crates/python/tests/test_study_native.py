"""Studies of recipes: trained from Python as by the command, together with it, on PostgreSQL, too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
from servers import postgres
from test_study import many_processes

from nablab import NablabClassifier, study

STUDY = """
learning_rate = { low = 1e-4, high = 1e-1, log = true }
hidden = { layers = { low = 1, high = 2 }, units = { low = 2, high = 16 } }
epochs = 6
[data]
file = "t.csv"
target = ["y"]
[study]
trials = 10
seed = 3
sampler = "random"
"""
PROGRAM = "import sys; from nablab._command import main; sys.exit(main())"


def table() -> pd.DataFrame:
    rows = [(i % 20, i // 20, "in" if (i % 20 < 10) == (i // 20 < 5) else "out") for i in range(200)]
    return pd.DataFrame(rows, columns=["a", "b", "y"])


def command(*arguments: str, at: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROGRAM, *arguments], cwd=at, capture_output=True, text=True, check=True)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    table().to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "line.toml").write_text(STUDY)
    return tmp_path


def test_a_run_from_python_is_that_of_the_command(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command("study", "run", "line.toml", "--quiet", at=place)
    theirs = study.load(place / "studies/line")
    ours = study.run(place / "line.toml", folder=place / "ours", threads=2, verbose=True)
    assert ours.trials == theirs.trials and len(ours.trials) == 10
    assert capsys.readouterr().out.count("trial ") >= 10
    assert (place / "ours/best.toml").exists() and (place / "ours/report.html").exists()
    of_columns = study.run(STUDY.replace('file = "t.csv"', ""), table(), folder=place / "columns", threads=2)
    assert [trial.values for trial in of_columns.trials] == [trial.values for trial in ours.trials]
    model = NablabClassifier(recipe=ours.recipe()).fit(table()[["a", "b"]], table()["y"])
    assert model.metrics_["validation"]["accuracy"] == ours.best.value
    assert ours.recipe(0) != ours.recipe()
    with pytest.raises(LookupError, match="there is no trial 99"):
        ours.recipe(99)


def test_python_helps_with_what_the_command_began(place: Path) -> None:
    command("study", "run", "line.toml", "--queue", at=place)
    s = study.load(place / "studies/line")
    assert {trial.state for trial in s.trials} == {"waiting"}
    # Who asks gets one of those that wait, and a worker the others.
    trial = s.ask()
    assert trial is not None and trial.number == 0 and set(trial.params) >= {"learning_rate", "hidden.layers"}
    s.tell(trial, 0.5)
    assert s.work(threads=2) == 9
    assert [trial.state for trial in s.trials] == ["complete"] * 10 and s.trials[0].value == 0.5
    with pytest.raises(ValueError, match="judged on another table"):
        s.work(table().iloc[::-1], threads=1)


def test_ctrl_c_gives_back_what_is_under_way(place: Path) -> None:
    text = STUDY.replace("epochs = 6", "epochs = 100000").replace('"t.csv"', repr(str(place / "t.csv")))
    threading.Timer(1.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        study.run(text, folder=place / "long", threads=2)
    assert time.monotonic() - begun < 20
    assert {trial.state for trial in study.load(place / "long").trials} == {"waiting"}


def test_what_has_no_trainings_says_so(tmp_path: Path) -> None:
    asked = study.create(tmp_path / "a.db", "a", {"x": study.Real(0, 1)})
    with pytest.raises(ValueError, match="study a: it does not say what is searched"):
        asked.work()
    with pytest.raises(ValueError, match="a study in memory has no trainings"):
        study.create(None, "a", {"x": study.Real(0, 1)}).work()
    with pytest.raises(ValueError, match="line 1"):
        study.run("learning_rate = { low = 3 }", table(), folder=tmp_path / "a")
    with pytest.raises(TypeError, match="data: expected a table with names of columns, or its file, got int"):
        study.run(STUDY, 7, folder=tmp_path / "a")  # type: ignore[arg-type,unused-ignore]


def test_processes_and_the_command_share_a_server(place: Path) -> None:
    with postgres() as address:
        try:
            many_processes(address)
        except RuntimeError as error:
            if "built without" not in str(error):
                raise
            pytest.skip("the module is built without the feature postgres: cargo build -p nablab-python --features postgres")
        command("study", "run", "line.toml", "--queue", "--storage", address, at=place)
        assert study.names(address) == ["many", "line"]
        other = subprocess.Popen([sys.executable, "-c", PROGRAM, "study", "work", "--storage", address, "--study", "line", "--quiet"], cwd=place)
        s = study.load(address, "line")
        s.work(threads=1)
        assert other.wait(120) == 0
        assert [trial.state for trial in s.trials] == ["complete"] * 10
        alone = study.run(place / "line.toml", folder=place / "alone", threads=2)
        assert [trial.values for trial in alone.trials] == [trial.values for trial in s.trials]
