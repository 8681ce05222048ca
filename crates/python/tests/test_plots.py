"""The pictures, by what their artists hold."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.patches import StepPatch
from sklearn.datasets import load_iris, make_moons
from sklearn.neural_network import MLPClassifier as ScikitLearn
from sklearn.svm import LinearSVC

import nablab
from nablab import MLPClassifier, MLPRegressor, NablabClassifier, Network, gradcheck, labs, train_many


pytestmark = pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
X, Y = make_moons(80, noise=0.2, random_state=1)
NET = Network(2, [6, 4])


def drawn(ax: Any) -> dict[str, np.ndarray[Any, Any]]:
    """The curves by their names."""
    return {line.get_label(): line.get_ydata() for line in ax.lines if not line.get_label().startswith("_")}


def places(dots: Any) -> np.ndarray[Any, Any]:
    return np.asarray(dots.get_offsets())


def test_the_losses_of_a_fit_are_drawn_where_one_wants_them() -> None:
    model = MLPRegressor(hidden_layer_sizes=(5,), max_iter=20).fit(X, Y)
    _, (left, right) = pyplot.subplots(1, 2)
    assert nablab.plot_costs(model, ax=right) is right and not left.lines
    np.testing.assert_array_equal(drawn(right)["training"], model.loss_curve_)
    assert right.get_xlabel() == "epoch" and right.get_ylabel() == "loss"


def test_scores_on_rows_held_out_have_an_axis_of_their_own() -> None:
    model = MLPClassifier((5,), max_iter=20, early_stopping=True).fit(X, Y)
    ax = nablab.plot_costs(model)
    (right,) = (other for other in ax.figure.axes if other is not ax)
    np.testing.assert_array_equal(drawn(right)["accuracy, held out"], model.validation_scores_)


def test_a_table_shows_both_losses_and_the_best_epoch() -> None:
    many, labels = make_moons(800, noise=0.3, random_state=1)
    model = NablabClassifier(epochs=60, hidden=[50, 50], learning_rate=0.02).fit(many, labels)
    ax = nablab.plot_costs(model)
    np.testing.assert_array_equal(drawn(ax)["training"], model.history_["train_loss"])
    np.testing.assert_array_equal(drawn(ax)["held out"], model.history_["validation_loss"])
    best = 1 + int(np.argmin(model.history_["validation_loss"]))
    assert f"best epoch: {best}" in " ".join(text.get_text() for text in ax.texts)


def test_several_curves_are_named_at_their_ends_and_no_two_names_meet() -> None:
    ax = nablab.plot_costs({"one": [3.0, 1.0, 1.0], "two": [2.0, 1.0, 1.001], "three": [1.0, 1.0, 0.999]}, log=True)
    assert list(drawn(ax)) == ["one", "two", "three"] and ax.get_yscale() == "log"
    renderer = ax.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = sorted((text.get_window_extent(renderer) for text in ax.texts), key=lambda box: box.y0)
    assert len(boxes) == 3 and all(low.y1 <= high.y0 + 1 for low, high in zip(boxes, boxes[1:]))


def test_a_lab_shows_its_trainings() -> None:
    report = labs.initialization(epochs=50, seeds=0)
    ax = nablab.plot_costs(report)
    assert set(drawn(ax)) == set(report.curves) and len(report.curves) > 3
    epochs, costs = report.curves["He"]
    np.testing.assert_array_equal(drawn(ax)["He"], costs)
    assert costs[-1] == pytest.approx(report.results["labs"][0]["summary"]["variants"]["he"]["cost"], rel=0.05)


def test_a_boundary_rings_what_the_model_gets_wrong() -> None:
    frame, names = pd.DataFrame(X, columns=["width", "height"]), np.where(Y == 1, "yes", "no")
    for model, points in (
        (MLPClassifier((5,), max_iter=50).fit(X, names), X),
        (NablabClassifier(epochs=10).fit(frame, names), frame),
        (LinearSVC().fit(X, names), X),
    ):
        ax = nablab.plot_boundary(model, points, names, resolution=30)
        wrong = int((model.predict(points) != names).sum())
        assert wrong > 0
        *classes, rings = (c for c in ax.collections if c.get_label() in ("no", "yes") or "wrong" in str(c.get_label()))
        assert [len(places(c)) for c in classes] == [(names == "no").sum(), (names == "yes").sum()]
        assert len(places(rings)) == wrong and rings.get_label() == f"{wrong} of 80 wrong"
        assert ax.get_xlabel() == ("width" if points is frame else "feature 0")


def test_the_border_is_where_the_prediction_changes() -> None:
    model = NablabClassifier(epochs=30, threshold=0.8).fit(X, Y)
    ax = nablab.plot_boundary(model, X, Y, resolution=60)
    (border,) = (c for c in ax.collections if type(c).__name__ == "QuadContourSet")
    on_it = np.concatenate([path.vertices for path in border.get_paths()])
    np.testing.assert_allclose(model.predict_proba(on_it)[:, 1], 0.8, atol=0.05)


def test_a_function_and_several_classes() -> None:
    params = NET.init(seed=1)
    ax = nablab.plot_boundary(lambda rows: NET.predict(params, rows), X, Y, resolution=20, colorbar=False)
    assert len(ax.figure.axes) == 1
    iris, kinds = load_iris(return_X_y=True)
    model = MLPClassifier((5,), max_iter=200, learning_rate_init=0.02, random_state=0).fit(iris[:, 2:], kinds)
    ax = nablab.plot_boundary(model, iris[:, 2:], kinds, resolution=40)
    assert len([c for c in ax.collections if type(c).__name__ == "QuadContourSet"]) == 3


def test_weights_gradients_and_activations_have_a_row_for_each_layer() -> None:
    model = MLPClassifier((6, 4), max_iter=20, alpha=0.0, dropout=0.2).fit(X, Y)
    params = np.concatenate([part.ravel() for pair in zip((c.T for c in model.coefs_), model.intercepts_) for part in pair])
    rows = {
        "weight": (nablab.plot_weights(model), nablab.plot_weights(NET, params)),
        "gradient": (nablab.plot_gradients(model, X, Y), nablab.plot_gradients(NET, X, Y, params)),
        "activation": (nablab.plot_activations(model, X), nablab.plot_activations(NET, X, params)),
    }
    for what, (of_model, of_network) in rows.items():
        assert of_model.get_xlabel() == what
        heights = [[cast(StepPatch, patch).get_data()[0] for patch in ax.patches] for ax in (of_model, of_network)]
        assert len(heights[0]) == 2 * (2 if what == "activation" else 3)
        for one, other in zip(*heights):
            np.testing.assert_allclose(one, other, atol=1e-9)
    assert "are 0" in nablab.plot_activations(model, X).texts[0].get_text()
    assert len(nablab.plot_weights(ScikitLearn((3,), max_iter=5).fit(X, Y)).patches) == 4


def test_a_gradient_shows_what_is_wrong_with_it() -> None:
    report = gradcheck(lambda w: float(w @ w), lambda w: 2 * w * [1, 1, 2], np.array([1.0, 2.0, 3.0]))
    ax = nablab.plot_gradcheck(report)
    right, wrong = ax.collections
    np.testing.assert_allclose(places(right), [[2, 2], [4, 4]], atol=1e-6)
    np.testing.assert_allclose(places(wrong), [[6, 12]], atol=1e-6)
    assert [text.get_text() for text in ax.texts] == report.wrong == ["theta[2, 0]"]


def test_seeds_say_what_the_paired_test_says() -> None:
    recipes = [{"epochs": 60, "learning_rate": rate} for rate in (0.001, 0.05, 0.0011)]
    many = train_many(NET, recipes, X, Y, seeds=12)
    ax = nablab.plot_seeds(many)
    for row, dots in enumerate(ax.collections):
        np.testing.assert_array_equal(places(dots)[:, 0], many.costs[12 * row : 12 * row + 12])
    said = [text.get_text().split("\n")[0] for text in ax.texts]
    assert said == ["worse than the lowest", "lowest median", "worse than the lowest"]
    assert "12 of 12 seeds (p = 0.00049)" in many.compared()[0]  # scipy.stats.wilcoxon of twelve equal signs: 2 / 2¹²
    few = train_many(NET, recipes, X, Y, seeds=2)
    assert few.compared() == ["2 seeds cannot tell 3 recipes apart: take at least 7"]
    assert "take at least 7" in nablab.plot_seeds(few).get_xlabel()
    assert "12 seeds" in repr(many) and "<table>" in many._repr_html_() and "median cost" in str(many)


def test_confusion_counts() -> None:
    names = np.where(Y == 1, "yes", "no")
    model = MLPClassifier((5,), max_iter=60).fit(X, names)
    ax = nablab.plot_confusion(model, X, names)
    counts = np.array([int(text.get_text()) for text in ax.texts]).reshape(2, 2)
    from sklearn.metrics import confusion_matrix

    np.testing.assert_array_equal(counts, confusion_matrix(names, model.predict(X)))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["no", "yes"]


@pytest.mark.parametrize(("draw", "said"), [
    (lambda: nablab.plot_costs(MLPClassifier()), "call fit first"),
    (lambda: nablab.plot_costs({}), "at least one"),
    (lambda: nablab.plot_costs("loss"), "expected an estimator"),
    (lambda: nablab.plot_boundary(MLPClassifier((2,)).fit(X, Y), np.ones((3, 3)), [0, 1, 1]), "two columns"),
    (lambda: nablab.plot_boundary(7, X, Y), "a fitted classifier or a function"),
    (lambda: nablab.plot_boundary(MLPClassifier((2,)).fit(X, Y), X, Y + 1), "expected the classes"),
    (lambda: nablab.plot_weights(NET), "no parameters of its own"),
    (lambda: nablab.plot_activations({}, X), "expected a Network or an estimator"),
    (lambda: nablab.plot_confusion(3, X, Y), "fitted classifier"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_said(draw: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        draw()


def test_without_matplotlib_one_line_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None; sys.modules['matplotlib.pyplot'] = None\n"
        "import nablab\n"
        "try: nablab.plot_costs([1.0])\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "nablab.plot_costs needs matplotlib: pip install 'nablab[plot]'\n"


def test_importing_nablab_brings_no_matplotlib() -> None:
    program = "import nablab, sys; nablab.plot_costs; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
