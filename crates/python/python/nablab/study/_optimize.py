"""A loop over asking and telling."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ._trial import Pruned, Trial, TrialRecord

if TYPE_CHECKING:
    from ._study import Study

Callbacks = tuple[Callable[["Study", TrialRecord], Any], ...]


def optimize(
    study: Study,
    objective: Callable[[Trial], Any],
    trials: int,
    timeout: float | None,
    n_jobs: int,
    catch: tuple[type[Exception], ...],
    callbacks: Callbacks,
) -> None:
    """See :meth:`Study.optimize`."""
    if isinstance(trials, bool) or not isinstance(trials, int) or trials < 1:
        raise ValueError(f"trials: expected a whole number above 0, got {trials!r}")
    until = None if timeout is None else time.monotonic() + float(timeout)

    def those_that_begin() -> Iterator[int]:
        for number in range(trials):
            if until is not None and time.monotonic() >= until:
                return
            yield number

    if n_jobs == 1:
        for _ in those_that_begin():
            if not one(study, objective, catch, callbacks):
                return
        return
    from joblib import Parallel, delayed

    # Each asks and tells where it runs, so that no value waits for the others.
    parallel = Parallel(n_jobs=n_jobs, pre_dispatch="n_jobs", batch_size=1, require="sharedmem" if study.storage is None else None)
    parallel(delayed(one)(study, objective, catch, callbacks) for _ in those_that_begin())


def one(
    study: Study, objective: Callable[[Trial], Any], catch: tuple[type[Exception], ...], callbacks: Callbacks
) -> bool:
    """Ask, try and tell once; whether there was something to be tried."""
    trial = study.ask()
    if trial is None:
        return False
    try:
        values = objective(trial)
        study.tell(trial, values)
    except Pruned:
        study.tell(trial, state="pruned")
    except KeyboardInterrupt:
        # Another may try it.
        study.tell(trial, state="released")
        raise
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        if _is_under_way(study, trial):
            study.tell(trial, state="failed", why=why)
        if not isinstance(error, catch):
            raise
    if callbacks:
        ended = study.trials[trial.number]
        for callback in callbacks:
            callback(study, ended)
    return True


def _is_under_way(study: Study, trial: Trial) -> bool:
    return study.trials[trial.number].state == "running"
