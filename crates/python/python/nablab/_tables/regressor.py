"""The regressor."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin

from .. import _core
from .base import Array, TableEstimator
from .cells import of_numbers
from .columns import Columns
from .frames import frame_like
from .keywords import described
from .targets import checked


@described("class_weight", "threshold", "label_smoothing")
class NablabRegressor(RegressorMixin, TableEstimator):
    """A dense network that predicts numbers from a table as it is, with text, categories, booleans and gaps, and dates if asked.

    It prepares the columns, holds rows out, and trains as the command `nablab train` does, with the same defaults, and gives the
    same model. What is None is as there: it may depend on the number of rows.

    Parameters
    ----------
    {settings}
    recipe : str or path-like, default=None
        A recipe that the other parameters change: its text in TOML, or the file it is in.

    verbose : bool or 'bar', default=False
        True: print what was found in the table, and a line for each epoch. 'bar': one bar with the losses, speed and time left, in
        a notebook, or on standard error in a terminal; about ten lines where neither is.

    callbacks : callable or sequence of callables, default=None
        Called with a dict of the numbers of each epoch (those of `history_`). Who answers True ends the training.

    threads : int, default=None
        Threads to compute on; the result is the same, to the bit. None: `OMP_NUM_THREADS`, which joblib sets in its workers,
        or one for each core.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns.

    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, where they have some.

    history_ : dict of ndarray of shape (n_iter_,)
        The numbers of each epoch: `epoch`, `step`, `cost`, `train_loss`, `train_metric`, `validation_loss`, `validation_metric`,
        `learning_rate`, `seconds`. A `pandas.DataFrame` can be made of it.

    metrics_ : dict
        How the training ended, and how good the model is: `train` and `validation` have R², RMSE and the like.

    findings_ : list of dict
        What is wrong with the training: `code`, `certainty`, `text`, what was `measured`, and `advice` as keyword arguments.

    left_out_ : dict
        The columns that became no feature, and why.

    recipe_ : str
        The whole recipe.

    n_iter_ : int
        Epochs done.

    See Also
    --------
    NablabClassifier : The same for classes.
    nablab.MLPRegressor : A network of numbers alone, with scikit-learn's parameters.

    Examples
    --------
    >>> import numpy as np
    >>> from nablab import NablabRegressor
    >>> rng = np.random.default_rng(0)
    >>> rooms, quiet = rng.integers(1, 6, 200), rng.random(200) < 0.5
    >>> X = [[float(r), "park" if q else "road"] for r, q in zip(rooms, quiet)]
    >>> price = 50.0 * rooms + 30.0 * quiet
    >>> model = NablabRegressor(epochs=100).fit(X, price)
    >>> bool(model.score(X, price) > 0.95)
    True
    """

    _task = "regression"

    def __init__(
        self,
        hidden: Any = None,
        *,
        activation: Any = None,
        dropout: float | None = None,
        batch_norm: bool | None = None,
        init: Any = None,
        precision: str | None = None,
        epochs: int | None = None,
        batch_size: Any = None,
        optimizer: Any = None,
        learning_rate: Any = None,
        schedule: Any = None,
        l2: float | None = None,
        l1: float | None = None,
        weight_decay: float | None = None,
        clip: Any = None,
        random_state: Any = None,
        validation: float | None = None,
        group: str | None = None,
        validation_by: str | None = None,
        patience: int | None = None,
        features: Any = None,
        ignore: Any = None,
        types: Any = None,
        scaling: str | None = None,
        recipe: Any = None,
        verbose: bool | str = False,
        callbacks: Any = None,
        threads: int | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.init = init
        self.precision = precision
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.l2 = l2
        self.l1 = l1
        self.weight_decay = weight_decay
        self.clip = clip
        self.random_state = random_state
        self.validation = validation
        self.group = group
        self.validation_by = validation_by
        self.patience = patience
        self.features = features
        self.ignore = ignore
        self.types = types
        self.scaling = scaling
        self.recipe = recipe
        self.verbose = verbose
        self.callbacks = callbacks
        self.threads = threads

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NablabRegressor:
        """Train on the rows of a table.

        Parameters
        ----------
        X : DataFrame of pandas or polars, PyArrow table, {array-like, sparse matrix} of shape (n_samples, n_features)
            The columns. NaN and None are gaps, which are learned from, too. Texts, booleans and what pandas calls categorical are
            categories; dates are left out (see `left_out_`) unless `types` has them.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The numbers.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts; rows of weight 0 are left out.

        Returns
        -------
        self : NablabRegressor
            The estimator.
        """
        self._fit_columns(X, y, sample_weight)
        return self

    def predict(self, X: Any) -> Array:
        """Predict the numbers of each row.

        Parameters
        ----------
        X : DataFrame of pandas or polars, PyArrow table, {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows; the columns of a table are found by their names.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            The predicted numbers.
        """
        outputs = self._outputs(X)
        return outputs if self._is_2d else outputs[:, 0]

    def predict_frame(self, X: Any) -> Any:
        """Predict into a table of the library that `X` is of, with its index.

        Parameters
        ----------
        X : DataFrame of pandas or polars, PyArrow table, {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows; the columns of a table are found by their names.

        Returns
        -------
        table : DataFrame of pandas or polars, or PyArrow table, of n_samples rows
            A column for each that is predicted, by its name. A DataFrame of pandas has the index of `X`; arrays give one of pandas,
            and tables of other libraries one of PyArrow.
        """
        outputs = self._outputs(X)
        return frame_like(X, dict(zip(self._fitted.target, outputs.T)))

    def _checked_target(self, y: Any) -> Array:
        y = checked(y, self, numeric=True)
        self._is_2d = y.ndim == 2
        return y

    def _target_columns(self, y: Array, keep: Array, names: list[str], settings: list[tuple[str, str]]) -> Columns:
        columns = [y] if y.ndim == 1 else list(y.T)
        return [(name, of_numbers(np.asarray(column))) for name, column in zip(names, columns)]

    def _take_target(self, fitted: _core.Fitted) -> None:
        self._is_2d = len(fitted.target) > 1
