"""Trials: one under way, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._study import Study


class Pruned(Exception):
    """Raised by an objective in :meth:`Study.optimize`: this trial is worth no more time."""


class Trial:
    """A trial under way.

    Attributes
    ----------
    number : int
        In its study, from 0.
    params : dict
        What it tries.
    """

    def __init__(self, study: Study, number: int, params: dict[str, Any]) -> None:
        self._study = study
        self.number = number
        self.params = params

    def __repr__(self) -> str:
        return f"Trial({self.number}, {self.params!r})"

    def report(self, step: int, value: float) -> None:
        """Say what it is worth after a step: an epoch, a number of trees, a fold.

        Parameters
        ----------
        step : int
            From 0 on, each one behind the one before.
        value : float
            What `tell` would be told if it ended here.
        """
        self._study._report(self.number, step, value)

    def should_stop(self) -> bool:
        """Whether the scheduler gives it up, by what it reported last. Trial 0 is never given up."""
        return self._study._call("should_stop", self.number)


@dataclass(frozen=True)
class TrialRecord:
    """What is known of a trial.

    Attributes
    ----------
    number : int
        In its study, from 0.
    state : {'waiting', 'running', 'complete', 'pruned', 'failed'}
        Where it stands.
    params : dict
        What it tries.
    values : tuple of float
        What came of it, one for each direction; of one that was pruned, what it reported last.
    curve : tuple of (int, float)
        What it reported: step, value.
    why : str or None
        Why it failed.
    """

    number: int
    state: str
    params: dict[str, Any]
    values: tuple[float, ...]
    curve: tuple[tuple[int, float], ...]
    why: str | None

    @property
    def value(self) -> float | None:
        """The first of its values, if it has one."""
        return self.values[0] if self.values else None
