"""The assignment on initialisation: the course's numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from course_numbers import assert_as_published, assert_costs, rows
from nablab.course import initialization as course


@pytest.mark.parametrize(
    ("item", "initialize", "sizes"),
    [
        ("initialization.2", course.initialize_parameters_zeros, [3, 2, 1]),
        ("random-initialization.1", course.initialize_parameters_random, [3, 2, 1]),
        ("he-initialization.1", course.initialize_parameters_he, [2, 4, 1]),
    ],
)
def test_initial_parameters_are_the_course_s(
    item: str, initialize: Callable[[list[int]], dict[str, np.ndarray]], sizes: list[int]
) -> None:
    assert_as_published(item, initialize(sizes))


def test_the_global_generator_is_left_as_the_course_leaves_it() -> None:
    course.initialize_parameters_he([2, 4, 1])
    here = np.random.rand()
    np.random.seed(3)
    np.random.randn(2 * 4 + 4)
    assert here == np.random.rand()


@pytest.mark.parametrize(
    ("item", "initialization"),
    [("initialization.3", "zeros"), ("random-initialization.2", "random"), ("he-initialization.2", "he")],
)
def test_a_training_has_the_course_s_costs_and_accuracies(
    item: str, initialization: str, capsys: pytest.CaptureFixture[str]
) -> None:
    train_X, train_Y, test_X, test_Y = course.load_dataset()
    parameters = course.model(train_X, train_Y, initialization=initialization)
    assert_costs(item, capsys.readouterr().out)
    for name, X, labels in [("train_accuracy", train_X, train_Y), ("test_accuracy", test_X, test_Y)]:
        share = np.mean(course.predict(X, labels, parameters) == labels)
        assert share == pytest.approx(float(rows(item)[name][0]), abs=1e-9), name


def test_training_step_by_step_is_the_model() -> None:
    X, Y, _, _ = course.load_dataset()
    parameters = course.initialize_parameters_he([2, 10, 5, 1])
    for _ in range(30):
        _, cache = course.forward_propagation(X, parameters)
        parameters = course.update_parameters(parameters, course.backward_propagation(X, Y, cache), 0.01)
    trained = course.model(X, Y, num_iterations=30, print_cost=False)
    for name, value in trained.items():
        np.testing.assert_allclose(parameters[name], value, rtol=0, atol=1e-14)


def test_gradients_have_the_course_s_names_and_belong_together() -> None:
    X, Y, _, _ = course.load_dataset()
    parameters = course.initialize_parameters_he([2, 4, 3, 1])
    a3, cache = course.forward_propagation(X, parameters)
    gradients = course.backward_propagation(X, Y, cache)
    assert list(gradients) == "dz3 dW3 db3 da2 dz2 dW2 db2 da1 dz1 dW1 db1".split()
    inputs = {1: X, 2: cache[1], 3: cache[5]}
    np.testing.assert_allclose(gradients["dz3"], (a3 - Y) / 300, atol=1e-15)
    for n in (1, 2, 3):
        np.testing.assert_allclose(gradients[f"dW{n}"], gradients[f"dz{n}"] @ inputs[n].T, atol=1e-14)
        np.testing.assert_allclose(gradients[f"db{n}"], gradients[f"dz{n}"].sum(axis=1, keepdims=True), atol=1e-14)
        if n < 3:
            following = parameters[f"W{n + 1}"].T @ gradients[f"dz{n + 1}"]
            np.testing.assert_allclose(gradients[f"da{n}"], following, atol=1e-15)


def test_what_does_not_fit_is_told_with_place_and_remedy() -> None:
    parameters = course.initialize_parameters_he([2, 4, 3, 1])
    with pytest.raises(
        ValueError, match=r"W1: expected shape \(4, 3\), got \(4, 2\); it needs as many columns as X has rows"
    ):
        course.forward_propagation(np.ones((3, 5)), parameters)
    with pytest.raises(ValueError, match=r"X: expected two dimensions.*got shape \(3,\)"):
        course.forward_propagation(np.ones(3), parameters)
    with pytest.raises(ValueError, match=r"parameters: expected an entry 'W2', got W1, b1"):
        course.forward_propagation(np.ones((2, 5)), course.initialize_parameters_he([2, 1]))
    with pytest.raises(TypeError, match="X: expected an array of real numbers, got list"):
        course.forward_propagation([["a"]], parameters)
    with pytest.raises(ValueError, match="cache: expected 12 arrays, got 3"):
        course.backward_propagation(np.ones((2, 5)), np.ones((1, 5)), (np.ones((1, 1)),) * 3)
    with pytest.raises(ValueError, match=r"Y: expected shape \(1, 5\), got \(1, 4\)"):
        _, cache = course.forward_propagation(np.ones((2, 5)), parameters)
        course.backward_propagation(np.ones((2, 5)), np.ones((1, 4)), cache)
    with pytest.raises(ValueError, match='initialization: expected "zeros", "random" or "he", got \'xavier\''):
        course.model(np.ones((2, 5)), np.ones((1, 5)), initialization="xavier")
    with pytest.raises(ValueError, match="at least one feature and one example"):
        course.forward_propagation(np.ones((2, 0)), parameters)
