"""What classifier and regressor share: scikit-learn's own estimator, computing on nablab's engine.

Validation, labels, stopping and warnings are scikit-learn's, because the classes are its. What computes is not: initial parameters,
epochs, costs and predictions.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
import scipy.optimize
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network._stochastic_optimizers import BaseOptimizer, SGDOptimizer
from sklearn.utils import check_random_state, shuffle
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.optimize import _check_optimize_result
from sklearn.utils.validation import _check_sample_weight, validate_data

from .. import _core
from .._threads import threads_for
from .parameters import Array, Parameters
from .settings import ACTIVATIONS, INITIALIZERS, RULES, SCIKIT_LEARN_RATES, SCIKIT_LEARN_SOLVERS, engine_settings

#: What a network's outputs are, by scikit-learn's name of its last activation, and the loss that goes with it.
LOSSES = {
    "identity": "squared-error",
    "logistic": "sigmoid-cross-entropy",
    "softmax": "softmax-cross-entropy",
    "exp": "poisson",
}

#: Constraints of the parameters that scikit-learn's estimators lack.
CONSTRAINTS: dict[str, list[Any]] = {
    "activation": [StrOptions({*ACTIVATIONS, "sigmoid", "leaky-relu"}), dict],
    "solver": [StrOptions({*SCIKIT_LEARN_SOLVERS, *RULES}), dict],
    "learning_rate": [StrOptions({*SCIKIT_LEARN_RATES, "cosine"}), dict],
    "dropout": [Interval(Real, 0, 1, closed="left"), list, tuple],
    "batch_norm": ["boolean", list, tuple],
    "initializer": [StrOptions(INITIALIZERS), dict, None],
    "l1": [Interval(Real, 0, None, closed="left")],
    "clip_norm": [Interval(Real, 0, None, closed="neither"), None],
    "callbacks": [callable, list, tuple, None],
    "threads": [Interval(Integral, 1, None, closed="left"), None],
}


class Stopped(Exception):
    """A callback wants the training to end."""


class EngineMLP:
    """Mixed in before scikit-learn's estimator."""

    # Set by scikit-learn's estimator.
    coefs_: list[Array]
    intercepts_: list[Array]

    # Parameters -----------------------------------------------------------------------------------------------------

    def _network(self) -> _core.Network:
        """The network of the shapes of ``coefs_``."""
        hidden = [len(b) for b in self.intercepts_[:-1]]
        settings = engine_settings(self, hidden, LOSSES[self.out_activation_], None)
        settings["learning_rate"] = 1.0  # whatever it is, it predicts nothing
        return _core.Network(json.dumps(settings), len(self.coefs_[0]), len(self.intercepts_[-1]))

    def _predictor(self) -> tuple[_core.Network, Array]:
        """The network and its flat parameters, which are those of ``coefs_`` and ``intercepts_`` by now."""
        state = self.__dict__
        parameters = state.get("_parameters")
        if parameters is None or not parameters.are(state["coefs_"], state["intercepts_"]):
            self._take_over()
        return state["_engine"], state["_parameters"].flat

    def _take_over(self) -> None:
        """Lay the arrays of ``coefs_`` and ``intercepts_`` out as the engine reads them, and make views of them."""
        network = self._network()
        layout = network.layout()
        known = self.__dict__.get("_parameters")
        if known is not None and known.layout == layout:
            flat = known.flat.copy()
        else:
            flat = np.zeros(sum(rows * columns for _, rows, columns, _ in layout), self.coefs_[0].dtype)
        parameters = Parameters(layout, flat)
        parameters.follow(self.coefs_, self.intercepts_)
        self._show(network, parameters)

    def _show(self, network: _core.Network, parameters: Parameters) -> None:
        """Make ``coefs_`` and ``intercepts_`` views of these parameters."""
        self._engine, self._parameters = network, parameters
        # Lists of their own, so that a view somebody exchanges is seen.
        self.coefs_, self.intercepts_ = list(parameters.coefs), list(parameters.intercepts)

    def _keep(self, flat: Array) -> None:
        """Write the parameters of a training into the views."""
        self._parameters.flat[...] = flat

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        # Views would be pickled as copies; normalised layers have parameters that no view shows.
        if "_parameters" in state:
            _, flat = self._predictor()
            state = {name: value for name, value in state.items() if name not in ("_engine", "_parameters")}
            state["_flat"] = flat
            del state["coefs_"], state["intercepts_"]
            state["_sizes"] = [len(self.coefs_[0])] + [len(b) for b in self.intercepts_]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        flat, sizes = state.pop("_flat", None), state.pop("_sizes", None)
        super().__setstate__(state)
        if flat is not None:
            settings = engine_settings(self, sizes[1:-1], LOSSES[self.out_activation_], None)
            settings["learning_rate"] = 1.0
            network = _core.Network(json.dumps(settings), sizes[0], sizes[-1])
            self._show(network, Parameters(network.layout(), flat))

    # Fitting --------------------------------------------------------------------------------------------------------

    def _fit(self, X: Any, y: Any, sample_weight: Any = None, incremental: bool = False) -> Any:
        sizes = self.hidden_layer_sizes
        hidden = [int(units) for units in (sizes if hasattr(sizes, "__iter__") else [sizes])]
        if any(units <= 0 for units in hidden):
            raise ValueError(f"hidden_layer_sizes must be > 0, got {hidden}.")
        first = not hasattr(self, "coefs_") or (not self.warm_start and not incremental)

        X, y = self._validate_input(X, y, incremental, reset=first)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X)
        sample_weight = self._class_weighted(y, sample_weight)
        X = dense(X)
        if y.ndim == 1:
            y = y.reshape((-1, 1))
        self.n_outputs_ = y.shape[1]
        self._random_state = check_random_state(self.random_state)
        if first:
            self.__dict__.pop("_parameters", None)
            self._initialize(y, [X.shape[1], *hidden, self.n_outputs_], X.dtype)
        _, flat = self._predictor()

        if self.solver == "lbfgs":
            self._fit_whole(X, y, sample_weight, hidden)
        else:
            self._fit_batches(X, y, sample_weight, hidden, incremental)
        if not np.isfinite(self._predictor()[1]).all():
            raise ValueError(NOT_FINITE)
        return self

    def _class_weighted(self, y: Any, sample_weight: Any) -> Any:
        return sample_weight

    def _initialize(self, y: Array, layer_units: list[int], dtype: Any) -> None:
        super()._initialize(y, layer_units, dtype)
        if self.solver != "lbfgs" and not hasattr(self, "loss_curve_"):
            self.loss_curve_: list[float] = []
        if self.solver != "lbfgs":
            self._forget_scores()
        if self.initializer is not None:
            training = self._training(np.zeros((1, layer_units[0]), dtype), y[:1], None, layer_units[1:-1], None)
            network = self._network()
            self._show(network, Parameters(network.layout(), training.params()))
        elif any(np.atleast_1d(self.batch_norm)):
            # Of what no view shows, gains and variances begin at 1.
            self._take_over()
            for name, rows, _, start in self._parameters.layout:
                if name.startswith(("gamma", "variance")):
                    self._parameters.flat[start : start + rows] = 1.0

    def _forget_scores(self) -> None:
        """As scikit-learn begins with one of its own stochastic rules."""
        self.loss_curve_ = []
        self._no_improvement_count = 0
        self.validation_scores_ = [] if self.early_stopping else None
        self.best_validation_score_ = -np.inf if self.early_stopping else None
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
        targets: Any = y.astype(X.dtype, copy=False)
        if self.out_activation_ == "softmax" and y.dtype == bool:
            targets = (y.argmax(axis=1), y.shape[1])
        if sample_weight is not None:
            sample_weight = np.asarray(sample_weight, np.float64)
        threads = threads_for(self.threads)
        return _core.Training(json.dumps(settings), X, targets, sample_weight, start, threads)

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

        found = scipy.optimize.minimize(
            cost_and_gradient,
            flat.astype(np.float64),
            method="L-BFGS-B",
            jac=True,
            options={"maxfun": self.max_fun, "maxiter": self.max_iter, "gtol": self.tol},
        )
        self.n_iter_ = _check_optimize_result("lbfgs", found, self.max_iter)
        self.loss_ = found.fun
        self._keep(found.x)

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
        if is_classifier(self):
            y_val = self._label_binarizer.inverse_transform(y_val)
        return X_train, y_train, w_train, X_val, y_val, w_val

    def _fit_batches(self, X: Array, y: Array, sample_weight: Any, hidden: list[int], incremental: bool) -> None:
        if self.early_stopping and incremental:
            raise ValueError("partial_fit does not support early_stopping=True")
        X_val = y_val = w_val = None
        if self.early_stopping:
            X, y, sample_weight, X_val, y_val, w_val = self._held_out(X, y, sample_weight)
        m = X.shape[0]
        if self.batch_size == "auto":
            batch_size = min(200, m)
        else:
            if self.batch_size > m:
                warnings.warn("Got `batch_size` less than 1 or larger than sample size. It is going to be clipped")
            batch_size = int(np.clip(self.batch_size, 1, m))

        training = self._training(X, y, sample_weight, hidden, batch_size, self._parameters.flat)
        if incremental and hasattr(self, "_optimizer"):
            training.resume({**self._optimizer.state, "params": self._parameters.flat.copy()})
        else:
            self._optimizer = Rate(self)
        try:
            self.n_iter_ = 0
            for _ in range(self.max_iter):
                self._epoch(training, m)
                self._keep(training.params())
                self._improve(X_val, y_val, w_val)
                self._optimizer.iteration_ends(self.t_)
                self._tell()
                if self._no_improvement_count > self.n_iter_no_change:
                    if self._optimizer.trigger_stopping(self._standstill(), self.verbose):
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
        except KeyboardInterrupt:
            self._keep(training.params())
            warnings.warn("Training interrupted by user.")
        except Stopped:
            pass
        except FloatingPointError as error:
            if self._best_flat is None:
                raise ValueError(f"{NOT_FINITE} It {error}.") from error
            warnings.warn(f"The training {error}; the best epoch before is kept.", ConvergenceWarning)
        self._optimizer.state = training.state()
        if self.early_stopping and self._best_flat is not None:
            self._keep(self._best_flat)

    def _epoch(self, training: _core.Training, m: int) -> None:
        """One epoch, in an order that scikit-learn would draw, too."""
        if self.n_iter_ == 0:
            self._order = np.arange(m)
            self._best_flat = None
        if self.shuffle:
            self._order = shuffle(self._order, random_state=self._random_state)
        cost, penalty = training.epoch(self._order, self._optimizer.factor)
        self.n_iter_ += 1
        self.loss_ = self._loss(cost, penalty)
        self.t_ += m
        self.loss_curve_.append(self.loss_)
        if self.verbose:
            print(f"Iteration {self.n_iter_}, loss = {self.loss_:.8f}")

    def _loss(self, cost: float, penalty: float) -> float:
        """scikit-learn's loss of a regression is a mean over outputs, although its gradient is that of the sum."""
        outputs = self.n_outputs_ if self.out_activation_ in ("identity", "exp") else 1
        return (cost - penalty) / outputs + penalty

    def _improve(self, X_val: Any, y_val: Any, w_val: Any) -> None:
        """Count epochs without improvement, and remember the best parameters."""
        before = getattr(self, "best_validation_score_", None)
        self._update_no_improvement_count(self.early_stopping, X_val, y_val, w_val)
        if self.early_stopping and self.best_validation_score_ != before:
            self._best_flat = self._parameters.flat.copy()

    def _standstill(self) -> str:
        what = "Validation score" if self.early_stopping else "Training loss"
        return f"{what} did not improve more than tol={self.tol:f} for {self.n_iter_no_change} consecutive epochs."

    def _tell(self) -> None:
        """Show the estimator to the callbacks, any of which may answer True to end the training."""
        callbacks: Iterable[Callable[..., Any]] = self.callbacks or ()
        if callable(callbacks):
            callbacks = (callbacks,)
        if any([callback(self) is True for callback in callbacks]):
            raise Stopped

    # Predicting -----------------------------------------------------------------------------------------------------

    def _forward_pass_fast(self, X: Any, check_input: bool = True) -> Array:
        network, flat = self._predictor()
        if type(X) is np.ndarray and X.dtype == flat.dtype and X.ndim == 2 and not hasattr(self, "feature_names_in_"):
            try:
                return network.predict(flat, X)
            except ValueError:
                pass  # Below it is said in scikit-learn's words what is wrong with it.
        if check_input:
            X = validate_data(self, X, accept_sparse=["csr", "csc"], reset=False)
        return network.predict(flat, np.asarray(dense(X), flat.dtype))


NOT_FINITE = (
    "Solver produced non-finite parameter weights. The input data may contain large values and need to be preprocessed."
)


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


def dense(X: Any) -> Array:
    """An array of a sparse matrix; arrays as they are."""
    return X.toarray() if hasattr(X, "toarray") else X
