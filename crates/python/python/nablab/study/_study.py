"""Studies that are asked and told."""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable, Iterable
from numbers import Real as RealNumber
from typing import Any

from .. import _core
from ._checks import count, numbers_of
from ._optimize import optimize
from ._space import Space
from ._trial import Trial, TrialRecord

if hasattr(os, "register_at_fork"):
    # A thread gives signs of life; what it holds when the process is forked, nobody would give back in the child.
    os.register_at_fork(
        before=_core.study_before_fork, after_in_parent=_core.study_after_fork, after_in_child=_core.study_after_fork
    )

#: So many seconds a database that is gone is waited for.
PATIENCE = 60.0


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
        return f"Study({self.name!r}, {self.storage or 'in memory'!r})"

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
        number = trial.number if isinstance(trial, Trial) else count("trial", trial)
        if state not in ("complete", "pruned", "failed", "released"):
            raise ValueError(f"state: expected 'complete', 'pruned', 'failed' or 'released', got {state!r}")
        numbers: list[float] = []
        if state == "complete":
            numbers = numbers_of(values, len(self.directions))
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
        return _core.study_recipe(self.storage, self.name, None if number is None else count("number", number))

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
        self._call("report", number, count("step", step), float(value))

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
