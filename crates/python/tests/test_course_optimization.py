"""The assignment on optimisation: the course's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from course_numbers import assert_as_published, assert_costs, rows
from nablab.course import optimization as course


def inputs() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Parameters and gradients of the course's test files: Gaussian, from seed 1."""
    np.random.seed(1)
    shapes = {"W1": (2, 3), "b1": (2, 1), "W2": (3, 3), "b2": (3, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    return parameters, {f"d{name}": np.random.randn(*shape) for name, shape in shapes.items()}


def test_a_step_of_gradient_descent() -> None:
    parameters, grads = inputs()
    assert_as_published("optimization.1", course.update_parameters_with_gd(parameters, grads, 0.01))


def test_mini_batches() -> None:
    np.random.seed(1)
    X = np.random.randn(12288, 148)
    Y = np.random.randn(1, 148) < 0.5
    batches = course.random_mini_batches(X, Y, 64)
    known = rows("optimization.2")
    for k, (batch_X, batch_Y) in enumerate(batches):
        assert str(batch_X.shape) == known[f"shape.X[{k}]"][0]
        assert str(batch_Y.shape) == known[f"shape.Y[{k}]"][0]
    for j in range(3):
        assert batches[0][0][0, j] == float(known[f"first_row[{j}]"][0])


def test_momentum() -> None:
    parameters, grads = inputs()
    v = course.initialize_velocity(parameters)
    assert_as_published("optimization.2", v, prefix="v.")
    parameters, v = course.update_parameters_with_momentum(parameters, grads, v, beta=0.9, learning_rate=0.01)
    assert_as_published("optimization.3", parameters)
    assert_as_published("optimization.3", v, prefix="v.")


def test_adam() -> None:
    parameters, grads = inputs()
    v, s = course.initialize_adam(parameters)
    assert_as_published("optimization.4", v, prefix="v.")
    assert_as_published("optimization.4", s, prefix="s.")
    parameters, v, s = course.update_parameters_with_adam(parameters, grads, v, s, t=2)
    assert_as_published("optimization.5", parameters)
    assert_as_published("optimization.5", v, prefix="v.")
    assert_as_published("optimization.5", s, prefix="s.")


def test_dictionaries_are_updated_as_in_the_course() -> None:
    parameters, grads = inputs()
    before = dict(parameters)
    copies = {name: value.copy() for name, value in parameters.items()}
    after = course.update_parameters_with_gd(parameters, grads, 0.01)
    assert after is parameters
    for name, value in before.items():
        assert np.array_equal(value, copies[name])
        assert not np.shares_memory(value, after[name])


@pytest.mark.parametrize(
    ("item", "optimizer"), [("optimization.7", "gd"), ("optimization.8", "momentum"), ("optimization.9", "adam")]
)
def test_a_training_has_the_course_s_costs_and_accuracy(
    item: str, optimizer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    X, Y = course.load_dataset()
    parameters = course.model(X, Y, [2, 5, 2, 1], optimizer)
    assert_costs(item, capsys.readouterr().out)
    share = np.mean(course.predict(X, Y, parameters) == Y)
    assert share == pytest.approx(float(rows(item)["train_accuracy"][0]), abs=1e-9)


def test_training_step_by_step_is_the_model() -> None:
    X, Y = course.load_dataset()
    parameters = course.initialize_parameters([2, 5, 2, 1])
    v, s = course.initialize_adam(parameters)
    t, seed = 0, 10
    for _ in range(4):
        seed += 1
        for batch_X, batch_Y in course.random_mini_batches(X, Y, 64, seed):
            _, cache = course.forward_propagation(batch_X, parameters)
            grads = course.backward_propagation(batch_X, batch_Y, cache)
            t += 1
            parameters, v, s = course.update_parameters_with_adam(parameters, grads, v, s, t, 0.0007)
    trained = course.model(X, Y, [2, 5, 2, 1], "adam", num_epochs=4, print_cost=False)
    for name, value in trained.items():
        np.testing.assert_allclose(parameters[name], value, rtol=0, atol=1e-13)


def test_ctrl_c_and_errors_of_a_report_end_a_training(monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y = course.load_dataset()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.print", stop)
    with pytest.raises(KeyboardInterrupt):
        course.model(X, Y, [2, 5, 2, 1], "gd", num_epochs=10**9)


def test_what_does_not_fit_is_told_with_place_and_remedy() -> None:
    parameters, grads = inputs()
    with pytest.raises(ValueError, match="beta: expected a number from 0, below 1, got 1.5"):
        course.update_parameters_with_momentum(parameters, grads, course.initialize_velocity(parameters), 1.5, 0.1)
    v, s = course.initialize_adam(parameters)
    with pytest.raises(ValueError, match="t: expected a whole number, 1 or more, got 0"):
        course.update_parameters_with_adam(parameters, grads, v, s, 0)
    del grads["db2"]
    with pytest.raises(ValueError, match="grads: expected an entry 'db2', got dW1, db1, dW2"):
        course.update_parameters_with_gd(parameters, grads, 0.1)
    with pytest.raises(ValueError, match='optimizer: expected "gd", "momentum" or "adam", got \'sgd\''):
        course.model(*course.load_dataset(), [2, 5, 2, 1], "sgd")
    with pytest.raises(ValueError, match="layers_dims: expected 2 first and 1 last"):
        course.model(*course.load_dataset(), [3, 5, 2, 1], "gd")
    with pytest.raises(ValueError, match=r"Y: expected 3 columns"):
        course.random_mini_batches(np.ones((2, 3)), np.ones((1, 2)))
    with pytest.raises(ValueError, match="grads: expected 20 numbers"):
        wrong = {f"d{name}": np.ones((1, 1)) for name in ("W1", "b1", "W2", "b2")}
        course.update_parameters_with_gd(parameters, wrong, 0.1)
