"""A dense network on NumPy arrays: initialise, predict, cost and gradient; update rules step by step."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._parts import Parts

Array = NDArray[Any]
Settings = Mapping[str, Any]

_CLASSES = "softmax-cross-entropy"


def _layers(hidden: Iterable[Any]) -> list[dict[str, Any]]:
    """Layers as the engine reads them: numbers of units, or dictionaries with more."""
    return [{"units": int(layer)} if not isinstance(layer, Mapping) else dict(layer) for layer in hidden]


class Network:
    """A dense network and its loss, without parameters of its own: those are a flat array that every method takes.

    Parameters
    ----------
    inputs : int
        Features of an example.
    hidden : sequence of int or dict
        Hidden layers: units, or `{"units": 5, "activation": "tanh", "dropout": 0.2, "batch_norm": True}`.
    outputs : int, default=1
        Outputs; of several classes, one each.
    loss : str, default=None
        'sigmoid-cross-entropy', 'softmax-cross-entropy', 'squared-error', 'poisson'. None: cross-entropy, of classes where there
        are several outputs.
    init : str or dict, default='he'
        How weights are drawn; biases are 0.
    l2, l1 : float, default=0.0
        Penalties on the weights, λ / 2m Σ w² and λ / m Σ |w|.

    Examples
    --------
    >>> import numpy as np
    >>> net = Network(2, [3], 1)
    >>> params = net.init(seed=0)
    >>> {name: part.shape for name, part in net.parts(params).items()}
    {'W1': (3, 2), 'b1': (3,), 'W2': (1, 3), 'b2': (1,)}
    >>> X, y = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0.0, 1.0])
    >>> net.predict(params, X).shape
    (2, 1)
    >>> cost, gradient = net.cost_and_gradient(params, X, y)
    >>> gradient.shape == params.shape
    True
    """

    def __init__(
        self,
        inputs: int,
        hidden: Sequence[Any],
        outputs: int = 1,
        *,
        loss: str | None = None,
        init: Any = "he",
        l2: float = 0.0,
        l1: float = 0.0,
    ) -> None:
        self.inputs, self.outputs = int(inputs), int(outputs)
        if self.inputs < 1 or self.outputs < 1:
            raise ValueError(f"expected at least one input and one output, got {inputs} and {outputs}")
        self.settings: dict[str, Any] = {
            "hidden": _layers(hidden),
            "loss": loss or ("sigmoid-cross-entropy" if outputs == 1 else _CLASSES),
            "init": init,
            "penalty": {"l2": float(l2), "l1": float(l1)},
        }
        self._engine = _core.Network(json.dumps(self.settings), self.inputs, self.outputs)
        self.layout = self._engine.layout()

    def _repr_html_(self) -> str:
        body = "".join(
            f"<tr><td>{name}</td><td>{rows} × {columns}</td><td>{rows * columns:,}</td></tr>"
            for name, rows, columns, _ in self.layout
        )
        head = "<tr><th>part</th><th>shape</th><th>numbers</th></tr>"
        return f"<p>{escape(repr(self))}: {self.size:,} parameters</p><table>{head}{body}</table>"

    def __repr__(self) -> str:
        sizes = [self.inputs, *(layer["units"] for layer in self.settings["hidden"]), self.outputs]
        return f"Network({'-'.join(map(str, sizes))}, {self.settings['loss']})"

    @property
    def size(self) -> int:
        """Numbers in the parameters."""
        return sum(rows * columns for _, rows, columns, _ in self.layout)

    def init(self, seed: int = 0, dtype: Any = np.float64) -> Array:
        """Draw parameters.

        Returns
        -------
        params : ndarray of shape (size,)
            W1 (units, inputs) row by row, b1, W2, …
        """
        # Of two examples, for a single one cannot be normalised; none is trained on.
        X, y = np.zeros((2, self.inputs), dtype), np.zeros((2, self.outputs), dtype)
        return _core.Training(json.dumps({**self.settings, "seed": int(seed)}), X, y).params()

    def parts(self, params: Array) -> dict[str, Array]:
        """The matrices and vectors within flat parameters by their names; views, not copies."""
        params = self._params(params)
        return {
            name: params[start : start + rows * columns].reshape((rows, columns) if name.startswith("W") else (rows,))
            for name, rows, columns, start in self.layout
        }

    def forward(self, params: Array, X: Any) -> list[Array]:
        """What each hidden layer gives to the next, (m, units), and the logits (m, outputs); dropout is at rest."""
        return self._engine.forward(*self._same(params, X))

    def predict(self, params: Array, X: Any) -> Array:
        """Probabilities, or the numbers themselves, (m, outputs)."""
        return self._engine.predict(*self._same(params, X))

    def cost(self, params: Array, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The mean loss of all examples plus the penalty."""
        return self.cost_and_gradient(params, X, y, sample_weight)[0]

    def backward(self, params: Array, X: Any, y: Any, sample_weight: Any = None) -> Array:
        """The gradient of the cost, as flat as the parameters."""
        return self.cost_and_gradient(params, X, y, sample_weight)[1]

    def cost_and_gradient(self, params: Array, X: Any, y: Any, sample_weight: Any = None) -> tuple[float, Array]:
        """Both from one pass; with dropout, masks are those of the first step of `seed` 0."""
        params, X = self._same(params, X)
        weights = None if sample_weight is None else np.asarray(sample_weight, np.float64)
        training = _core.Training(json.dumps(self.settings), X, targets(y, self.outputs, self.settings, X), weights)
        cost, _, gradient = training.cost_and_gradient(params)
        return cost, gradient

    def _params(self, params: Any) -> Array:
        params = np.asarray(params)
        if params.shape != (self.size,):
            raise ValueError(f"params: expected the shape ({self.size},), got {params.shape}")
        return params

    def _same(self, params: Any, X: Any) -> tuple[Array, Array]:
        params, X = self._params(params), rows(X)
        dtype = np.float32 if params.dtype == np.float32 else np.float64
        return np.ascontiguousarray(params, dtype), X.astype(dtype, copy=False)


def rows(X: Any) -> Array:
    """Examples as an array of two dimensions of floating-point numbers."""
    X = np.asarray(X)
    if X.ndim != 2 or X.dtype.kind not in "buif":
        raise ValueError(
            f"X: expected an array of real numbers of two dimensions, a row for each example, got {X.dtype} {X.shape}"
        )
    return X if X.dtype in (np.float32, np.float64) else X.astype(np.float64)


def targets(y: Any, outputs: int, settings: Settings, X: Array) -> Any:
    """Y as the engine reads it: numbers (m, outputs), or a class each."""
    y = np.asarray(y)
    if y.dtype.kind not in "buif":
        raise ValueError(f"y: expected numbers, got {y.dtype}; classes count from 0 here")
    if settings["loss"] == _CLASSES and y.ndim == 1:
        classes = y.astype(np.int64)
        if (classes != y).any():
            raise ValueError("y: expected a class each, from 0 on, or a row of shares")
        return classes, outputs
    y = np.atleast_1d(y).astype(X.dtype)
    y = y[:, None] if y.ndim == 1 else y
    if y.shape != (len(X), outputs):
        raise ValueError(f"y: expected the shape {(len(X), outputs)}, got {y.shape}")
    return y


class Optimizer:
    """An update rule, step by step, on parameters of any kind.

    Parameters
    ----------
    rule : str or dict
        'gradient-descent', 'momentum', 'nesterov', 'heavy-ball', 'rms-prop', 'adam', 'adam-w', or with numbers:
        `{"adam": {"beta1": 0.8}}`.
    like : array, sequence of arrays, or dict of arrays
        Parameters of the kind that is to be trained. Weight decay pulls on parts whose name begins with W.
    learning_rate : float, default=0.001

    Examples
    --------
    >>> import numpy as np
    >>> w = np.array([3.0, -2.0])
    >>> adam = Optimizer("adam", w, learning_rate=0.1)
    >>> adam.step(w, 2 * w)
    array([ 2.9, -1.9])
    """

    def __init__(self, rule: Any, like: Any, learning_rate: float = 0.001) -> None:
        self.learning_rate = float(learning_rate)
        self._parts = Parts(like, "parameters")
        settings = {"optimizer": rule, "learning_rate": self.learning_rate}
        self._rule = _core.Rule(json.dumps(settings), self._parts.layout)

    def step(self, params: Any, gradient: Any) -> Any:
        """The parameters behind one step against the gradient; the rule remembers it."""
        flat = self._rule.step(self._parts.flat(params), self._parts.flat(gradient, "gradient"), self.learning_rate)
        return self._parts.like(flat)
