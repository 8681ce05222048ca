"""The classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier as ScikitLearn
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.class_weight import compute_sample_weight

from .fitting import EngineMLP
from .parameters import Array
from .settings import CONSTRAINTS


class MLPClassifier(EngineMLP, ScikitLearn):
    """scikit-learn's multilayer perceptron for classification, trained by nablab's engine.

    The same arguments train the same problem to the same result but for rounding: initial weights, batches, update rules, penalty
    and the rule to stop are scikit-learn's, drawn from the same `random_state`. What scikit-learn lacks has parameters of its own.

    Parameters
    ----------
    hidden_layer_sizes, alpha, batch_size, learning_rate_init, power_t, max_iter, shuffle, random_state, tol, \
warm_start, momentum, nesterovs_momentum, early_stopping, validation_fraction, beta_1, beta_2, epsilon, n_iter_no_change, max_fun
        As in :class:`sklearn.neural_network.MLPClassifier`.

    activation : {'relu', 'tanh', 'logistic', 'identity'} or dict, default='relu'
        Also `{"leaky-relu": {"slope": 0.01}}`.

    solver : {'adam', 'sgd', 'lbfgs'}, a rule of the engine, or dict, default='adam'
        The engine's: 'gradient-descent', 'momentum', 'nesterov', 'heavy-ball', 'rms-prop', 'adam-w'. With numbers of their own:
        `{"rms-prop": {"rho": 0.95}}`.

    learning_rate : {'constant', 'invscaling', 'adaptive', 'cosine'} or dict, default='constant'
        The engine's schedules: `{"cosine": {"warmup": 5}}`, `{"step": {"every": 30, "factor": 0.1}}`,
        `{"exponential": {"factor": 0.95}}`, `{"inverse-time": {"decay": 0.1}}`.

    class_weight : 'balanced' or dict, default=None
        What the examples of each class count, times their `sample_weight`.

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
    classes_, coefs_, intercepts_, loss_, loss_curve_, best_loss_, validation_scores_, best_validation_score_, n_iter_, t_, \
n_features_in_, feature_names_in_, n_layers_, n_outputs_, out_activation_
        As in :class:`sklearn.neural_network.MLPClassifier`. `coefs_` and `intercepts_` are views of what predicts: who writes
        into them changes the predictions.

    Notes
    -----
    Sparse matrices are taken, and made dense.

    Examples
    --------
    >>> from nablab import MLPClassifier
    >>> from sklearn.datasets import make_moons
    >>> X, y = make_moons(300, noise=0.2, random_state=3)
    >>> clf = MLPClassifier((10,), learning_rate_init=0.05, random_state=0).fit(X, y)
    >>> bool(clf.score(X, y) > 0.9)
    True
    >>> clf.predict_proba(X[:2]).shape
    (2, 2)
    """

    _parameter_constraints = {
        **ScikitLearn._parameter_constraints,
        **CONSTRAINTS,
        "class_weight": [StrOptions({"balanced"}), dict, None],
    }

    def __init__(
        self,
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
        class_weight: Any = None,
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
        self.class_weight = class_weight
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.initializer = initializer
        self.l1 = l1
        self.clip_norm = clip_norm
        self.callbacks = callbacks
        self.diagnostics = diagnostics
        self.threads = threads

    def _class_weighted(self, y: Array, sample_weight: Any, incremental: bool) -> Any:
        """Weights of the examples, each times that of its class."""
        if self.class_weight is None:
            return sample_weight
        if incremental and self.class_weight == "balanced":
            raise ValueError(
                "class_weight='balanced' is not supported for partial_fit, which sees some rows at a time: "
                "take sklearn.utils.class_weight.compute_class_weight on all of y, and hand its weights over as a dict"
            )
        labels = self._label_binarizer.inverse_transform(y)
        by_class = compute_sample_weight(self.class_weight, labels)
        return by_class if sample_weight is None else by_class * sample_weight

    def _predict(self, X: Any, check_input: bool = True) -> Array:
        p = self._forward_pass_fast(X, check_input=check_input)
        if self.out_activation_ == "softmax":
            return self.classes_.take(p.argmax(axis=1))
        if p.shape[1] == 1 and len(self.classes_) == 2:
            return self.classes_.take(p[:, 0] > 0.5)
        # Several labels each, or a single class.
        return self._label_binarizer.inverse_transform(p[:, 0] if p.shape[1] == 1 else p)

    def predict(self, X: Any) -> Array:
        """Predict the class of each row.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_classes)
            The predicted classes.
        """
        self._require_fit()
        return self._predict(X)

    def predict_proba(self, X: Any) -> Array:
        """Predict the probability of each class.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows.

        Returns
        -------
        p : ndarray of shape (n_samples, n_classes)
            Probabilities, by the order of `classes_`.
        """
        self._require_fit()
        p = self._forward_pass_fast(X)
        return np.hstack([1 - p, p]) if p.shape[1] == 1 else p
