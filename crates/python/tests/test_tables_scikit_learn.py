"""scikit-learn's own checks on the estimators of tables, and its tools around them."""

from __future__ import annotations

import pickle
from typing import Any

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator, estimator_checks_generator

from nablab import NablabClassifier, NablabRegressor

#: The table of people has a column of dates, which is left out.
pytestmark = pytest.mark.filterwarnings("ignore:X. nothing is learned from .since.")

#: All rows in each step, without masks and rows held out: a weight of two is the row twice only there.
WHOLE: dict[str, Any] = {"batch_size": "all", "dropout": 0, "validation": 0, "precision": "f64", "threads": 1}

CONFIGURATIONS: list[Any] = [
    NablabClassifier((16,), epochs=100, learning_rate=0.01, **WHOLE),
    NablabRegressor((16,), epochs=100, learning_rate=0.01, **WHOLE),
    NablabClassifier((), optimizer="l-bfgs", epochs=50, **WHOLE),
    NablabRegressor((), optimizer="l-bfgs", epochs=50, **WHOLE),
    NablabClassifier((8,), scaling="min-max", activation="tanh", epochs=80, learning_rate=0.02, **WHOLE),
]


CHECKS: list[Any] = [pair for estimator in CONFIGURATIONS for pair in estimator_checks_generator(estimator)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("estimator", "check"), CHECKS, ids=lambda value: getattr(getattr(value, "func", None), "__name__", None))
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "estimator",
    [
        NablabClassifier(epochs=60),
        NablabRegressor(epochs=60),
        NablabClassifier((8,), batch_norm=True),
        NablabClassifier(epochs=30, batch_size=8, validation=0, label_smoothing=0.1),
        NablabClassifier((), optimizer="l-bfgs", epochs=50, validation=0, batch_size="all"),
    ],
)
def test_batches_and_rows_held_out_change_nothing_but_the_meaning_of_weights(estimator: Any) -> None:
    """Where batches are drawn and rows held out, a row of weight two is not the row twice; in single precision it is up to 1e-7 alone."""
    results = check_estimator(estimator, on_fail=None, on_skip=None)
    failed = {of["check_name"] for of in results if of["status"] == "failed"}
    assert failed <= {
        "check_sample_weight_equivalence_on_dense_data",
        "check_sample_weight_equivalence_on_sparse_data",
    }
    assert len(results) > 55


def people(rows: int = 240) -> tuple[pd.DataFrame, pd.Series]:
    """A table as people have it: text, categories, booleans, dates, and gaps in all of them."""
    rng = np.random.default_rng(0)
    city = rng.choice(np.array(["Bern", "Oslo", "Rome"], dtype=object), rows)
    age = rng.integers(18, 80, rows).astype(float)
    member = rng.random(rows) < 0.5
    bought = (age > 45) ^ (city == "Rome")
    X = pd.DataFrame(
        {
            "city": city,
            "age": age,
            "member": member,
            "since": pd.to_datetime("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, rows), unit="D"),
            "size": pd.Categorical(rng.choice(["S", "M", "L"], rows)),
        }
    )
    X.loc[::17, "age"] = np.nan
    X.loc[::23, "city"] = None
    X.loc[::29, "since"] = pd.NaT
    return X, pd.Series(np.where(bought, "yes", "no"), name="bought")


def test_a_grid_is_searched_over_a_frame_with_text_and_gaps() -> None:
    X, y = people()
    search = GridSearchCV(NablabClassifier(epochs=40, dropout=0), {"hidden": [(), (32,)]}, cv=3).fit(X, y)
    assert search.best_params_ == {"hidden": (32,)}
    assert search.score(X, y) > 0.85
    assert search.best_estimator_.feature_names_in_.tolist() == list(X.columns)


def test_tools_take_it_as_it_is() -> None:
    X, y = people()
    model = NablabClassifier((32,), epochs=40, dropout=0)
    assert cross_val_score(model, X, y, cv=3).mean() > 0.75
    calibrated = CalibratedClassifierCV(model, cv=2).fit(X, y)
    assert calibrated.predict_proba(X[:4]).sum(axis=1) == pytest.approx(1)
    fitted = clone(model).fit(X, y)
    importance = permutation_importance(fitted, X, y, n_repeats=3, random_state=0).importances_mean
    by_name = dict(zip(X.columns, importance))
    assert min(by_name["age"], by_name["city"]) > max(by_name["member"], by_name["since"], by_name["size"]) + 0.05


def test_frames_of_polars_are_cut_into_folds() -> None:
    X, y = people()
    frame, target = pl.from_pandas(X), pl.Series("bought", y.to_list())
    model = NablabClassifier((32,), epochs=40, dropout=0)
    by_polars = cross_val_score(model, frame, target, cv=3)
    np.testing.assert_allclose(by_polars, cross_val_score(model, X, y, cv=3))


def test_a_pipeline_may_stand_before_it() -> None:
    X, y = people()
    scaled = make_column_transformer((StandardScaler(), ["age"]), remainder="passthrough", verbose_feature_names_out=False)
    scaled.set_output(transform="pandas")
    pipe = make_pipeline(scaled, NablabClassifier((32,), epochs=40, dropout=0)).fit(X, y)
    assert pipe.score(X, y) > 0.8


def test_it_is_copied_pickled_and_sent_to_processes() -> None:
    X, y = people()
    model = NablabClassifier((8,), epochs=10).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    assert again.history_["train_loss"].tolist() == model.history_["train_loss"].tolist()
    assert again.diagnose_() == model.diagnose_()
    answers = joblib.Parallel(n_jobs=2)(joblib.delayed(model.predict)(X[i : i + 60]) for i in (0, 60))
    np.testing.assert_array_equal(np.concatenate(answers), model.predict(X[:120]))


def test_one_seed_is_one_model_and_a_generator_draws_another_each_time() -> None:
    X, y = people(80)

    def fitted(random_state: Any) -> Any:
        return NablabClassifier((8,), epochs=5, random_state=random_state).fit(X, y).predict_proba(X)

    np.testing.assert_array_equal(fitted(None), fitted(0))
    assert not np.array_equal(fitted(1), fitted(0))
    generator = np.random.RandomState(0)
    assert not np.array_equal(fitted(generator), fitted(generator))
