"""The estimators of tables: what they predict, tell and keep, and what they refuse."""

from __future__ import annotations

import inspect
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.utils import estimator_html_repr

from nablab import NablabClassifier, NablabRegressor, _core
from nablab._tables.keywords import _example, texts_of


def tiles(rows: int = 200) -> tuple[pd.DataFrame, pd.Series]:
    """Two columns that say the class together, and one that has gaps."""
    rng = np.random.default_rng(1)
    X = pd.DataFrame({"width": rng.random(rows), "side": rng.choice(["left", "right"], rows), "note": rng.random(rows)})
    X.loc[::9, "note"] = np.nan
    dark = (X["width"] > 0.5) == (X["side"] == "left")
    return X, pd.Series(np.where(dark, "dark", "light"), name="shade")


def run(*arguments: str | Path) -> None:
    """Run the command in a process of its own, whose signals it may handle."""
    program = "from nablab._command import main; main()"
    done = subprocess.run([sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_model_is_that_of_the_command(tmp_path: Path) -> None:
    X, y = tiles()
    table, folder = tmp_path / "tiles.csv", tmp_path / "run"
    X.assign(shade=y).to_csv(table, index=False)
    run("train", table, "-t", "shade", "--epochs", "15", "--out", folder)
    theirs = NablabClassifier.load(folder)
    ours = NablabClassifier(epochs=15).fit(X, y)
    np.testing.assert_array_equal(theirs.predict_proba(X), ours.predict_proba(X))
    np.testing.assert_array_equal(theirs.classes_, ours.classes_)
    assert theirs.history_["train_loss"].tolist() == ours.history_["train_loss"].tolist()
    assert theirs.feature_names_in_.tolist() == ["width", "side", "note"]
    again = theirs.fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), ours.predict_proba(X))


def test_the_command_reads_what_is_saved(tmp_path: Path) -> None:
    X, y = tiles()
    model = NablabClassifier(epochs=10).fit(X, y)
    folder, table, out = tmp_path / "saved", tmp_path / "new.csv", tmp_path / "out.csv"
    model.save(folder)
    X.to_csv(table, index=False)
    run("predict", folder, table, "--out", out, "--proba")
    said = pd.read_csv(out)
    np.testing.assert_allclose(said[["p(dark)", "p(light)"]].to_numpy(), model.predict_proba(X), atol=1e-6)
    run("diagnose", folder)
    run("report", folder, "--out", tmp_path / "page.html")
    again = NablabClassifier.load(folder)
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    assert again.metrics_ == model.metrics_
    assert again.findings_ == model.findings_
    with pytest.raises(FileExistsError, match="there is something in it already\nhint: choose another folder"):
        model.save(folder)


@pytest.mark.parametrize("classes", [[3, 10], [False, True], ["b", "a"], ["10", "9"], [1, 2, 12]])
def test_classes_come_back_as_they_were_given(classes: list[Any], tmp_path: Path) -> None:
    y = np.array(classes * 20)
    X = np.arange(len(y))[:, None] % len(classes)
    model = NablabClassifier((8,), epochs=80, dropout=0, learning_rate=0.05).fit(X, y)
    assert model.classes_.tolist() == sorted(classes)
    assert model.predict(X).tolist() == y.tolist()
    assert model.predict(X).dtype == y.dtype
    model.save(tmp_path / "run")
    again = NablabClassifier.load(tmp_path / "run")
    assert again.predict(X).tolist() == y.tolist()
    assert again.classes_.dtype.kind == y.dtype.kind


def test_several_columns_are_predicted_together(tmp_path: Path) -> None:
    X, _ = tiles()
    y = pd.DataFrame({"wide": X["width"] > 0.5, "left": np.where(X["side"] == "left", "yes", "no")})
    model = NablabClassifier(epochs=60, dropout=0, learning_rate=0.01).fit(X, y.astype(object))
    assert [of.tolist() for of in model.classes_] == [[False, True], ["no", "yes"]]
    assert model.predict_proba(X).shape == (200, 2)
    assert (model.predict(X) == y.to_numpy(object)).mean() > 0.95
    numbers = np.stack([X["width"], 3 * X["width"] + (X["side"] == "left")], axis=1)
    regressor = NablabRegressor(epochs=100, dropout=0, learning_rate=0.01).fit(X, numbers)
    assert regressor.predict(X).shape == (200, 2)
    assert regressor.score(X, numbers) > 0.9
    model.save(tmp_path / "labels")
    again = NablabClassifier.load(tmp_path / "labels")
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    regressor.save(tmp_path / "run")
    np.testing.assert_array_equal(NablabRegressor.load(tmp_path / "run").predict(X), regressor.predict(X))


def test_it_learns_what_is_known_to_be_learnable() -> None:
    X, y = load_iris(return_X_y=True)
    assert NablabClassifier(epochs=100).fit(X, y).score(X, y) > 0.95
    X, y = load_diabetes(return_X_y=True)
    assert NablabRegressor(epochs=60).fit(X, y).score(X, y) > 0.45


def test_settings_mean_what_the_command_means() -> None:
    X, y = tiles()
    model = NablabClassifier(
        hidden=(6, 5),
        activation={"leaky-relu": {"slope": 0.05}},
        optimizer={"adam": {"beta1": 0.8}},
        schedule="cosine",
        clip={"norm": {"max": 1.0}},
        batch_norm=True,
        types={"note": "number"},
        ignore=["width"],
        class_weight={"dark": 2},
        threshold=0.3,
        epochs=3,
    ).fit(X, y)
    for line in ("units = 6", "slope = 0.05", "beta1 = 0.8", "batch_norm = true", 'ignore = ["width"]', "dark = 2.0"):
        assert line in model.recipe_, model.recipe_
    assert "width" not in model._fitted.columns
    p = model.predict_proba(X)[:, 1]
    np.testing.assert_array_equal(model.predict(X) == "light", p > 0.3)


def test_rows_are_held_out_by_a_column_and_a_rate_is_found() -> None:
    X, y = tiles()
    X = X.assign(who=np.arange(200) // 10, when=np.arange(200))
    by = NablabClassifier(epochs=20, validation_by="when", ignore=["when", "who"]).fit(X, y)
    assert by.metrics_["validation_rows"] == 20
    grouped = NablabClassifier(epochs=2, group="who", ignore="when").fit(X, y)
    assert grouped.metrics_["validation_rows"] % 10 == 0
    with pytest.raises(ValueError, match="X: columns: expected width, side, note, which the training had, got who, when"):
        grouped.predict(X[["who", "when"]])
    found = NablabClassifier(epochs=5, learning_rate="find").fit(X, y)
    assert found.history_["learning_rate"][0] != 0.001


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"hidden": (-1,)}, "hidden must be whole numbers separated by commas, or none, got -1\nhint: such as \"64,32\""),
        ({"dropout": 1.5}, "dropout"),
        ({"optimizer": "adamm"}, "optimizer adamm: unknown name `adamm`: did you mean `adam`?"),
        ({"dropout": 0.2, "hidden": ()}, "dropout has no say without hidden layers\nhint: leave it away"),
        ({"patience": -2}, "patience must be a whole number, 0 or more, got -2"),
        ({"ignore": ["heigth"]}, "X: columns: expected one named heigth, got width, side, note"),
        ({"class_weight": {"drak": 2}}, "class_weight must be of the classes dark, light, got drak; did you mean dark?"),
        ({"validation": "rows.csv"}, "validation must be a share of the rows, such as 0.1, got rows.csv"),
        ({"types": {"side": "number"}}, "column side: expected numbers, got"),
        ({"validation": 1.5}, "validation must be in [0, 1), got 1.5"),
        ({"threads": 0}, "threads must be a whole number above 0, or None, got 0"),
        ({"recipe": "epochs = many"}, "recipe: line 1, column 10: "),
    ],
)
def test_what_cannot_be_is_said_in_pythons_words(settings: dict[str, Any], said: str) -> None:
    X, y = tiles(40)
    with pytest.raises(ValueError) as raised:
        NablabClassifier(epochs=1).set_params(**settings).fit(X, y)
    assert said in str(raised.value)
    assert "--" not in str(raised.value)


def test_what_is_no_target_is_said() -> None:
    X, y = tiles(40)
    with pytest.raises(ValueError, match="y: expected at least two classes, got one class: a\nhint: a classifier"):
        NablabClassifier().fit(X, ["a"] * 40)
    with pytest.raises(ValueError, match="Input y contains NaN: row 3 has no target"):
        NablabClassifier().fit(X, y.where(y.index != 3, None))
    with pytest.raises(ValueError, match="Input y contains NaN"):
        NablabRegressor().fit(X, X["note"])
    with pytest.raises(ValueError, match="hint: wrap the estimator in sklearn.multioutput.MultiOutputClassifier"):
        NablabClassifier().fit(X, np.arange(80).reshape(40, 2) % 3)
    with pytest.raises(NotFittedError):
        NablabClassifier().predict(X)
    with pytest.raises(NotFittedError):
        NablabClassifier().diagnose_()


def test_a_text_that_is_new_is_said() -> None:
    X, y = tiles(60)
    model = NablabClassifier(epochs=2).fit(X, y)
    with pytest.warns(UserWarning, match='column side: 60 of the rows have a text that the training had not, such as "up"'):
        model.predict(X.assign(side="up"))


def test_weights_are_rows() -> None:
    whole: dict[str, Any] = {"batch_size": "all", "dropout": 0, "validation": 0, "precision": "f64"}
    X, y = tiles(50)
    weights = np.arange(50) % 3
    for model, target in ((NablabClassifier((8,), epochs=40, **whole), y), (NablabRegressor((8,), epochs=40, **whole), X["width"])):
        weighted = model.fit(X, target, sample_weight=weights)
        said = weighted.predict_proba(X) if isinstance(model, NablabClassifier) else weighted.predict(X)
        rows = np.repeat(np.arange(50), weights)
        copies = model.fit(X.iloc[rows], target.iloc[rows])
        again = copies.predict_proba(X) if isinstance(model, NablabClassifier) else copies.predict(X)
        np.testing.assert_allclose(said, again, rtol=1e-7)


def test_callbacks_see_each_epoch_and_end_it(capsys: pytest.CaptureFixture[str]) -> None:
    X, y = tiles(60)
    seen: list[dict[str, float]] = []

    def look(epoch: dict[str, float]) -> bool:
        seen.append(epoch)
        return len(seen) == 7

    model = NablabClassifier(epochs=50, callbacks=look, verbose=True).fit(X, y)
    assert model.n_iter_ == len(seen) == 7
    assert [epoch["train_loss"] for epoch in seen] == model.history_["train_loss"].tolist()
    assert model.metrics_["ended"] == "interrupted"
    said = capsys.readouterr().out
    assert "1 column of categories: side (2 texts)" in said and "Epoch 7, loss = " in said

    def fails(epoch: dict[str, float]) -> bool:
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        NablabClassifier(epochs=5, callbacks=[fails]).fit(X, y)


@pytest.mark.parametrize("threads", [1, 2])
def test_control_c_leaves_a_usable_estimator(threads: int) -> None:
    X, y = load_iris(return_X_y=True)
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.monotonic())
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(0.5, press)
    timer.start()
    with pytest.warns(UserWarning, match="Training interrupted by user."):
        model = NablabClassifier((256, 256), epochs=10**9, validation=0, threads=threads).fit(X, y)
    timer.join()
    assert pressed and model.n_iter_ >= 1
    model = pickle.loads(pickle.dumps(model))
    assert model.predict(X).shape == (150,)


def test_threads_may_predict_at_once() -> None:
    X, y = tiles()
    model = NablabClassifier(epochs=3).fit(X, y)
    expected = model.predict_proba(X)
    with ThreadPoolExecutor(4) as pool:
        for said in pool.map(model.predict_proba, [X] * 16):
            np.testing.assert_array_equal(said, expected)


def test_what_is_told_of_a_training(tmp_path: Path) -> None:
    X, y = tiles()
    model = NablabClassifier(epochs=40, learning_rate=1e-7).fit(X, y)
    finding = model.findings_[0]
    assert finding["code"] == "learning-rate-too-low"
    assert finding["advice"][0].startswith("learning_rate=")
    assert "learning-rate-too-low (" in model.diagnose_() and "--" not in model.diagnose_()
    assert "学习率" in model.diagnose_("zh")
    better = NablabClassifier(epochs=40).set_params(**eval(f"dict({finding['advice'][0]})")).fit(X, y)
    assert better.history_["train_loss"][-1] < model.history_["train_loss"][-1]
    page = model.report_()
    assert page.startswith("<!") and "<iframe" in page._repr_html_()
    page.save(tmp_path / "page.html")
    assert set(model.metrics_["validation"]) >= {"accuracy", "log_loss"}
    assert model.metrics_["train"]["accuracy"] == pytest.approx(0.5, abs=0.2)
    assert list(pd.DataFrame(model.history_)["epoch"]) == list(range(1, 41))
    assert "NablabClassifier" in estimator_html_repr(model)


def test_onnx_is_written(tmp_path: Path) -> None:
    X, y = tiles(60)
    NablabClassifier(epochs=2).fit(X, y).to_onnx(tmp_path / "model.onnx")
    assert b"probabilities" in (tmp_path / "model.onnx").read_bytes()


def test_a_recipe_may_be_given(tmp_path: Path) -> None:
    X, y = tiles(60)
    path = tmp_path / "recipe.toml"
    path.write_text("epochs = 4\n[data]\nscaling = \"robust\"\n", encoding="utf-8")
    model = NablabClassifier(recipe=path).fit(X, y)
    assert model.n_iter_ == 4 and 'scaling = "robust"' in model.recipe_
    assert NablabClassifier(recipe=path, epochs=2).fit(X, y).n_iter_ == 2
    np.testing.assert_array_equal(NablabClassifier(recipe=model.recipe_).fit(X, y).predict_proba(X), model.predict_proba(X))


def test_arrays_are_found_by_place(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X = rng.random((80, 12))
    X[:, 3] = 1.0
    y = X[:, 11] > 0.5
    model = NablabClassifier((8,), epochs=10).fit(X, y)
    assert not hasattr(model, "feature_names_in_") and "x3" in model.left_out_
    model.save(tmp_path / "run")
    np.testing.assert_array_equal(NablabClassifier.load(tmp_path / "run").predict_proba(X), model.predict_proba(X))
    framed = NablabClassifier((8,), epochs=2).fit(pd.DataFrame(X, columns=list("abcdefghijkl")), y)
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        framed.predict(X)
    with pytest.raises(ValueError, match="X has 2 features, but NablabClassifier is expecting 12 features as input"):
        model.predict(X[:, :2])


def test_what_is_loaded_is_of_its_kind(tmp_path: Path) -> None:
    X, y = tiles(60)
    NablabClassifier(epochs=2).fit(X, y).save(tmp_path / "run")
    with pytest.raises(ValueError, match="expected a regression, got one of classification\nhint: NablabClassifier.load"):
        NablabRegressor.load(tmp_path / "run")
    with pytest.raises(FileNotFoundError, match="nothing: there is no such folder"):
        NablabClassifier.load(tmp_path / "nothing")
    with pytest.raises(OSError, match="there is no model"):
        NablabClassifier.load(tmp_path)


def test_columns_that_nothing_is_learned_from_are_told() -> None:
    X, y = tiles(60)
    X = X.assign(note=[f"text {i}" for i in range(60)], day=pd.date_range("2024-01-01", periods=60), same=1)
    with pytest.warns(UserWarning) as said:
        model = NablabClassifier(epochs=2).fit(X, y)
    text = str(said[0].message)
    assert len(said) == 1 and text.startswith("X: nothing is learned from 'note' (54 different texts in 54 rows), 'day' (")
    assert text.endswith("hint: types={'day': 'date'} learns from dates, ignore=['note', 'day'] leaves columns out without a word")
    assert set(model.left_out_) == {"note", "day", "same"}
    NablabClassifier(epochs=2, ignore=["note"], types={"day": "date"}).fit(X, y)  # Without a warning, which would be an error here.


def test_the_target_may_be_called_as_a_column() -> None:
    X, y = tiles(60)
    model = NablabClassifier(epochs=2).fit(X, y.rename("width"))
    assert model._fitted.target == ["width (target)"]
    polars_y = NablabClassifier(epochs=2).fit(pl.from_pandas(X), pl.Series("shade", y.to_numpy()))
    assert polars_y._fitted.target == ["shade"]


def parameters_in(estimator: Any) -> list[str]:
    """The parameters, in the order of the docstring."""
    section = estimator.__doc__.partition("Parameters\n    ----------\n")[2].partition("Attributes\n")[0]
    return [line.split(" : ")[0].strip() for line in section.splitlines() if re.match("    [a-z]", line)]


@pytest.mark.parametrize("estimator", [NablabClassifier, NablabRegressor])
def test_every_parameter_is_described_and_takes_its_example(estimator: Any) -> None:
    described = {name: example for name, _, _, _, example in _core.settings()}
    parameters = list(inspect.signature(estimator).parameters)
    own = ["recipe", "verbose", "callbacks", "threads"]
    assert set(parameters) - set(own) <= set(described)
    missing = set(described) - set(parameters)
    assert missing == (set() if estimator is NablabClassifier else {"class_weight", "threshold", "label_smoothing"})
    assert sorted(parameters_in(estimator)) == sorted(parameters)
    for name, text in described.items():
        assert texts_of({name: eval(_example(name, text))}) == [(name, text)]
    assert "{settings}" not in estimator.__doc__


def test_a_training_that_diverges_says_so(tmp_path: Path) -> None:
    X, y = load_diabetes(return_X_y=True)
    with pytest.warns(ConvergenceWarning, match="The training diverged: .*\nhint: a lower learning_rate, or diagnose_()"):
        model = NablabRegressor((16,), optimizer="gradient-descent", learning_rate=1e9, epochs=30, validation=0).fit(X, y)
    assert model.findings_[0]["code"] == "diverged"
    model.save(tmp_path / "run")
    for again in (model, pickle.loads(pickle.dumps(model)), NablabRegressor.load(tmp_path / "run")):
        assert again.diagnose_() == model.diagnose_()
        with pytest.raises(ValueError, match="X: row 0: expected a prediction that is a number.*\nhint: .*learning_rate"):
            again.predict(X)


def test_nothing_is_printed_or_warned_of_unasked(capfd: pytest.CaptureFixture[str]) -> None:
    X, y = tiles(60)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        NablabClassifier(epochs=2).fit(X, y).predict(X)
    assert capfd.readouterr() == ("", "")
