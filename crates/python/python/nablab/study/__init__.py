"""Hyperparameter studies of anything: ask for parameters, tell what came of them.

Samplers and schedulers are those of the command `nablab study`, and so is where trials are kept: a file of SQLite or PostgreSQL, in
Optuna's tables. Any number of threads, processes and machines may ask and tell the same study.

>>> from nablab import study
>>> s = study.create(None, "parabola", {"x": study.Real(-5, 5), "kind": ["cup", "cap"]}, seed=1)
>>> for _ in range(40):
...     trial = s.ask()
...     x, sign = trial.params["x"], {"cup": 1, "cap": -1}[trial.params["kind"]]
...     _ = s.tell(trial, sign * (x - 2) ** 2)
>>> s.best.params["kind"]
'cap'
"""

from __future__ import annotations

from ._native import run
from ._open import create, load, names
from ._space import Choice, Integer, Real
from ._study import Study
from ._trial import Pruned, Trial, TrialRecord

__all__ = ["Choice", "Integer", "Pruned", "Real", "Study", "Trial", "TrialRecord", "create", "load", "names", "run"]
