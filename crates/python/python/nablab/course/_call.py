"""Calling a student's function: what it is called with, what it raises, what it writes into."""

from __future__ import annotations

import contextlib
import copy
import io
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from ._words import Lang, Words


class Told(Exception):
    """What is said of a function, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.words = Words(en, zh)


class Raised(Told):
    """The function raised something."""


class Refused(Told):
    """The function returned something that cannot be judged."""


class Captured(Exception):
    """Raised in place of a call whose arguments are all that is wanted."""


class Call:
    """A student's function, watched.

    Parameters
    ----------
    function : callable
    names : tuple of str
        The course's names of its arguments.
    may_replace : tuple of str
        Those whose entries it may replace by new arrays, as the course's own functions do.
    """

    def __init__(self, function: Callable[..., object], names: Sequence[str], may_replace: Sequence[str] = ()) -> None:
        self.function, self.names, self.may_replace = function, names, may_replace
        self.arguments: tuple[object, ...] = ()
        self.replaced: list[str] = []
        """Inputs that it replaced or wrote into though it may not."""
        self.written: list[str] = []
        """Arrays that it wrote into, where replacing them is its task."""

    def __call__(self, *arguments: object) -> object:
        before, handed = copy.deepcopy(arguments), copy.deepcopy(arguments)
        if not self.arguments:
            self.arguments = before
        arrays = {name: list(_arrays(name, value)) for name, value in zip(self.names, handed)}
        try:
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                returned = self.function(*handed)
        except (Exception, SystemExit) as error:
            raise Raised(*_told(error, self.function)) from error
        for name, old, new in zip(self.names, before, handed):
            was = dict(_arrays(name, old))
            written = [path for path, array in arrays[name] if not np.array_equal(array, was[path], equal_nan=True)]
            if name in self.may_replace:
                self.written.extend(path for path in written if path not in self.written)
                continue
            now = dict(_arrays(name, new))
            missing = [path for path in now.keys() ^ was.keys()]
            other = [
                path for path in now.keys() & was.keys() if not np.array_equal(now[path], was[path], equal_nan=True)
            ]
            changed = sorted({*written, *missing, *other})
            self.replaced.extend(path for path in changed if path not in self.replaced)
        return returned


def _arrays(path: str, value: object) -> Iterator[tuple[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]]:
    """The arrays in an argument, each with where it is."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, Mapping):
        for name, entry in value.items():
            yield from _arrays(f'{path}["{name}"]', entry)
    elif isinstance(value, (tuple, list)):
        for k, entry in enumerate(value):
            yield from _arrays(f"{path}[{k}]", entry)
    elif isinstance(value, (int, float)):
        yield path, np.asarray(value)


def _told(error: BaseException, function: Callable[..., object]) -> Words:
    """The error, and the line of the student's own code that it came from."""
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    en = zh = ""
    if frames:
        frame = frames[-1]
        en, zh = (f"{place}: {frame.line}" if frame.line else place for place in (f"line {frame.lineno}", f"第 {frame.lineno} 行"))
        en, zh = f" ({en})", f"（{zh}）"
    said = f"{type(error).__name__}: {error}"
    return Words(f"it raised {said}{en}", f"运行时抛出 {said}{zh}")


def in_words(names: Sequence[str], arguments: Sequence[object], lang: Lang) -> str:
    """What a function was called with, by names and shapes."""
    return ", ".join(
        f"{name} = {value:g}" if isinstance(value, (int, float)) else f"{name}{_shape(value, lang)}"
        for name, value in zip(names, arguments)
    )


def _shape(value: object, lang: Lang) -> str:
    if isinstance(value, np.ndarray):
        return f" {value.shape}"
    if isinstance(value, Mapping):
        return f" {{{', '.join(map(str, value))}}}"
    if isinstance(value, tuple):
        return Words(f" of {len(value)} arrays", f"（{len(value)} 个数组）").of(lang)
    return f" {value!r}"
