"""Studies are begun and opened."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from numbers import Real as RealNumber
from typing import Any

from .. import _core
from ._checks import count
from ._space import Space
from ._study import Study

_SAMPLERS = ("grid", "random", "sobol", "tpe", "cma-es")
_SCHEDULERS = ("none", "median", "asha", "hyperband")


def create(
    storage: str | os.PathLike[str] | None,
    name: str,
    space: Any,
    *,
    direction: str | Sequence[str] = "minimize",
    sampler: Any = "tpe",
    scheduler: Any = None,
    steps: int | None = None,
    seed: int = 0,
    grace: float | None = 30.0,
) -> Study:
    """Begin a study, or go on with it where it is there with the same space, which may have grown.

    Parameters
    ----------
    storage : str, path-like or None
        A file of SQLite, `postgresql://USER@HOST/DATABASE`, or None: in memory.
    name : str
        Its name there.
    space : dict
        Parameters by their names: :class:`Real`, :class:`Integer`, :class:`Choice`, a list of choices, or `uniform`, `loguniform` and
        `randint` of SciPy.
    direction : {'minimize', 'maximize'} or a sequence of them, default='minimize'
        What is better, for each value of a trial.
    sampler : {'tpe', 'cma-es', 'sobol', 'random', 'grid'} or dict, default='tpe'
        Who chooses. With numbers of its own: `{"tpe": {"startup": 20}}` (random trials before it begins, 10), `{"cma-es": {"sigma": 0.3}}`,
        `{"grid": {"points": 5}}`.
    scheduler : {'asha', 'hyperband', 'median'} or dict, default=None
        Who is given up early, by what trials report. With numbers of its own: `{"asha": {"reduction": 3, "first": 10}}`,
        `{"median": {"startup": 5, "warmup": 5}}`.
    steps : int, default=None
        The last step that a trial reports; 'hyperband', and 'asha' without `first`, find their rungs by it.
    seed : int, default=0
        Decides what the sampler draws.
    grace : float, default=30.0
        Seconds without a sign of life of the process that asked after which a trial is given to another one. None: never.

    Returns
    -------
    study : Study

    Examples
    --------
    >>> from nablab import study
    >>> space = {"units": study.Integer(4, 64, log=True), "rate": study.Real(1e-4, 1e-1, log=True), "kind": ["relu", "tanh"]}
    >>> s = study.create(None, "moons", space, direction="maximize", sampler="sobol")
    >>> trial = s.ask()
    >>> list(trial.params), s.tell(trial, 0.9)
    (['units', 'rate', 'kind'], 'complete')
    """
    directions = [direction] if isinstance(direction, str) else list(direction)
    wrong = next((of for of in directions if of not in ("minimize", "maximize")), None)
    if wrong is not None or not directions:
        raise ValueError(f"direction: expected 'minimize' or 'maximize', or several of them, got {direction!r}")
    known = Space.of(space)
    question = {
        "space": known.to_json(),
        "directions": directions,
        "sampler": _named("sampler", sampler, _SAMPLERS),
        "scheduler": _named("scheduler", "none" if scheduler is None else scheduler, _SCHEDULERS),
        "seed": count("seed", seed, most=2**64 - 1),
    }
    if steps is not None:
        question["steps"] = count("steps", steps)
    place = None if storage is None else place_of(storage)
    engine = _core.AskTell.begin(place, _text("name", name), json.dumps(question), _grace(grace))
    for parameter, taken, of in engine.thinned():
        warnings.warn(
            f"the grid takes {taken} of the {of} values of {parameter}\n"
            'hint: Integer(…, step=1) takes all, sampler={"grid": {"points": N}} N of them',
            stacklevel=2,
        )
    return Study(engine, place, grace, known)


def load(storage: str | os.PathLike[str], name: str | None = None, *, grace: float | None = 30.0) -> Study:
    """Open a study that is there already: one of :func:`create`, of the command `nablab study`, or of Optuna.

    Parameters
    ----------
    storage : str or path-like
        The file or the address of a database, or the folder of a study of the command.
    name : str, default=None
        Which study; not needed where there is one alone.
    grace : float, default=30.0
        As in :func:`create`.

    Returns
    -------
    study : Study
        It asks what it was begun with. A study of Optuna's asks in the ranges that its trials were in, by TPE.

    Raises
    ------
    LookupError, FileNotFoundError
        If there is no such study, or no such file.
    """
    place = place_of(storage)
    return Study(_core.AskTell.join(place, None if name is None else _text("name", name), _grace(grace)), place, grace)


def names(storage: str | os.PathLike[str]) -> list[str]:
    """The names of all studies of a storage."""
    return _core.study_names(place_of(storage))


def place_of(storage: str | os.PathLike[str]) -> str:
    """An address, or the whole name of a file, which other processes find wherever they work."""
    place = os.fspath(storage)
    if not isinstance(place, str) or not place:
        raise TypeError(f"storage: expected a file or an address, got {storage!r}")
    return place if "://" in place else os.path.abspath(place)


def _text(what: str, given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise TypeError(f"{what}: expected a text, got {given!r}")
    return given


def _grace(grace: Any) -> float | None:
    if grace is None:
        return None
    if isinstance(grace, bool) or not isinstance(grace, RealNumber) or not 1 <= float(grace) <= 1e6:
        raise ValueError(f"grace: expected seconds from 1 to 1e6, or None, got {grace!r}")
    return float(grace)


def _named(what: str, given: Any, known: tuple[str, ...]) -> Any:
    """A name, or `{name: {number: value}}`."""
    name = next(iter(given)) if isinstance(given, dict) and len(given) == 1 else given
    if name not in known or (isinstance(given, dict) and not isinstance(given[name], dict)):
        raise ValueError(f"{what}: expected one of {', '.join(known)}, or such as {{{known[-2]!r}: {{…}}}}, got {given!r}")
    try:
        json.dumps(given, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: expected finite numbers, got {given!r}") from error
    return given
