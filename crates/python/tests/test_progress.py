"""How far a training is: a bar in terminals and notebooks, lines elsewhere."""

from __future__ import annotations

import io
import re
import sys
import threading
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_moons

from nablab import MLPClassifier, MLPRegressor, NablabClassifier, Network, labs, train_many
from nablab._progress import Progress

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
X, Y = make_moons(60, noise=0.2, random_state=1)


class Screen(io.StringIO):
    """A terminal: what is written behind a carriage return is written over what was there."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    @property
    def lines(self) -> list[str]:
        shown = []
        for line in self.getvalue().split("\n"):
            cells: list[str] = []
            for part in line.split("\r"):
                cells[: len(part)] = part
            shown.append("".join(cells).rstrip())
        return shown


def test_a_terminal_shows_one_line_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (20, 40, 70, 200):
        monkeypatch.setenv("COLUMNS", str(width))
        screen = Screen()
        with Progress(3, "three trainings", stream=screen) as progress:
            for epoch in (1, 2, 3):
                progress(epoch, {"loss": 1 / epoch, "validation score": 0.5})
        assert max(map(len, re.split("[\r\n]", screen.getvalue()))) < width
        (line, end) = screen.lines
        assert line.startswith("three trainings") and end == ""
        assert ("█" in line) == (width == 200)
        assert ("loss 0.3333" in line) == (width >= 70)


def test_a_line_stands_above_the_bar_and_nothing_of_the_bar_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    screen = Screen()
    with Progress(9, stream=screen) as progress:
        progress(1, {"loss": 0.5})
        progress.say("enough")
    assert screen.lines[0] == "enough"
    assert screen.lines[1].startswith("epoch 1/9 [███")


def test_signs_that_a_terminal_lacks_are_written_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    screen = Screen()
    screen.encoding = "ascii"
    with Progress(2, stream=screen) as progress:
        progress(2, {"loss": 0.5})
    assert screen.getvalue().isascii() and "[====" in screen.getvalue()


def test_bars_of_several_threads_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    fits = [
        threading.Thread(target=MLPClassifier(max_iter=40 + i, tol=0, n_iter_no_change=99, verbose="bar").fit, args=(X, Y))
        for i in range(4)
    ]
    for fit in fits:
        fit.start()
    for fit in fits:
        fit.join()
    *lines, end = screen.lines
    assert end == ""
    assert sorted(line.split()[1] for line in lines) == [f"{n}/{n}" for n in (40, 41, 42, 43)]
    assert all(re.fullmatch(r"epoch \S+ \[█{24}\] · loss \S+ · \S+ · .* s", line) for line in lines), lines


def test_without_a_terminal_about_ten_lines_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    MLPRegressor(max_iter=95, tol=0, n_iter_no_change=99, solver="sgd", verbose="bar").fit(X, Y)
    out, err = capsys.readouterr()
    assert out == ""
    epochs = [int(line.split()[1].split("/")[0]) for line in err.splitlines()]
    assert epochs == [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95]


def test_true_prints_the_lines_of_scikit_learn(capsys: pytest.CaptureFixture[str]) -> None:
    from sklearn.neural_network import MLPClassifier as ScikitLearn

    said = []
    for estimator in (MLPClassifier, ScikitLearn):
        estimator(early_stopping=True, n_iter_no_change=3, tol=0.5, verbose=True, random_state=0).fit(X, Y)
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] and "Validation score: " in said[0]


def test_early_stopping_is_told_beside_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    model = MLPClassifier(early_stopping=True, n_iter_no_change=3, tol=0.5, verbose="bar").fit(X, Y)
    out, err = capsys.readouterr()
    assert out == "" and "Validation score did not improve more than tol=0.500000" in err
    assert f"epoch {model.n_iter_}/200 · loss " in err and "validation score" in err
    assert MLPClassifier(solver="lbfgs", verbose="bar").fit(X, Y).n_iter_ > 0
    assert capsys.readouterr().err.startswith("epoch 1/200 · loss ")


def test_a_table_a_population_and_a_lab_say_how_far_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    NablabClassifier(epochs=20, verbose="bar").fit(X, Y)
    assert "epoch 20/20 · loss " in capsys.readouterr().err
    train_many(Network(2, [5]), {"epochs": 50}, X, Y, seeds=4, verbose=True)
    assert "4 trainings · epoch 200/200" in capsys.readouterr().err
    labs.initialization(epochs=20, seeds=0, verbose="bar")
    assert "initialization · epoch " in capsys.readouterr().err
    train_many(Network(2, [5]), {"epochs": 50}, X, Y)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("fit", [
    lambda: MLPClassifier(verbose="bars").fit(X, Y),
    lambda: NablabClassifier(verbose="bars").fit(X, Y),
    lambda: train_many(Network(2, [5]), {}, X, Y, verbose="bars"),
])  # fmt: skip
def test_another_word_is_refused(fit: Any) -> None:
    with pytest.raises(ValueError, match="verbose.*bar"):
        fit()


def test_an_error_ends_the_bar_and_is_what_is_raised(capsys: pytest.CaptureFixture[str]) -> None:
    def enough(model: Any) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        MLPClassifier(verbose="bar", callbacks=enough).fit(X, Y)
    assert capsys.readouterr().err.count("\n") == 1


def test_workers_say_lines(capfd: pytest.CaptureFixture[str]) -> None:
    from joblib import Parallel, delayed

    done = Parallel(n_jobs=2)(
        delayed(MLPClassifier(max_iter=20, tol=0, n_iter_no_change=99, verbose="bar").fit)(X, Y) for _ in range(2)
    )
    assert all(model.n_iter_ == 20 for model in done)
    err = capfd.readouterr().err
    assert "\r" not in err
    assert all(re.match(r"epoch \d+/20 · loss ", line) for line in err.splitlines() if line.startswith("epoch"))
    assert np.isfinite(done[0].loss_)


def test_a_notebook_changes_one_line_in_place() -> None:
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    source = (
        "from sklearn.datasets import make_moons\n"
        "from nablab import MLPClassifier, NablabClassifier\n"
        "X, y = make_moons(60, random_state=1)\n"
        "MLPClassifier(max_iter=30, tol=0, n_iter_no_change=99, verbose='bar').fit(X, y)\n"
        "NablabClassifier(epochs=30, verbose='bar', threads=2).fit(X, y);"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    client.NotebookClient(notebook, timeout=120).execute()
    outputs = notebook.cells[0].outputs
    shown = [output["data"]["text/html"] for output in outputs if output["output_type"] == "display_data"]
    assert len(shown) == 2, outputs
    assert all('<progress max="1" value="1.000"' in html and "epoch 30/30" in html for html in shown)
