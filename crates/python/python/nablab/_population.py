"""Many trainings of a network at once, and what their seeds say of the recipes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._network import Array, Network, Settings, rows, targets
from ._progress import counted
from ._threads import threads_for

#: Two recipes differ if chance alone would differ as much in fewer than one of twenty populations, all their pairs counted together.
_SIGNIFICANCE = 0.05


@dataclass(frozen=True, repr=False)
class Population:
    """Trainings of one network, side by side: of each recipe one for each seed.

    Attributes
    ----------
    network : Network
        What was trained.
    params : ndarray of shape (k, size)
        The parameters that each ended with.
    costs : ndarray of shape (k,)
        The mean cost of each one's last epoch; not a number where that was not reached.
    diverged : list of (str or None)
        Where a training diverged, in words.
    recipes : list of dict
        The recipes.
    seeds : list of int
        The seeds that each of them was trained with.
    """

    network: Network
    params: Array
    costs: NDArray[np.float64]
    diverged: list[str | None]
    recipes: list[dict[str, Any]]
    seeds: list[int]

    def __len__(self) -> int:
        return len(self.params)

    def __repr__(self) -> str:
        return f"Population({len(self.recipes)} recipes × {len(self.seeds)} seeds of {self.network!r})"

    def predict(self, X: Any) -> Array:
        """Predictions of each, (k, m, outputs)."""
        return np.stack([self.network.predict(params, X) for params in self.params])

    @property
    def costs_by_recipe(self) -> NDArray[np.float64]:
        """The costs, (recipes, seeds)."""
        return self.costs.reshape(len(self.recipes), len(self.seeds))

    @property
    def names(self) -> list[str]:
        """What tells each recipe from the others; all of one that is alone."""
        names = list(dict.fromkeys(name for recipe in self.recipes for name in recipe))
        first = self.recipes[0]
        if len(self.recipes) > 1:
            names = [name for name in names if any(recipe.get(name) != first.get(name) for recipe in self.recipes)]
        texts = [", ".join(f"{name} {recipe[name]}" for name in names if name in recipe) for recipe in self.recipes]
        is_each_another = len(set(texts)) == len(texts) and all(texts)
        return texts if is_each_another else [f"recipe {i}" for i in range(len(texts))]

    def compared(self) -> list[str]:
        """Say whether the recipe with the lowest median cost is better than the others, or by chance.

        Wilcoxon's signed-rank test of the costs, paired by their seeds, at 0.05 for all pairs of recipes together (Bonferroni). A
        training that diverged is as bad as one without end.

        Returns
        -------
        sentences : list of str
            One for each of the other recipes; none of a single recipe.

        Examples
        --------
        >>> X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
        >>> recipes = [{"epochs": 200, "learning_rate": rate} for rate in (0.001, 0.05)]
        >>> many = train_many(Network(2, [4]), recipes, X, y, seeds=20)
        >>> many.compared()
        ['learning_rate 0.05 is better than learning_rate 0.001: with 20 of 20 seeds (p = 1.9e-06)']
        """
        if len(self.recipes) < 2:
            return []
        needed = self.seeds_needed
        if len(self.seeds) < needed:
            few = len(self.seeds)
            return [f"{few} seed{'s' if few > 1 else ''} cannot tell {len(self.recipes)} recipes apart: take at least {needed}"]
        best = self.best
        return [self._compared(best, other) for other in range(len(self.recipes)) if other != best]

    @property
    def best(self) -> int:
        """Which recipe has the lowest median cost."""
        return int(np.argmin(np.median(self._costs, axis=1)))

    def beside_the_best(self, recipe: int) -> tuple[int, float | None, bool]:
        """With how many seeds the best recipe has a lower cost than this one, p of the paired test, and whether that counts."""
        first, second = self._costs[self.best], self._costs[recipe]
        p = _core.wilcoxon(first, second)
        return int((first < second).sum()), p, p is not None and p < self._level

    @property
    def seeds_needed(self) -> int:
        """With fewer seeds no test can tell the recipes apart."""
        # If every pair of n goes the same way, the exact test says p = 2 / 2ⁿ, and no less.
        return next(n for n in range(1, 1000) if 2.0 ** (1 - n) < self._level)

    @property
    def _level(self) -> float:
        """What p must be below."""
        k = len(self.recipes)
        return _SIGNIFICANCE / max(k * (k - 1) / 2, 1)

    @property
    def _costs(self) -> NDArray[np.float64]:
        """The costs, (recipes, seeds), of which those that are no numbers are as bad as can be."""
        costs = self.costs_by_recipe
        return np.where(np.isfinite(costs), costs, np.inf)

    def _compared(self, best: int, other: int) -> str:
        wins, p, counts = self.beside_the_best(other)
        one, two, said = self.names[best], self.names[other], f"with {wins} of {len(self.seeds)} seeds"
        if p is None:
            return f"{one} cannot be compared with {two}: lower {said}"
        if counts:
            return f"{one} is better than {two}: {said} (p = {p:.2g})"
        return f"{one} is not shown to be better than {two}: lower {said} (p = {p:.2g})"

    def __str__(self) -> str:
        lines = [f"{name}: median cost {median}, {spread}" for name, median, spread, _ in self._rows()]
        return "\n".join([*lines, *self.compared()])

    def _rows(self) -> list[tuple[str, str, str, str]]:
        """Name, median, quartiles, and trainings that diverged of each recipe."""
        told = []
        for name, costs in zip(self.names, self.costs_by_recipe):
            finite = costs[np.isfinite(costs)]
            low, median, high = np.quantile(finite, (0.25, 0.5, 0.75)) if len(finite) else (np.nan,) * 3
            told.append((name, f"{median:.4g}", f"quartiles {low:.4g} to {high:.4g}", str(len(costs) - len(finite))))
        return told

    def _repr_html_(self) -> str:
        head = "<tr><th>recipe</th><th>median cost</th><th>quartiles</th><th>diverged</th></tr>"
        body = "".join(
            f"<tr><td>{escape(name)}</td><td>{median}</td><td>{spread.removeprefix('quartiles ')}</td><td>{lost}</td></tr>"
            for name, median, spread, lost in self._rows()
        )
        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.compared())
        return f"<p>{escape(repr(self))}</p><table>{head}{body}</table>{said}"


def train_many(
    network: Network,
    recipes: Settings | Sequence[Settings],
    X: Any,
    y: Any,
    *,
    seeds: int | Sequence[int] = 1,
    threads: int | None = None,
    verbose: bool | str = False,
) -> Population:
    """Train a network many times on the same examples: other settings, other seeds, all at once.

    Parameters
    ----------
    network : Network
        What to train.
    recipes : dict or sequence of dicts
        How: `{"epochs": 100, "learning_rate": 0.01, "optimizer": "adam", "batch_size": 32, "schedule": …}`.
    X : array-like of shape (m, inputs)
    y : array-like of shape (m,) or (m, outputs)
    seeds : int or sequence of int, default=1
        Each recipe is trained with each of them: 0, 1, … where it is a number.
    threads : int, default=None
        None: `OMP_NUM_THREADS`, or one for each core. The results are the same, to the bit.
    verbose : bool or 'bar', default=False
        How far they are: True in a line now and then, 'bar' on a bar.

    Returns
    -------
    Population
        In the order of the recipes, and of the seeds within one.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    >>> many = train_many(Network(2, [4]), {"epochs": 500, "learning_rate": 0.05}, X, y, seeds=20)
    >>> len(many), bool(many.costs.min() < 0.1)
    (20, True)
    """
    X = rows(X)
    several = [recipes] if isinstance(recipes, Mapping) else list(recipes)
    numbers = range(seeds) if isinstance(seeds, int) else list(seeds)
    if not several or not len(numbers):
        raise ValueError("expected at least one recipe and one seed")
    settings = [
        json.dumps({**network.settings, **recipe, "seed": int(seed)}) for recipe in several for seed in numbers
    ]
    y = targets(y, network.outputs, network.settings, X)
    with counted(verbose, f"{len(settings)} trainings") as told:
        trained = _core.train_many(settings, X, y, threads_for(threads), told)
    return Population(
        network,
        np.stack([params for params, _, _, _ in trained]),
        np.array([cost for _, cost, _, _ in trained]),
        [diverged for _, _, _, diverged in trained],
        [dict(recipe) for recipe in several],
        [int(seed) for seed in numbers],
    )
