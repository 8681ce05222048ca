"""The assignment on gradient checking: the course's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from course_numbers import rows
from nablab.course import gradient_checking as course


def test_one_number() -> None:
    known = rows("gradient-checking.1")
    assert course.forward_propagation(2, 4) == float(known["J"][0])
    assert course.backward_propagation(2, 4) == float(known["dtheta"][0])
    assert course.gradient_check(2, 4) == float(known["difference"][0])


def network() -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """The course's test file."""
    np.random.seed(1)
    X, Y = np.random.randn(4, 3), np.array([[1, 1, 0]])
    shapes = {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}
    return X, Y, {name: np.random.randn(*shape) for name, shape in shapes.items()}


def test_a_network() -> None:
    X, Y, parameters = network()
    known = {name: (float(value), tolerance) for name, (value, tolerance) in rows("gradient-checking.2").items()}
    cost, cache = course.forward_propagation_n(X, Y, parameters)
    assert cost == pytest.approx(known["cost"][0], abs=known["cost"][1])
    gradients = course.backward_propagation_n(X, Y, cache)
    expected, tolerance = known["difference_fixed"]
    assert course.gradient_check_n(parameters, gradients, X, Y) == pytest.approx(expected, abs=tolerance)
    # The two bugs that the course's backward pass comes with.
    gradients["dW2"] *= 2
    gradients["db1"] *= 4
    expected, tolerance = known["difference_with_bugs"]
    assert course.gradient_check_n(parameters, gradients, X, Y) == pytest.approx(expected, abs=tolerance)


def test_vectors_and_dictionaries_are_the_same_numbers() -> None:
    _, _, parameters = network()
    theta, keys = course.dictionary_to_vector(parameters)
    assert theta.shape == (47, 1) and keys.count("W1") == 20 and keys[20] == "b1"
    again = course.vector_to_dictionary(theta)
    for name, value in parameters.items():
        assert np.array_equal(again[name], value)
    assert np.array_equal(course.gradients_to_vector({f"d{name}": value for name, value in parameters.items()}), theta)


def test_the_cost_is_moved_by_epsilon() -> None:
    X, Y, parameters = network()
    cost, cache = course.forward_propagation_n(X, Y, parameters)
    gradients = course.backward_propagation_n(X, Y, cache)
    assert course.gradient_check_n(parameters, gradients, X, Y, epsilon=1e-5) < 1e-8
    assert course.gradient_check_n(parameters, gradients, X, Y, epsilon=0.5) > 1e-3


def test_what_does_not_fit_is_told_with_place_and_remedy() -> None:
    X, Y, parameters = network()
    with pytest.raises(ValueError, match="theta: expected 47 numbers"):
        course.vector_to_dictionary(np.ones(46))
    with pytest.raises(ValueError, match="epsilon: expected a number above 0"):
        course.gradient_check(2, 4, epsilon=0)
    with pytest.raises(ValueError, match="gradients: expected an entry 'dW1', got nothing"):
        course.gradient_check_n(parameters, {}, X, Y)
    with pytest.raises(ValueError, match="gradients: expected 47 entries"):
        course.gradient_check_n(parameters, {f"d{name}": np.ones((1, 1)) for name in parameters}, X, Y)
