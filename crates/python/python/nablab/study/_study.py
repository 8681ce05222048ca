"""Studies that are asked and told."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral
from numbers import Real as RealNumber
from typing import Any

from .. import _core
from ._optimize import optimize
from ._space import Space
from ._trial import Trial, TrialRecord

#: So many seconds a database that is gone is waited for.
PATIENCE = 60.0

_SAMPLERS = ("grid", "random", "sobol", "tpe", "cma-es")
_SCHEDULERS = ("none", "median", "asha", "hyperband")


class Study:
    """A study that is asked for parameters and told what came of them; :func:`create` begins one, :func:`load` opens one.

    It goes to other processes by pickle unless it is in memory. Threads may use it at once.

    Attributes
    ----------
    name : str
        Its name in the storage.
    storage : str or None
        Where it is; None: in memory.
    directions : list of {'minimize', 'maximize'}
        What is better, for each value.
    """

    def __init__(self, engine: _core.AskTell, storage: str | None, grace: float | None, space: Space | None = None) -> None:
        self._engine, self._process = engine, os.getpid()
        self.storage, self._grace = storage, grace
        self.name: str = engine.name
        question = json.loads(engine.question())
        self.directions: list[str] = question["directions"]
        self._space = space or Space.of_json(question["space"])

    def __repr__(self) -> str:
        return f"Study({self.name!r}, {self.storage or 'in memory'!r}, {len(self.trials)} trials)"

    @property
    def space(self) -> dict[str, Any]:
        """What is searched: parameters by their names."""
        return dict(self._space.domains)

    # Asking and telling ---------------------------------------------------------------------------------------------

    def ask(self) -> Trial | None:
        """The next trial to be tried: one that waits, or else a new one, of which the sampler chooses the parameters.

        Returns
        -------
        trial : Trial or None
            None where every point of the space has a trial.
        """
        asked = self._call("ask")
        return None if asked is None else Trial(self, asked[0], self._space.values(asked[1]))

    def tell(self, trial: Trial | int, values: Any = None, *, state: str = "complete", why: str = "") -> str:
        """Say what came of a trial.

        Parameters
        ----------
        trial : Trial or int
            The trial or its number, also one that was asked for in another process.
        values : float or sequence of float
            A value for each direction. One that is not a number makes the trial a failed one.
        state : {'complete', 'pruned', 'failed', 'released'}, default='complete'
            'pruned': given up, with the last value that it reported. 'failed': nothing came of it. 'released': nothing yet, another
            may try it.
        why : str, default=''
            Why it failed.

        Returns
        -------
        state : str
            How it stands now.

        Raises
        ------
        ValueError
            If it is not under way: told already, or taken for dead.
        """
        number = trial.number if isinstance(trial, Trial) else _count("trial", trial)
        if state not in ("complete", "pruned", "failed", "released"):
            raise ValueError(f"state: expected 'complete', 'pruned', 'failed' or 'released', got {state!r}")
        numbers: list[float] = []
        if state == "complete":
            numbers = _values(values, len(self.directions))
        elif values is not None:
            raise ValueError(f"values: expected none of a trial that is {state}, got {values!r}")
        now: str = self._call("tell", number, numbers, state, str(why))
        if state == "complete" and now == "failed":
            warnings.warn(f"trial {number}: the value is not a number, so it counts as failed", stacklevel=2)
        return now

    def enqueue(self, params: dict[str, Any]) -> int:
        """Let a trial with these parameters wait, which is asked for next; those that are missing the sampler chooses.

        Returns
        -------
        number : int
            Of the trial.
        """
        self._space.check_names(params)
        return self._call("enqueue", self._space.labels(params))

    def optimize(
        self,
        objective: Callable[[Trial], Any],
        trials: int = 100,
        *,
        timeout: float | None = None,
        n_jobs: int = 1,
        catch: tuple[type[Exception], ...] = (),
        callbacks: Iterable[Callable[[Study, TrialRecord], Any]] = (),
    ) -> Study:
        """Ask, call the objective, and tell, again and again.

        Parameters
        ----------
        objective : callable
            Called with a :class:`Trial`; answers a value, or one for each direction. It may raise :class:`Pruned`.
        trials : int, default=100
            How many trials, beside those there are.
        timeout : float, default=None
            Seconds after which no further trial begins.
        n_jobs : int, default=1
            Trials at a time. More than one run by joblib's back end, which may be Dask's or Ray's; a study in memory runs them
            on threads.
        catch : tuple of exceptions, default=()
            What the objective may raise: the trial failed then, and the next one begins. Anything else ends the search.
        callbacks : iterable of callables, default=()
            Called with the study and the :class:`TrialRecord` of each trial that ended.

        Returns
        -------
        self : Study
        """
        optimize(self, objective, trials, timeout, n_jobs, catch, tuple(callbacks))
        return self

    def work(self, data: Any = None, *, threads: int | None = None, verbose: bool = False) -> int:
        """Help with a study of recipes, which :func:`run` or the command began: train networks until no trial waits.

        Ctrl-C gives back what is under way and raises KeyboardInterrupt.

        Parameters
        ----------
        data : DataFrame or path-like, default=None
            The table with the column that is predicted, or its file, where it lies elsewhere than the study says.
        threads : int, default=None
            Trials at a time. None: `OMP_NUM_THREADS`, or one for each core.
        verbose : bool, default=False
            Print a line for each trial that ends.

        Returns
        -------
        ended : int
            Trials that came to an end here.
        """
        from ._native import work

        return work(self, data, threads, verbose)

    def recipe(self, number: int | None = None) -> str:
        """The recipe of a trial of a study of recipes: `NablabClassifier(recipe=…)` and `nablab train --recipe` take it.

        Parameters
        ----------
        number : int, default=None
            Which trial. None: the best.

        Returns
        -------
        recipe : str
            In TOML.
        """
        if self.storage is None:
            raise ValueError("a study in memory has no recipes\nhint: nablab.study.run begins one that has")
        return _core.study_recipe(self.storage, self.name, None if number is None else _count("number", number))

    # What was found -------------------------------------------------------------------------------------------------

    @property
    def trials(self) -> list[TrialRecord]:
        """All trials, by number."""
        return [
            TrialRecord(number, state, self._space.values(point), tuple(values), tuple(curve), why)
            for number, state, point, values, curve, why in self._call("trials")
        ]

    @property
    def best(self) -> TrialRecord:
        """The best trial: of several directions that of the :attr:`front` with the best first value.

        Raises
        ------
        ValueError
            If no trial has come to its end.
        """
        number = self._call("best")[0]
        if number is None:
            raise ValueError("no trial has come to its end yet: there is no best one\nhint: tell() one, or look at `trials` for why")
        return self.trials[number]

    @property
    def front(self) -> list[TrialRecord]:
        """The trials than which no other is better in one direction and as good in all."""
        numbers = set(self._call("best")[1])
        return [trial for trial in self.trials if trial.number in numbers]

    def importances(self) -> dict[str, float]:
        """The share that each parameter has in what decides, the largest first (PED-ANOVA); empty for fewer than 10 trials."""
        return dict(self._call("importances"))

    def to_frame(self) -> Any:
        """All trials as a `pandas.DataFrame`: number, state, a column for each value, and `params_` for each parameter."""
        import pandas as pd

        several = len(self.directions) > 1
        names = [f"values_{k}" for k in range(len(self.directions))] if several else ["value"]
        rows = [
            {
                "number": trial.number,
                "state": trial.state,
                **{name: trial.values[k] if k < len(trial.values) else float("nan") for k, name in enumerate(names)},
                **{f"params_{name}": value for name, value in trial.params.items()},
            }
            for trial in self.trials
        ]
        columns = ["number", "state", *names, *(f"params_{name}" for name in self._space.domains)]
        return pd.DataFrame(rows, columns=columns)

    # The engine -----------------------------------------------------------------------------------------------------

    def _report(self, number: int, step: Any, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, RealNumber):
            raise TypeError(f"value: expected a number, got {value!r}")
        self._call("report", number, _count("step", step), float(value))

    def _call(self, name: str, *arguments: Any) -> Any:
        """Call the engine; a database that is gone is waited for."""
        if self._process != os.getpid():
            self._reopen()
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return getattr(self._engine, name)(*arguments)
            except ConnectionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def _reopen(self) -> None:
        """In a process that was forked: its parent's connection is not its own, and must not be closed here."""
        if self.storage is None:
            raise RuntimeError("a study in memory stays in its process\nhint: nablab.study.create with a file or a database")
        _OF_PARENTS.append(self._engine)
        self._engine, self._process = _core.AskTell.join(self.storage, self.name, self._grace), os.getpid()

    def __reduce__(self) -> Any:
        if self.storage is None:
            raise TypeError("a study in memory cannot be pickled\nhint: nablab.study.create with a file or a database")
        return _unpickled, (self.storage, self.name, self._grace, self._space)


#: Connections of a parent process.
_OF_PARENTS: list[_core.AskTell] = []


def _unpickled(storage: str, name: str, grace: float | None, space: Space) -> Study:
    return Study(_core.AskTell.join(storage, name, grace), storage, grace, space)


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
        "seed": _count("seed", seed, most=2**64 - 1),
    }
    if steps is not None:
        question["steps"] = _count("steps", steps)
    place = None if storage is None else _place(storage)
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
    place = _place(storage)
    return Study(_core.AskTell.join(place, None if name is None else _text("name", name), _grace(grace)), place, grace)


def names(storage: str | os.PathLike[str]) -> list[str]:
    """The names of all studies of a storage."""
    return _core.study_names(_place(storage))


def _place(storage: str | os.PathLike[str]) -> str:
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


def _count(what: str, given: Any, most: int = 2**31 - 1) -> int:
    if isinstance(given, bool) or not isinstance(given, Integral) or not 0 <= int(given) <= most:
        raise ValueError(f"{what}: expected a whole number from 0 to {most}, got {given!r}")
    return int(given)


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


def _values(given: Any, directions: int) -> list[float]:
    several = list(given) if isinstance(given, (list, tuple)) or getattr(given, "ndim", 0) == 1 else [given]
    try:
        if any(value is None or isinstance(value, (str, bytes)) for value in several):
            raise TypeError
        numbers = [float(value) for value in several]
    except (TypeError, ValueError, OverflowError):
        expected = "a number" if directions == 1 else f"{directions} numbers"
        raise TypeError(f"values: expected {expected}, got {given!r}\nhint: state='failed' where nothing came of it") from None
    if len(numbers) != directions:
        raise ValueError(f"values: expected {directions}, one for each direction, got {len(numbers)}")
    return numbers
