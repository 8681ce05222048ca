"""The same arguments train the same problem: scikit-learn's own networks are the oracle."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn import neural_network
from sklearn.datasets import load_digits, make_moons, make_multilabel_classification, make_regression

import nablab

MOONS = make_moons(300, noise=0.2, random_state=3)
#: Scaled: of logits beyond 36, scikit-learn cuts the loss that it reports off, and ours does not.
DIGITS = (load_digits().data / 16, load_digits().target)
LABELS = make_multilabel_classification(200, n_features=5, n_classes=3, random_state=0)
NUMBERS = make_regression(250, n_features=4, n_targets=1, random_state=0)
PAIRS = make_regression(250, n_features=4, n_targets=2, random_state=0)
COUNTS = (MOONS[0], np.random.RandomState(0).poisson(np.exp(MOONS[0][:, 0])).astype(float))

SETTINGS: list[tuple[str, Any, dict[str, Any]]] = [
    ("classifier", MOONS, {}),
    ("classifier", MOONS, {"batch_size": 64, "alpha": 0.5}),
    ("classifier", MOONS, {"shuffle": False, "batch_size": 32}),
    ("classifier", MOONS, {"solver": "sgd", "learning_rate_init": 0.1}),
    ("classifier", MOONS, {"solver": "sgd", "nesterovs_momentum": False, "batch_size": 50, "shuffle": False}),
    ("classifier", MOONS, {"solver": "sgd", "momentum": 0.0, "activation": "logistic"}),
    ("classifier", MOONS, {"solver": "sgd", "momentum": 1.0, "learning_rate_init": 1e-4}),
    ("classifier", MOONS, {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.3}),
    ("classifier", MOONS, {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.5, "tol": 0.01}),
    ("classifier", MOONS, {"solver": "lbfgs", "alpha": 0.1}),
    ("classifier", MOONS, {"early_stopping": True, "learning_rate_init": 0.02}),
    ("classifier", MOONS, {"hidden_layer_sizes": (5, 4, 3), "activation": "tanh", "epsilon": 1e-3}),
    ("classifier", MOONS, {"hidden_layer_sizes": (), "activation": "identity"}),
    ("classifier", MOONS, {"beta_1": 0.5, "beta_2": 0.9, "batch_size": 7}),
    ("classifier", DIGITS, {"max_iter": 10}),
    ("classifier", DIGITS, {"solver": "sgd", "early_stopping": True, "max_iter": 10}),
    ("classifier", LABELS, {"activation": "tanh"}),
    ("regressor", NUMBERS, {"learning_rate_init": 0.05}),
    ("regressor", NUMBERS, {"solver": "lbfgs", "tol": 1e-3}),
    ("regressor", NUMBERS, {"early_stopping": True, "batch_size": 30}),
    ("regressor", PAIRS, {"batch_size": 40, "alpha": 10.0}),
    ("regressor", PAIRS, {"solver": "lbfgs", "max_iter": 20}),
    ("regressor", COUNTS, {"loss": "poisson", "batch_size": 100}),
    ("regressor", COUNTS, {"loss": "poisson", "solver": "lbfgs"}),
]


def fitted(kind: str, data: Any, settings: dict[str, Any], weights: Any = None) -> tuple[Any, Any]:
    """scikit-learn's estimator and ours, fitted alike."""
    name = f"MLP{kind.capitalize()}"
    both = []
    for module in (neural_network, nablab):
        model = getattr(module, name)(**{"random_state": 7, "max_iter": 40, **settings})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            both.append(model.fit(*data, sample_weight=weights))
    return both[0], both[1]


def assert_same(theirs: Any, ours: Any, X: Any) -> None:
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.loss_ == pytest.approx(theirs.loss_, rel=1e-6)
    for a, b in zip(ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)
    for curve in ("loss_curve_", "validation_scores_"):
        a, b = getattr(ours, curve, None), getattr(theirs, curve, None)
        assert (a is None) == (b is None)
        if a is not None and b is not None:
            np.testing.assert_allclose(a, b, rtol=1e-6)
    predictions = ours.predict(X), theirs.predict(X)
    assert predictions[0].dtype == predictions[1].dtype
    np.testing.assert_allclose(*predictions, atol=1e-6 * max(1.0, float(abs(predictions[1]).max())))
    if hasattr(theirs, "predict_proba"):
        np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize(("kind", "data", "settings"), SETTINGS)
def test_the_same_arguments_train_the_same_network(kind: str, data: Any, settings: dict[str, Any]) -> None:
    theirs, ours = fitted(kind, data, settings)
    assert_same(theirs, ours, data[0])


@pytest.mark.parametrize("settings", [{}, {"batch_size": 30, "alpha": 1.0}, {"solver": "sgd"}, {"solver": "lbfgs"}])
def test_weights_count_as_scikit_learn_counts_them(settings: dict[str, Any]) -> None:
    weights = np.random.RandomState(1).uniform(0, 3, len(MOONS[0]))
    theirs, ours = fitted("classifier", MOONS, settings, weights)
    assert_same(theirs, ours, MOONS[0])


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_partial_fits_follow_one_another_alike(solver: str) -> None:
    X, y = MOONS
    both = [
        module.MLPClassifier((6,), solver=solver, random_state=2, batch_size=20) for module in (neural_network, nablab)
    ]
    for start in (0, 100, 200, 0):
        for model in both:
            model.partial_fit(X[start : start + 100], y[start : start + 100], classes=[0, 1])
        np.testing.assert_allclose(both[1].coefs_[0], both[0].coefs_[0], atol=1e-9)
    assert both[1].t_ == both[0].t_


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_type_of_the_numbers_stays(dtype: Any) -> None:
    X, y = MOONS
    theirs, ours = fitted("classifier", (X.astype(dtype), y), {"max_iter": 5})
    assert ours.coefs_[0].dtype == theirs.coefs_[0].dtype == dtype
    assert ours.predict_proba(X.astype(dtype)).dtype == dtype
    np.testing.assert_allclose(ours.coefs_[0], theirs.coefs_[0], atol=1e-4)


def test_a_warm_start_goes_on_alike() -> None:
    X, y = MOONS
    both = []
    for module in (neural_network, nablab):
        model = module.MLPClassifier((6,), random_state=2, warm_start=True, max_iter=5)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(X, y).fit(X, y)
        both.append(model)
    np.testing.assert_allclose(both[1].coefs_[0], both[0].coefs_[0], atol=1e-9)
    assert both[1].loss_curve_ == pytest.approx(both[0].loss_curve_)
