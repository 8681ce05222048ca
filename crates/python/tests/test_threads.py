"""Objects of the extension module in many threads at once: they answer as in one, or say that another thread is at work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from nablab import MLPClassifier, NablabClassifier, Network, Optimizer, gradcheck, train_many

THREADS = 8
X = np.random.default_rng(0).random((200, 3))
Y = X[:, 0] > X[:, 1]


def at_once(work: Callable[[], Any], times: int = 20) -> list[Any]:
    """What the work gives in many threads that begin together; an error where it raises one."""
    barrier = Barrier(THREADS)

    def several(_: int) -> list[Any]:
        barrier.wait()
        answers = []
        for _ in range(times):
            try:
                answers.append(work())
            except RuntimeError as error:
                answers.append(str(error))
        return answers

    with ThreadPoolExecutor(THREADS) as pool:
        return [answer for answers in pool.map(several, range(THREADS)) for answer in answers]


def test_what_does_not_change_answers_the_same() -> None:
    net = Network(3, [4], 2)
    params = net.init(seed=1)
    frame = pd.DataFrame(X, columns=list("abc"))
    table = pa.table(frame)
    model = NablabClassifier((4,), epochs=3, threads=1).fit(frame, Y)
    works: list[Callable[[], Any]] = [
        lambda: net.predict(params, X),
        lambda: model.predict_proba(table),
        lambda: model.predict_proba(frame),
        lambda: np.array([len(model.report_()), len(model.diagnose_()), len(model._fitted.onnx())]),
        lambda: np.array(gradcheck(lambda w: float(w @ w), 2 * X[0], X[0]).difference),
    ]
    for work in works:
        expected = work()
        for answer in at_once(work, 3):
            np.testing.assert_array_equal(answer, expected)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_trainings_do_not_disturb_one_another() -> None:
    def fitted() -> Any:
        return MLPClassifier((8,), max_iter=10, random_state=0, threads=1).fit(X, Y).predict_proba(X)

    expected = fitted()
    for answer in at_once(fitted, 2):
        np.testing.assert_array_equal(answer, expected)
    net = Network(3, [4])
    many = train_many(net, {"epochs": 3}, X, Y, seeds=4).params
    for answer in at_once(lambda: train_many(net, {"epochs": 3}, X, Y, seeds=4).params, 2):
        np.testing.assert_array_equal(answer, many)


def test_what_changes_is_for_one_thread_at_a_time() -> None:
    rule = Optimizer("adam", np.ones(50_000), learning_rate=0.1)
    answers = at_once(lambda: rule.step(np.ones(50_000), np.ones(50_000)))
    said = {answer for answer in answers if isinstance(answer, str)}
    assert said <= {"another thread is at work on this rule"}
    assert any(isinstance(answer, np.ndarray) and np.isfinite(answer).all() for answer in answers)
