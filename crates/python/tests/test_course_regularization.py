"""The assignment on regularisation: the course's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from course_numbers import (
    A1,
    A2,
    A3,
    B1,
    B2,
    B3,
    D1,
    D2,
    DROPPED_A1,
    DROPPED_A2,
    DROPPED_A3,
    W1,
    W2,
    W3,
    Y,
    assert_as_published,
    rows,
)
from nablab.course import regularization as course

SHAPES = {"W1": (2, 3), "b1": (2, 1), "W2": (3, 2), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}


def test_the_cost_with_a_penalty() -> None:
    np.random.seed(1)
    parameters = {name: np.random.randn(*shape) for name, shape in SHAPES.items()}
    cost = course.compute_cost_with_regularization(A3, Y, parameters, lambd=0.1)
    known = rows("regularization.4")
    assert cost == pytest.approx(float(known["cost"][0]), rel=1e-14)
    assert course.compute_cost(A3, Y) == pytest.approx(float(known["cross_entropy"][0]), rel=1e-14)


def test_gradients_with_a_penalty() -> None:
    np.random.seed(1)
    X = np.random.randn(3, 5)
    # Z has the sign of A where a unit speaks, which is all that the backward pass asks of it.
    cache = (A1, A1, W1, B1, A2, A2, W2, B2, A3, A3, W3, B3)
    gradients = course.backward_propagation_with_regularization(X, Y, cache, lambd=0.7)
    assert_as_published("regularization.5", {name: value for name, value in gradients.items() if name[1] in "Wb"})


def test_the_forward_pass_with_dropout() -> None:
    np.random.seed(1)
    X = np.random.randn(3, 5)
    parameters = {name: np.random.randn(*shape) for name, shape in SHAPES.items()}
    a3, cache = course.forward_propagation_with_dropout(X, parameters, keep_prob=0.7)
    assert_as_published("regularization.8", {"A1": cache[2], "A2": cache[7], "A3": a3})
    assert cache[1].dtype == bool and len(cache) == 14


def test_gradients_with_dropout() -> None:
    np.random.seed(1)
    X = np.random.randn(3, 5)
    cache = (DROPPED_A1, D1, DROPPED_A1, W1, B1, DROPPED_A2, D2, DROPPED_A2, W2, B2, DROPPED_A3, DROPPED_A3, W3, B3)
    gradients = course.backward_propagation_with_dropout(X, Y, cache, keep_prob=0.8)
    assert list(gradients) == "dZ3 dW3 db3 dA2 dZ2 dW2 db2 dA1 dZ1 dW1 db1".split()
    np.testing.assert_allclose(gradients["dZ3"], DROPPED_A3 - Y, atol=1e-15)
    assert_as_published("regularization.9", {name: value for name, value in gradients.items() if name[1] in "WbA"})


@pytest.mark.parametrize("settings", [{}, {"lambd": 0.7}, {"keep_prob": 0.86}])
def test_training_step_by_step_is_the_model(settings: dict[str, float]) -> None:
    np.random.seed(4)
    X, labels = np.random.randn(2, 60), np.random.randint(0, 2, (1, 60))
    parameters = course.initialize_parameters([2, 20, 3, 1])
    for _ in range(20):
        if "keep_prob" in settings:
            _, cache = course.forward_propagation_with_dropout(X, parameters, **settings)
            grads = course.backward_propagation_with_dropout(X, labels, cache, **settings)
        else:
            _, cache = course.forward_propagation(X, parameters)
            grads = course.backward_propagation_with_regularization(X, labels, cache, settings.get("lambd", 0))
        parameters = course.update_parameters(parameters, grads, 0.3)
    trained = course.model(X, labels, num_iterations=20, print_cost=False, **settings)
    for name, value in trained.items():
        np.testing.assert_allclose(parameters[name], value, rtol=0, atol=1e-13)


def test_what_does_not_fit_is_told_with_place_and_remedy() -> None:
    X, parameters = np.ones((2, 5)), course.initialize_parameters([2, 4, 3, 1])
    with pytest.raises(ValueError, match="keep_prob: expected a number above 0, up to 1, got 0"):
        course.forward_propagation_with_dropout(X, parameters, keep_prob=0)
    with pytest.raises(ValueError, match="cache: expected 14 arrays, got 12"):
        course.backward_propagation_with_dropout(X, np.ones((1, 5)), course.forward_propagation(X, parameters)[1], 0.8)
    with pytest.raises(ValueError, match="takes a penalty or dropout, not both"):
        course.model(X, np.ones((1, 5)), lambd=0.1, keep_prob=0.8)
    with pytest.raises(ValueError, match="`penalty.l2` must be a finite number, 0 or more, got -1"):
        course.model(X, np.ones((1, 5)), lambd=-1)
    with pytest.raises(ValueError, match=r"Y: expected shape \(1, 5\), got \(5, 1\)"):
        course.compute_cost(np.full((1, 5), 0.5), np.ones((5, 1)))
