"""What other processes run in the tests of studies: they import this, and nothing that takes long."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from nablab import study

SPACE = {
    "units": study.Integer(4, 64, log=True),
    "rate": study.Real(1e-4, 1e-1, log=True),
    "kind": ["relu", "tanh"],
    "slope": study.Real(0, 1, when={"kind": "relu"}),
}


def cost(params: dict[str, Any]) -> float:
    return float((np.log10(params["rate"]) + 2) ** 2 + abs(params["units"] - 16) / 16 + params.get("slope", 0.5))


def worker(s: study.Study, trials: int) -> None:
    s.optimize(lambda trial: cost(trial.params), trials)


def sleeper(s: study.Study) -> None:
    s.ask()
    time.sleep(600)


def forked(s: study.Study, told: Any) -> None:
    worker(s, 3)
    told.put(len(s.trials))
