"""The four estimators as the tests of scikit-learn's tools take them, and small data for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.base import is_classifier
from sklearn.datasets import load_iris, make_multilabel_classification, make_regression
from sklearn.preprocessing import StandardScaler

from nablab import MLPClassifier, MLPRegressor, NablabClassifier, NablabRegressor

#: What small data make them warn of.
QUIET = [
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning"),
    pytest.mark.filterwarnings("ignore:Got `batch_size` less than 1"),
]

OURS: dict[str, Any] = {"epochs": 20, "learning_rate": 0.05, "dropout": 0, "threads": 1}
THEIRS: dict[str, Any] = {"max_iter": 20, "learning_rate_init": 0.05, "random_state": 0, "threads": 1}
CLASSIFIERS = [MLPClassifier((8,), **THEIRS), NablabClassifier((8,), **OURS)]
REGRESSORS = [MLPRegressor(hidden_layer_sizes=(8,), **THEIRS), NablabRegressor((8,), **OURS)]


def name_of(estimator: Any) -> str:
    return type(estimator).__name__


classifiers = pytest.mark.parametrize("model", CLASSIFIERS, ids=name_of)
regressors = pytest.mark.parametrize("model", REGRESSORS, ids=name_of)
all_four = pytest.mark.parametrize("model", CLASSIFIERS + REGRESSORS, ids=name_of)

FLOWERS = StandardScaler().fit_transform(load_iris().data), load_iris().target_names[load_iris().target]
NUMBERS = make_regression(150, 4, random_state=0)
NUMBERS = NUMBERS[0], NUMBERS[1] / 50
LABELS = make_multilabel_classification(150, 6, n_classes=3, random_state=0)
LABELS = StandardScaler().fit_transform(LABELS[0]), LABELS[1]
WEIGHTS = np.random.default_rng(0).random(150)


def said(model: Any, X: Any) -> Any:
    """The finest thing that it predicts."""
    return model.predict_proba(X) if is_classifier(model) else model.predict(X)


def data_for(model: Any) -> tuple[Any, Any]:
    return FLOWERS if is_classifier(model) else NUMBERS


def same(one: Any, other: Any, X: Any) -> None:
    np.testing.assert_array_equal(said(one, X), said(other, X))
