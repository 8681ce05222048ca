"""The estimators, searches and studies where joblib sends its work elsewhere: Dask's and Ray's workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.model_selection import GridSearchCV

from nablab import MLPClassifier, TuneSearchCV, study

# What these servers leave behind when they end is theirs.
pytestmark = [
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

X, Y = make_moons(200, noise=0.2, random_state=3)
MODEL = MLPClassifier((6,), max_iter=30, random_state=0, learning_rate_init=0.05)
SEARCHES: list[Any] = [
    GridSearchCV(MODEL, {"alpha": [1e-4, 1.0], "dropout": [0.0, 0.2]}, cv=2),
    TuneSearchCV(MODEL, {"alpha": study.Real(1e-5, 1.0, log=True), "dropout": [0.0, 0.2]}, trials=14, cv=2, random_state=0),
]


@pytest.fixture(scope="module")
def alone() -> list[Any]:
    return [search.fit(X, Y).cv_results_ for search in SEARCHES]


@pytest.fixture(scope="module")
def dask() -> Iterator[None]:
    from dask.distributed import Client, LocalCluster

    try:
        cluster = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    except Exception as error:
        pytest.skip(f"Dask's workers do not start here: {error}")
    with cluster, Client(cluster):
        yield


@pytest.fixture(scope="module")
def ray() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        import ray
        from ray.util.joblib import register_ray

        try:
            ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        except Exception as error:
            pytest.skip(f"Ray's workers do not start here: {error}")
        register_ray()
        yield
        ray.shutdown()


def searches_find_the_same(backend: str, alone: list[Any], place: Path) -> None:
    def square(trial: study.Trial) -> float:
        trial.report(1, trial.params["x"])
        return (trial.params["x"] - 0.3) ** 2

    with joblib.parallel_backend(backend):
        for search, expected in zip(SEARCHES, alone):
            results = search.fit(X, Y).cv_results_
            assert results["params"] == expected["params"]
            np.testing.assert_array_equal(results["mean_test_score"], expected["mean_test_score"])
        s = study.create(place / f"{backend}.db", "s", {"x": study.Real(0, 1)}, sampler="sobol")
        s.optimize(square, 8, n_jobs=2)
    here = study.create(None, "s", {"x": study.Real(0, 1)}, sampler="sobol").optimize(square, 8)
    # Sobol's points are those of the numbers, whoever asks.
    assert s.trials == here.trials


def test_searches_on_dask_find_the_same(dask: None, alone: list[Any], tmp_path: Path) -> None:
    searches_find_the_same("dask", alone, tmp_path)


def test_searches_on_ray_find_the_same(ray: None, alone: list[Any], tmp_path: Path) -> None:
    searches_find_the_same("ray", alone, tmp_path)
