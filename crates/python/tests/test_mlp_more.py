"""What our estimators can beyond scikit-learn's, and what people do with an estimator."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from typing import Any

import joblib
import numpy as np
import pytest
import scipy.sparse
from sklearn.base import clone
from sklearn.datasets import load_digits, make_moons
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.utils.class_weight import compute_sample_weight

from nablab import MLPClassifier, MLPRegressor

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = make_moons(300, noise=0.2, random_state=3)


def quick(**settings: Any) -> MLPClassifier:
    return MLPClassifier(**{"hidden_layer_sizes": (8,), "max_iter": 20, "random_state": 0, **settings})


@pytest.mark.parametrize(
    "settings",
    [
        {"dropout": 0.2},
        {"dropout": [0.2, 0.0], "hidden_layer_sizes": (8, 4)},
        {"batch_norm": True, "batch_size": 50},
        {"initializer": "he"},
        {"initializer": {"normal": {"scale": 0.1}}},
        {"solver": "gradient-descent"},
        {"solver": "momentum"},
        {"solver": "nesterov"},
        {"solver": "heavy-ball"},
        {"solver": "rms-prop"},
        {"solver": {"rms-prop": {"rho": 0.95}}},
        {"solver": "adam-w"},
        {"learning_rate": "cosine"},
        {"learning_rate": {"step": {"every": 5, "factor": 0.5}}},
        {"activation": {"leaky-relu": {"slope": 0.1}}},
        {"l1": 0.1},
        {"clip_norm": 0.01},
    ],
)
def test_each_setting_trains_and_acts(settings: dict[str, Any]) -> None:
    settings = {"max_iter": 150, "learning_rate_init": 0.05, **settings}
    model = quick(**settings).fit(X, Y)
    assert model.score(X, Y) > 0.8
    plain = quick(hidden_layer_sizes=model.hidden_layer_sizes, max_iter=150, learning_rate_init=0.05)
    assert not np.allclose(plain.fit(X, Y).coefs_[0], model.coefs_[0])


def test_a_setting_out_of_range_is_refused_by_its_name() -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"dropout": 1.0}, "dropout"),
        ({"dropout": [0.1, 0.1]}, "dropout: expected one value, or 1"),
        ({"solver": "newton"}, "solver"),
        ({"solver": {"rms-prop": {"rho": 2.0}}}, "rho"),
        ({"initializer": "ones"}, "initializer"),
        ({"solver": "lbfgs", "dropout": 0.5}, "compares costs"),
        ({"hidden_layer_sizes": (3, 0)}, "hidden_layer_sizes must be > 0"),
    ]
    for settings, said in refused:
        with pytest.raises(ValueError, match=said):
            quick(**settings).fit(X, Y)


def test_threads_change_no_bit() -> None:
    data = load_digits(return_X_y=True)
    both = [quick(hidden_layer_sizes=(100,), max_iter=3, threads=n).fit(*data) for n in (1, 3)]
    np.testing.assert_array_equal(both[0].coefs_[0], both[1].coefs_[0])


def test_class_weights_are_weights_of_examples() -> None:
    by_class = quick(class_weight={0: 1.0, 1: 5.0}).fit(X, Y)
    by_example = quick().fit(X, Y, sample_weight=compute_sample_weight({0: 1.0, 1: 5.0}, Y))
    np.testing.assert_array_equal(by_class.coefs_[0], by_example.coefs_[0])
    assert quick(class_weight="balanced").fit(X, Y).score(X, Y) > 0.7
    with pytest.raises(ValueError, match="balanced"):
        quick(class_weight="balanced").partial_fit(X, Y, classes=[0, 1])


def test_a_callback_sees_each_epoch_and_may_stop() -> None:
    seen: list[tuple[int, float]] = []

    def watch(model: Any) -> bool:
        seen.append((model.n_iter_, float(model.coefs_[0][0, 0])))
        return bool(model.n_iter_ == 4)

    model = quick(callbacks=watch).fit(X, Y)
    assert [n for n, _ in seen] == [1, 2, 3, 4] and model.n_iter_ == 4
    assert len({w for _, w in seen}) == 4
    assert model.coefs_[0][0, 0] == seen[-1][1]


def test_an_error_of_a_callback_comes_through() -> None:
    def fail(model: Any) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        quick(callbacks=[fail]).fit(X, Y)


@pytest.mark.parametrize("settings", [{}, {"batch_norm": True, "batch_size": 50}, {"early_stopping": True}])
def test_a_pickle_predicts_the_same_and_goes_on_the_same(settings: dict[str, Any]) -> None:
    model = quick(**settings).fit(X, Y)
    for copy in (pickle.loads(pickle.dumps(model)), joblib.hash and clone(model).fit(X, Y)):
        np.testing.assert_array_equal(copy.predict_proba(X), model.predict_proba(X))
        np.testing.assert_array_equal(copy.coefs_[0], model.coefs_[0])
    if "early_stopping" not in settings:
        copy = pickle.loads(pickle.dumps(model))
        np.testing.assert_array_equal(
            copy.partial_fit(X, Y).predict_proba(X), model.partial_fit(X, Y).predict_proba(X)
        )


def test_who_writes_into_coefs_changes_the_predictions() -> None:
    model = quick(max_iter=100, learning_rate_init=0.05).fit(X, Y)
    before = model.predict_proba(X)
    model.coefs_[0][...] *= 2
    inside = model.predict_proba(X)
    assert not np.allclose(before, inside)
    model.coefs_[0] = model.coefs_[0] / 2
    np.testing.assert_allclose(model.predict_proba(X), before)
    model.intercepts_[-1] = np.array([100.0])
    assert model.predict(X).all()
    model.coefs_[0] = np.zeros((5, 5))
    with pytest.raises(ValueError, match=r"coefs_: expected"):
        model.predict(X)


def test_an_array_means_the_same_however_it_lies() -> None:
    plain = quick().fit(X, Y)
    expected = plain.predict_proba(X)
    wide = np.zeros((600, 6))
    wide[::2, 1:5:3] = X
    for rows in (
        np.asfortranarray(X),
        wide[::2, 1:5:3],
        X[::-1][::-1],
        scipy.sparse.csr_matrix(X),
        scipy.sparse.csc_matrix(X),
        X.tolist(),
    ):
        np.testing.assert_array_equal(plain.predict_proba(rows), expected)
        np.testing.assert_array_equal(quick().fit(rows, Y).predict_proba(X), expected)


def test_a_grid_is_searched_in_processes() -> None:
    search = GridSearchCV(quick(), {"alpha": [1e-4, 1.0], "dropout": [0.0, 0.2]}, cv=2, n_jobs=2).fit(X, Y)
    assert search.best_score_ > 0.7


def test_what_is_not_fitted_says_so() -> None:
    with pytest.raises(NotFittedError):
        quick().predict(X)
    with pytest.raises(NotFittedError):
        quick().predict_proba(X)


def test_a_number_that_is_none_is_said_as_scikit_learn_says_it() -> None:
    model = quick().fit(X, Y)
    for wrong in (np.full((2, 2), np.nan), np.array([[np.inf, 0.0]])):
        with pytest.raises(ValueError, match="Input X contains"):
            model.predict(wrong)
    with pytest.raises(ValueError, match="X has 3 features, but MLPClassifier is expecting 2"):
        model.predict(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="minimum of 1 is required"):
        model.predict(np.zeros((0, 2)))


def test_a_training_that_diverges_says_where() -> None:
    with pytest.raises(ValueError, match="non-finite parameter weights.*diverged at step"):
        MLPRegressor(hidden_layer_sizes=(9,), solver="sgd", learning_rate_init=1e5, activation="identity").fit(X, Y)


@pytest.mark.parametrize(("y", "place"), [(Y - 2.0, r"y\[0\] = -[12]"), (np.c_[Y, Y - 0.5], r"y\[\d+, 1\] = -0.5")])
def test_counts_are_not_negative(y: Any, place: str) -> None:
    with pytest.raises(ValueError, match=f"loss='poisson' requires non-negative y, got {place}"):
        MLPRegressor(loss="poisson").fit(X, y)


def test_weights_are_not_negative() -> None:
    with pytest.raises(ValueError, match="Negative values in data passed to `sample_weight`"):
        quick().fit(X, Y, sample_weight=-np.ones(len(Y)))


@pytest.mark.parametrize("sizes", [(10.5,), 10.0, "10", (np.float64(3),)])
def test_units_are_whole_numbers(sizes: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="hidden_layer_sizes"):
        quick(hidden_layer_sizes=sizes).fit(X, Y)


def test_a_warm_start_needs_the_same_layers() -> None:
    model = quick(warm_start=True).fit(X, Y)
    model.set_params(hidden_layer_sizes=(5,))
    with pytest.raises(ValueError, match=r"hidden_layer_sizes: expected \[8\].*got \[5\]"):
        model.fit(X, Y)
    with pytest.raises(ValueError, match=r"hidden_layer_sizes: expected \[8\].*got \[5\]"):
        model.partial_fit(X, Y)
    assert model.set_params(warm_start=False).fit(X, Y).coefs_[0].shape == (2, 5)


def test_ctrl_c_leaves_a_usable_estimator() -> None:
    program = textwrap.dedent(
        """
        import warnings, numpy as np
        from nablab import MLPClassifier
        X = np.random.RandomState(0).randn(20000, 50); y = (X[:, 0] > 0).astype(int)
        model = MLPClassifier((400, 400), max_iter=10**6, tol=0, n_iter_no_change=10**6, THREADS)
        print("ready", flush=True)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            model.fit(X, y)
        print(said[-1].message, model.predict(X[:3]).shape)
        """
    )
    for threads in ("threads=1", "threads=2"):
        child = subprocess.Popen(
            [sys.executable, "-c", program.replace("THREADS", threads)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        time.sleep(2.0)
        os.kill(child.pid, signal.SIGINT)
        said, _ = child.communicate(timeout=60)
        assert said == "Training interrupted by user. (3,)\n"
        assert child.returncode == 0


def test_a_training_in_another_thread_lets_this_one_work() -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(lambda _: quick(threads=1).fit(X, Y), range(8)))
    assert all((model.coefs_[0] == models[0].coefs_[0]).all() for model in models)


def test_maximum_iterations_warn() -> None:
    with pytest.warns(ConvergenceWarning, match=r"Maximum iterations \(2\) reached"):
        quick(max_iter=2).fit(X, Y)
