"""Ensembles, calibration, selection and inspection of scikit-learn with the four estimators in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_selection import RFE, SequentialFeatureSelector
from sklearn.frozen import FrozenEstimator
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier, OutputCodeClassifier
from sklearn.semi_supervised import SelfTrainingClassifier

from four_estimators import CLASSIFIERS, FLOWERS, NUMBERS, QUIET, REGRESSORS, all_four, classifiers, data_for, regressors

from nablab import MLPClassifier, NablabClassifier, NablabRegressor

pytestmark = QUIET

FRAME = pd.DataFrame(FLOWERS[0], columns=list("abcd"))

OF_CLASSIFIERS = {
    "voting": lambda model: VotingClassifier([("a", model), ("b", clone(model))], voting="soft"),
    "voting by labels": lambda model: VotingClassifier([("a", model), ("b", clone(model))]),
    "stacking": lambda model: StackingClassifier([("a", model)], clone(model), cv=3, passthrough=True),
    "bagging": lambda model: BaggingClassifier(model, 3, max_features=0.8, max_samples=0.8, random_state=0),
    "boosting": lambda model: AdaBoostClassifier(model, n_estimators=2, random_state=0),
    "one against the rest": OneVsRestClassifier,
    "one against one": OneVsOneClassifier,
    "codes": lambda model: OutputCodeClassifier(model, code_size=3, random_state=0),
    "calibration": lambda model: CalibratedClassifierCV(model, cv=3),
    "calibration by temperature": lambda model: CalibratedClassifierCV(model, cv=3, method="temperature"),
    "calibration of a frozen one": lambda model: CalibratedClassifierCV(
        FrozenEstimator(clone(model).fit(FRAME, FLOWERS[1])), method="isotonic"
    ),
}


@classifiers
@pytest.mark.parametrize("around", OF_CLASSIFIERS)
def test_ensembles_of_classifiers(model: Any, around: str) -> None:
    y = FLOWERS[1]
    ensemble = OF_CLASSIFIERS[around](clone(model)).fit(FRAME, y)
    assert ensemble.score(FRAME, y) > 0.85
    assert set(ensemble.predict(FRAME)) == set(y)


@regressors
def test_ensembles_of_regressors(model: Any) -> None:
    X, y = NUMBERS
    for ensemble in (
        VotingRegressor([("a", model), ("b", clone(model))]),
        StackingRegressor([("a", model)], cv=3),
        BaggingRegressor(model, 3, random_state=0),
        AdaBoostRegressor(model, n_estimators=2, random_state=0),
    ):
        assert ensemble.fit(X, y).score(X, y) > 0.85


@classifiers
def test_boosting_weighs_the_rows_for_the_next_one(model: Any) -> None:
    X, y = FLOWERS
    hard = (y == "versicolor") | (y == "virginica")
    weights = np.where(hard, 1.0, 1e-9)
    boosted = AdaBoostClassifier(model, n_estimators=2, random_state=0).fit(X, y, sample_weight=weights)
    assert boosted.estimators_[0].score(X[hard], y[hard]) > 0.85
    bagged = BaggingClassifier(model, 2, random_state=0).fit(X, y, sample_weight=np.where(y == "setosa", 0.0, 1.0))
    assert "setosa" not in set(bagged.predict(X))


@classifiers
def test_labels_that_are_not_known_are_learned_from(model: Any) -> None:
    X, names = FLOWERS
    y = np.unique(names, return_inverse=True)[1]
    some = np.where(np.arange(150) % 3 == 0, y, -1)
    assert SelfTrainingClassifier(model).fit(X, some).score(X, y) > 0.85


@classifiers
def test_a_threshold_is_moved(model: Any) -> None:
    X, names = FLOWERS
    y = (names == "versicolor").astype(int)
    rare = FixedThresholdClassifier(model, threshold=0.9).fit(X, y).predict(X).sum()
    often = FixedThresholdClassifier(model, threshold=0.1).fit(X, y).predict(X).sum()
    assert rare < often
    assert 0 < TunedThresholdClassifierCV(model, cv=2).fit(X, y).best_threshold_ < 1


@classifiers
def test_balanced_classes_count_the_same(model: Any) -> None:
    X, names = FLOWERS
    rows = np.r_[np.arange(50, 60), np.arange(100, 150)]
    X, y = X[rows], names[rows]
    plain = clone(model).fit(X, y).predict_proba(X)[:, 0]
    balanced = clone(model).set_params(class_weight="balanced").fit(X, y).predict_proba(X)[:, 0]
    assert balanced.mean() > plain.mean()


@all_four
def test_what_matters_is_told_from_outside(model: Any) -> None:
    X, y = data_for(model)
    X = np.c_[X[:, 2:], np.random.default_rng(0).random(150)]
    fitted = clone(model).fit(X, y)
    importance = permutation_importance(fitted, X, y, n_repeats=3, random_state=0).importances_mean
    assert importance.argmin() == 2
    average = partial_dependence(fitted, X, [0], kind="average")["average"]
    assert average.shape[0] == (3 if is_classifier(model) else 1) and np.ptp(average) > 0.1
    chosen = SequentialFeatureSelector(clone(model), n_features_to_select=2, cv=3, direction="backward").fit(X, y)
    assert chosen.get_support().tolist() == [True, True, False]


@pytest.mark.parametrize("model", [CLASSIFIERS[1], REGRESSORS[1]], ids=["NablabClassifier", "NablabRegressor"])
def test_columns_of_text_are_looked_at_from_outside(model: NablabClassifier | NablabRegressor) -> None:
    X, y = data_for(model)
    sides = np.where(X[:, 2] > 0, "right", "left")
    frame = pd.DataFrame({"side": sides, "noise": np.random.default_rng(0).random(150)})
    fitted = clone(model).fit(frame, y)
    importance = permutation_importance(fitted, frame, y, n_repeats=3, random_state=0).importances_mean
    assert importance[0] > importance[1]
    of_side = partial_dependence(fitted, frame, ["side"], categorical_features=["side"], kind="average")
    assert of_side["grid_values"][0].tolist() == ["left", "right"] and np.ptp(of_side["average"]) > 0.1


@all_four
def test_features_are_eliminated_by_a_measure_of_ones_own(model: Any) -> None:
    """A network has no number for each feature that could say what it is worth."""
    X, y = data_for(model)
    with pytest.raises(ValueError, match="should have `coef_` or `feature_importances_` attribute"):
        RFE(clone(model), n_features_to_select=2).fit(X, y)
    if isinstance(model, MLPClassifier):
        by_weights = RFE(model, n_features_to_select=2, importance_getter=lambda net: np.abs(net.coefs_[0]).sum(axis=1))
        assert by_weights.fit(X, y).support_[2:].any()
