"""What is searched: parameters by their names, and what each may be."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from numbers import Integral
from numbers import Real as RealNumber
from typing import Any

import numpy as np

#: Up to here every whole number is one of double precision.
_LARGEST = 2**53


@dataclass(frozen=True)
class Real:
    """A number, both ends included.

    Parameters
    ----------
    low, high : float
        The ends.
    log : bool, default=False
        Every power of ten is as likely as any other.
    step : float, default=None
        Only low, low + step, low + 2 step, …
    when : dict, default=None
        It is there where other parameters, which come before it, have these values: `{"solver": "sgd"}`, or one of several,
        `{"solver": ["sgd", "adam"]}`.
    """

    low: float
    high: float
    _: KW_ONLY
    log: bool = False
    step: float | None = None
    when: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Integer:
    """A whole number, both ends included.

    Parameters
    ----------
    low, high : int
        The ends.
    log : bool, default=False
        Twice as much is as likely as half as much.
    step : int, default=None
        Only low, low + step, low + 2 step, …; each, where nothing is said.
    when : dict, default=None
        As in :class:`Real`.
    """

    low: int
    high: int
    _: KW_ONLY
    log: bool = False
    step: int | None = None
    when: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Choice:
    """One of several values, in no order. A list in a space is a choice, too; a tuple is none, for it may be
    meant as a range.

    Parameters
    ----------
    choices : sequence
        Of any values. None, booleans, numbers, texts and tuples of them are written into the storage; others are there by their
        name or `repr`, so that `create` with the same space gives them back, and `load` gives the text.
    when : dict, default=None
        As in :class:`Real`.
    """

    choices: tuple[Any, ...]
    _: KW_ONLY
    when: Mapping[str, Any] | None = field(default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", tuple(self.choices))


Domain = Real | Integer | Choice


class Space:
    """Parameters, as Python has them and as the engine has them.

    >>> space = Space.of({"units": Integer(4, 64, log=True), "kind": ["relu", "tanh"]})
    >>> space.values([("kind", 1.0), ("units", 8.0)])
    {'units': 8, 'kind': 'tanh'}
    """

    def __init__(self, domains: dict[str, Domain]) -> None:
        self.domains = domains

    @classmethod
    def of(cls, space: Any) -> Space:
        """A space from what a user wrote.

        Raises
        ------
        TypeError, ValueError
            For what is no parameter, by its name.
        """
        if not isinstance(space, Mapping):
            raise TypeError(
                f"space: expected a dict of parameters, got {type(space).__name__}\n"
                'hint: such as {"units": study.Integer(4, 64), "kind": ["relu", "tanh"]}'
            )
        if not space:
            raise ValueError('space: expected at least one parameter, got none\nhint: {"rate": study.Real(1e-4, 1e-1)}')
        wrong = next((name for name in space if not isinstance(name, str)), None)
        if wrong is not None:
            raise TypeError(f"space: expected names of parameters, got {wrong!r}")
        return cls({name: _domain(name, given) for name, given in space.items()})

    @classmethod
    def of_json(cls, parameters: list[dict[str, Any]]) -> Space:
        """The space that a storage has."""
        domains: dict[str, Domain] = {}
        for parameter in parameters:
            [(kind, of)] = parameter["domain"].items()
            when = {name: [_shown(domains[name], place) for place in places] for name, places in parameter.get("when", [])}
            match kind:
                case "choice":
                    domain: Domain = Choice(tuple(map(_of_label, of)), when=when or None)
                case "float":
                    domain = Real(**of, when=when or None)
                case _:
                    domain = Integer(**of, when=when or None)
            domains[parameter["name"]] = domain
        return cls(domains)

    def to_json(self) -> list[dict[str, Any]]:
        """As the engine reads it."""
        return [self._parameter(name, domain) for name, domain in self.domains.items()]

    def _parameter(self, name: str, domain: Domain) -> dict[str, Any]:
        when = []
        for parent, values in (domain.when or {}).items():
            if parent not in self.domains:
                raise ValueError(f"{name}: when: expected a parameter of the space, got {parent!r}")
            of = self.domains[parent]
            several = values if isinstance(values, (list, set, frozenset)) else [values]
            when.append([parent, [_place(f"{name}: when", parent, of, value) for value in several]])
        return {"name": name, "domain": _written(name, domain), "when": when}

    def values(self, point: list[tuple[str, float]]) -> dict[str, Any]:
        """The parameters of a point, in the order of the space."""
        there = dict(point)
        known = {name: _shown(domain, there.pop(name)) for name, domain in self.domains.items() if name in there}
        return {**known, **there}

    def check_names(self, values: Any) -> None:
        """An error for what is no parameter of this space, or no value of one."""
        if not isinstance(values, Mapping):
            raise TypeError(f"params: expected a dict, got {type(values).__name__}")
        for name, value in values.items():
            if name not in self.domains:
                raise ValueError(f"params: expected parameters of the space ({', '.join(self.domains)}), got {name!r}")
            domain = self.domains[name]
            number = _place(f"params: {name}", name, domain, value)
            if not isinstance(domain, Choice) and not domain.low <= number <= domain.high:
                raise ValueError(f"params: {name}: expected a number from {domain.low} to {domain.high}, got {value!r}")

    def labels(self, values: Mapping[str, Any]) -> str:
        """Values as JSON, each as the storage has it."""
        return json.dumps({name: self._label_of(name, value) for name, value in values.items()})

    def _label_of(self, name: str, value: Any) -> Any:
        domain = self.domains[name]
        return _labels(domain.choices)[int(_place(name, name, domain, value))] if isinstance(domain, Choice) else _label(value)


def _domain(name: str, given: Any) -> Domain:
    if isinstance(given, (Real, Integer, Choice)):
        return given
    if isinstance(given, (list, np.ndarray)):
        return Choice(tuple(given))
    if isinstance(given, tuple):
        raise TypeError(f"{name}: expected a range or a list of choices, got the tuple {given!r}\nhint: study.Real(low, high), or [one, another]")
    frozen = _of_scipy(name, given)
    if frozen is None:
        raise TypeError(
            f"{name}: expected study.Real, study.Integer, study.Choice or a list of choices, got {given!r}\n"
            "hint: a value that is not searched is no parameter; [value] is a choice of one"
        )
    return frozen


def _of_scipy(name: str, given: Any) -> Domain | None:
    """A frozen distribution of SciPy that is even, or even over powers, as scikit-learn's random search takes it."""
    kind = getattr(getattr(given, "dist", None), "name", None)
    if kind is None:
        return None
    low, high = given.support()
    match kind:
        case "uniform":
            return Real(float(low), float(high))
        case "loguniform" | "reciprocal":
            return Real(float(low), float(high), log=True)
        case "randint":
            return Integer(int(low), int(high))
    raise ValueError(f"{name}: expected uniform, loguniform or randint of scipy.stats, got {kind}\nhint: study.Real(low, high)")


def _written(name: str, domain: Domain) -> dict[str, Any]:
    if isinstance(domain, Choice):
        return {"choice": _labels(domain.choices)}
    if not isinstance(domain.log, (bool, np.bool_)):
        raise TypeError(f"{name}: log: expected True or False, got {domain.log!r}")
    numbers = {"low": domain.low, "high": domain.high} | ({} if domain.step is None else {"step": domain.step})
    of = {"log": bool(domain.log)}
    if isinstance(domain, Integer):
        return {"integer": of | {key: _whole(name, value) for key, value in numbers.items()}}
    return {"float": of | {key: _finite(name, value) for key, value in numbers.items()}}


def _whole(name: str, value: Any) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name}: expected whole numbers, got {value!r}\nhint: study.Real takes others")
    if abs(int(value)) > _LARGEST:
        raise ValueError(f"{name}: expected whole numbers within ±2**53, got {value!r}")
    return int(value)


def _finite(name: str, value: Any) -> float:
    if not isinstance(value, RealNumber) or isinstance(value, bool):
        raise TypeError(f"{name}: expected numbers, got {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{name}: expected finite numbers, got {value!r}")
    return number


def _labels(choices: tuple[Any, ...]) -> list[Any]:
    """Choices as the storage has them; those that are there by a text that another one has, too, are counted."""
    labels: list[Any] = []
    for choice in choices:
        label = text = _label(choice)
        if isinstance(label, str) and not isinstance(choice, str):
            others = 1
            while label in labels:
                others += 1
                label = f"{text} ({others})"
        labels.append(label)
    return labels


def _label(value: Any) -> Any:
    """A value as the storage has it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (tuple, list)):
        return [_label(item) for item in value]
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if hasattr(value, "__qualname__"):
        return f"{value.__module__}.{value.__qualname__}"
    # Where an object lies is another place in each process.
    return re.sub(" at 0x[0-9a-fA-F]+", "", repr(value))


def _of_label(label: Any) -> Any:
    return tuple(map(_of_label, label)) if isinstance(label, list) else label


def _shown(domain: Domain, value: float) -> Any:
    """A value of a point as Python has it."""
    if isinstance(domain, Choice):
        return domain.choices[int(value)] if 0 <= value < len(domain.choices) else value
    return int(value) if isinstance(domain, Integer) else value


def _place(where: str, parent: str, domain: Domain, value: Any) -> float:
    """A value of another parameter as a point has it."""
    if isinstance(domain, Choice):
        there = next((i for i, choice in enumerate(domain.choices) if choice is value), None)
        if there is not None:
            return float(there)
        labels = [_exactly(_label(choice)) for choice in domain.choices]
        if _exactly(_label(value)) not in labels:
            raise ValueError(f"{where}: expected one of {list(domain.choices)!r}, which {parent} may be, got {value!r}")
        return float(labels.index(_exactly(_label(value))))
    return _finite(where, value)


def _exactly(label: Any) -> str:
    """True is not 1 here."""
    return json.dumps(label)
