"""Each function of the course that is graded: how it is called on the library's numbers, and which arrays it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from . import initialization, regularization
from ._arrays import LAYERS, Parameters
from ._call import Call, Refused
from ._returned import (
    W_AND_B,
    Given,
    Handed,
    from_cache,
    from_dictionary,
    kind_of,
    numbers,
    parts,
)


@dataclass(frozen=True)
class Exercise:
    """A function of the course.

    Attributes
    ----------
    key : str
        The library's name of its problem.
    names : tuple of str
        Its arguments.
    run : callable
        Calls it with the numbers that are given, and says which arrays came.
    may_replace : tuple of str
        Dictionaries whose entries it replaces, as in the course.
    """

    key: str
    names: tuple[str, ...]
    run: Callable[[Call, Given], Handed]
    may_replace: tuple[str, ...] = ()


def number(given: Given, name: str) -> float:
    """A single number of a problem."""
    return float(given[name].reshape(()))


def parameters_of(given: Given, names: Iterable[str] = W_AND_B, before: str = "") -> Parameters:
    """A dictionary of the arrays that are given under these names, with something before each."""
    return {name: given[f"{before}{name}"] for name in names if f"{before}{name}" in given}


CACHE = [name for n in range(1, LAYERS + 1) for name in (f"Z{n}", f"A{n}", f"W{n}", f"b{n}")]
DROPOUT_CACHE = [
    name
    for n in range(1, LAYERS + 1)
    for name in ([f"Z{n}", f"D{n}", f"A{n}"] if n < LAYERS else [f"Z{n}", f"A{n}"]) + [f"W{n}", f"b{n}"]
]
GRADIENT = [f"d{name}" for name in W_AND_B]
ON_THE_WAY = [f"d{name}{n}" for n in range(1, LAYERS + 1) for name in "ZAza" if f"{name}{n}".upper() != f"A{LAYERS}"]


def initialize(call: Call, given: Given) -> Handed:
    sizes = [int(size) for size in given["sizes"]]
    names = [f"{letter}{n}" for n in range(1, len(sizes)) for letter in "Wb"]
    return from_dictionary(call(sizes), names)


def forward(call: Call, given: Given) -> Handed:
    a3, cache = parts(call(given["X"], parameters_of(given)), "a3", "cache")
    return {**from_cache(cache, given, CACHE), "A3": numbers(a3, "a3")}


def forward_n(call: Call, given: Given) -> Handed:
    cost, cache = parts(call(given["X"], given["Y"], parameters_of(given)), "cost", "cache")
    return {**from_cache(cache, given, CACHE), "J": numbers(cost, "cost")}


def forward_with_dropout(call: Call, given: Given) -> Handed:
    a3, cache = parts(call(given["X"], parameters_of(given), number(given, "keep1")), "A3", "cache")
    return {**from_cache(cache, given, DROPOUT_CACHE), "A3": numbers(a3, "A3")}


def cost(call: Call, given: Given) -> Handed:
    a3, _ = initialization.forward_propagation(given["X"], parameters_of(given))
    return {"J": numbers(call(a3, given["Y"]), "cost")}


def cost_with_regularization(call: Call, given: Given) -> Handed:
    a3, _ = initialization.forward_propagation(given["X"], parameters_of(given))
    return {"J": numbers(call(a3, given["Y"], parameters_of(given), number(given, "lambda")), "cost")}


def backward(call: Call, given: Given) -> Handed:
    _, cache = initialization.forward_propagation(given["X"], parameters_of(given))
    return from_dictionary(call(given["X"], given["Y"], cache), GRADIENT, ON_THE_WAY)


def backward_with_regularization(call: Call, given: Given) -> Handed:
    _, cache = initialization.forward_propagation(given["X"], parameters_of(given))
    return from_dictionary(call(given["X"], given["Y"], cache, number(given, "lambda")), GRADIENT, ON_THE_WAY)


def backward_with_dropout(call: Call, given: Given) -> Handed:
    cache, keep = (
        regularization.cache_with_masks(
            given["X"], parameters_of(given), [given["D1"], given["D2"]], number(given, "keep1")
        ),
        number(given, "keep1"),
    )
    return from_dictionary(call(given["X"], given["Y"], cache, keep), GRADIENT, ON_THE_WAY)


def line_cost(call: Call, given: Given) -> Handed:
    return {"J": numbers(call(number(given, "x"), number(given, "theta")), "J")}


def line_derivative(call: Call, given: Given) -> Handed:
    return {"dtheta": numbers(call(number(given, "x"), number(given, "theta")), "dtheta")}


def line_check(call: Call, given: Given) -> Handed:
    return {"difference": numbers(call(*(number(given, name) for name in ("x", "theta", "epsilon"))), "difference")}


def network_check(call: Call, given: Given) -> Handed:
    gradients = parameters_of(given, GRADIENT)
    returned = call(parameters_of(given), gradients, given["X"], given["Y"], number(given, "epsilon"))
    return {"difference": numbers(returned, "difference")}


TWO_LAYERS = W_AND_B[:4]


def gradient_descent(call: Call, given: Given) -> Handed:
    grads = {f"d{name}": given[f"d{name}_3"] for name in TWO_LAYERS}
    return from_dictionary(call(parameters_of(given, TWO_LAYERS), grads, number(given, "alpha")), TWO_LAYERS)


def momentum(call: Call, given: Given) -> Handed:
    parameters, v = parameters_of(given, TWO_LAYERS), {f"d{name}": given[f"v_d{name}"] for name in TWO_LAYERS}
    for t in (3, 4):
        grads = {f"d{name}": given[f"d{name}_{t}"] for name in TWO_LAYERS}
        returned = parts(call(parameters, grads, v, number(given, "beta"), number(given, "alpha")), "parameters", "v")
        parameters, v = from_dictionary(returned[0], TWO_LAYERS), _remembered(returned[1], "v")
    return {**parameters, **{f"v_{name}": value for name, value in v.items()}}


def adam(call: Call, given: Given) -> Handed:
    parameters = parameters_of(given, TWO_LAYERS)
    v, s = ({f"d{name}": given[f"{letter}_d{name}"] for name in TWO_LAYERS} for letter in "vs")
    settings = [number(given, name) for name in ("alpha", "beta1", "beta2", "epsilon")]
    for t in (3, 4):
        grads = {f"d{name}": given[f"d{name}_{t}"] for name in TWO_LAYERS}
        returned = parts(call(parameters, grads, v, s, t, *settings), "parameters", "v", "s")
        parameters = from_dictionary(returned[0], TWO_LAYERS)
        v, s = _remembered(returned[1], "v"), _remembered(returned[2], "s")
    moments = {f"{letter}_{name}": value for letter, of in (("v", v), ("s", s)) for name, value in of.items()}
    return {**parameters, **moments}


def initialize_velocity(call: Call, given: Given) -> Handed:
    v = _remembered(call(parameters_of(given, TWO_LAYERS)), "v")
    return {f"v_{name}": value for name, value in v.items()}


def initialize_adam(call: Call, given: Given) -> Handed:
    v, s = parts(call(parameters_of(given, TWO_LAYERS)), "v", "s")
    both = (("v", _remembered(v, "v")), ("s", _remembered(s, "s")))
    return {f"{letter}_{name}": value for letter, of in both for name, value in of.items()}


def _remembered(returned: object, name: str) -> Handed:
    return from_dictionary(returned, [f"d{parameter}" for parameter in TWO_LAYERS], name=name)


BATCH_SEED = 0
MOST_BATCHES = 7


def mini_batches(call: Call, given: Given) -> Handed:
    size = int(number(given, "size"))
    returned = call(given["X"], given["Y"], size, BATCH_SEED)
    if not isinstance(returned, (list, tuple)) or not returned:
        kind = kind_of(returned)
        raise Refused(
            f"it returned {kind.en}; expected a list of mini-batches (X, Y)", f"返回的是{kind.zh}；应为由小批量 (X, Y) 组成的列表"
        )
    if len(returned) > MOST_BATCHES:
        wanted = -(-given["X"].shape[1] // size)
        m = given["X"].shape[1]
        raise Refused(
            f"it returned {len(returned)} mini-batches; {m} examples in batches of {size} make {wanted}",
            f"返回了 {len(returned)} 个小批量；{m} 个样本，每批 {size} 个，应为 {wanted} 批",
        )
    handed: Handed = {}
    for n, batch in enumerate(cast("Sequence[object]", returned), 1):
        x, y = parts(batch, "mini_batch_X", "mini_batch_Y")
        handed.update({f"X{n}": numbers(x, f"X{n}"), f"Y{n}": numbers(y, f"Y{n}")})
    return handed


_PASS = ("X", "parameters")
_BACK = ("X", "Y", "cache")
_LINE = ("x", "theta")
_UPDATE = ("parameters", "grads")

EXERCISES: dict[str, list[Exercise]] = {
    "initialize_parameters_zeros": [Exercise("initialize-zeros", ("layers_dims",), initialize)],
    "initialize_parameters_random": [Exercise("initialize-random", ("layers_dims",), initialize)],
    "initialize_parameters_he": [Exercise("initialize-he", ("layers_dims",), initialize)],
    "forward_propagation": [Exercise("forward", _PASS, forward), Exercise("line-cost", _LINE, line_cost)],
    "compute_loss": [Exercise("cost", ("a3", "Y"), cost)],
    "compute_cost": [Exercise("cost", ("a3", "Y"), cost)],
    "backward_propagation": [
        Exercise("backward", _BACK, backward),
        Exercise("line-derivative", _LINE, line_derivative),
    ],
    "update_parameters": [Exercise("gradient-descent", (*_UPDATE, "learning_rate"), gradient_descent, ("parameters",))],
    "compute_cost_with_regularization": [
        Exercise("cost-with-regularization", ("A3", "Y", "parameters", "lambd"), cost_with_regularization)
    ],
    "backward_propagation_with_regularization": [
        Exercise("backward-with-regularization", (*_BACK, "lambd"), backward_with_regularization)
    ],
    "forward_propagation_with_dropout": [Exercise("forward-with-dropout", (*_PASS, "keep_prob"), forward_with_dropout)],
    "backward_propagation_with_dropout": [
        Exercise("backward-with-dropout", (*_BACK, "keep_prob"), backward_with_dropout)
    ],
    "gradient_check": [Exercise("line-check", (*_LINE, "epsilon"), line_check)],
    "forward_propagation_n": [Exercise("forward-with-cost", ("X", "Y", "parameters"), forward_n)],
    "backward_propagation_n": [Exercise("backward", _BACK, backward)],
    "gradient_check_n": [Exercise("network-check", ("parameters", "gradients", "X", "Y", "epsilon"), network_check)],
    "update_parameters_with_gd": [
        Exercise("gradient-descent", (*_UPDATE, "learning_rate"), gradient_descent, ("parameters",))
    ],
    "random_mini_batches": [Exercise("mini-batches", ("X", "Y", "mini_batch_size", "seed"), mini_batches)],
    "initialize_velocity": [Exercise("initialize-velocity", ("parameters",), initialize_velocity)],
    "update_parameters_with_momentum": [
        Exercise("momentum", (*_UPDATE, "v", "beta", "learning_rate"), momentum, ("parameters", "v"))
    ],
    "initialize_adam": [Exercise("initialize-adam", ("parameters",), initialize_adam)],
    "update_parameters_with_adam": [
        Exercise(
            "adam",
            (*_UPDATE, "v", "s", "t", "learning_rate", "beta1", "beta2", "epsilon"),
            adam,
            ("parameters", "v", "s"),
        )
    ],
}
"""By the course's name; where two assignments use one name, the first is that of a network."""
