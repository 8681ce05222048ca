"""Generated data sets: scikit-learn's, bit for bit, and those of the labs.

>>> X, y = moons(300, noise=0.2, seed=3)
>>> X.shape, y.shape
((300, 2), (300,))
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core

__all__ = ["blobs", "circles", "moons", "pitch", "spirals", "xor"]

Points = tuple[NDArray[np.float64], NDArray[np.int64]]


def _points(kind: str, samples: int, seed: int, **more: Any) -> Points:
    x, y = _core.points(json.dumps({"source": kind, "samples": samples, "seed": seed, **more}))
    # Of several labels, a row each.
    labels = y.argmax(axis=0) if len(y) > 1 else y[0]
    return np.ascontiguousarray(x.T), labels.astype(np.int64)


def circles(samples: int = 100, *, noise: float = 0.0, factor: float = 0.8, seed: int = 0) -> Points:
    """Two rings, one within the other: scikit-learn's `make_circles` behind `np.random.seed(seed)`.

    Parameters
    ----------
    samples : int, default=100
        Points in all.
    noise : float, default=0.0
        Standard deviation of the noise on both coordinates.
    factor : float, default=0.8
        Radius of the inner ring, in [0, 1).
    seed : int, default=0

    Returns
    -------
    X : ndarray of shape (samples, 2)
    y : ndarray of shape (samples,)
    """
    return _points("circles", samples, seed, noise=noise, factor=factor)


def moons(samples: int = 100, *, noise: float = 0.0, seed: int = 0) -> Points:
    """Two interleaving half circles: scikit-learn's `make_moons` behind `np.random.seed(seed)`; arguments as of :func:`circles`."""
    return _points("moons", samples, seed, noise=noise)


def blobs(samples: int = 100, *, noise: float = 1.0, centers: int = 3, seed: int = 0) -> Points:
    """Round clusters: scikit-learn's `make_blobs` behind `np.random.seed(seed)`.

    `noise` is the standard deviation of each cluster, `centers` their number; the rest as of :func:`circles`.
    """
    return _points("blobs", samples, seed, noise=noise, centers=centers)


def xor(samples: int = 100, *, noise: float = 0.0, seed: int = 0) -> Points:
    """Uniform points on the square [−1, 1]², label 1 where the signs of the coordinates differ; as of :func:`circles`."""
    return _points("xor", samples, seed, noise=noise)


def spirals(samples: int = 100, *, noise: float = 0.0, arms: int = 2, seed: int = 0) -> Points:
    """Archimedean spiral arms, one label each; as of :func:`circles`."""
    return _points("spirals", samples, seed, noise=noise, arms=arms)


def pitch(samples: int = 200, *, noise: float | None = None, seed: int = 0) -> Points:
    """Points on a football pitch: which team heads the ball? A diagonal border, blurred by noise; as of :func:`circles`."""
    return _points("pitch", samples, seed, **({} if noise is None else {"noise": noise}))
