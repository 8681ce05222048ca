"""The search of scikit-learn, of which our samplers choose the candidates."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from numbers import Integral
from numbers import Real as RealNumber
from typing import Any

import joblib
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection._search import BaseSearchCV
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval

from .. import study
from .spaces import default_space

Evaluate = Callable[[list[dict[str, Any]]], Mapping[str, Any]]


class TuneSearchCV(BaseSearchCV):
    """Cross-validated search over parameters of an estimator, by nablab's samplers.

    It is :class:`sklearn.model_selection.RandomizedSearchCV` with another way to choose: cross-validation, scores, `n_jobs` under any
    back end of joblib (Dask's and Ray's among them), refitting and metadata routing are scikit-learn's.

    Parameters
    ----------
    estimator : estimator
        What is searched.

    space : dict, default=None
        Parameters by their names, `step__alpha` in a pipeline: :class:`nablab.study.Real`, :class:`nablab.study.Integer`, a list of
        choices, or `uniform`, `loguniform` and `randint` of SciPy. None: what decides most, of `MLPClassifier`, `MLPRegressor`,
        `NablabClassifier`, `NablabRegressor`, or a pipeline that ends with one.

    trials : int, default=50
        Candidates in all, with those of earlier fits in the same storage.

    sampler : {'tpe', 'cma-es', 'sobol', 'random', 'grid'} or dict, default='tpe'
        Who chooses, as in :func:`nablab.study.create`.

    batch_size : int, default=4
        Candidates that are chosen at a time, and evaluated side by side. The candidates depend on it, and not on `n_jobs`.

    timeout : float, default=None
        Seconds after which no further batch begins.

    storage : str or path-like, default=None
        Where trials are kept: a file of SQLite or `postgresql://USER@HOST/DATABASE`. A search goes on where it is there already; the best
        of before is evaluated again, so that it has its place in `cv_results_`.

    study_name : str, default='tune'
        The name of the search there.

    random_state : int, RandomState instance or None, default=None
        Decides what the sampler draws.

    scoring, n_jobs, refit, cv, verbose, pre_dispatch, error_score, return_train_score
        As in :class:`sklearn.model_selection.RandomizedSearchCV`. The mean test score is what is searched; of several scores that
        which `refit` names. A candidate whose score is not a number counts as failed, and the search goes on.

    Attributes
    ----------
    cv_results_, best_estimator_, best_score_, best_params_, best_index_, scorer_, n_splits_, refit_time_, multimetric_, classes_, \
n_features_in_, feature_names_in_
        As in :class:`sklearn.model_selection.RandomizedSearchCV`.

    trials_ : list of nablab.study.TrialRecord
        All trials, with those of earlier fits.

    importances_ : dict
        The share of each parameter in what decides; empty for fewer than 10 trials.

    See Also
    --------
    nablab.tune : The same as a function.
    nablab.study : Any objective, step by step.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.svm import SVC
    >>> from nablab import TuneSearchCV, study
    >>> X, y = load_iris(return_X_y=True)
    >>> space = {"C": study.Real(1e-2, 1e2, log=True), "kernel": ["rbf", "linear"]}
    >>> search = TuneSearchCV(SVC(), space, trials=12, cv=3, random_state=0).fit(X, y)
    >>> bool(search.best_score_ > 0.95), len(search.cv_results_["params"])
    (True, 12)
    """

    _parameter_constraints = {
        **BaseSearchCV._parameter_constraints,
        "space": [dict, None],
        "trials": [Interval(Integral, 1, None, closed="left")],
        "sampler": [str, dict],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "timeout": [Interval(RealNumber, 0, None, closed="neither"), None],
        "study_name": [str],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator: Any,
        space: Mapping[str, Any] | None = None,
        *,
        trials: int = 50,
        sampler: Any = "tpe",
        batch_size: int = 4,
        timeout: float | None = None,
        storage: Any = None,
        study_name: str = "tune",
        random_state: Any = None,
        scoring: Any = None,
        n_jobs: int | None = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: Any = "2*n_jobs",
        error_score: Any = np.nan,
        return_train_score: bool = False,
    ) -> None:
        super().__init__(
            estimator=estimator,
            scoring=scoring,
            n_jobs=n_jobs,
            refit=refit,
            cv=cv,
            verbose=verbose,
            pre_dispatch=pre_dispatch,
            error_score=error_score,
            return_train_score=return_train_score,
        )
        self.space = space
        self.trials = trials
        self.sampler = sampler
        self.batch_size = batch_size
        self.timeout = timeout
        self.storage = storage
        self.study_name = study_name
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None, **params: Any) -> TuneSearchCV:
        """Search, and fit the best with all of the data.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
        **params : dict
            As in :meth:`sklearn.model_selection.RandomizedSearchCV.fit`.

        Returns
        -------
        self : TuneSearchCV
        """
        # Scores of other data could not be compared with those that are kept.
        self._data = None if self.storage is None else joblib.hash((X, y))
        try:
            return super().fit(X, y, **params)
        finally:
            del self._data

    def _run_search(self, evaluate_candidates: Evaluate) -> None:
        search = study.create(
            self.storage,
            self.study_name,
            default_space(self.estimator) if self.space is None else self.space,
            direction="maximize",
            sampler=self.sampler,
            seed=check_random_state(self.random_state).randint(np.iinfo(np.int32).max),
        )
        if self._data is not None:
            search._call("judge_on", self._data)
        known = search.trials
        if not known:
            _enqueue_as_it_is(search, self.estimator)
        missing = self.trials - sum(trial.state in ("complete", "pruned", "running") for trial in known)
        until = None if self.timeout is None else time.monotonic() + self.timeout
        here: set[int] = set()
        nothing: ValueError | None = None
        try:
            while missing > 0 and (until is None or time.monotonic() < until):
                batch = self._ask(search, min(missing, self.batch_size))
                if not batch:
                    break
                missing -= len(batch)
                here.update(trial.number for trial in batch)
                nothing = self._evaluate(search, batch, evaluate_candidates) or nothing
        finally:
            self.trials_, self.importances_ = search.trials, search.importances()
        ended = [trial for trial in self.trials_ if trial.state == "complete"]
        if ended and search.best.number not in here:
            evaluate_candidates([search.best.params])
        elif not ended and nothing is not None:
            raise nothing

    @staticmethod
    def _ask(search: study.Study, most: int) -> list[study.Trial]:
        batch: list[study.Trial] = []
        while len(batch) < most and (trial := search.ask()) is not None:
            batch.append(trial)
        return batch

    def _evaluate(self, search: study.Study, batch: list[study.Trial], evaluate: Evaluate) -> ValueError | None:
        """Tell what came of a batch; the error where not one of its fits succeeded."""
        try:
            results = evaluate([trial.params for trial in batch])
        except Exception as error:
            for trial in batch:
                search.tell(trial, state="failed", why=f"{type(error).__name__}: {error}")
            # scikit-learn gives up where nothing of what it was asked for could be fitted; there may be better candidates.
            if isinstance(error, ValueError) and str(error).lstrip().startswith("All the ") and self.error_score != "raise":
                return error
            raise
        except BaseException:
            # Another may evaluate them.
            for trial in batch:
                search.tell(trial, state="released")
            raise
        scores = results[self._searched(results)][-len(batch) :]
        for trial, score in zip(batch, scores):
            if np.isnan(score):
                search.tell(trial, state="failed", why="its score is not a number")
            else:
                search.tell(trial, float(score))
        return None

    def _searched(self, results: Mapping[str, Any]) -> str:
        """The score that is searched."""
        if "mean_test_score" in results:
            return "mean_test_score"
        name = f"mean_test_{self.refit}"
        if not isinstance(self.refit, str) or name not in results:
            scores = ", ".join(repr(key.removeprefix("mean_test_")) for key in results if key.startswith("mean_test_"))
            raise ValueError(f"refit: expected the name of the score that is searched, one of {scores}, got {self.refit!r}")
        return name


def _enqueue_as_it_is(search: study.Study, estimator: BaseEstimator) -> None:
    """The estimator as it is comes first, if it lies in the space."""
    there = estimator.get_params()
    try:
        search.enqueue({name: there[name] for name in search.space})
    except (KeyError, TypeError, ValueError):
        # It does not, or what is set does not go together.
        return


def tune(estimator: Any, X: Any, y: Any = None, space: Mapping[str, Any] | None = None, **settings: Any) -> TuneSearchCV:
    """Search over parameters of an estimator, and fit the best.

    Parameters
    ----------
    estimator : estimator
        What is searched.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
    space : dict, default=None
        As in :class:`TuneSearchCV`.
    **settings
        The other parameters of :class:`TuneSearchCV`: `trials`, `cv`, `scoring`, `n_jobs`, `storage`, `random_state`, …

    Returns
    -------
    search : TuneSearchCV
        Fitted: it has `best_params_`, `best_score_`, `cv_results_`, and predicts.

    Examples
    --------
    >>> from sklearn.datasets import make_moons
    >>> from nablab import MLPClassifier, tune
    >>> X, y = make_moons(200, noise=0.2, random_state=3)
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")  # of 30 epochs, which are few
    ...     found = tune(MLPClassifier(max_iter=30, random_state=0), X, y, trials=8, cv=2, random_state=0)
    >>> sorted(found.best_params_)
    ['alpha', 'dropout', 'hidden_layer_sizes', 'learning_rate_init']
    """
    return TuneSearchCV(estimator, space, **settings).fit(X, y)
