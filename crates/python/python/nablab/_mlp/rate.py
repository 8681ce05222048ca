"""The learning rate as scikit-learn changes it."""

from __future__ import annotations

from typing import Any

from sklearn.neural_network._stochastic_optimizers import BaseOptimizer, SGDOptimizer


class Rate:
    """How the learning rate stands, by scikit-learn's own rules, and what the engine's rule remembers between partial fits."""

    def __init__(self, estimator: Any) -> None:
        schedule = estimator.learning_rate if estimator.solver == "sgd" else "constant"
        self.state: dict[str, Any] = {}
        self._initial = float(estimator.learning_rate_init)
        if estimator.solver == "sgd":
            self._rule: BaseOptimizer = SGDOptimizer([], self._initial, schedule, power_t=estimator.power_t)
        else:
            self._rule = BaseOptimizer(self._initial)

    def remember(self, state: dict[str, Any]) -> None:
        """Keep what the rule remembers; the parameters are the estimator's to keep."""
        self.state = {name: value for name, value in state.items() if name != "params"}

    @property
    def learning_rate(self) -> float:
        """The rate by now."""
        return float(self._rule.learning_rate)

    @property
    def factor(self) -> float:
        """What the engine multiplies the first rate by."""
        return self.learning_rate / self._initial

    def iteration_ends(self, time_step: int) -> None:
        """An epoch has ended, after which so many examples have been seen."""
        self._rule.iteration_ends(time_step)

    def trigger_stopping(self, message: str, verbose: bool) -> bool:
        """Nothing improves any more: whether to stop, rather than go on more slowly."""
        return bool(self._rule.trigger_stopping(message, verbose))
