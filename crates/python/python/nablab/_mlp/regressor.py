"""The regressor."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.neural_network import MLPRegressor as ScikitLearn

from .fitting import EngineMLP
from .parameters import Array
from .settings import CONSTRAINTS


class MLPRegressor(EngineMLP, ScikitLearn):
    """scikit-learn's multilayer perceptron for regression, trained by nablab's engine.

    The same arguments train the same problem to the same result but for rounding. What scikit-learn lacks has parameters of its own.

    Parameters
    ----------
    loss, hidden_layer_sizes, alpha, batch_size, learning_rate_init, power_t, max_iter, shuffle, random_state, tol, \
warm_start, momentum, nesterovs_momentum, early_stopping, validation_fraction, beta_1, beta_2, epsilon, n_iter_no_change, max_fun
        As in :class:`sklearn.neural_network.MLPRegressor`.

    activation, solver, learning_rate
        As in :class:`nablab.MLPClassifier`.

    dropout : float or sequence of float, default=0.0
        Share of the units of each hidden layer that is silenced at each step of the training, in [0, 1). What is left is
        divided by the share that stays ("inverted" dropout), so that predictions need no correction.

    batch_norm : bool or sequence of bool, default=False
        Normalise each unit of a hidden layer over the batch, before the activation.

    initializer : {'he', 'he-uniform', 'xavier', 'xavier-uniform', 'lecun', 'lecun-uniform', 'zeros'} or dict, default=None
        How the first weights are drawn; biases are 0 then. None: as scikit-learn draws weights and biases, the same numbers
        for the same `random_state`.

    l1 : float, default=0.0
        Strength of an L1 penalty on the weights, divided by the sample size as `alpha` is.

    clip_norm : float, default=None
        Longest gradient that makes a step; a longer one is shortened.

    verbose : bool, int or 'bar', default=False
        True: scikit-learn's lines, one for each epoch, on standard output. 'bar': one bar with loss, score on the rows held out,
        speed and time left, in a notebook, or on standard error in a terminal; about ten lines where neither is.

    callbacks : callable or sequence of callables, default=None
        Called with the estimator after each epoch, when `coefs_`, `loss_curve_` and `n_iter_` are those of that epoch. Who
        answers True ends the training.

    diagnostics : bool, default=False
        Measure on the way what :meth:`diagnose_` and :meth:`report_` speak of: gradients, units and weights of each layer on 256 rows,
        and losses of rows held out. It changes nothing of the result, and takes time: a tenth of a long fit, up to a half of one of
        milliseconds.

    threads : int, default=None
        Threads to compute on; the result is the same, to the bit. None: `OMP_NUM_THREADS`, which joblib sets in its workers,
        or one for each core. Small networks stay on one.

    Attributes
    ----------
    coefs_, intercepts_, loss_, loss_curve_, best_loss_, validation_scores_, best_validation_score_, n_iter_, t_, n_features_in_, \
feature_names_in_, n_layers_, n_outputs_, out_activation_
        As in :class:`sklearn.neural_network.MLPRegressor`.

    Examples
    --------
    >>> import numpy as np
    >>> from nablab import MLPRegressor
    >>> X = np.linspace(-1, 1, 100)[:, None]
    >>> y = X[:, 0] ** 2
    >>> model = MLPRegressor(hidden_layer_sizes=(20,), solver="lbfgs", random_state=0).fit(X, y)
    >>> bool(abs(model.predict(X) - y).max() < 0.05)
    True
    """

    _parameter_constraints = {**ScikitLearn._parameter_constraints, **CONSTRAINTS}

    def __init__(
        self,
        loss: str = "squared_error",
        hidden_layer_sizes: Any = (100,),
        activation: Any = "relu",
        *,
        solver: Any = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate: Any = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool | int | str = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: int = 10,
        max_fun: int = 15000,
        dropout: Any = 0.0,
        batch_norm: Any = False,
        initializer: Any = None,
        l1: float = 0.0,
        clip_norm: float | None = None,
        callbacks: Any = None,
        diagnostics: bool = False,
        threads: int | None = None,
    ) -> None:
        super().__init__(
            loss=loss,
            hidden_layer_sizes=hidden_layer_sizes,
            activation=activation,
            solver=solver,
            alpha=alpha,
            batch_size=batch_size,
            learning_rate=learning_rate,
            learning_rate_init=learning_rate_init,
            power_t=power_t,
            max_iter=max_iter,
            shuffle=shuffle,
            random_state=random_state,
            tol=tol,
            verbose=verbose,
            warm_start=warm_start,
            momentum=momentum,
            nesterovs_momentum=nesterovs_momentum,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            beta_1=beta_1,
            beta_2=beta_2,
            epsilon=epsilon,
            n_iter_no_change=n_iter_no_change,
            max_fun=max_fun,
        )
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.initializer = initializer
        self.l1 = l1
        self.clip_norm = clip_norm
        self.callbacks = callbacks
        self.diagnostics = diagnostics
        self.threads = threads

    def _check_target(self, y: Array) -> None:
        if self.loss == "poisson" and (y < 0).any():
            place = np.argwhere(y < 0)[0].tolist()
            raise ValueError(f"loss='poisson' requires non-negative y, got y{place} = {y[tuple(place)]:g}.")

    def predict(self, X: Any) -> Array:
        """Predict the numbers of each row.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            The predicted numbers.
        """
        self._require_fit()
        return self._predict(X)
