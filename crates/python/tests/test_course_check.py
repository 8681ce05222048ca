"""The grader: a right solution is right, and each planted mistake is named at its place."""

from __future__ import annotations

import re
import types
from pathlib import Path
from typing import Any

import course_solution
import numpy as np
import pytest
from nablab import course
from nablab.course._exercises import EXERCISES

TEXT = Path(course_solution.__file__).read_text(encoding="utf-8")


def planted(name: str, old: str, new: str) -> dict[str, Any]:
    """A copy of the solution in which a piece of one function is another."""
    start = TEXT.index(f"def {name}(")
    end = TEXT.find("\ndef ", start + 1)
    end = len(TEXT) if end < 0 else end
    own = TEXT[start:end]
    assert old in own, f"{old!r} is no part of {name}"
    namespace: dict[str, Any] = {}
    exec(compile(TEXT[:start] + own.replace(old, new) + TEXT[end:], "student.py", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("variant", [0, 1, 5, 12])
def test_a_right_solution_is_right(variant: int) -> None:
    report = course.check(course_solution, variant)
    assert report.ok and not report.findings, str(report)
    assert set(report.checked) == {name for name in vars(course_solution) if name in EXERCISES}


@pytest.mark.parametrize(
    "module", [course.initialization, course.regularization, course.gradient_checking, course.optimization]
)
def test_the_library_s_own_functions_are_right(module: types.ModuleType) -> None:
    report = course.check(module)
    assert report.ok and not report.findings, str(report)


# Function, what stands there, what is planted in its place, the mistake's name, and a place of it.
MISTAKES = [
    ("initialize_parameters_zeros", "np.zeros((layers_dims[l], layers_dims", "np.ones((layers_dims[l], layers_dims", "ones", "W"),
    ("initialize_parameters_zeros", "(layers_dims[l], layers_dims[l - 1])", "(layers_dims[l - 1], layers_dims[l])", "transposed", "W1"),
    ("initialize_parameters_random", " * 10", "", "unscaled", "W1"),
    ("initialize_parameters_random", " * 10", " * 0.01", "fixed-scale", "W1"),
    ("initialize_parameters_he", "np.sqrt(2 / layers_dims[l - 1])", "(2 / layers_dims[l - 1])", "missing-root", "W1"),
    ("initialize_parameters_he", "np.sqrt(2 / ", "np.sqrt(1 / ", "is-lecun", "W1"),
    ("initialize_parameters_he", "np.sqrt(2 / layers_dims[l - 1])", "np.sqrt(2 / layers_dims[l])", "outputs-for-inputs", "W2"),
    ("initialize_parameters_he", "np.zeros", "np.ones", "biases-not-zero", "b1"),
    ("forward_propagation", "A2 = relu(Z2)", "A2 = Z2", "missing-activation", "A2"),
    ("forward_propagation", "A1 = relu(Z1)", "A1 = np.tanh(Z1)", "is-tanh", "A1"),
    ("forward_propagation", "A3 = sigmoid(Z3)", "A3 = relu(Z3)", "is-relu", "A3"),
    ("forward_propagation", "np.dot(W2, A1) + b2", "np.dot(W2, A1)", "missing-bias", "Z2"),
    ("forward_propagation", "np.dot(W3, A2)", "np.dot(W3, Z2)", "input-before-activation", "Z3"),
    ("compute_cost", "1 / m * ", "", "missing-mean", "J"),
    ("compute_cost", " + np.multiply(-np.log(1 - A3), 1 - Y)", "", "missing-second-term", "J"),
    ("compute_cost", "1 / m *", "-1 / m *", "sign", "J"),
    ("backward_propagation", "(A3 - Y)", "(Y - A3)", "sign", "dZ3"),
    ("backward_propagation", "np.multiply(da2, np.int64(A2 > 0))", "da2", "missing-derivative", "dZ2"),
    ("backward_propagation", "np.dot(dz2, A1.T)", "np.dot(dz2, Z1.T)", "input-before-activation", "dW2"),
    ("backward_propagation", "np.dot(W2.T, dz2)", "np.dot(W2, dz2)", "weights-not-transposed", "dA1"),
    ("backward_propagation", "db1 = np.sum(dz1, axis=1, keepdims=True)", "db1 = np.sum(dz1, axis=0, keepdims=True)", "bias-other-axis", "db1"),
    ("compute_cost_with_regularization", "(2 * m)", "m", "penalty-not-halved", "J"),
    ("compute_cost_with_regularization", " + np.sum(np.square(W3))", "", "penalty-of-layer-missing", "J"),
    ("backward_propagation_with_regularization", " + lambd / m * W2", "", "missing-penalty", "dW2"),
    ("backward_propagation_with_regularization", "lambd / m * W1", "lambd / (2 * m) * W1", "penalty-halved", "dW1"),
    ("backward_propagation_with_regularization", "dW3 = 1 / m * np.dot", "dW3 = np.dot", "missing-mean", "dW3"),
    ("forward_propagation_with_dropout", "D1 = D1 < keep_prob", "D1 = D1 > keep_prob", "mask-inverted", "D1"),
    ("forward_propagation_with_dropout", "    A1 = A1 / keep_prob\n", "", "mask-not-scaled", "A1"),
    ("forward_propagation_with_dropout", "    A2 = A2 * D2\n    A2 = A2 / keep_prob\n", "", "missing-mask", "A2"),
    ("forward_propagation_with_dropout", "A2 = A2 / keep_prob", "A2 = A2 * keep_prob", "mask-multiplied", "A2"),
    ("forward_propagation_with_dropout", "np.random.rand(", "np.random.randn(", "mask-of-normal-numbers", "D1"),
    ("backward_propagation_with_dropout", "    dA1 = dA1 / keep_prob\n", "", "mask-not-scaled", "dA1"),
    ("backward_propagation_with_dropout", "    dA2 = dA2 * D2\n    dA2 = dA2 / keep_prob\n", "", "missing-mask", "dA2"),
    ("backward_propagation_with_dropout", "dA1 * D1", "dA1 * D2", "mask-of-another-layer", "dA1"),
    ("gradient_check", "/ (2 * epsilon)", "/ epsilon", "missing-half", "gradapprox"),
    ("gradient_check_n", "np.copy(parameters_values)", "parameters_values", "not-copied", "gradapprox"),
    ("gradient_check_n", " / (np.linalg.norm(grad) + np.linalg.norm(gradapprox))", "", "missing-denominator", "difference"),
    ("gradient_check_n", "- epsilon", "- 0", "not-copied", "gradapprox"),
    ("forward_propagation_n", "return compute_cost(A3, Y)", "return -compute_cost(A3, Y)", "sign", "J"),
    ("update_parameters_with_gd", '] - learning_rate * grads["dW', '] + learning_rate * grads["dW', None, "W1"),
    ("update_parameters_with_gd", "range(L)", "range(L - 1)", "layer-not-updated", "W2"),
    ("update_parameters_with_gd", "learning_rate * ", "", "missing-rate", "W"),
    ("random_mini_batches", "    if m % mini_batch_size != 0:", "    if False:", "last-dropped", "X3"),
    ("random_mini_batches", "Y[:, permutation]", "Y", "targets-not-shuffled", "Y1"),
    ("random_mini_batches", "list(np.random.permutation(m))", "list(range(m))", "not-shuffled", "X"),
    ("initialize_velocity", "np.zeros(value.shape)", "value", "copied", "v"),
    ("update_parameters_with_momentum", "(1 - beta) * ", "", "missing-share", "v"),
    ("update_parameters_with_momentum", "learning_rate * v[", "learning_rate * grads[", "velocity-unused", "W"),
    ("initialize_adam", "return initialize_velocity(parameters), ", "return {'d' + k: p for k, p in parameters.items()}, ", "copied", "v"),
    ("update_parameters_with_adam", "s_corrected = s[\"d\" + name] / (1 - beta2**t)", 's_corrected = s["d" + name]', "missing-correction", "s"),
    ("update_parameters_with_adam", "(np.sqrt(s_corrected) + epsilon)", "np.sqrt(s_corrected + epsilon)", "epsilon-inside", "W"),
    ("update_parameters_with_adam", "* g**2", "* g", "not-squared", "s"),
    ("update_parameters_with_adam", "(1 - beta1**t)", "(1 - beta1)", None, "W1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "mistake", "place"), MISTAKES)
def test_a_planted_mistake_is_named(name: str, old: str, new: str, mistake: str | None, place: str) -> None:
    functions = planted(name, old, new)
    report = course.check({name: functions[name]})
    (finding,) = report.findings
    assert not report.ok and finding.kind == "wrong" and finding.function == name, str(report)
    assert finding.arguments and (finding.places or finding.mistakes)
    if mistake is None:
        # No single mistake of the list: the arrays that are wrong are named.
        assert place in {wrong.name for wrong in finding.places}, str(report)
        return
    made = [mistake for way in finding.mistakes for mistake in way]
    assert any(one.key == mistake and place in one.places for one in made), str(report)
    assert all(one.what in str(report) for one in made)


def test_the_entry_that_is_wrong_is_told() -> None:
    functions = planted("backward_propagation", "dW2 = np.dot(dz2, A1.T)", "dW2 = np.dot(dz2, A1.T); dW2[1, 2] += 0.5")
    (finding,) = course.check([functions["backward_propagation"]]).findings
    (place,) = finding.places
    assert (place.name, place.entry) == ("dW2", "[1, 2]")
    assert place.got is not None and place.expected is not None
    assert place.got == pytest.approx(place.expected + 0.5)
    assert "on X (4, 6), Y (1, 6), cache of 12 arrays" in str(course.check([functions["backward_propagation"]]))


def test_of_what_nothing_explains_it_is_told_where_to_begin() -> None:
    functions = planted("update_parameters_with_adam", "(1 - beta1**t)", "(1 - beta1)")
    report = str(course.check([functions["update_parameters_with_adam"]]))
    assert "v_dW1  right" in report and "look at the step that is made with it" in report
    functions = planted("update_parameters_with_adam", "beta2) * g**2", "beta2) * g**4")
    assert "begin with s_dW1" in str(course.check([functions["update_parameters_with_adam"]]))


def test_an_exception_is_told_with_function_line_and_input() -> None:
    functions = planted("backward_propagation", "np.dot(W3.T, dz3)", "np.dot(W3, dz3)")
    report = course.check(functions)
    (finding,) = report.of("backward_propagation")
    assert (
        finding.kind == "raised"
        and "ValueError: shapes (1,3) and (1,6) not aligned" in finding.what
        and "line " in finding.what
    )
    assert finding.on.startswith("X (4, 6)")
    # Of the other functions nothing is said, which are right.
    assert {finding.function for finding in report.findings} == {"backward_propagation"}


def test_a_function_that_exits_or_takes_other_arguments_is_told() -> None:
    def compute_cost(a3: Any) -> float:
        return 0.0

    (finding,) = course.check([compute_cost]).findings
    assert finding.kind == "raised" and "TypeError" in finding.what

    def initialize_velocity(parameters: Any) -> None:
        raise SystemExit

    (finding,) = course.check([initialize_velocity]).findings
    assert finding.kind == "raised" and "SystemExit" in finding.what


def test_inputs_that_are_changed_are_told() -> None:
    functions = planted("backward_propagation_with_dropout", "    dA2 = dA2 * D2\n", "    dA2 *= D2\n    A3 -= Y\n")
    findings = course.check([functions["backward_propagation_with_dropout"]]).findings
    changed = [finding for finding in findings if finding.kind == "changes-input"]
    assert [finding.what.split("; ")[0] for finding in changed] == ["it changes what it is given: cache[11]"]
    # Replacing the entries of parameters is the task; writing into the arrays is allowed, and told.
    functions = planted(
        "update_parameters_with_momentum", "parameters[name] = parameters[name] - ", "parameters[name] -= "
    )
    report = course.check([functions["update_parameters_with_momentum"]])
    (finding,) = report.findings
    assert report.ok and finding.kind == "note" and 'parameters["W1"]' in finding.what
    functions = planted("forward_propagation", "    Z1 =", '    parameters["W4"] = 1\n    Z1 =')
    (finding,) = course.check([functions["forward_propagation"]]).findings
    assert finding.kind == "changes-input" and 'parameters["W4"]' in finding.what


# Function, what stands there, what is planted in its place, and what is said of what comes back.
REFUSED = [
    ("forward_propagation", "return A3, (", "return A3  # (", "it returned an array; expected a3, cache"),
    ("forward_propagation", "(Z1, A1, W1, b1, ", "(A1, W1, b1, ", "the cache has 11 entries; expected 12: (Z1, A1, W1"),
    ("forward_propagation", "(Z1, A1, W1, b1, ", "(Z1, A1, b1, W1, ", "cache[2] is not W1; expected (Z1, A1, W1"),
    ("backward_propagation", '"dW2": dW2, ', "", "dW2 missing in what it returned"),
    ("backward_propagation", '"dW2": dW2, ', '"dW2": dW2[:2, :2], ', "dW2: expected shape (3, 3), got (2, 2)"),
    ("backward_propagation", '"dW2": dW2, ', '"dW2": "dW2", ', "dW2: expected an array of real numbers, got str"),
    ("compute_cost", "return 1 / m * np.nansum(logprobs)", "1 / m * np.nansum(logprobs)", "cost is None, as what a function without return gives"),
    ("compute_cost", "return 1 / m", "return np.log(-1.0) / m", "J: expected a finite number, got NaN"),
    ("update_parameters_with_adam", "return parameters, v, s", "return parameters", "it returned a dict; expected parameters, v, s"),
    ("random_mini_batches", "return mini_batches", "return mini_batches * 9", "it returned 27 mini-batches; 148 examples in batches of 64 make 3"),
    ("random_mini_batches", "return mini_batches", "return [batch[0] for batch in mini_batches]", "expected mini_batch_X, mini_batch_Y"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), REFUSED)
def test_what_cannot_be_judged_is_told(name: str, old: str, new: str, told: str) -> None:
    functions = planted(name, old, new)
    (finding,) = course.check([functions[name]]).findings
    assert finding.kind == "returned" and told in finding.what, finding.what


def test_other_draws_are_right_and_told() -> None:
    functions = planted("forward_propagation_with_dropout", "np.random.seed(1)", "np.random.seed(8)")
    report = course.check([functions["forward_propagation_with_dropout"]])
    assert report.ok and [finding.kind for finding in report.findings] == ["note"], str(report)
    functions = planted("random_mini_batches", "np.random.seed(seed)", "np.random.seed(8)")
    report = course.check([functions["random_mini_batches"]])
    assert report.ok and "in another order than that of np.random.seed(0)" in str(report)


def in_chinese(functions: Any) -> course.Report:
    """The report in Chinese, in which no two English words follow one another."""
    report = course.check(functions, lang="zh")
    assert not re.search("[A-Za-z]{2,} [a-z]{2,}", str(report)), str(report)
    assert all(title in report._repr_html_() for title in ("函数", "结论", "原因"))
    return report


@pytest.mark.parametrize(("name", "old", "new"), [case[:3] for case in [*MISTAKES, *REFUSED]])
def test_verdicts_are_told_in_chinese_as_in_english(name: str, old: str, new: str) -> None:
    functions = {name: planted(name, old, new)[name]}
    said, english = in_chinese(functions), course.check(functions)
    for here, there in zip(said.findings, english.findings, strict=True):
        assert re.search("[一-鿿]", here.what) and (here.kind, here.places) == (there.kind, there.places)
        keys = [[[(one.key, one.places) for one in way] for way in of.mistakes] for of in (here, there)]
        assert keys[0] == keys[1]
        assert all(one.what in here.what for way in here.mistakes for one in way)


def test_what_goes_on_in_a_call_is_told_in_chinese() -> None:
    functions = planted("backward_propagation_with_dropout", "    dA2 = dA2 * D2\n", "    dA2 *= D2\n    A3 -= Y\n")
    assert "它改动了传入的参数：cache[11]" in str(in_chinese([functions["backward_propagation_with_dropout"]]))
    functions = planted("update_parameters_with_momentum", "parameters[name] = parameters[name] - ", "parameters[name] -= ")
    assert "它就地改写了" in str(in_chinese([functions["update_parameters_with_momentum"]]))
    functions = planted("random_mini_batches", "np.random.seed(seed)", "np.random.seed(8)")
    assert "正确，只是顺序与 np.random.seed(0) 和 np.random.permutation(m) 的不同" in str(in_chinese([functions["random_mini_batches"]]))
    assert "未检查" in str(in_chinese({"compute_costs": course_solution.compute_cost}))
    functions = planted("backward_propagation", "np.dot(W3.T, dz3)", "np.dot(W3, dz3)")
    (finding,) = course.check([functions["backward_propagation"]], lang="zh").findings
    assert finding.what.startswith("运行时抛出 ValueError: shapes") and "（第 " in finding.what
    with pytest.raises(ValueError, match="lang: expected 'en' or 'zh', got 'de'"):
        course.check(course_solution, lang="de")


def test_the_check_of_one_number_is_known_by_theta() -> None:
    def forward_propagation(x: float, theta: float) -> float:
        return x + theta

    (finding,) = course.check([forward_propagation]).findings
    assert [[one.key for one in way] for way in finding.mistakes] == [["sum"]]

    def backward_propagation(x: float, theta: float) -> float:
        return x

    assert course.check([backward_propagation]).ok
    assert len(course.inputs("backward_propagation", theta=True)) == 2


def test_the_inputs_can_be_had() -> None:
    functions = planted("compute_cost", "1 / m * ", "")
    (finding,) = course.check([functions["compute_cost"]], variant=3).findings
    for here, there in zip(course.inputs("compute_cost", variant=3), finding.arguments):
        assert np.array_equal(np.asarray(here), np.asarray(there))
    assert functions["compute_cost"](*finding.arguments) == pytest.approx(finding.places[0].got)
    for name in EXERCISES:
        assert course.inputs(name)


def test_the_report_is_text_and_a_table_and_data() -> None:
    functions = planted("compute_cost", "1 / m * ", "")
    report = course.check(functions)
    assert "compute_cost                              WRONG" in str(report)
    verdicts = [line.split()[1] for line in str(report).splitlines() if not line.startswith(" ")]
    # Beside compute_cost the functions that call it.
    assert verdicts.count("right") == len(report.checked) - 4 and verdicts.count("WRONG") == 4
    table = report._repr_html_()
    assert "<code>compute_cost</code>" in table and "the factor 1/m is missing" in table

    def initialize_velocity(parameters: Any) -> None:
        raise ValueError("<b>")

    assert "&lt;b&gt;" in course.check([initialize_velocity])._repr_html_()


def test_names_are_told_that_are_nearly_the_course_s() -> None:
    report = course.check(
        {"foward_propagation": lambda X, parameters: None, "compute_cost": course_solution.compute_cost, "m": 3}
    )
    assert report.ok and report.checked == ("compute_cost",)
    assert "foward_propagation  not looked at" in str(report) and "did you mean forward_propagation?" in str(report)


def test_the_global_generator_is_left_as_it_was() -> None:
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    course.check(course_solution)
    assert np.random.rand() == expected


def test_what_is_no_set_of_functions_is_refused() -> None:
    with pytest.raises(TypeError, match="functions: expected a module, a dictionary or a list of functions, got int"):
        course.check(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="functions: expected functions with names of the course, got none"):
        course.check({})
    with pytest.raises(ValueError, match="got 'sigmoid'"):
        course.check([course_solution.sigmoid])
    with pytest.raises(TypeError, match="expected compute_cost to be a function, got float"):
        course.check({"compute_cost": 0.5})
    with pytest.raises(ValueError, match="variant: expected a whole number, 0 or more, got -1"):
        course.check(course_solution, variant=-1)
    with pytest.raises(ValueError, match="name: expected one of initialize_parameters_zeros"):
        course.inputs("predict")
