"""Whatever comes in, the course's functions answer or raise ValueError or TypeError, and the grader answers."""

from __future__ import annotations

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from nablab import course
from nablab.course._exercises import EXERCISES

MODULES = [course.initialization, course.regularization, course.gradient_checking, course.optimization]
FUNCTIONS = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": getattr(module, name)
    for module in MODULES
    for name in module.__all__
    if name not in ("model", "load_dataset")
}

NUMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.integers(-(2**70), 2**70).filter(lambda n: abs(n) > 2**33),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=3),
    st.complex_numbers(max_magnitude=3),
)
ARRAYS = st.one_of(
    arrays.arrays(
        st.sampled_from(["float64", "float32", "int8", "bool", "complex64", "U2", "O", "float16", ">f8"]),
        arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
    # Of other strides.
    st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda shape: np.ones((2 * shape[0], 3 * shape[1]))[::2, ::-3]),
    st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda shape: np.asfortranarray(np.random.rand(*shape))),
)
NAMES = [f"{letter}{n}" for n in (1, 2, 3) for letter in "Wb"]
DICTIONARIES = st.dictionaries(
    st.sampled_from([*NAMES, *(f"d{name}" for name in NAMES), "x"]), st.one_of(ARRAYS, NUMBERS), max_size=14
)
ANYTHING = st.one_of(
    NUMBERS,
    ARRAYS,
    DICTIONARIES,
    st.lists(st.one_of(NUMBERS, ARRAYS), max_size=14),
    st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=3),
)

QUIET = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def quietly(function: Callable[..., object], *arguments: object) -> object:
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments)


@pytest.mark.parametrize("name", FUNCTIONS)
@QUIET
@given(data=st.data())
def test_a_function_answers_or_says_what_is_wrong(name: str, data: st.DataObject) -> None:
    function = FUNCTIONS[name]
    count = len(inspect.signature(function).parameters)
    arguments = [data.draw(ANYTHING) for _ in range(count)]
    try:
        quietly(function, *arguments)
    except (TypeError, ValueError) as error:
        assert str(error)


@pytest.mark.parametrize("module", [course.initialization, course.regularization, course.optimization])
@QUIET
@given(data=st.data())
def test_a_training_answers_or_says_what_is_wrong(module: ModuleType, data: st.DataObject) -> None:
    names = list(inspect.signature(module.model).parameters)
    arguments = {name: data.draw(ANYTHING) for name in names if data.draw(st.booleans())}
    usual = {"X": np.random.rand(2, 5), "Y": np.ones((1, 5)), "layers_dims": [2, 3, 2, 1], "optimizer": "adam"}
    arguments = {**{name: value for name, value in usual.items() if name in names}, **arguments}
    arguments["num_epochs" if "num_epochs" in names else "num_iterations"] = data.draw(
        st.sampled_from([2, 0, -1, None, 1.5])
    )
    try:
        quietly(lambda: module.model(**arguments))
    except (TypeError, ValueError) as error:
        assert str(error)


@pytest.mark.parametrize("name", EXERCISES)
@QUIET
@given(
    returned=st.one_of(ANYTHING, st.tuples(ANYTHING, ANYTHING), st.tuples(ANYTHING, ANYTHING, ANYTHING)),
    variant=st.integers(0, 3),
)
def test_the_grader_answers(name: str, returned: object, variant: int) -> None:
    report = course.check({name: lambda *_: returned}, variant)
    assert report.checked == (name,) and isinstance(str(report), str) and report._repr_html_()


@pytest.mark.parametrize("dtype", ["float32", ">f8", "int64"])
def test_numbers_of_other_types_are_the_same_numbers(dtype: str) -> None:
    X, Y = np.arange(10).reshape(2, 5).astype(dtype), np.array([[1, 0, 1, 1, 0]])
    parameters = course.initialization.initialize_parameters_he([2, 4, 3, 1])
    expected, _ = course.initialization.forward_propagation(np.arange(10.0).reshape(2, 5), parameters)
    for given_X in (X, np.asfortranarray(X), X.tolist()):
        a3, _ = course.initialization.forward_propagation(given_X, parameters)
        assert np.array_equal(a3, expected)
    assert course.optimization.compute_cost(expected, Y.astype(dtype)) == course.optimization.compute_cost(expected, Y)
