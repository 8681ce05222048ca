"""What the grader says."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ._words import Lang, Words

RIGHT, WRONG, NOT_LOOKED_AT = Words("right", "正确"), Words("WRONG", "错误"), Words("not looked at", "未检查")
ON = Words("on ", "输入：")
TITLES = (Words("function", "函数"), Words("verdict", "结论"), Words("why", "原因"))

Kind = Literal["wrong", "raised", "returned", "changes-input", "note"]
"""``wrong``: other numbers than are right; ``raised``: an exception; ``returned``: something that cannot be judged; ``changes-input``: it
writes into what it is given; ``note``: right, with something to be said."""


@dataclass(frozen=True)
class Place:
    """An array that is wrong.

    Attributes
    ----------
    name : str
        As in the formulas: ``dW2``.
    entry : str
        The entry that is off the most, such as ``[2, 0]``; empty of a single number, or where the shape is another.
    got, expected : float or None
        What is there, and what is right; None where the shape is another.
    """

    name: str
    entry: str = ""
    got: float | None = None
    expected: float | None = None


@dataclass(frozen=True)
class Mistake:
    """A known mistake that makes the numbers that came.

    Attributes
    ----------
    key : str
        Its name: ``missing-mean``.
    places : tuple of str
        What it is made in: ``("dW2",)``.
    what : str
        In words.
    """

    key: str
    places: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Finding:
    """Something to be said of a function.

    Attributes
    ----------
    function : str
        Its name.
    kind : str
        ``"wrong"``, ``"raised"``, ``"returned"``, ``"changes-input"`` or ``"note"``.
    what : str
        In words.
    places : tuple of Place
        What is wrong, in the order in which it is computed.
    mistakes : tuple of tuple of Mistake
        Each of these alone makes exactly what came: one mistake, or two together.
    arguments : tuple
        What the function was called with.
    on : str
        The same in words.
    """

    function: str
    kind: Kind
    what: str
    places: tuple[Place, ...] = ()
    mistakes: tuple[tuple[Mistake, ...], ...] = ()
    arguments: tuple[object, ...] = field(default=(), repr=False, compare=False)
    on: str = ""


@dataclass(frozen=True)
class Report:
    """What :func:`nablab.course.check` found.

    Attributes
    ----------
    checked : tuple of str
        The functions that were looked at.
    findings : tuple of Finding
        What is to be said of them; of what is right, nothing.
    lang : {'en', 'zh'}
        The language of what is said.
    """

    checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    lang: Lang = "en"

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return all(finding.kind == "note" for finding in self.findings)

    def of(self, function: str) -> tuple[Finding, ...]:
        """The findings of one function."""
        return tuple(finding for finding in self.findings if finding.function == function)

    def _lines(self) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
        """Of each function its verdict, and of each finding on what it was found, and what."""
        others = dict.fromkeys(finding.function for finding in self.findings if finding.function not in self.checked)
        for name in (*self.checked, *others):
            findings = self.of(name)
            is_right = all(finding.kind == "note" for finding in findings)
            verdict = NOT_LOOKED_AT if name in others else RIGHT if is_right else WRONG
            yield name, verdict.of(self.lang), [(finding.on and ON.of(self.lang) + finding.on, finding.what) for finding in findings]

    def __str__(self) -> str:
        text = []
        width = max(map(len, self.checked), default=0)
        for name, verdict, said in self._lines():
            text.append(f"{name:<{width}}  {verdict}")
            for on, what in said:
                text.extend("    " + line for line in ([on] if on else []) + what.splitlines())
        return "\n".join(text)

    def _repr_html_(self) -> str:
        rows = []
        for name, verdict, said in self._lines():
            details = "".join(
                (f"<div>{html.escape(on)}</div>" if on else "") + f"<pre>{html.escape(what)}</pre>"
                for on, what in said
            )
            rows.append(
                f"<tr><td><code>{html.escape(name)}</code></td><td>{verdict}</td><td style='text-align: left'>{details}</td></tr>"
            )
        head = "".join(f"<th>{title.of(self.lang)}</th>" for title in TITLES)
        return f"<table><tr>{head}</tr>{''.join(rows)}</table>"
