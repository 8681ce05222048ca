"""Keyword arguments as the texts in which the engine reads settings, and what they mean, from the engine's own description."""

from __future__ import annotations

import os
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


def described(*without: str) -> Callable[[C], C]:
    """Put what the engine says of its settings at the place of ``{settings}`` in a docstring, but for those ``without``."""

    def describe(estimator: C) -> C:
        lines = []
        for name, meaning, choices, default, example in _core.settings():
            if name in without:
                continue
            said = f"{meaning}." if not choices else f"{meaning}: {', '.join(choices)}."
            usual = f" None: {default}." if default else ""
            such = f" Such as {example}." if name != "random_state" else " A RandomState draws another each time."
            lines.append(f"    {name} : default=None\n        {said}{usual}{such}\n")
        estimator.__doc__ = (estimator.__doc__ or "").replace("    {settings}\n", "\n".join(lines))
        return estimator

    return describe
