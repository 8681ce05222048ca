"""Whatever comes in, an estimator answers with an estimator or with an error of Python's: it never panics."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from nablab import MLPClassifier, MLPRegressor, Network, gradcheck

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6)
ARRAYS = some.one_of(
    arrays.arrays(np.float64, SHAPES),
    arrays.arrays(np.float32, SHAPES, elements=some.floats(width=32)),
    arrays.arrays(np.int64, SHAPES),
    arrays.arrays(np.bool_, SHAPES),
    arrays.arrays(np.complex128, SHAPES),
    arrays.arrays("U3", SHAPES),
    SHAPES.map(lambda shape: np.full(shape, None, dtype=object)),
)


@QUIET
@given(x=ARRAYS, y=ARRAYS, name=some.sampled_from(["C", "R"]))
def test_any_arrays_are_taken_or_refused(x: Any, y: Any, name: str) -> None:
    kind = MLPClassifier if name == "C" else MLPRegressor
    model = kind(hidden_layer_sizes=(3,), max_iter=2, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model.fit(x, y)
        except (ValueError, TypeError):
            return
        assert len(model.predict(x)) == len(x)


@QUIET
@given(x=ARRAYS)
def test_any_array_is_predicted_or_refused(x: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = MLPClassifier((3,), max_iter=2, random_state=0).fit([[0.0, 1.0], [1.0, 0.0]], [0, 1])
        try:
            answers = model.predict(x)
        except (ValueError, TypeError):
            return
    assert len(answers) == len(x)


@QUIET
@given(
    rows=some.integers(1, 9),
    step=some.sampled_from([1, -1, 2, -3]),
    order=some.sampled_from(["C", "F"]),
    kind=some.sampled_from([np.float32, np.float64]),
)
def test_strides_change_nothing(rows: int, step: int, order: Any, kind: Any) -> None:
    whole = np.asarray(np.random.RandomState(rows).randn(rows * abs(step), 4), kind, order=order)
    view = whole[::step, ::2]
    net = Network(2, [3], 2)
    params = net.init(seed=1, dtype=kind)
    np.testing.assert_array_equal(net.predict(params, view), net.predict(params, np.array(view, order="C")))


def askew(array: Any) -> Any:
    """The same numbers, which begin at an odd byte."""
    return np.frombuffer(b"\0" + array.tobytes(), array.dtype, offset=1).reshape(array.shape)


def in_records(array: Any) -> Any:
    """The same numbers, with five bytes between them."""
    records = np.zeros(array.shape, [("before", "S5"), ("number", array.dtype)])
    records["number"] = array
    return records["number"]


@pytest.mark.parametrize("lie", [askew, in_records])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_numbers_need_not_begin_where_the_processor_reads_them(lie: Any, kind: Any) -> None:
    x = np.random.RandomState(0).randn(9, 2).astype(kind)
    y = (x[:, 0] > 0).astype(np.int64)
    assert not lie(x).flags.aligned
    net = Network(2, [3])
    params = net.init(seed=1, dtype=kind)
    np.testing.assert_array_equal(net.predict(lie(params), lie(x)), net.predict(params, x))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = MLPRegressor(max_iter=2, random_state=0).fit(x, x[:, 0])
        np.testing.assert_array_equal(MLPRegressor(max_iter=2, random_state=0).fit(lie(x), lie(x[:, 0])).predict(lie(x)), plain.predict(x))
        plain = MLPClassifier(max_iter=2, random_state=0).fit(x, y, sample_weight=x[:, 1] ** 2)
        other = MLPClassifier(max_iter=2, random_state=0).fit(lie(x), lie(y), sample_weight=lie(x[:, 1] ** 2))
        np.testing.assert_array_equal(other.predict_proba(lie(x)), plain.predict_proba(x))
    theta = np.array([1.0, -2.0])
    assert gradcheck(lambda w: float(w @ w), lie(2 * theta), lie(theta)).difference < 1e-6


@QUIET
@given(theta=ARRAYS, gradient=ARRAYS)
def test_any_gradient_is_checked_or_refused(theta: Any, gradient: Any) -> None:
    def bowl(w: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.sum(np.asarray(w, float) ** 2)

    try:
        report = gradcheck(bowl, gradient, theta)
    except (ValueError, TypeError):
        return
    assert isinstance(str(report), str)


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize("size", [2**31, 2**62])
def test_a_network_that_no_memory_holds_is_refused(kind: Any, size: int) -> None:
    with pytest.raises((MemoryError, ValueError)):
        kind(hidden_layer_sizes=(size, size)).fit([[0.0], [1.0]], [0, 1])
