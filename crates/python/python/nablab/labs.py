"""The four labs of the course in a notebook: trained where they stand, beside the published numbers.

>>> report = gradient_checking()
>>> report.agree, report.compared
(9, 9)
>>> sorted(report.results)
['labs', 'made_by', 'reference', 'schema']
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._progress import counted
from ._threads import threads_for

__all__ = ["LabReport", "gradient_checking", "initialization", "optimization", "regularization"]


@dataclass(frozen=True)
class LabReport:
    """What a lab shows. A notebook shows its page; `print` its text.

    Attributes
    ----------
    page : str
        The report, one self-contained page of HTML.
    text : str
        Its summary.
    results : dict
        All of its numbers.
    compared, agree : int
        How many numbers have a published or independently recomputed one to be compared with, and how many agree.
    curves : dict of (epochs, costs)
        The costs that were kept of each training; :func:`nablab.plot_costs` draws them.
    """

    page: str = field(repr=False)
    text: str = field(repr=False)
    results: dict[str, Any] = field(repr=False)
    compared: int
    agree: int
    curves: dict[str, tuple[NDArray[np.uint64], NDArray[np.float64]]] = field(repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self.page)}" style="width:100%;height:42rem;border:0"></iframe>'

    def save(self, path: str | Path) -> None:
        """Write the page."""
        Path(path).write_text(self.page, encoding="utf-8")


def _run(
    lab: str,
    *,
    lang: str,
    threads: int | None,
    verbose: bool | str,
    seeds: int | None = None,
    data: Any = None,
    test: Any = None,
    bug: str | None = None,
    variant: int | None = None,
    **knobs: Any,
) -> LabReport:
    """Run a lab; what is None is left as the course has it."""
    asked = {**knobs, "seeds": seeds, "bug": bug, "variant": variant}
    said = ", ".join(f"{name}={value!r}" for name, value in asked.items() if value is not None)
    turned = {name: _text(value) if name in _CHOICES else value for name, value in knobs.items() if value is not None}
    with counted(verbose, lab) as told:
        page, text, results, compared, agree, curves = _core.run_lab(
            lab,
            lang,
            f"nablab.labs.{lab.replace('-', '_')}({said})",
            turned,
            seeds,
            _points(data, "data"),
            _points(test, "test"),
            bug,
            variant,
            threads_for(threads),
            told,
        )
    costs = {name: (epochs, values) for name, epochs, values in curves}
    return LabReport(page, text, json.loads(results), compared, agree, costs)


def _points(given: Any, name: str) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Points and labels as the labs read them."""
    if given is None:
        return None
    x, y = (np.asarray(part) for part in given)
    if x.ndim != 2 or y.shape != (len(x),):
        raise ValueError(f"{name}: expected X of shape (m, 2) and y of shape (m,), got {x.shape} and {y.shape}")
    return x.astype(np.float64), y.astype(np.int64)


#: Knobs that are named, or a table of numbers.
_CHOICES = ("activation", "init", "optimizer")


def _text(value: Any) -> str:
    """A choice as a recipe writes it: a name, or `{ adam = { beta1 = 0.5 } }`."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_text(part)}" for name, part in value.items()) + " }"
    return value if isinstance(value, str) else json.dumps(value)


def initialization(
    *,
    learning_rate: float | None = None,
    epochs: int | None = None,
    hidden: list[int] | None = None,
    activation: Any = None,
    init: Any = None,
    optimizer: Any = None,
    batch_size: int | None = None,
    seeds: int | None = None,
    data: Any = None,
    test: Any = None,
    lang: str = "en",
    threads: int | None = None,
    verbose: bool | str = False,
) -> LabReport:
    """What the first weights do to learning: zeros, large random, He.

    Parameters
    ----------
    learning_rate, epochs, hidden, activation, init, optimizer, batch_size : default=None
        Knobs: the course's trainings stay as they are, and what a knob changes is trained once more beside them.
    seeds : int, default=None
        Also train with so many other seeds.
    data, test : (X, y), default=None
        Points of your own, (m, 2), and labels 0 and 1.
    lang : {'en', 'zh'}, default='en'
    threads : int, default=None
    verbose : bool or 'bar', default=False
        How far it is: True in a line now and then, 'bar' on a bar.

    Returns
    -------
    LabReport
    """
    return _run("initialization", **locals())


def regularization(
    *,
    l2: float | None = None,
    dropout: float | None = None,
    learning_rate: float | None = None,
    epochs: int | None = None,
    hidden: list[int] | None = None,
    activation: Any = None,
    init: Any = None,
    optimizer: Any = None,
    batch_size: int | None = None,
    seeds: int | None = None,
    data: Any = None,
    test: Any = None,
    lang: str = "en",
    threads: int | None = None,
    verbose: bool | str = False,
) -> LabReport:
    """What keeps a network from learning noise by heart: none, L2, dropout; arguments as of :func:`initialization`.

    Also `l2`, the strength of the penalty, and `dropout`, the share of silenced units.
    """
    return _run("regularization", **locals())


def gradient_checking(
    *, bug: str | None = None, variant: int | None = None, lang: str = "en", threads: int | None = None, verbose: bool | str = False
) -> LabReport:
    """How to know that a backward pass is right, and where it is not.

    Parameters
    ----------
    bug : str, default=None
        A mistake to be planted: 'missing-mean', 'sign@2', …, or 'hidden' for one to be found.
    variant : int, default=None
        Which hidden one: a number for each student.
    lang : {'en', 'zh'}, default='en'
    threads : int, default=None
    verbose : bool or 'bar', default=False
        How far it is: True in a line now and then, 'bar' on a bar.
    """
    return _run("gradient-checking", **locals())


def optimization(
    *,
    learning_rate: float | None = None,
    epochs: int | None = None,
    hidden: list[int] | None = None,
    activation: Any = None,
    init: Any = None,
    optimizer: Any = None,
    beta: float | None = None,
    batch_size: int | None = None,
    seeds: int | None = None,
    data: Any = None,
    test: Any = None,
    lang: str = "en",
    threads: int | None = None,
    verbose: bool | str = False,
) -> LabReport:
    """Three ways down the same slope: gradient descent, momentum, Adam on mini-batches; arguments as of :func:`initialization`.

    Also `beta`, the share that momentum keeps of its velocity.
    """
    return _run("optimization", **locals())
