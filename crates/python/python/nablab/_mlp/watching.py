"""What is known of a fit: measured on the way, judged at its end, said in words."""

from __future__ import annotations

import json
import math
from typing import Any

from sklearn.base import is_classifier

from .. import _core
from .._page import Diagnosed
from .parameters import Array
from .predicting import LOSSES, Predicting
from .settings import engine_settings

#: X, Y as the engine reads it, and weights.
Examples = tuple[Array, Any, Array | None]


class Watch:
    """Watches a training from its first epoch on; it changes nothing of it."""

    def __init__(
        self, estimator: Any, training: _core.Training, train: Examples, held_out: Examples | None, batch_size: int | None
    ) -> None:
        self._estimator, self._training, self._train, self._held_out = estimator, training, train, held_out
        hidden = [len(intercepts) for intercepts in estimator.intercepts_[:-1]]
        settings = engine_settings(estimator, hidden, LOSSES[estimator.out_activation_], batch_size)
        if estimator.solver == "lbfgs":
            settings = {name: settings[name] for name in ("hidden", "loss", "init", "penalty", "batch_mean", "epochs")}
            settings["optimizer"] = "l-bfgs"
        names: list[str] = []
        is_labels = False
        if is_classifier(estimator):
            names = [str(label) for label in estimator.classes_]
            is_labels = estimator.out_activation_ == "logistic" and estimator.n_outputs_ > 1
        training.watch(json.dumps(settings), names, is_labels, train, held_out)

    def evidence(self, params: Array) -> _core.Evidence | None:
        """What is known by now, with the parameters that are kept."""
        estimator = self._estimator
        patience = estimator.n_iter_no_change
        return self._training.evidence(
            params,
            self._train,
            self._held_out,
            getattr(estimator, "class_weight", None) is not None,
            int(patience) if math.isfinite(patience) else 0,
        )


class Watched(Diagnosed, Predicting):
    """An estimator with `diagnose_` and `report_`."""

    _evidence: _core.Evidence | None

    def _known(self) -> _core.Evidence:
        """The evidence of the last fit, or that nothing is known of it."""
        self._require_fit()
        known = self.__dict__.get("_evidence")
        return known if known is not None else _core.Evidence('{"are_rows_unseen": true}', [])

    def _diagnosis(self, lang: str) -> str:
        said = self._known().diagnosis(lang, is_classifier(self))
        if self.__dict__.get("_evidence") is not None:
            return said
        why = {
            "en": "Nothing was measured: fit with diagnostics=True, which partial_fit cannot.",
            "zh": "没有测量任何数值：请设置 diagnostics=True 后再 fit（partial_fit 不测量）。",
        }
        return f"{why[lang]}\n\n{said}"

    def _report(self, lang: str) -> str:
        return self._known().report(type(self).__name__, f"{self!r}.fit(X, y)", lang, is_classifier(self))
