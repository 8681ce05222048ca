"""What scikit-learn puts around an estimator, around each of the four."""

from __future__ import annotations

import copy
import pickle
import warnings
from pathlib import Path
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
import sklearn
from sklearn.base import clone, is_classifier
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    cross_val_predict,
    cross_validate,
    learning_curve,
    validation_curve,
)
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier, MultiOutputRegressor, RegressorChain
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder

from four_estimators import (
    CLASSIFIERS,
    FLOWERS,
    LABELS,
    NUMBERS,
    QUIET,
    REGRESSORS,
    WEIGHTS,
    all_four,
    classifiers,
    data_for,
    name_of,
    regressors,
    said,
    same,
)

from nablab import NablabClassifier, NablabRegressor

pytestmark = QUIET


# Metadata routing -----------------------------------------------------------------------------------------------------


@all_four
def test_weights_are_routed_through_a_pipeline_a_grid_and_folds(model: Any) -> None:
    X, y = data_for(model)
    strength = "alpha" if "alpha" in model.get_params() else "l2"
    with sklearn.config_context(enable_metadata_routing=True):
        asking = clone(model).set_fit_request(sample_weight=True).set_score_request(sample_weight=False)
        expected = clone(model).fit(X, y, sample_weight=WEIGHTS)
        piped = make_pipeline("passthrough", clone(asking)).fit(X, y, sample_weight=WEIGHTS)
        same(piped, expected, X)
        grid = GridSearchCV(asking, {strength: [1e-4]}, cv=2).fit(X, y, sample_weight=WEIGHTS)
        same(grid, clone(model).set_params(**{strength: 1e-4}).fit(X, y, sample_weight=WEIGHTS), X)
        folds = KFold(2, shuffle=True, random_state=0)
        scores = cross_validate(asking, X, y, cv=folds, params={"sample_weight": WEIGHTS})["test_score"]
        by_hand = [clone(model).fit(X[a], y[a], sample_weight=WEIGHTS[a]).score(X[b], y[b]) for a, b in folds.split(X)]
        np.testing.assert_array_equal(scores, by_hand)
        with pytest.raises(UnsetMetadataPassedError, match=r"\[sample_weight\] are passed but are not explicitly set"):
            make_pipeline("passthrough", clone(model)).fit(X, y, sample_weight=WEIGHTS)
    assert not np.array_equal(said(expected, X), said(clone(model).fit(X, y), X))


# Several outputs ------------------------------------------------------------------------------------------------------


@regressors
def test_a_regressor_predicts_several_numbers(model: Any) -> None:
    X, y = NUMBERS
    both = pd.DataFrame({"up": y, "down": -y})
    assert clone(model).fit(X, both).predict(X).shape == (150, 2)
    assert clone(model).fit(X, both).score(X, both) > 0.9
    apart = MultiOutputRegressor(model).fit(X, both.to_numpy()).predict(X)
    np.testing.assert_array_equal(apart[:, 0], clone(model).fit(X, y).predict(X))
    assert RegressorChain(model).fit(X, both.to_numpy()).score(X, both) > 0.9
    scaled = TransformedTargetRegressor(model, transformer=StandardScaler()).fit(X, both.to_numpy())
    assert scaled.predict(X).shape == (150, 2)


@classifiers
def test_a_classifier_predicts_several_labels(model: Any) -> None:
    X, labels = LABELS
    fitted = clone(model).fit(X, labels)
    assert fitted.predict_proba(X).shape == fitted.predict(X).shape == (150, 3)
    assert (fitted.predict(X) == labels).mean() > 0.75
    sparse = clone(model).fit(scipy.sparse.csr_matrix(X), scipy.sparse.csr_matrix(labels))
    np.testing.assert_array_equal(sparse.predict_proba(X), fitted.predict_proba(X))
    chain = ClassifierChain(model, cv=2).fit(X, labels)
    assert (chain.predict(X) == labels).mean() > 0.75


@classifiers
def test_columns_of_many_classes_are_fitted_one_by_one(model: Any) -> None:
    X, y = FLOWERS
    columns = np.stack([y, y[::-1]], axis=1)
    with pytest.raises(ValueError, match="sklearn.multioutput.MultiOutputClassifier|Multioutput target data is not supported"):
        clone(model).fit(X, columns)
    apart = MultiOutputClassifier(model).fit(X, columns).predict(X)
    np.testing.assert_array_equal(apart[:, 0], clone(model).fit(X, y).predict(X))


# What X may be --------------------------------------------------------------------------------------------------------


@all_four
@pytest.mark.parametrize("kind", ["csr_array", "csc_matrix", "coo_array", "lil_matrix", "dok_array", "bsr_matrix", "dia_array"])
@pytest.mark.filterwarnings("ignore::scipy.sparse.SparseEfficiencyWarning")
def test_a_sparse_matrix_is_its_numbers(model: Any, kind: str) -> None:
    X, y = data_for(model)
    X = np.where(np.abs(X) < 0.5, 0.0, X)
    sparse = getattr(scipy.sparse, kind)(X)
    fitted = clone(model).fit(X, y)
    same(clone(model).fit(sparse, y), fitted, X)
    np.testing.assert_array_equal(fitted.predict(sparse), fitted.predict(X))


class Tensor:
    """What a tensor of another library shows to NumPy."""

    def __init__(self, array: Any) -> None:
        self.array, self.shape, self.dtype, self.ndim = array, array.shape, str(array.dtype), array.ndim

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self.array, dtype)

    def __len__(self) -> int:
        return len(self.array)


@all_four
def test_a_tensor_is_its_numbers(model: Any) -> None:
    X, y = data_for(model)
    fitted = clone(model).fit(X, y)
    same(clone(model).fit(Tensor(X), y), fitted, X)
    np.testing.assert_array_equal(fitted.predict(Tensor(X)), fitted.predict(X))


@all_four
def test_names_of_columns_are_compared(model: Any) -> None:
    X, y = data_for(model)
    frame = pd.DataFrame(X, columns=list("abcd"))
    named, nameless = clone(model).fit(frame, y), clone(model).fit(X, y)
    assert named.feature_names_in_.tolist() == list("abcd") and not hasattr(nameless, "feature_names_in_")
    with pytest.warns(UserWarning, match=f"X does not have valid feature names, but {name_of(model)} was fitted with"):
        named.predict(X)
    with pytest.warns(UserWarning, match=f"X has feature names, but {name_of(model)} was fitted without feature names"):
        nameless.predict(frame)
    turned = frame[list("dcba")]
    if isinstance(model, (NablabClassifier, NablabRegressor)):
        np.testing.assert_array_equal(named.predict(turned), named.predict(frame))
    else:
        with pytest.raises(ValueError, match="The feature names should match those that were passed during fit"):
            named.predict(turned)


@all_four
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_transformer_hands_frames_over(model: Any, library: str) -> None:
    X, y = data_for(model)
    frame = pd.DataFrame(X, columns=list("abcd"))
    given = frame if library == "pandas" else pl.from_pandas(frame)
    pipe = make_pipeline(StandardScaler(), clone(model)).set_output(transform=library).fit(given, y)
    assert pipe[-1].feature_names_in_.tolist() == list("abcd")
    same(pipe, make_pipeline(StandardScaler(), clone(model)).fit(frame, y), given)


@all_four
def test_a_text_may_be_encoded_by_the_target(model: Any) -> None:
    X, y = data_for(model)
    place = np.array(["north", "south", "west"])[np.digitize(X[:, 2], [-0.5, 0.5])]
    frame = pd.DataFrame({"place": place, "size": X[:, 3]})
    encoded = make_column_transformer((TargetEncoder(cv=3), ["place"]), remainder="passthrough")
    assert make_pipeline(encoded, clone(model)).fit(frame, y).score(frame, y) > 0.2


# Copies ---------------------------------------------------------------------------------------------------------------


@all_four
def test_every_copy_predicts_the_same(model: Any, tmp_path: Path) -> None:
    X, y = data_for(model)
    fitted = clone(model).fit(X, y)
    joblib.dump(fitted, tmp_path / "model")
    mapped = joblib.load(tmp_path / "model", mmap_mode="r")
    for again in (
        pickle.loads(pickle.dumps(fitted, 2)),
        pickle.loads(cloudpickle.dumps(fitted)),
        mapped,
        copy.copy(fitted),
        copy.deepcopy(fitted),
        FrozenEstimator(fitted).fit(X, y),
    ):
        same(again, fitted, X)
    same(mapped.fit(X, y), fitted, X)
    with_callback = clone(model).set_params(callbacks=lambda told: True)
    stopped = pickle.loads(cloudpickle.dumps(with_callback)).fit(X, y)
    assert stopped.n_iter_ == 1


@all_four
def test_parameters_are_set_and_read_where_they_are_nested(model: Any) -> None:
    X, y = data_for(model)
    hidden, rule = ("hidden", "optimizer") if hasattr(model, "hidden") else ("hidden_layer_sizes", "solver")
    pipe = make_pipeline(StandardScaler(), clone(model))
    step = name_of(model).lower()
    pipe.set_params(**{f"{step}__{hidden}": (3,), f"{step}__{rule}": {"rms-prop": {"rho": 0.8}}})
    assert pipe.get_params()[f"{step}__{hidden}"] == (3,)
    same(clone(pipe).fit(X, y), pipe.fit(X, y), X)
    assert "rms-prop" in repr(pipe)
    with pytest.raises(ValueError, match=f"Invalid parameter 'layers' for estimator {name_of(model)}"):
        model.set_params(layers=3)


# Folds ----------------------------------------------------------------------------------------------------------------


@all_four
def test_curves_and_predictions_of_folds(model: Any) -> None:
    X, y = data_for(model)
    strength = "alpha" if "alpha" in model.get_params() else "l2"
    sizes, train, test = learning_curve(model, X, y, cv=3, train_sizes=[0.2, 1.0], shuffle=True, random_state=0)
    assert list(sizes) == [20, 100] and train.shape == (2, 3) and test[1].mean() > test[0].mean() - 0.05
    train, _ = validation_curve(model, X, y, param_name=strength, param_range=[0, 100.0], cv=3)
    assert train[0].mean() > train[1].mean() + 0.1
    method = "predict_proba" if is_classifier(model) else "predict"
    said = cross_val_predict(model, pd.DataFrame(X, columns=list("abcd")), y, cv=3, method=method)
    assert said.shape == ((150, 3) if is_classifier(model) else (150,))


@pytest.mark.parametrize("model", [CLASSIFIERS[0], REGRESSORS[0]], ids=name_of)
def test_a_learning_curve_may_go_on_row_by_row(model: Any) -> None:
    X, y = data_for(model)
    more: dict[str, Any] = {"train_sizes": [0.5, 1.0], "shuffle": True, "random_state": 0}
    sizes, _, test = learning_curve(model, X, y, cv=3, exploit_incremental_learning=True, **more)
    assert list(sizes) == [50, 100] and np.isfinite(test).all()


@classifiers
def test_nothing_is_warned_of_in_a_search_over_a_frame(model: Any) -> None:
    X, y = FLOWERS
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.filterwarnings("ignore", message="Got `batch_size`|Stochastic Optimizer")
        search = GridSearchCV(model, {"random_state": [0, 1]}, cv=3, scoring=["roc_auc_ovr", "neg_log_loss"], refit="neg_log_loss")
        search.fit(pd.DataFrame(X, columns=list("abcd")), y)
    assert search.cv_results_["mean_test_roc_auc_ovr"].min() > 0.9
