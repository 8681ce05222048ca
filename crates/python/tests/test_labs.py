"""The labs in a notebook."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nablab import data, labs


def test_a_lab_agrees_with_the_published_numbers_and_shows_itself(tmp_path: Path) -> None:
    report = labs.gradient_checking()
    assert report.compared == report.agree == 9
    assert report.page.startswith("<!DOCTYPE html>") and "<svg" in report.page
    assert report._repr_html_().startswith("<iframe srcdoc=") and "<svg" not in report._repr_html_()
    assert "gradient" in str(report)
    assert "nablab.labs.gradient_checking()" in report.page
    report.save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == report.page


def test_a_knob_is_turned_in_either_language() -> None:
    report = labs.initialization(epochs=60, activation="tanh", seeds=2, lang="zh", threads=2)
    assert "tanh" in report.text and "初始化" in report.page
    adam = labs.regularization(epochs=30, optimizer={"adam": {"beta1": 0.5}}, seeds=0)
    assert "β₁ = 0.5" in adam.page


def test_points_of_ones_own_take_the_place_of_the_labs() -> None:
    report = labs.optimization(data=data.moons(80, noise=0.1, seed=1), test=data.moons(40, noise=0.1, seed=2), epochs=20, seeds=0)
    assert report.compared == report.agree


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: labs.initialization(lang="de"), "lang: expected 'en' or 'zh'"),
        (lambda: labs.initialization(activation="swish"), "swish"),
        (lambda: labs.gradient_checking(bug="nonsense"), "nonsense"),
        (lambda: labs.initialization(data=(np.zeros((3, 2)), np.zeros(2))), "data: expected X of shape"),
        (lambda: labs.initialization(data=(np.zeros((3, 2)), np.array([0, 1, -1]))), "labels 0 and 1"),
        (lambda: labs.regularization(dropout=1.5), "dropout"),
    ],
)
def test_what_cannot_be_done_is_said(call: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call()  # type: ignore[operator]
