"""Landscapes of a network on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nablab import Network, Trainability, data, plot_landscape, surface, train_many, trainability

X, Y = data.circles(80, noise=0.05, seed=1)
NET = Network(2, [5])
RECIPE = {"epochs": 40, "optimizer": "gradient-descent"}


def seen(threads: int | None = None) -> Trainability:
    knobs = ("learning_rate=0.01..1000", "init.normal.scale=0.01..10")
    return trainability(NET, RECIPE, X, Y, knobs=knobs, size=6, threads=threads)


def test_each_point_is_the_training_that_it_says() -> None:
    plane = seen()
    assert plane.names == ("learning_rate", "init.normal.scale") and plane.trainings == 36
    assert plane.loss.shape == plane.reached.shape == plane.diverged.shape == (6, 6)
    for row, column in ((0, 0), (2, 3), (5, 1)):
        init = {"normal": {"scale": float(plane.y[row])}}
        network = Network(2, [5], init=init)
        alone = train_many(network, {**RECIPE, "learning_rate": float(plane.x[column])}, X, Y, seeds=[0])
        assert plane.loss[row, column] == pytest.approx(network.cost(alone.params[0], X, Y), rel=1e-9)
    np.testing.assert_array_equal(seen(threads=2).loss, plane.loss)


def test_a_refined_plane_is_finer() -> None:
    knobs = ("learning_rate=0.01..1000", "seed=0..9")
    plane = trainability(NET, RECIPE, X, Y, knobs=knobs, size=3, refine=1)
    assert plane.loss.shape == (6, 6) and 9 <= plane.trainings <= 45 and len(plane.x) == 6


def test_a_surface_has_the_ways_and_their_losses() -> None:
    recipes = {rule: {"epochs": 60, "learning_rate": 0.1, "optimizer": rule} for rule in ("adam", "momentum")}
    plane = surface(NET, recipes, X, Y, size=9)
    assert plane.loss.shape == (9, 9) and 0 < plane.explained <= 1
    assert list(plane.ways) == ["adam", "momentum"]
    for way in plane.ways.values():
        assert way.points.shape == (len(way.loss), 2) and way.epochs[0] == 0 and way.epochs[-1] == 60
        assert way.loss[-1] < way.loss[0]
    assert surface(NET, recipes, X, Y, directions="random", size=5).loss.shape == (5, 5)


def test_both_are_drawn_and_shown() -> None:
    plane = seen()
    ax = plot_landscape(plane)
    assert (ax.get_xscale(), ax.get_xlabel(), ax.get_ylabel()) == ("log", "learning_rate", "init.normal.scale")
    shades: Any = ax.collections[0].get_array()
    np.testing.assert_array_equal(np.ma.filled(shades, np.nan), plane.loss)
    over = surface(NET, {"adam": {"epochs": 30, "learning_rate": 0.1}}, X, Y, size=6)
    ax = plot_landscape(over)
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), over.ways["adam"].points[:, 0])
    for what in (plane, over):
        assert "pre-wrap" in what._repr_html_() and str(what) == what.text
    assert repr(plane) == "Trainability(learning_rate × init.normal.scale, 36 trainings)"


def test_how_far_it_is_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    trainability(NET, RECIPE, X, Y, size=3, verbose=True)
    assert "landscape · epoch 9/9" in capsys.readouterr().err


@pytest.mark.parametrize(("knobs", "size", "said"), [
    (("learning_rate", "seed=0..9"), 3, "NAME=LOW..HIGH"),
    (("learning_rates=1..2", "seed=0..9"), 3, "learning_rates"),
    (("learning_rate=1..2", "seed=0..9"), 1, "from 2 to 2048"),
])  # fmt: skip
def test_what_cannot_be_is_said(knobs: tuple[str, str], size: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        trainability(NET, RECIPE, X, Y, knobs=knobs, size=size)
