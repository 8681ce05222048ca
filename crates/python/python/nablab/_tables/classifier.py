"""The classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin

from .. import _core
from .base import Array, TableEstimator
from .columns import Columns
from .frames import frame_like
from .keywords import described, texts_of
from .targets import Classes, checked


@described()
class NablabClassifier(ClassifierMixin, TableEstimator):
    """A dense network that tells classes apart from a table as it is, with text, categories, booleans and gaps, and dates if asked.

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
    classes_ : ndarray of shape (n_classes,), or a list of one for each column of y
        The classes.

    n_features_in_ : int
        Number of columns.

    feature_names_in_ : ndarray of shape (n_features_in_,)
        Their names, where they have some.

    history_ : dict of ndarray of shape (n_iter_,)
        The numbers of each epoch: `epoch`, `step`, `cost`, `train_loss`, `train_metric`, `validation_loss`, `validation_metric`,
        `learning_rate`, `seconds`. A `pandas.DataFrame` can be made of it.

    metrics_ : dict
        How the training ended, and how good the model is: `train` and `validation` have accuracy, AUC, the numbers of each class
        and the like.

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
    NablabRegressor : The same for numbers.
    nablab.MLPClassifier : A network of numbers alone, with scikit-learn's parameters.

    Examples
    --------
    >>> from nablab import NablabClassifier
    >>> X = [["red", 1.0], ["blue", 2.0], ["red", None], ["blue", 1.5]] * 20
    >>> y = ["stop", "go", "stop", "go"] * 20
    >>> model = NablabClassifier(epochs=40).fit(X, y)
    >>> model.predict([["red", None], ["blue", 1.0]]).tolist()
    ['stop', 'go']
    >>> model.predict_proba([["red", 1.0]]).shape
    (1, 2)
    """

    _task = "classification"

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
        label_smoothing: float | None = None,
        random_state: Any = None,
        validation: float | None = None,
        group: str | None = None,
        validation_by: str | None = None,
        patience: int | None = None,
        threshold: Any = None,
        class_weight: Any = None,
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
        self.label_smoothing = label_smoothing
        self.random_state = random_state
        self.validation = validation
        self.group = group
        self.validation_by = validation_by
        self.patience = patience
        self.threshold = threshold
        self.class_weight = class_weight
        self.features = features
        self.ignore = ignore
        self.types = types
        self.scaling = scaling
        self.recipe = recipe
        self.verbose = verbose
        self.callbacks = callbacks
        self.threads = threads

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NablabClassifier:
        """Train on the rows of a table.

        Parameters
        ----------
        X : DataFrame of pandas or polars, PyArrow table, {array-like, sparse matrix} of shape (n_samples, n_features)
            The columns. NaN and None are gaps, which are learned from, too. Texts, booleans and what pandas calls categorical are
            categories; dates are left out (see `left_out_`) unless `types` has them.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The classes; several columns have two each.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts; rows of weight 0 are left out.

        Returns
        -------
        self : NablabClassifier
            The estimator.
        """
        self._fit_columns(X, y, sample_weight)
        return self

    def predict(self, X: Any) -> Array:
        """Predict the class of each row: the most probable one, or the second of two from `threshold` on.

        Parameters
        ----------
        X : DataFrame of pandas or polars, PyArrow table, {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows; the columns of a table are found by their names.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            The predicted classes.
        """
        return self._answers(self._outputs(X))

    def _answers(self, outputs: Array) -> Array:
        if self._is_2d:
            places = (outputs > 0.5).astype(int)
            columns = [values.take(places[:, i]) for i, values in enumerate(self.classes_)]
            kinds = {column.dtype.kind for column in columns}
            return np.stack([column if len(kinds) == 1 else column.astype(object) for column in columns], axis=1)
        if len(self.classes_) == 2:
            places = (outputs[:, 1] > self._fitted.threshold).astype(int)
        else:
            places = outputs.argmax(axis=1)
        return self.classes_.take(places)

    def predict_proba(self, X: Any) -> Array:
        """Predict the probability of each class.

        Parameters
        ----------
        X : DataFrame of pandas or polars, PyArrow table, {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows; the columns of a table are found by their names.

        Returns
        -------
        p : ndarray of shape (n_samples, n_classes) or (n_samples, n_outputs)
            Probabilities, by the order of `classes_`; of several columns, that of the second class of each.
        """
        return self._probabilities(self._outputs(X))

    def _probabilities(self, outputs: Array) -> Array:
        if self._is_2d:
            return outputs
        # In doubles they add up to 1, as measures of probabilities ask for; the network's own are singles.
        return outputs / outputs.sum(axis=1, keepdims=True)

    def predict_frame(self, X: Any, probabilities: bool = False) -> Any:
        """Predict into a table of the library that `X` is of, with its index.

        Parameters
        ----------
        X : DataFrame of pandas or polars, PyArrow table, {array-like, sparse matrix} of shape (n_samples, n_features)
            The rows; the columns of a table are found by their names.

        probabilities : bool, default=False
            Add a column of probabilities for each class, called `p(class)`; of several columns, for the second class of each.

        Returns
        -------
        table : DataFrame of pandas or polars, or PyArrow table, of n_samples rows
            A column for each that is predicted, by its name. A DataFrame of pandas has the index of `X`; arrays give one of pandas,
            and tables of other libraries one of PyArrow.

        Examples
        --------
        >>> import pandas as pd
        >>> from nablab import NablabClassifier
        >>> X = pd.DataFrame({"side": ["left", "right"] * 30}, index=range(100, 160))
        >>> model = NablabClassifier(epochs=50, learning_rate=0.05).fit(X, pd.Series(["low", "high"] * 30, name="level"))
        >>> model.predict_frame(X.tail(2))
            level
        158   low
        159  high
        >>> model.predict_frame(X, probabilities=True).columns.tolist()
        ['level', 'p(high)', 'p(low)']
        """
        outputs = self._outputs(X)
        names = self._fitted.target
        columns = dict(zip(names, self._answers(outputs).reshape(len(outputs), -1).T))
        if probabilities:
            classes = names if self._is_2d else self._fitted.levels[0]
            columns |= zip((f"p({name})" for name in classes), self._probabilities(outputs).T)
        return frame_like(X, columns)

    def _checked_target(self, y: Any) -> Array:
        y = checked(y, self, numeric=False)
        self._is_2d = y.ndim == 2
        return y

    def _target_columns(self, y: Array, keep: Array, names: list[str], settings: list[tuple[str, str]]) -> Columns:
        classes = Classes.of(y[keep])
        self._take_classes(classes)
        # What is a text stays one for whoever reads the run folder.
        types = {name: "category" for name, looks in zip(names, classes.look_like_numbers()) if looks}
        settings += texts_of({"types": types or None})
        return classes.columns(y, names)

    def _take_target(self, fitted: _core.Fitted) -> None:
        self._is_2d = fitted.task == "labels"
        types = dict(fitted.types)
        named = [types.get(name) == "category" for name in fitted.target]
        self._take_classes(Classes.of_texts(fitted.levels, named))

    def _take_classes(self, classes: Classes) -> None:
        self.classes_: Any = classes.values if self._is_2d else classes.values[0]
