"""Fitting: scikit-learn's validation, labels, stopping and warnings, on the engine's epochs.

The initial parameters, the batches and the order of the examples are drawn as scikit-learn draws them, from the same ``random_state``.
"""

from __future__ import annotations

import itertools
import json
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import scipy.optimize
from scipy.sparse import issparse
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, shuffle
from sklearn.utils.optimize import _check_optimize_result
from sklearn.utils.validation import _check_sample_weight

from .. import _core
from .._gaps import refuse_gaps, unmasked
from .._threads import threads_for
from .parameters import Array, Parameters
from .predicting import LOSSES, dense
from .rate import Rate
from .settings import SCIKIT_LEARN_SOLVERS, engine_settings, hidden_layers, hidden_units
from .telling import Told
from .watching import Watch, Watched

NOT_FINITE = (
    "Solver produced non-finite parameter weights. The input data may contain large values and need to be preprocessed."
)


class Stopped(Exception):
    """A callback wants the training to end."""


class EngineMLP(Watched):
    """Mixed in before scikit-learn's estimator, of which it takes the computing."""

    def _fit(self, X: Any, y: Any, sample_weight: Any = None, incremental: bool = False) -> Any:
        hidden = hidden_units(self.hidden_layer_sizes)
        first = not hasattr(self, "coefs_") or (not self.warm_start and not incremental)
        if not first:
            self._check_same_network(hidden)

        if y is not None and not issparse(y):
            refuse_gaps(y)
        X, y = self._validate_input(unmasked(X), unmasked(y), incremental, reset=first)
        self._check_target(y)
        if X.shape[0] < 2 and np.any(np.atleast_1d(self.batch_norm)):
            raise ValueError(
                f"Found array with {X.shape[0]} sample(s) (shape={X.shape}) while a minimum of 2 is required by "
                f"{type(self).__name__} with batch_norm, which compares the rows of a batch."
            )
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        sample_weight = self._class_weighted(y, sample_weight, incremental)
        X = dense(X)
        if y.ndim == 1:
            y = y.reshape((-1, 1))
        self.n_outputs_ = y.shape[1]
        self._random_state = check_random_state(self.random_state)
        if first:
            self.__dict__.pop("_parameters", None)
            self._initialize(y, [X.shape[1], *hidden, self.n_outputs_], X.dtype)
        self._predictor()  # From here on the parameters are the engine's, and coefs_ views of them.

        self._evidence: _core.Evidence | None = None
        if self.solver == "lbfgs":
            self._fit_whole(X, y, sample_weight, hidden)
        else:
            self._fit_batches(X, y, sample_weight, hidden, incremental)
        if not np.isfinite(self._predictor()[1]).all():
            raise ValueError(NOT_FINITE)
        return self

    def _check_same_network(self, hidden: list[int]) -> None:
        """A training that goes on needs the layers that it began with."""
        before = [len(intercepts) for intercepts in self.intercepts_[:-1]]
        if hidden != before:
            raise ValueError(
                f"hidden_layer_sizes: expected {before}, the layers of the network that warm_start and partial_fit go on with, "
                f"got {hidden}. Take a new estimator, as sklearn.base.clone makes one."
            )

    def _check_target(self, y: Array) -> None:
        """What a loss asks of the targets beyond being numbers."""

    def _class_weighted(self, y: Any, sample_weight: Any, incremental: bool) -> Any:
        return sample_weight

    def _initialize(self, y: Array, layer_units: list[int], dtype: Any) -> None:
        # A network that no memory holds is refused before its weights are drawn.
        inputs, *hidden, outputs = layer_units
        _core.Network(json.dumps({"hidden": hidden_layers(self, hidden)}), inputs, outputs)
        super()._initialize(y, layer_units, dtype)
        if self.solver not in SCIKIT_LEARN_SOLVERS:
            self._forget_scores()
        if self.initializer is not None:
            # Of two examples, for a single one cannot be normalised; none is trained on.
            X, y = np.zeros((2, layer_units[0]), dtype), np.zeros((2, y.shape[1]), y.dtype)
            training = self._training(X, y, None, layer_units[1:-1], None)
            network = self._network()
            self._show(network, Parameters(network.layout(), training.params()))
        elif any(np.atleast_1d(self.batch_norm)):
            # Of what no view shows, gains and variances begin at 1.
            self._take_over()
            for name, rows, _, start in self._parameters.layout:
                if name.startswith(("gamma", "variance")):
                    self._parameters.flat[start : start + rows] = 1.0

    def _forget_scores(self) -> None:
        """As scikit-learn begins with its own stochastic rules, for those that it lacks."""
        self.loss_curve_: list[float] = []
        self._no_improvement_count = 0
        self.validation_scores_: Any = [] if self.early_stopping else None
        self.best_validation_score_: Any = -np.inf if self.early_stopping else None
        self.best_loss_ = None if self.early_stopping else np.inf

    def _training(
        self,
        X: Array,
        y: Array,
        sample_weight: Any,
        hidden: list[int],
        batch_size: int | None,
        start: Array | None = None,
    ) -> _core.Training:
        """A training of the engine on these examples."""
        settings = engine_settings(self, hidden, LOSSES[self.out_activation_], batch_size)
        if start is None or self._draws_masks():
            settings["seed"] = int(self._random_state.randint(np.iinfo(np.int32).max))
        targets = self._targets(y, X.dtype)
        if sample_weight is not None:
            sample_weight = np.asarray(sample_weight, np.float64)
        threads = threads_for(self.threads)
        return _core.Training(json.dumps(settings), X, targets, sample_weight, start, threads)

    def _gradient(self, X: Any, y: Any) -> dict[str, Array]:
        """The gradient of the cost of these examples, part by part, with all units at work."""
        self._require_fit()
        network, flat = self._predictor()
        X, y = self._validate_input(unmasked(X), unmasked(y), incremental=True, reset=False)
        settings = engine_settings(self, list(map(len, self.intercepts_[:-1])), LOSSES[self.out_activation_], None)
        for layer in settings["hidden"]:
            layer["dropout"] = 0.0
        X = np.asarray(dense(X), flat.dtype)
        training = _core.Training(json.dumps(settings), X, self._targets(y, X.dtype), None, flat)
        _, _, gradient = training.cost_and_gradient(flat)
        parts = network.layout()
        return {name: gradient[start : start + r * c].reshape(r, c) for name, r, c, start in parts}

    def _targets(self, y: Array, dtype: Any) -> Any:
        """Y as the engine reads it: numbers, or the class of each example."""
        if self.out_activation_ == "softmax" and y.dtype == bool:
            return y.argmax(axis=1), y.shape[1]
        return np.reshape(y, (len(y), -1)).astype(dtype, copy=False)

    def _check_solver(self) -> bool:
        """Only L-BFGS cannot go on with some rows at a time."""
        return super()._check_solver() if self.solver == "lbfgs" else True

    def _draws_masks(self) -> bool:
        return bool(np.any(np.atleast_1d(self.dropout)))

    def _fit_whole(self, X: Array, y: Array, sample_weight: Any, hidden: list[int]) -> None:
        """L-BFGS by SciPy, as scikit-learn does it, on the engine's cost and gradient."""
        if self._draws_masks() or any(np.atleast_1d(self.batch_norm)):
            raise ValueError(
                "solver='lbfgs' compares costs, which dropout and batch normalisation change from one to the next: "
                "take solver='adam' or 'sgd'"
            )
        flat = self._parameters.flat
        training = self._training(X, y, sample_weight, hidden, None, flat)

        def cost_and_gradient(theta: Array) -> tuple[float, Array]:
            cost, penalty, gradient = training.cost_and_gradient(theta.astype(flat.dtype, copy=False))
            return self._loss(cost, penalty), gradient.astype(np.float64, copy=False)

        watch = None
        if self.diagnostics:
            watch = Watch(self, training, (X, self._targets(y, X.dtype), sample_weight), None, None)
        iterations = itertools.count(1)

        def tell(intermediate_result: Any) -> None:
            training.iteration(intermediate_result.fun)
            told.epoch(next(iterations), intermediate_result.fun)

        with Told(self.verbose, self.max_iter) as told:
            found = scipy.optimize.minimize(
                cost_and_gradient,
                flat.astype(np.float64),
                method="L-BFGS-B",
                jac=True,
                callback=tell,
                options={"maxfun": self.max_fun, "maxiter": self.max_iter, "gtol": self.tol},
            )
        self.n_iter_ = _check_optimize_result("lbfgs", found, self.max_iter)
        self.loss_ = found.fun
        self._keep(found.x)
        self._evidence = watch.evidence(flat) if watch else None

    def _held_out(self, X: Array, y: Array, sample_weight: Any) -> tuple[Any, ...]:
        """X, y and weights to train on, and those to stop by, as scikit-learn splits them."""
        stratify = y if is_classifier(self) and self.n_outputs_ == 1 else None
        arrays = [X, y] if sample_weight is None else [X, y, sample_weight]
        parts = train_test_split(
            *arrays, random_state=self._random_state, test_size=self.validation_fraction, stratify=stratify
        )
        if sample_weight is None:
            parts += [None, None]
        X_train, X_val, y_train, y_val, w_train, w_val = parts
        if X_val.shape[0] < 2:
            raise ValueError(
                "The validation set is too small. Increase 'validation_fraction' or the size of your dataset."
            )
        return X_train, y_train, w_train, X_val, y_val, w_val

    def _fit_batches(self, X: Array, y: Array, sample_weight: Any, hidden: list[int], incremental: bool) -> None:
        if self.early_stopping and incremental:
            raise ValueError("partial_fit does not support early_stopping=True")
        X_val: Any = None
        y_val: Any = None
        w_val: Any = None
        if self.early_stopping:
            X, y, sample_weight, X_val, y_val, w_val = self._held_out(X, y, sample_weight)
        told_y = self._label_binarizer.inverse_transform(y_val) if self.early_stopping and is_classifier(self) else y_val
        m = X.shape[0]
        if self.batch_size == "auto":
            batch_size = min(200, m)
        else:
            if self.batch_size > m:
                warnings.warn("Got `batch_size` less than 1 or larger than sample size. It is going to be clipped")
            batch_size = int(np.clip(self.batch_size, 1, m))

        training = self._training(X, y, sample_weight, hidden, batch_size, self._parameters.flat)
        if incremental and hasattr(self, "_optimizer"):
            training.resume({**self._optimizer.state, "params": self._parameters.flat})
        else:
            self._optimizer: Rate = Rate(self)
        # The first part of a training says too little of it.
        watch = None
        if self.diagnostics and not incremental:
            held_out = (X_val, self._targets(y_val, X.dtype), w_val) if self.early_stopping else None
            watch = Watch(self, training, (X, self._targets(y, X.dtype), sample_weight), held_out, batch_size)
        self._order = np.arange(m)
        self._best_flat: Array | None = None
        try:
            with Told(self.verbose, 1 if incremental else self.max_iter) as told:
                self._epochs(training, m, (X_val, told_y, w_val), told, incremental)
        except KeyboardInterrupt:
            self._keep(training.params())
            warnings.warn("Training interrupted by user.")
        except Stopped:
            pass
        except FloatingPointError as error:
            if self._best_flat is None:
                self._evidence = watch.evidence(self._parameters.flat) if watch else None
                raise ValueError(f"{NOT_FINITE} It {error}.") from error
            warnings.warn(f"The training {error}; the best epoch before is kept.", ConvergenceWarning)
        self._optimizer.remember(training.state())
        if self.early_stopping and self._best_flat is not None:
            self._keep(self._best_flat)
        if watch:
            self._evidence = watch.evidence(self._parameters.flat)
        del self._order, self._best_flat

    def _epochs(
        self, training: _core.Training, m: int, held_out: tuple[Any, Any, Any], told: Told, incremental: bool
    ) -> None:
        """Epochs until nothing improves any more."""
        self.n_iter_ = 0
        for _ in range(self.max_iter):
            self._epoch(training, m)
            self._keep(training.params())
            told.epoch(self.n_iter_, self.loss_, self._improve(*held_out))
            self._optimizer.iteration_ends(self.t_)
            self._tell()
            if self._no_improvement_count > self.n_iter_no_change:
                if self._stops(told):
                    break
                self._no_improvement_count = 0
            if incremental:
                break
            if self.n_iter_ == self.max_iter:
                warnings.warn(
                    f"Stochastic Optimizer: Maximum iterations ({self.max_iter}) reached and the optimization "
                    "hasn't converged yet.",
                    ConvergenceWarning,
                )

    def _epoch(self, training: _core.Training, m: int) -> None:
        """One epoch, in an order that scikit-learn would draw, too."""
        if self.shuffle:
            self._order = shuffle(self._order, random_state=self._random_state)
        cost, penalty = training.epoch(self._order, self._optimizer.factor)
        self.n_iter_ += 1
        self.loss_ = self._loss(cost, penalty)
        self.t_ += m
        self.loss_curve_.append(self.loss_)

    def _loss(self, cost: float, penalty: float) -> float:
        """scikit-learn's loss of a regression is a mean over outputs, although its gradient is that of the sum."""
        outputs = self.n_outputs_ if self.out_activation_ in ("identity", "exp") else 1
        return (cost - penalty) / outputs + penalty

    def _improve(self, X_val: Any, y_val: Any, w_val: Any) -> float | None:
        """Count epochs without improvement by scikit-learn's rule, and remember the best parameters; the score of rows held out."""
        if not self.early_stopping:
            self._update_no_improvement_count(False, None, None, None)
            return None
        score = float(self._score(X_val, y_val, sample_weight=w_val))
        self.validation_scores_.append(score)
        stands_still = score < self.best_validation_score_ + self.tol
        self._no_improvement_count = self._no_improvement_count + 1 if stands_still else 0
        if score > self.best_validation_score_:
            self.best_validation_score_ = score
            self._best_flat = self._parameters.flat.copy()
        return score

    def _stops(self, told: Told) -> bool:
        """Nothing improves any more: whether that ends the training, rather than lowers its rate."""
        what = "Validation score" if self.early_stopping else "Training loss"
        said = f"{what} did not improve more than tol={self.tol:f} for {self.n_iter_no_change} consecutive epochs."
        stops = self._optimizer.trigger_stopping(said, told.prints)
        told.say(f"{said} Stopping." if stops else f"{said} Setting learning rate to {self._optimizer.learning_rate:f}")
        return stops

    def _tell(self) -> None:
        """Show the estimator to the callbacks, any of which may answer True to end the training."""
        callbacks: Iterable[Callable[..., Any]] = self.callbacks or ()
        if callable(callbacks):
            callbacks = (callbacks,)
        if any([callback(self) is True for callback in callbacks]):
            raise Stopped
