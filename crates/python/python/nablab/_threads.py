"""How many threads a training computes on."""

from __future__ import annotations

import os


def threads_for(asked: int | None) -> int:
    """As many as asked for; else as ``OMP_NUM_THREADS`` says, which joblib sets in its workers; else one for each core."""
    if asked is not None:
        return int(asked)
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdigit() and int(said) > 0:
        return int(said)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
