"""Networks, update rules, gradient checks and populations on NumPy arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn import datasets

import nablab
from nablab import Network, Optimizer, data, gradcheck, train_many

RNG = np.random.RandomState(0)
X = RNG.randn(7, 3)
SIZES = [(1, "sigmoid-cross-entropy"), (3, "softmax-cross-entropy"), (2, "squared-error"), (2, "poisson")]


def by_numpy(net: Network, params: Any, X: Any, y: Any, l2: float) -> float:
    """The cost, written down with NumPy."""
    parts, a = net.parts(params), X
    layers = len(net.settings["hidden"])
    for layer in range(1, layers + 1):
        z = a @ parts[f"W{layer}"].T + parts[f"b{layer}"]
        a = np.tanh(z)
    z = a @ parts[f"W{layers + 1}"].T + parts[f"b{layers + 1}"]
    match net.settings["loss"]:
        case "sigmoid-cross-entropy":
            losses = np.log1p(np.exp(z)) - y * z
        case "softmax-cross-entropy":
            losses = -y * (z - np.log(np.exp(z).sum(axis=1, keepdims=True)))
        case "poisson":
            losses = np.exp(z) - y * z + np.where(y > 0, y * np.log(np.maximum(y, 1)) - y, 0)
        case _:
            losses = 0.5 * (z - y) ** 2
    squares = sum((part**2).sum() for name, part in parts.items() if name.startswith("W"))
    return float(losses.sum() / len(X) + l2 / (2 * len(X)) * squares)


@pytest.mark.parametrize(("outputs", "loss"), SIZES)
def test_costs_are_numpys_and_gradients_are_theirs(outputs: int, loss: str) -> None:
    hidden = [{"units": n, "activation": "tanh"} for n in (4, 5)]
    net = Network(3, hidden, outputs, loss=loss, l2=0.3)
    params = net.init(seed=1)
    y = RNG.randint(0, 2, (7, outputs)).astype(float)
    if loss == "softmax-cross-entropy":
        y = np.eye(outputs)[RNG.randint(outputs, size=7)]
    cost, gradient = net.cost_and_gradient(params, X, y)
    assert cost == pytest.approx(by_numpy(net, params, X, y, 0.3), rel=1e-12)
    assert gradcheck(lambda theta: by_numpy(net, theta, X, y, 0.3), gradient, params).ok
    if loss == "softmax-cross-entropy":
        assert net.cost(params, X, y.argmax(axis=1)) == pytest.approx(cost, rel=1e-12)
    *hidden_outputs, logits = net.forward(params, X)
    assert [a.shape for a in hidden_outputs] == [(7, 4), (7, 5)] and logits.shape == (7, outputs)
    np.testing.assert_allclose(hidden_outputs[0], np.tanh(X @ net.parts(params)["W1"].T + net.parts(params)["b1"]))


def test_wrong_shapes_are_said() -> None:
    net = Network(3, [4])
    params = net.init()
    wrong: list[tuple[Callable[[], Any], str]] = [
        (lambda: net.predict(params[:-1], X), r"params: expected the shape \(21,\), got \(20,\)"),
        (lambda: net.predict(params, X[:, :2]), "columns of X: expected 3, got 2"),
        (lambda: net.predict(params, X[0]), "X: expected an array of real numbers of two dimensions"),
        (lambda: net.cost(params, X, np.zeros(6)), r"y: expected the shape \(7, 1\), got \(6, 1\)"),
        (lambda: net.cost(params, X, ["a"] * 7), "y: expected numbers"),
        (lambda: net.cost(params, X[:0], np.zeros(0)), "at least one row"),
        (lambda: Network(3, [0]), "units"),
        (lambda: Network(0, [2]), "at least one input"),
        (lambda: Network(3, [2], loss="hinge"), "unknown variant `hinge`"),
    ]
    for call, said in wrong:
        with pytest.raises(ValueError, match=said):
            call()


@pytest.mark.parametrize("rule", ["gradient-descent", "momentum", "nesterov", "heavy-ball", "rms-prop", "adam", "adam-w"])
def test_each_rule_comes_down_a_bowl(rule: str) -> None:
    w = {"W1": np.array([[3.0, -2.0]]), "b1": np.array([1.0])}
    optimizer = Optimizer(rule, w, learning_rate=0.1 if rule != "heavy-ball" else 0.01)
    for _ in range(400):
        w = optimizer.step(w, {name: 2 * part for name, part in w.items()})
    assert all(abs(part).max() < 0.1 for part in w.values())


def test_adam_is_the_papers() -> None:
    w, m, v = np.array([1.0, -2.0]), np.zeros(2), np.zeros(2)
    adam, mine = Optimizer({"adam": {"beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3}}, w, learning_rate=0.1), w
    for t in range(1, 6):
        g = np.array([math.sin(t), t])
        w = adam.step(w, g)
        m, v = 0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g**2
        mine = mine - 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.9**t)) + 1e-3)
        np.testing.assert_allclose(w, mine, rtol=1e-12)


def test_l_bfgs_is_no_rule_step_by_step() -> None:
    with pytest.raises(ValueError, match="l-bfgs searches"):
        Optimizer("l-bfgs", np.zeros(2))


def quadratic(theta: Any) -> float:
    return float(0.5 * ((theta["W"] - 1) ** 2).sum() + theta["b"] ** 3)


def test_a_wrong_gradient_is_said_to_be_wrong_in_words() -> None:
    w = RNG.randn(2, 3)
    theta = {"W": w, "b": 0.7}
    right: dict[str, Any] = {"W": w - 1, "b": 3 * 0.7**2}
    assert gradcheck(quadratic, right, theta).ok
    report = gradcheck(quadratic, {**right, "W": -right["W"]}, theta)
    assert not report.ok and len(report.wrong) == 6
    assert report.findings == ["W: analytic is −1 × numeric in all 6 entries (a wrong sign)"]
    assert "W: analytic is −1" in str(report) and "<li>W: analytic" in report._repr_html_()
    one = gradcheck(quadratic, {**right, "b": 0.0}, theta)
    assert one.wrong == ["b[0, 0]"]
    np.testing.assert_allclose(one.numeric["W"], right["W"], rtol=1e-6)


def test_a_corner_is_no_mistake() -> None:
    report = gradcheck(lambda w: abs(w), 1.0, 0.0)
    assert not report.ok or report.undecided  # at a corner nothing is proven; it is not called right without a word


def test_what_cannot_be_checked_is_said() -> None:
    noise = np.random.RandomState(0)
    wrong: list[tuple[Any, Any, Any, str]] = [
        (lambda w: noise.rand(), 0.0, 1.0, "not the same twice"),
        (lambda w: math.inf, 0.0, 1.0, "not a finite number"),
        (lambda w: "one", 0.0, 1.0, "expected a real number"),
        (lambda w: w.sum(), np.zeros(3), np.zeros(2), r"gradient, theta: expected the shape \(2,\), got \(3,\)"),
        (lambda w: w["a"], {"b": 1.0}, {"a": 1.0}, "expected the parts"),
    ]
    for function, gradient, theta, said in wrong:
        with pytest.raises(ValueError, match=said):
            gradcheck(function, gradient, theta)
    with pytest.raises(KeyError, match="mine"):
        gradcheck(lambda w: {"yours": w}["mine"], 0.0, 1.0)


def test_many_trainings_are_each_as_alone() -> None:
    points, labels = data.moons(60, noise=0.2, seed=1)
    net = Network(2, [{"units": 5, "dropout": 0.1}])
    recipe: dict[str, Any] = {"epochs": 20, "learning_rate": 0.05, "batch_size": 16}
    many = train_many(net, [recipe, {**recipe, "optimizer": "momentum"}], points, labels, seeds=[3, 4], threads=2)
    again = train_many(net, recipe, points, labels, seeds=[4], threads=1)
    assert many.params.shape == (4, net.size) and many.diverged == [None] * 4
    np.testing.assert_array_equal(many.params[1], again.params[0])
    assert len({float(cost) for cost in many.costs}) == 4
    assert many.predict(points).shape == (4, 60, 1)


def test_a_training_that_diverges_is_said_and_ends_no_other() -> None:
    net = Network(1, [{"units": 3, "activation": "identity"}], loss="squared-error")
    recipes = [{"epochs": 50, "optimizer": "gradient-descent", "learning_rate": rate} for rate in (0.01, 1e6)]
    many = train_many(net, recipes, [[1.0], [2.0]], [1.0, 3.0])
    assert many.diverged[0] is None and "diverged at step" in str(many.diverged[1])
    assert np.isfinite(many.costs[0]) and np.isnan(many.costs[1])


def test_points_are_scikit_learns() -> None:
    np.random.seed(3)
    theirs = datasets.make_moons(300, noise=0.2)
    ours = data.moons(300, noise=0.2, seed=3)
    np.testing.assert_array_equal(ours[0], theirs[0])
    np.testing.assert_array_equal(ours[1], theirs[1])
    for make in (data.circles, data.moons, data.xor, data.spirals, data.pitch):
        points, labels = make(50)
        assert points.shape == (50, 2) and set(labels.tolist()) == {0, 1}
    assert set(data.blobs(50)[1].tolist()) == {0, 1, 2}
    with pytest.raises(ValueError, match="factor"):
        data.circles(10, factor=2.0)


def test_every_name_of_the_package_is_there() -> None:
    for name in nablab.__all__:
        assert getattr(nablab, name) is not None
