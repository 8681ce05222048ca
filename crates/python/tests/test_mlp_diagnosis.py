"""What is wrong with a training of scikit-learn's networks, in words and as a page."""

from __future__ import annotations

import copy
import pickle
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris, make_moons, make_multilabel_classification
from sklearn.exceptions import NotFittedError

import nablab
from nablab import NablabClassifier

pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer", "ignore:lbfgs failed")
X, Y = make_moons(300, noise=0.25, random_state=1)
MLPClassifier = partial(nablab.MLPClassifier, diagnostics=True)
MLPRegressor = partial(nablab.MLPRegressor, diagnostics=True)


def findings(model: Any) -> list[str]:
    return list(model._evidence.findings())


def test_what_is_wrong_is_found() -> None:
    slow = MLPClassifier(solver="sgd", learning_rate_init=1e-6, max_iter=100).fit(X, Y)
    assert "learning-rate-too-low" in findings(slow)
    assert "try: learning_rate_init=" in slow.diagnose_() and "learning-rate-too-low (likely)" in slow.diagnose_()
    deep = MLPClassifier((30,) * 6, activation="logistic", max_iter=30).fit(X, Y)
    assert "vanishing-gradients" in findings(deep) and "batch_norm=True" in deep.diagnose_()
    noise = np.random.default_rng(0).normal(size=(300, 20))
    learned = MLPClassifier((100,), early_stopping=True, n_iter_no_change=300, max_iter=300, learning_rate_init=0.01)
    assert "rising-validation-loss" in findings(learned.fit(noise, Y))
    assert "symmetric-units" in findings(MLPClassifier((5,), initializer="zeros", max_iter=50).fit(X, Y))


def test_a_training_that_diverged_is_diagnosed_although_it_raised() -> None:
    model = MLPRegressor(solver="sgd", learning_rate_init=1e3)
    with pytest.raises(ValueError, match="diverged"):
        model.fit(1000 * X, X[:, 0])
    assert "diverged (certain)\n  At step" in model.diagnose_()
    assert "make_pipeline(StandardScaler(), estimator)" in model.diagnose_()


@pytest.mark.parametrize("settings", [
    {}, {"early_stopping": True}, {"solver": "lbfgs"}, {"solver": "lbfgs", "learning_rate": "cosine", "clip_norm": 1.0},
    {"dropout": 0.2, "batch_norm": True}, {"class_weight": "balanced"}, {"warm_start": True},
])  # fmt: skip
def test_being_watched_changes_nothing(settings: dict[str, Any]) -> None:
    models = [
        MLPClassifier((8,), max_iter=25, random_state=0, **{**settings, "diagnostics": watched}).fit(X, Y) for watched in (True, False)
    ]
    for one, other in zip(*(model.coefs_ for model in models)):
        np.testing.assert_array_equal(one, other)
    assert models[0].n_iter_ == models[1].n_iter_
    assert "Nothing was measured" in models[1].diagnose_() and "没有测量" in models[1].diagnose_("zh")
    assert "Nothing was measured" not in models[0].diagnose_()


def test_every_kind_of_target_is_told_of() -> None:
    iris, kinds = load_iris(return_X_y=True)
    labels = make_multilabel_classification(100, random_state=0)
    two = np.column_stack([X[:, 0], X[:, 1] ** 2])
    weights = np.linspace(0.5, 2, len(X))
    models = [
        MLPClassifier((8,), max_iter=30).fit(iris, np.array(["a", "b", "c"])[kinds]),
        MLPClassifier((8,), max_iter=30).fit(iris.astype(np.float32), kinds),
        MLPClassifier((8,), max_iter=30, early_stopping=True).fit(*labels),
        MLPRegressor(hidden_layer_sizes=(8,), max_iter=30).fit(X, two, sample_weight=weights),
        MLPRegressor("poisson", (8,), max_iter=30, early_stopping=True).fit(X, np.abs(X[:, 0])),
    ]
    for model in models:
        assert "cannot be told: whether rows are copies" in model.diagnose_()
        assert "无法判断" in model.diagnose_("zh")
        assert model.report_().startswith("<!DOCTYPE html>")


def test_what_was_not_looked_for_is_named() -> None:
    said = MLPClassifier((20,), max_iter=300, learning_rate_init=0.02, random_state=0).fit(X, Y).diagnose_()
    assert "cannot be told: whether what it learned holds elsewhere: no rows were held out" in said
    assert "too little is known to call it healthy" in said
    held_out = MLPClassifier((5,), max_iter=60, early_stopping=True, n_iter_no_change=60).fit(X, Y).diagnose_()
    assert "no rows were held out" not in held_out
    model = MLPClassifier((5,)).partial_fit(X, Y, classes=[0, 1])
    assert model.diagnose_().startswith("Nothing was measured") and "inside the network" in model.diagnose_()
    assert "Nothing was measured" not in model.fit(X, Y).diagnose_()
    assert "Nothing was measured" in model.partial_fit(X, Y).diagnose_()


def test_the_page_shows_itself_and_is_written(tmp_path: Path) -> None:
    model = MLPClassifier((5,), max_iter=60, early_stopping=True, n_iter_no_change=60).fit(X, Y)
    page = model.report_()
    assert "<svg" in page and "MLPClassifier(diagnostics=True" in page and "Inside the network" in page
    assert page._repr_html_().startswith("<iframe srcdoc=")
    assert "网络内部" in model.report_("zh")
    page.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page
    assert "pre-wrap" in model.diagnose_()._repr_html_()


def test_both_estimators_have_the_same_methods() -> None:
    table, network = NablabClassifier(epochs=5).fit(X, Y), MLPClassifier(max_iter=5).fit(X, Y)
    for name in ("diagnose_", "report_"):
        assert type(getattr(table, name)()) is type(getattr(network, name)())
        assert getattr(type(table), name) is getattr(type(network), name)
    for model in (table, network):
        with pytest.raises(ValueError, match="lang: expected 'en' or 'zh'"):
            model.report_("fr")


def test_a_copy_tells_the_same() -> None:
    model = MLPClassifier((5,), max_iter=30).fit(X, Y)
    for twin in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert twin.diagnose_() == model.diagnose_() and twin.report_() == model.report_()
    with pytest.raises(NotFittedError):
        clone(model).diagnose_()
