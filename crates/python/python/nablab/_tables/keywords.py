"""Keyword arguments as the texts in which the engine reads settings, and what they mean, from the engine's own description."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from .. import _core
from .cells import text_of

C = TypeVar("C", bound=type)

#: Keyword arguments that are a mapping, and no choice with numbers of its own.
MAPPINGS = ("class_weight", "types")


def texts_of(keywords: dict[str, Any]) -> list[tuple[str, str]]:
    """The settings that are given, each by name and text.

    >>> texts_of({"hidden": (64, 32), "dropout": 0.1, "optimizer": {"adam": {"beta1": 0.8}}, "epochs": None})
    [('hidden', '64,32'), ('dropout', '0.1'), ('optimizer', '{ adam = { beta1 = 0.8 } }')]
    """
    return [(name, _text(name, value)) for name, value in keywords.items() if value is not None]


def _text(name: str, value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, dict):
        if name in MAPPINGS:
            pairs = (f"{text_of(key, name)}={text_of(of, name)}" for key, of in value.items())
            return ",".join(map(_item, pairs))
        return _toml(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if name == "hidden" and not hasattr(value, "__len__"):
        value = [value]
    if isinstance(value, (list, tuple, set, frozenset)) or (hasattr(value, "__len__") and not isinstance(value, str)):
        items = [_item(text_of(item, name)) for item in value]
        return ",".join(items) if items or name != "hidden" else "none"
    return _scalar(value, name)


def _scalar(value: Any, name: str) -> str:
    """Numbers as short as they are written, with an exponent where that is shorter."""
    if isinstance(value, (float, np.floating)):
        return repr(float(value)) if not float(value).is_integer() else str(int(value))
    return text_of(value, name)


def _item(text: str) -> str:
    """A name among others: one that has a comma stands in quotes, as in CSV."""
    if "," in text or text.startswith('"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(of)}" for key, of in value.items()) + " }"
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value.item() if hasattr(value, "item") else value)


#: What is otherwise here than in the engine, which also reads files.
MEANINGS = {"validation": "Share of the rows that judge, and are not learned from; 0 for none"}


def described(*without: str) -> Callable[[C], C]:
    """Put what the engine says of its settings at the place of ``{settings}`` in a docstring, but for those ``without``."""

    def describe(estimator: C) -> C:
        settings = [setting for setting in _core.settings() if setting[0] not in without]
        estimator.__doc__ = (estimator.__doc__ or "").replace("    {settings}\n", "".join(_section(*of) for of in settings))
        return estimator

    return describe


def _section(name: str, meaning: str, choices: list[str], default: str | None, example: str) -> str:
    """The lines of a docstring on one parameter."""
    said = MEANINGS.get(name, meaning) + (f": {', '.join(choices)}." if choices else ".")
    such = f" Such as `{_example(name, example)}`." if name != "random_state" else " A RandomState draws another each time."
    lines = textwrap.wrap(said + such, 118, initial_indent=" " * 8, subsequent_indent=" " * 8, break_on_hyphens=False)
    usual = f" ({default})" if default else ""
    return "\n".join([f"    {name} : default=None{usual}", *lines, "", ""])


def _example(name: str, text: str) -> str:
    """An example of the engine's as Python writes it.

    >>> [_example(*of) for of in (("hidden", "64,32"), ("types", "district=category"), ("batch_norm", "yes"), ("init", "he"))]
    ['(64, 32)', "{'district': 'category'}", 'True', "'he'"]
    """
    match name:
        case "hidden":
            return f"({', '.join(text.split(','))})"
        case "features" | "ignore":
            return repr(text.split(","))
        case "types":
            return repr(dict(item.split("=") for item in text.split(",")))
    if text == "yes":
        return "True"
    try:
        return repr(float(text) if "." in text else int(text))
    except ValueError:
        return repr(text)
