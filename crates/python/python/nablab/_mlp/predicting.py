"""Parameters and predictions: scikit-learn's arrays, and the engine's network that reads them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from sklearn.neural_network._multilayer_perceptron import BaseMultilayerPerceptron
from sklearn.utils.validation import check_is_fitted, validate_data

from .. import _core
from .._gaps import unmasked
from .parameters import Array, Parameters
from .settings import hidden_layers

#: What a network's outputs are, by scikit-learn's name of its last activation, and the loss that goes with it.
LOSSES = {
    "identity": "squared-error",
    "logistic": "sigmoid-cross-entropy",
    "softmax": "softmax-cross-entropy",
    "exp": "poisson",
}


class Predicting(BaseMultilayerPerceptron):
    """What an estimator with ``coefs_`` and ``intercepts_`` predicts."""

    def _network(self) -> _core.Network:
        """The network of the shapes of ``coefs_``."""
        return self._network_of([len(self.coefs_[0]), *map(len, self.intercepts_)])

    def _network_of(self, sizes: list[int]) -> _core.Network:
        """The network of so many inputs, units of each hidden layer, and outputs."""
        layers = hidden_layers(self, sizes[1:-1])
        settings = {"hidden": layers, "loss": LOSSES[self.out_activation_]}
        return _core.Network(json.dumps(settings), sizes[0], sizes[-1])

    def _predictor(self) -> tuple[_core.Network, Array]:
        """The network and its flat parameters, which are those of ``coefs_`` and ``intercepts_`` by now."""
        state = self.__dict__
        parameters = state.get("_parameters")
        if (
            parameters is None
            or not parameters.are(state["coefs_"], state["intercepts_"])
            or state["_engine_activation"] != state["activation"]
        ):
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
        self._engine, self._parameters, self._engine_activation = network, parameters, self.activation
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
            state["_sizes"] = [len(self.coefs_[0]), *map(len, self.intercepts_)]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        flat, sizes = state.pop("_flat", None), state.pop("_sizes", None)
        super().__setstate__(state)
        if flat is not None:
            network = self._network_of(sizes)
            self._show(network, Parameters(network.layout(), flat))

    def _require_fit(self) -> None:
        """As `check_is_fitted`, which alone takes longer than the prediction of a row."""
        if "coefs_" not in self.__dict__:
            check_is_fitted(self)

    def _forward_pass_fast(self, X: Any, check_input: bool = True) -> Array:
        network, flat = self._predictor()
        if type(X) is np.ndarray and X.dtype == flat.dtype and X.ndim == 2 and not hasattr(self, "feature_names_in_"):
            try:
                return network.predict(flat, X)
            except ValueError:
                pass  # Below it is said in scikit-learn's words what is wrong with it.
        if check_input:
            X = validate_data(self, unmasked(X), accept_sparse=["csr", "csc"], reset=False)
        return network.predict(flat, np.asarray(dense(X), flat.dtype))

    def _layers(self, X: Any) -> list[Array]:
        """What each hidden layer gives to the next, (m, units), and the logits."""
        self._require_fit()
        network, flat = self._predictor()
        X = validate_data(self, unmasked(X), accept_sparse=["csr", "csc"], reset=False)
        return network.forward(flat, np.asarray(dense(X), flat.dtype))


def dense(X: Any) -> Array:
    """An array of a sparse matrix; arrays as they are."""
    return X.toarray() if hasattr(X, "toarray") else X
