"""What classifier and regressor share."""

from __future__ import annotations

import json
import os
import re
import warnings
from numbers import Integral
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import (
    _check_feature_names,
    _check_n_features,
    _check_sample_weight,
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from .. import _core
from .._gaps import unmasked
from .._page import Diagnosed
from .._threads import threads_for
from .columns import Columns, Table, columns_of_array
from .keywords import texts_of
from .targets import names_of
from .telling import Telling

Array = NDArray[Any]
E = TypeVar("E", bound="TableEstimator")

#: Parameters that are no setting of the recipe.
OWN = ("recipe", "verbose", "callbacks", "threads")


class TableEstimator(Diagnosed, BaseEstimator):
    """Mixed in behind scikit-learn's mixins of classifiers and regressors."""

    _task: str
    recipe: Any
    verbose: Any
    callbacks: Any
    threads: int | None
    _fitted: _core.Fitted

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        tags.target_tags.multi_output = True
        return tags

    # Fitting --------------------------------------------------------------------------------------------------------

    def _fit_columns(self, X: Any, y: Any, sample_weight: Any) -> Any:
        if y is None:
            name = type(self).__name__
            raise ValueError(f"This {name} estimator requires y to be passed, but the target y is None.")
        self.__dict__.pop("_fitted", None)
        settings = self._settings()
        columns, rows = self._columns_to_fit(X)
        given, y = y, self._checked_target(y)
        check_consistent_length(range(rows), y)
        names = names_of(given, 1 if y.ndim == 1 else y.shape[1], [name for name, _ in columns])
        weight = None
        keep = np.ones(rows, bool)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, np.empty((rows, 1)), ensure_non_negative=True)
            keep = sample_weight > 0
            if not keep.any():
                raise ValueError("sample_weight: expected a weight above 0 of at least one row, got 0 for all of them")
            weight = "sample_weight"
            while weight in names or any(weight == name for name, _ in columns):
                weight += "_"
            columns.append((weight, np.ascontiguousarray(sample_weight, np.float64)))
        columns += self._target_columns(y, keep, names, settings)
        table = _core.Table(columns)
        self._train(table if keep.all() else table.rows_where(keep), settings, names, weight)
        return self

    def _columns_to_fit(self, X: Any) -> tuple[Columns, int]:
        """The columns, and the number of rows."""
        table = Table.of(X)
        if table is None:
            array = self._array(X, reset=True)
            columns, rows = columns_of_array(array), len(array)
        else:
            self._check_size(table, least_rows=2)
            columns, rows = table.columns(), table.rows
        self._names = [name for name, _ in columns]
        if table is not None:
            self.n_features_in_ = len(columns)
            self.__dict__.pop("feature_names_in_", None)
            if table.has_names:
                self.feature_names_in_ = np.array(self._names, dtype=object)
        return columns, rows

    def _check_size(self, table: Table, least_rows: int) -> None:
        """As scikit-learn says it of arrays."""
        shape = (table.rows, len(table.names))
        for what, count, least in (("sample", shape[0], least_rows), ("feature", shape[1], 1)):
            if count < least:
                raise ValueError(
                    f"Found array with {count} {what}(s) (shape={shape}) while a minimum of {least} is required "
                    f"by {type(self).__name__}."
                )

    def _array(self, X: Any, reset: bool) -> Array:
        """An array of two dimensions, whatever its numbers; lists keep their cells."""
        X = unmasked(X)
        if isinstance(X, (list, tuple)) and any(
            isinstance(cell, (str, type(None))) for row in X if isinstance(row, (list, tuple)) for cell in row
        ):
            X = np.array(X, dtype=object)
        X = validate_data(
            self,
            X,
            reset=reset,
            dtype=None,
            accept_sparse=True,
            ensure_all_finite=False,
            ensure_min_samples=2 if reset else 1,
        )
        return np.asarray(X.toarray() if hasattr(X, "toarray") else X)

    def _settings(self) -> list[tuple[str, str]]:
        """The settings of the recipe that are given, as texts."""
        keywords = {name: value for name, value in self.get_params(deep=False).items() if name not in OWN}
        if isinstance(keywords["random_state"], np.random.RandomState):
            keywords["random_state"] = keywords["random_state"].randint(np.iinfo(np.int32).max)
        return texts_of(keywords)

    def _recipe(self) -> str | None:
        """The text of the recipe that the parameters change."""
        if self.recipe is None or (isinstance(self.recipe, str) and "=" in self.recipe):
            return self.recipe
        return Path(self.recipe).read_text(encoding="utf-8")

    def _train(self, table: _core.Table, settings: list[tuple[str, str]], target: list[str], weight: str | None) -> None:
        if self.threads is not None and not (isinstance(self.threads, Integral) and self.threads > 0):
            raise ValueError(f"threads must be a whole number above 0, or None, got {self.threads!r}")
        recipe, threads = self._recipe(), threads_for(self.threads)
        with Telling(self.verbose, self.callbacks) as told:
            fitted, raised = _core.Fitted.fit(
                table, settings, self._task, target, recipe, weight, told if told.is_needed else None, threads
            )
        self._show(fitted)
        self._tell_unread()
        if isinstance(raised, KeyboardInterrupt):
            warnings.warn("Training interrupted by user.")
        elif raised is not None:
            raise raised
        if self.metrics_["ended"] == "diverged":
            warnings.warn(
                f"The training diverged: {self.metrics_['divergence']}\nhint: a lower learning_rate, or diagnose_()",
                ConvergenceWarning,
            )

    def _tell_unread(self) -> None:
        """Warn of columns that tell the rows apart, and that nothing was learned from though nobody left them out."""
        reasons = {column["name"]: column["why"] for column in self.metrics_.get("left_out", ())}
        unread = [name for name, why in reasons.items() if why != "missing" and not {"constant", "rounded"} & {*why}]
        if unread:
            dates = {name: "date" for name in unread if reasons[name] == "dates"}
            warnings.warn(
                f"X: nothing is learned from {', '.join(f'{name!r} ({self.left_out_[name]})' for name in unread)}\n"
                + (f"hint: types={dates} learns from dates, " if dates else "hint: ")
                + f"ignore={unread} leaves columns out without a word"
            )

    def _show(self, fitted: _core.Fitted) -> None:
        """Show what came of a training in attributes."""
        self._fitted = fitted
        epochs = fitted.history()
        self.history_ = {name: np.array([epoch[name] for epoch in epochs]) for name in (epochs[0] if epochs else ())}
        self.metrics_ = json.loads(fitted.metrics())
        self.n_iter_ = int(self.metrics_["epochs"])
        self.left_out_ = dict(fitted.left_out)
        self.findings_ = json.loads(fitted.diagnosis("en")[0])

    def __sklearn_is_fitted__(self) -> bool:
        return "_fitted" in self.__dict__

    # Predicting -----------------------------------------------------------------------------------------------------

    def _outputs(self, X: Any) -> Array:
        """What the network says of the rows: (n_samples, numbers of the target)."""
        check_is_fitted(self)
        table = Table.of(X)
        if table is None:
            columns = self._by_place(columns_of_array(self._array(X, reset=False)))
        else:
            self._check_size(table, least_rows=1)
            if table.has_names and hasattr(self, "feature_names_in_"):
                columns = self._by_name(table).columns()
            else:
                _check_feature_names(self, X, reset=False)
                _check_n_features(self, X, reset=False)
                columns = self._by_place(table.columns())
        outputs, unknown = self._fitted.predict(_core.Table(columns))
        for what in unknown:
            warnings.warn(what, UserWarning)
        return outputs

    def _by_place(self, columns: Columns) -> Columns:
        return [(name, cells) for name, (_, cells) in zip(self._names, columns)]

    def _by_name(self, table: Table) -> Table:
        """The columns that a prediction needs, wherever they stand."""
        there, needed = table.names, self._fitted.columns
        missing = [name for name in needed if name not in there]
        if missing:
            raise ValueError(
                f"X: columns: expected {_listed(missing)}, which the training had, got {_listed(there)}\n"
                "hint: columns are found by their names, in any order; fill one that is not known with None"
            )
        return table.only(set(needed))

    # Keeping --------------------------------------------------------------------------------------------------------

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Make a run folder, as the command `nablab train` does: it predicts, reports and diagnoses with it.

        Parameters
        ----------
        folder : str or path-like
            A folder that is empty, or not there yet.

        Raises
        ------
        OSError
            If there is something in it, or it cannot be written.
        """
        check_is_fitted(self)
        self._fitted.save(os.fspath(folder))

    @classmethod
    def load(cls: type[E], folder: str | os.PathLike[str]) -> E:
        """Read a run folder of the command, or of :meth:`save`.

        Parameters
        ----------
        folder : str or path-like
            The folder.

        Returns
        -------
        estimator : Self
            It predicts; `fit` would train by the same recipe.

        Raises
        ------
        OSError
            If there is no such folder (`FileNotFoundError`), or no model in it.
        """
        if not os.path.isdir(folder):
            raise FileNotFoundError(f"{os.fspath(folder)}: there is no such folder\nhint: name one that save() or the command has written")
        fitted = _core.Fitted.load(os.fspath(folder))
        if (fitted.task == "regression") != (cls._task == "regression"):
            other = "NablabRegressor" if fitted.task == "regression" else "NablabClassifier"
            raise ValueError(f"{os.fspath(folder)}: expected a {cls._task}, got one of {fitted.task}\nhint: {other}.load")
        estimator = cls(recipe=fitted.recipe)
        names = [*fitted.columns, *dict(fitted.left_out)]
        if all(re.fullmatch("x[0-9]+", name) for name in names):
            # An array's, by their places.
            estimator.n_features_in_ = 1 + max(int(name[1:]) for name in names)
            names = [f"x{i}" for i in range(estimator.n_features_in_)]
        else:
            estimator.n_features_in_ = len(names)
            estimator.feature_names_in_ = np.array(names, dtype=object)
        estimator._names = names
        estimator._take_target(fitted)
        estimator._show(fitted)
        return estimator

    def to_onnx(self, path: str | os.PathLike[str]) -> None:
        """Write the way from the columns to the predictions in ONNX, with an input for each column.

        Parameters
        ----------
        path : str or path-like
            The file; one that is there is replaced.
        """
        check_is_fitted(self)
        Path(path).write_bytes(self._fitted.onnx())

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        if "_fitted" in state:
            state["_fitted"] = self._fitted.to_parts()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        if "_fitted" in state:
            state["_fitted"] = _core.Fitted.from_parts(*state["_fitted"])
        super().__setstate__(state)

    # Telling --------------------------------------------------------------------------------------------------------

    @property
    def recipe_(self) -> str:
        """The whole recipe in TOML, with the defaults that suited the table: `nablab train --recipe` takes it."""
        check_is_fitted(self)
        return self._fitted.recipe

    def _diagnosis(self, lang: str) -> str:
        check_is_fitted(self)
        return self._fitted.diagnosis(lang)[1]

    def _report(self, lang: str) -> str:
        check_is_fitted(self)
        return self._fitted.report(type(self).__name__, lang)

    # What the two do otherwise --------------------------------------------------------------------------------------

    def _checked_target(self, y: Any) -> Array:
        raise NotImplementedError

    def _target_columns(self, y: Array, keep: Array, names: list[str], settings: list[tuple[str, str]]) -> Columns:
        raise NotImplementedError

    def _take_target(self, fitted: _core.Fitted) -> None:
        raise NotImplementedError


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"
