"""The grader."""

from __future__ import annotations

import difflib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from .. import _core
from . import gradient_checking, initialization, optimization, regularization
from ._arrays import Matrix, whole
from ._call import Call, Captured, Raised, Refused, in_words
from ._exercises import BATCH_SEED, EXERCISES, Exercise
from ._report import Finding, Kind, Mistake, Place, Report
from ._returned import Given
from ._words import Lang, Words, language

Function: TypeAlias = Callable[..., object]

HELPERS = {
    name for module in (initialization, regularization, gradient_checking, optimization) for name in module.__all__
}
"""The course's names, also of what is given to students and not graded."""


def check(
    functions: ModuleType | Mapping[str, object] | Iterable[Function], variant: int = 0, lang: str = "en"
) -> Report:
    """Say which of a student's functions is wrong, on which input, in which entry, and why likely.

    Each function is called on small inputs that the library makes, and what comes back is compared with what the library's formulas give,
    right and with each known mistake planted. So a mistake is named by the numbers that it makes, alone or together with another one.

    Parameters
    ----------
    functions : module, dict or iterable of functions
        With the course's names; ``globals()`` of a notebook does. Other names are left aside, but those that are nearly one of the
        course's are told. ``forward_propagation`` and ``backward_propagation`` with a parameter ``theta`` are those of the gradient check of
        one number.
    variant : int, default 0
        Which inputs: those of each variant have other numbers.
    lang : {'en', 'zh'}, default 'en'
        The language of what is said.

    Returns
    -------
    Report
        Prints as text, shows as a table in a notebook; ``ok``, ``findings`` and ``checked`` are its data.

    Examples
    --------
    >>> import numpy as np
    >>> def compute_cost(a3, Y):
    ...     return np.sum(-Y * np.log(a3) - (1 - Y) * np.log(1 - a3))
    >>> print(check([compute_cost]))
    compute_cost  WRONG
        on a3 (1, 6), Y (1, 6)
        J  WRONG  (1, 1), 1 of 1 entries; most at J: got 4.905766, expected 0.8176276
    <BLANKLINE>
        One mistake explains all of it:
          J: the factor 1/m is missing before the losses
    """
    which, lang = whole(variant, "variant", 0) % 2**64, language(lang)
    found, nearly = _functions(functions)
    findings: list[Finding] = []
    # Functions of the course seed the global generator: it is left as it was.
    state = np.random.get_state()
    try:
        for name, function in found.items():
            np.random.seed(which % 2**32)
            findings.extend(_graded(name, function, _exercise(name, function), which, lang))
    finally:
        np.random.set_state(state)
    for name, known in nearly.items():
        said = Words(f"no name of the course; did you mean {known}?", f"课程中没有这个名字；是不是 {known}？")
        findings.append(Finding(name, "note", said.of(lang)))
    return Report(tuple(found), tuple(findings), lang)


def inputs(name: str, variant: int = 0, *, theta: bool = False) -> tuple[object, ...]:
    """What :func:`check` calls a function with, the first time that it does.

    Parameters
    ----------
    name : str
        Of the course's function.
    variant : int, default 0
    theta : bool, default False
        Those of the gradient check of one number, where two assignments use the name.

    Examples
    --------
    >>> a3, Y = inputs("compute_cost")
    >>> a3.shape, Y.shape
    ((1, 6), (1, 6))
    """
    if name not in EXERCISES:
        raise ValueError(f"name: expected one of {', '.join(EXERCISES)}, got {name!r}")
    exercise = EXERCISES[name][-1 if theta else 0]

    def capture(*_: object) -> object:
        raise Captured

    call = Call(capture, exercise.names)
    try:
        exercise.run(call, dict(_core.course_given(exercise.key, whole(variant, "variant", 0) % 2**64)))
    except Raised:
        pass
    return call.arguments


def _functions(functions: object) -> tuple[dict[str, Function], dict[str, str]]:
    """What is graded, and names that are nearly one of the course's."""
    if isinstance(functions, ModuleType):
        named: dict[str, object] = dict(vars(functions))
    elif isinstance(functions, Mapping):
        named = dict(functions)
    elif isinstance(functions, Iterable) and not isinstance(functions, (str, bytes)):
        named = {}
        for function in functions:
            own = getattr(function, "__name__", None)
            if not callable(function) or own not in EXERCISES:
                expected = ", ".join(EXERCISES)
                raise ValueError(
                    f"functions: expected functions with names of the course, got {own or function!r}; these are graded: {expected}"
                )
            named[own] = function
    else:
        raise TypeError(
            f"functions: expected a module, a dictionary or a list of functions, got {type(functions).__name__}"
        )
    found: dict[str, Function] = {}
    for name in EXERCISES:
        value = named.get(name)
        if callable(value):
            found[name] = value
        elif name in named:
            raise TypeError(f"functions: expected {name} to be a function, got {type(value).__name__}")
    nearly = {}
    for name, value in named.items():
        near = difflib.get_close_matches(str(name), EXERCISES, n=1, cutoff=0.87)
        if callable(value) and name not in HELPERS and name not in EXERCISES and near and near[0] not in found:
            nearly[str(name)] = near[0]
    if not found and not nearly:
        raise ValueError(
            f"functions: expected functions with names of the course, got none; these are graded: {', '.join(EXERCISES)}"
        )
    return found, nearly


def _exercise(name: str, function: Function) -> Exercise:
    """Which assignment's function of this name it is."""
    first, *others = EXERCISES[name]
    try:
        takes = {parameter.lower() for parameter in inspect.signature(function).parameters}
    except (TypeError, ValueError):
        return first
    return others[0] if others and "theta" in takes else first


def _graded(name: str, function: Function, exercise: Exercise, variant: int, lang: Lang) -> list[Finding]:
    given = dict(_core.course_given(exercise.key, variant))
    call = Call(function, exercise.names, exercise.may_replace)

    def finding(kind: Kind, what: str, **data: Any) -> Finding:
        on = in_words(exercise.names, call.arguments, lang)
        return Finding(name, kind, what, arguments=call.arguments, on=on, **data)

    try:
        handed = exercise.run(call, given)
    except Raised as error:
        return [finding("raised", error.words.of(lang))]
    except Refused as error:
        return [finding("returned", error.words.of(lang))]
    findings = []
    for judged in _judged(exercise.key, variant, handed, given, lang):
        findings.append(finding(*judged[:2], **judged[2]))
    if call.replaced:
        names = ", ".join(call.replaced)
        what = Words(
            f"it changes what it is given: {names}; compute into a new array, such as A = A * D in place of A *= D",
            f"它改动了传入的参数：{names}；应算到新数组里，例如用 A = A * D 代替 A *= D",
        )
        findings.append(finding("changes-input", what.of(lang)))
    if call.written:
        names = ", ".join(call.written)
        what = Words(
            f"it writes into the arrays of {names}; W = W - … makes a new one, and leaves the old one to whoever holds it",
            f"它就地改写了 {names} 的数组；W = W - … 会得到新数组，旧数组留给仍在使用它的代码",
        )
        findings.append(finding("note", what.of(lang)))
    return findings


Judged: TypeAlias = tuple[Kind, str, dict[str, Any]]


def _judged(key: str, variant: int, handed: Given, given: Given, lang: Lang) -> list[Judged]:
    """What the library says of arrays."""
    masks = {name: handed[name] for name in ("D1", "D2") if name in handed}
    rest = {name: value for name, value in handed.items() if name not in masks}
    said = _answer("masks", variant, masks, {}, lang) if masks else []
    if any(kind == "returned" for kind, *_ in said):
        return said
    if masks and not all(np.isin(mask, (0, 1)).all() for mask in masks.values()):
        # Of masks that are none, nothing behind them can be right.
        return said
    # Other masks than the library's may hide a mistake, of which nothing is to be said.
    said.extend(judged for judged in _answer(key, variant, rest, masks, lang) if not masks or judged[0] != "note")
    if key == "mini-batches" and not said:
        order = optimization.random_mini_batches(given["X"], given["Y"], int(given["size"].reshape(())), BATCH_SEED)
        first = rest["X1"]
        if first.shape != order[0][0].shape or not np.array_equal(first, order[0][0]):
            drawn = f"np.random.seed({BATCH_SEED}) {Words('and', '和').of(lang)} np.random.permutation(m)"
            note = Words(f"right, in another order than that of {drawn}", f"正确，只是顺序与 {drawn} 的不同")
            said.append(("note", note.of(lang), {}))
    return said


def _answer(key: str, variant: int, handed: Given, masks: Given, lang: Lang) -> list[Judged]:
    arrays, drawn = ([(name, _contiguous(value)) for name, value in of.items()] for of in (handed, masks))
    try:
        data, words = _core.course_judge(key, variant, arrays, drawn, lang)
    except ValueError as error:
        return [("returned", str(error), {})]
    judgement = json.loads(data)
    if judgement["right"]:
        return [("note", note[lang], {}) for note in judgement["notes"]]
    places = tuple(_place(part) for part in judgement["parts"] if not part["right"])
    colon = Words(": ", "：").of(lang)
    mistakes = tuple(
        tuple(
            Mistake(made["mistake"], tuple(made["places"]), made["said"][lang].split(colon, 1)[-1])
            for made in way["mistakes"]
        )
        for way in judgement["ways"]
    )
    return [("wrong", words.rstrip(), {"places": places, "mistakes": mistakes})]


def _contiguous(value: Matrix) -> Matrix:
    return np.array(value, dtype=np.float64)


def _place(part: dict[str, Any]) -> Place:
    worst = part["worst"]
    return Place(part["name"], worst["entry"], worst["got"], worst["expected"]) if worst else Place(part["name"])
