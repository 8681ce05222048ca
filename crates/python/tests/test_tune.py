"""The search over estimators: what it finds, and that it is scikit-learn's in all else."""

from __future__ import annotations

import pickle
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_iris, make_moons
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier as ScikitLearnMLP
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.utils.estimator_checks import check_estimator

from nablab import MLPClassifier, NablabClassifier, NablabRegressor, TuneSearchCV, study, tune

X, Y = load_iris(return_X_y=True)
SPACE = {"C": study.Real(1e-3, 1e2, log=True), "kernel": ["rbf", "linear"], "gamma": study.Real(1e-3, 1, log=True, when={"kernel": "rbf"})}


def failed(search: Any) -> set[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(search, on_fail=None, on_skip=None)
    assert len(results) > 50
    return {of["check_name"] for of in results if of["status"] == "failed"}


@pytest.mark.parametrize(("estimator", "name"), [(GaussianNB(), "var_smoothing"), (Ridge(), "alpha")])
def test_scikit_learns_checks_pass_as_of_its_own_search(estimator: Any, name: str) -> None:
    ours = TuneSearchCV(estimator, {name: study.Real(0.1, 1.0)}, trials=2, cv=2, random_state=0)
    assert failed(ours) <= failed(GridSearchCV(estimator, {name: [0.1, 1.0]}, cv=2))


def test_scores_are_those_of_cross_validation_and_candidates_those_of_a_study() -> None:
    search = TuneSearchCV(SVC(), SPACE, trials=14, cv=3, batch_size=1, random_state=7).fit(X, Y)
    results = search.cv_results_
    for params, score in zip(results["params"], results["mean_test_score"]):
        assert score == cross_val_score(SVC(**params), X, Y, cv=3).mean()
        assert ("gamma" in params) == (params["kernel"] == "rbf")
    assert search.best_score_ == max(results["mean_test_score"]) and search.best_index_ == np.argmax(results["mean_test_score"])
    seed = np.random.RandomState(7).randint(np.iinfo(np.int32).max)
    s = study.create(None, "s", SPACE, direction="maximize", seed=int(seed))
    s.optimize(lambda trial: cross_val_score(SVC(**trial.params), X, Y, cv=3).mean(), 14)
    assert [trial.params for trial in s.trials] == results["params"] == [trial.params for trial in search.trials_]
    assert s.importances() == search.importances_ and set(search.importances_) == set(SPACE)


def test_the_number_of_jobs_changes_nothing_and_pickles_and_clones_are_the_same() -> None:
    def results(n_jobs: int | None) -> Any:
        return TuneSearchCV(SVC(), SPACE, trials=8, cv=2, random_state=1, n_jobs=n_jobs).fit(X, Y)

    one, two = results(None), results(2)
    assert one.cv_results_["params"] == two.cv_results_["params"]
    np.testing.assert_array_equal(one.cv_results_["mean_test_score"], two.cv_results_["mean_test_score"])
    again = pickle.loads(pickle.dumps(two))
    np.testing.assert_array_equal(again.predict(X), two.predict(X))
    assert again.trials_ == two.trials_
    copy = clone(two).fit(X, Y)
    assert copy.best_params_ == one.best_params_


def test_a_pipelines_parameters_and_estimators_among_the_choices() -> None:
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    space = {
        "standardscaler": [StandardScaler(), "passthrough"],
        "logisticregression__C": study.Real(1e-3, 10, log=True),
    }
    search = TuneSearchCV(pipeline, space, trials=6, cv=2, random_state=0, sampler="sobol").fit(X, Y)
    assert set(search.best_params_) == set(space) and search.score(X, Y) > 0.9
    table = pd.DataFrame(X, columns=["a", "b", "c", "d"])
    assert list(tune(pipeline, table, Y, space, trials=2, cv=2).feature_names_in_) == list(table.columns)


def test_several_scores_groups_and_train_scores() -> None:
    settings: dict[str, Any] = {"trials": 4, "cv": GroupKFold(3), "scoring": ["accuracy", "neg_log_loss"], "random_state": 0}
    model, space = LogisticRegression(max_iter=3000), {"C": study.Real(1e-3, 10, log=True)}
    search = TuneSearchCV(model, space, refit="neg_log_loss", return_train_score=True, **settings)
    search.fit(X, Y, groups=np.arange(150) % 7)
    results = search.cv_results_
    assert search.best_score_ == max(results["mean_test_neg_log_loss"]) and "mean_train_accuracy" in results
    assert [trial.value for trial in search.trials_] == list(results["mean_test_neg_log_loss"])
    with pytest.raises(ValueError, match="refit: expected the name of the score that is searched, one of 'accuracy', 'neg_log_loss', got False"):
        TuneSearchCV(model, space, refit=False, **settings).fit(X, Y, groups=np.arange(150) % 7)
    callable_refit = TuneSearchCV(model, space, refit=lambda results: 1, trials=3, cv=2).fit(X, Y)
    assert callable_refit.best_index_ == 1


def test_a_search_goes_on_where_it_is_kept(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"storage": tmp_path / "tune.db", "cv": 2, "random_state": 3}
    first = TuneSearchCV(SVC(), SPACE, trials=6, **settings).fit(X, Y)
    again = TuneSearchCV(SVC(), SPACE, trials=10, **settings).fit(X, Y)
    assert [trial.number for trial in again.trials_] == list(range(10)) and again.trials_[:6] == first.trials_
    assert again.best_score_ == max(trial.values for trial in again.trials_)[0]
    over = TuneSearchCV(SVC(), SPACE, trials=10, **settings).fit(X, Y)
    assert len(over.cv_results_["params"]) == 1 and over.best_params_ == again.best_params_
    assert study.load(tmp_path / "tune.db").best.params == again.best_params_
    with pytest.raises(ValueError, match="judged on another table.*\nhint: .* choose another name"):
        TuneSearchCV(SVC(), SPACE, trials=20, **settings).fit(X[::-1], Y[::-1])


class Picky(ClassifierMixin, BaseEstimator):
    """It cannot be fitted with less than a half."""

    def __init__(self, x: float = 0.0) -> None:
        self.x = x

    def fit(self, X: Any, y: Any) -> Picky:
        if self.x < 0.5:
            raise RuntimeError("too little")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: Any) -> Any:
        return np.full(len(X), self.classes_[0])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
@pytest.mark.filterwarnings("ignore:One or more of the test scores")
def test_what_cannot_be_fitted_fails_and_the_search_goes_on() -> None:
    space = {"x": study.Real(0, 1)}
    search = TuneSearchCV(Picky(), space, trials=20, cv=2, batch_size=1, sampler="random", random_state=0).fit(X, Y)
    states = {trial.state: trial.params["x"] < 0.5 for trial in search.trials_}
    assert states == {"failed": True, "complete": False} and search.best_params_["x"] >= 0.5
    assert "RuntimeError: too little" in next(trial.why for trial in search.trials_ if trial.state == "failed" and trial.why)
    whole = TuneSearchCV(Picky(), space, trials=8, cv=2, sampler="random", random_state=0).fit(X, Y)
    assert {"failed", "complete"} == {trial.state for trial in whole.trials_}
    with pytest.raises(ValueError, match="All the 4 fits failed"):
        TuneSearchCV(Picky(), {"x": study.Real(0, 0.2)}, trials=8, cv=2, batch_size=2, random_state=0).fit(X, Y)
    with pytest.raises(RuntimeError, match="too little"):
        TuneSearchCV(Picky(), space, trials=8, cv=2, error_score="raise", random_state=0).fit(X, Y)
    numbered = TuneSearchCV(Picky(), space, trials=8, cv=2, batch_size=8, error_score=0.0, random_state=0).fit(X, Y)
    assert {trial.state for trial in numbered.trials_} == {"complete"}


def test_time_is_heeded_and_a_grid_ends() -> None:
    begun = time.monotonic()
    search = TuneSearchCV(DummyClassifier(), {"random_state": study.Integer(0, 10**6)}, trials=10**6, timeout=0.5, cv=2).fit(X, Y)
    assert time.monotonic() - begun < 30 and 0 < len(search.trials_) < 10**6
    grid = TuneSearchCV(SVC(), {"kernel": ["rbf", "linear"], "C": study.Real(1, 2)}, sampler={"grid": {"points": 3}}, cv=2).fit(X, Y)
    assert len(grid.cv_results_["params"]) == 6


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    ("estimator", "searched"),
    [
        (MLPClassifier(max_iter=5), {"hidden_layer_sizes", "learning_rate_init", "alpha", "dropout"}),
        (ScikitLearnMLP(max_iter=5), {"hidden_layer_sizes", "learning_rate_init", "alpha"}),
        (MLPClassifier(solver="lbfgs", max_iter=5), {"hidden_layer_sizes", "alpha"}),
        (NablabClassifier(epochs=3), {"hidden", "learning_rate", "schedule", "batch_size", "dropout", "l2"}),
        (make_pipeline(StandardScaler(), NablabClassifier(epochs=3, optimizer="l-bfgs")), {"nablabclassifier__hidden", "nablabclassifier__l2"}),
    ],
)
def test_where_nobody_says_what_is_searched(estimator: Any, searched: set[str]) -> None:
    x, y = make_moons(80, noise=0.2, random_state=3)
    search = tune(estimator, x, y, trials=3, cv=2, random_state=0)
    assert set(search.best_params_) == searched and all(np.isfinite(trial.values).all() for trial in search.trials_)


def test_a_regressor_is_tuned_and_what_has_no_space_says_so() -> None:
    x = np.linspace(-1, 1, 80)[:, None]
    search = tune(NablabRegressor(epochs=5), x, x[:, 0] ** 2, trials=2, cv=2, random_state=0)
    assert search.scorer_ is not None and search.predict(x).shape == (80,)
    with pytest.raises(ValueError, match="space: expected what is to be searched of SVC, got None\nhint: such as"):
        tune(SVC(), X, Y)
    with pytest.raises(ValueError, match="Invalid parameter 'D'"):
        tune(SVC(), X, Y, {"D": study.Real(0, 1)}, trials=2)


def test_the_estimator_as_it_is_comes_first_if_it_lies_in_the_space() -> None:
    space = {"C": study.Real(0.5, 5), "kernel": ["rbf", "linear"]}
    assert tune(SVC(), X, Y, space, trials=2, cv=2).cv_results_["params"][0] == {"C": 1.0, "kernel": "rbf"}
    outside = tune(SVC(C=9), X, Y, space, trials=2, cv=2).cv_results_["params"]
    assert all(0.5 <= params["C"] <= 5 for params in outside)
