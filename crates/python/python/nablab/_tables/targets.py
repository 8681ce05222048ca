"""What is to be predicted: columns for the engine, and its answers in the values that were given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_y, column_or_1d

from .._gaps import refuse_gaps, unmasked
from .cells import of_booleans, of_numbers, of_texts, text_of
from .columns import Columns

Array = NDArray[Any]


def names_of(y: Any, width: int, taken: list[str]) -> list[str]:
    """What the columns of y are called, so many of them: their own names, or `y`; and otherwise than the columns of X."""
    columns = getattr(y, "columns", None)
    if columns is None and hasattr(y, "schema"):
        columns = y.schema.names
    if columns is not None and len(columns) == width:
        names = [str(name) for name in columns]
    elif width > 1:
        names = [f"y{i}" for i in range(width)]
    else:
        name = getattr(y, "name", None)
        names = [str(name) if isinstance(name, str) and name else "y"]
    for i, name in enumerate(names):
        while name in taken or name in names[:i]:
            name = f"{name} (target)"
        names[i] = name
    return names


def checked(y: Any, estimator: Any, numeric: bool) -> Array:
    """y as an array of one or two dimensions, without gaps."""
    y = unmasked(y.toarray() if hasattr(y, "toarray") else y)
    refuse_gaps(y)
    y = _check_y(y, multi_output=True, y_numeric=numeric, estimator=estimator)
    if y.ndim == 2 and y.shape[1] == 1:
        y = column_or_1d(y, warn=True)
    return np.asarray(y)


class Classes:
    """Classes of one column, or of several with two values each: as given, and the engine's texts of them in the same order."""

    def __init__(self, values: list[Array], texts: list[list[str]]) -> None:
        #: The classes of each column, sorted as scikit-learn sorts them.
        self.values = values
        self.texts = texts

    @classmethod
    def of(cls, y: Array) -> Classes:
        """The classes of a checked y."""
        if y.ndim == 1:
            check_classification_targets(y)
        # Several columns of objects may hold values of one type each.
        columns = [y] if y.ndim == 1 else [np.array(column.tolist()) for column in y.T]
        values = [np.unique(column) for column in columns]
        for i, of_column in enumerate(values):
            if len(of_column) < 2:
                place = "y" if y.ndim == 1 else f"y, column {i}"
                raise ValueError(
                    f"{place}: expected at least two classes, got one class: {text_of(of_column.tolist()[0], 'y')}\n"
                    "hint: a classifier tells classes apart; give it rows of another one, too"
                )
            if y.ndim == 2 and len(of_column) > 2:
                raise ValueError(
                    f"y, column {i}: expected two classes in each of several columns, got {len(of_column)}\n"
                    "hint: wrap the estimator in sklearn.multioutput.MultiOutputClassifier: it fits one for each column"
                )
        return cls(values, [[text_of(value, "y") for value in of_column.tolist()] for of_column in values])

    @classmethod
    def of_texts(cls, levels: list[list[str]], are_names: list[bool]) -> Classes:
        """The classes of a model that was read: numbers and booleans where all texts are such, unless they are names."""
        return cls(
            [np.array(texts) if named else _values(texts) for texts, named in zip(levels, are_names)], levels
        )

    def columns(self, y: Array, names: list[str]) -> Columns:
        """y as the engine's columns."""
        given = [y] if y.ndim == 1 else list(y.T)
        columns: Columns = []
        for name, column, values in zip(names, given, self.values):
            if values.dtype.kind == "b":
                columns.append((name, of_booleans(column, np.zeros(len(column), bool))))
            elif values.dtype.kind in "fiu":
                columns.append((name, of_numbers(column)))
            else:
                columns.append((name, of_texts(text_of(value, "y") for value in column.tolist())))
        return columns

    def look_like_numbers(self) -> list[bool]:
        """Of each column, whether its classes are texts that could be taken for something else."""
        return [
            values.dtype.kind not in "fiub" and _values(texts).dtype.kind != "U"
            for values, texts in zip(self.values, self.texts)
        ]


def _values(texts: list[str]) -> Array:
    if sorted(texts) == ["False", "True"]:
        return np.array([text == "True" for text in texts])
    for kind in (int, float):
        try:
            values = np.array([kind(text) for text in texts])
        except (ValueError, OverflowError):
            continue
        if [text_of(value, "y") for value in values.tolist()] == texts:
            return values
    return np.array(texts)
