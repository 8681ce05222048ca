"""The estimators where joblib sends its work elsewhere: Dask's and Ray's workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.model_selection import GridSearchCV

from nablab import MLPClassifier

# What these servers leave behind when they end is theirs.
pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

X, Y = make_moons(200, noise=0.2, random_state=3)


def search() -> Any:
    model = MLPClassifier((6,), max_iter=30, random_state=0, learning_rate_init=0.05)
    return GridSearchCV(model, {"alpha": [1e-4, 1.0], "dropout": [0.0, 0.2]}, cv=2)


@pytest.fixture(scope="module")
def alone() -> Any:
    return search().fit(X, Y).cv_results_["mean_test_score"]


@pytest.fixture
def dask() -> Iterator[None]:
    from dask.distributed import Client, LocalCluster

    try:
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    except Exception as error:
        pytest.skip(f"Dask's workers do not start here: {error}")
    with cluster, Client(cluster):
        yield


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray.util.joblib import register_ray

    try:
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    except Exception as error:
        pytest.skip(f"Ray's workers do not start here: {error}")
    register_ray()
    yield
    ray.shutdown()


def test_a_grid_search_on_dask_finds_the_same(dask: None, alone: Any) -> None:
    with joblib.parallel_backend("dask"):
        np.testing.assert_array_equal(search().fit(X, Y).cv_results_["mean_test_score"], alone)


def test_a_grid_search_on_ray_finds_the_same(ray: None, alone: Any) -> None:
    with joblib.parallel_backend("ray"):
        np.testing.assert_array_equal(search().fit(X, Y).cv_results_["mean_test_score"], alone)
