"""How far something is that takes time: a bar in a notebook or a terminal, a line now and then elsewhere.

Nothing but the standard library draws it; in a notebook it is one line of HTML that IPython changes in place.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from types import TracebackType
from typing import Any, Protocol, TextIO

#: Seconds between two changes of a bar: nobody reads faster.
_CHANGE = 0.1
#: Lines between the first epoch and the last where no bar shows them.
_LINES = 10
#: After so many seconds without a line somebody might think that nothing happens.
_SILENCE = 30.0
#: Cells of a terminal's bar.
_CELLS = 24


def wants_bar(verbose: Any) -> bool:
    """Whether a bar is asked for.

    Raises
    ------
    ValueError
        If `verbose` is neither False, True, a number, nor 'bar'.
    """
    if isinstance(verbose, str):
        if verbose == "bar":
            return True
        raise ValueError(f"verbose: expected False, True or 'bar', got {verbose!r}")
    return False


class Progress:
    """How many epochs of how many are done, and what is said of the last one; as a context, it ends with it.

    Parameters
    ----------
    total : int
        Epochs in all.
    what : str, default=''
        What goes on, in a word or two before the numbers.
    bar : bool, default=True
        Show a bar where somebody looks; otherwise lines.

    Examples
    --------
    >>> import sys
    >>> with Progress(20, bar=False, stream=sys.stdout) as progress:
    ...     for epoch in range(1, 21):
    ...         progress(epoch, {"loss": 1 / epoch})   # doctest: +ELLIPSIS
    epoch 1/20 · loss 1.0000 · ...
    epoch 2/20 · loss 0.5000 · ...
    ...
    epoch 20/20 · loss 0.0500 · ...
    """

    def __init__(self, total: int, what: str = "", *, bar: bool = True, stream: TextIO | None = None) -> None:
        self.total, self.what = total, what
        self.done = 0
        self._numbers: Mapping[str, float] = {}
        self._began = time.monotonic()
        self._next = 0.0
        self._is_open = True
        self._surface = _surface(bar, stream)

    def __call__(self, done: int, numbers: Mapping[str, float] | None = None) -> None:
        """So many epochs are done; once more the same is nothing new."""
        if done == self.done:
            return
        self.done, self._numbers = done, numbers or {}
        now = time.monotonic()
        if now >= self._next or self._surface.is_due(self):
            self._next = now + _CHANGE
            self._surface.show(self)

    def say(self, text: str) -> None:
        """Put a line above it."""
        self._surface.say(text, self)

    def complete(self) -> None:
        """All is done, whether or not it was counted to the end."""
        self.done = self.total

    def close(self) -> None:
        """Nothing follows: what is shown by now stays."""
        if self._is_open:
            self._is_open = False
            self._surface.close(self)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # What is to be read -----------------------------------------------------------------------------------------------

    @property
    def share(self) -> float:
        """What is done of all, from 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def place(self) -> str:
        """Where it stands: `epoch 3/20`."""
        place = f"epoch {self.done}/{self.total}"
        return f"{self.what} · {place}" if self.what else place

    def numbers(self) -> str:
        """What is said of the last epoch."""
        return " · ".join(f"{name} {value:.4f}" for name, value in self._numbers.items())

    def pace(self) -> str:
        """How fast it goes, and how long what is left takes; at the end how long it took."""
        passed = time.monotonic() - self._began
        if not self.done or not passed:
            return ""
        rate = self.done / passed
        speed = f"{rate:.3g}/s" if rate < 1000 else f"{rate:.0f}/s"
        if rate < 1:
            speed = f"{1 / rate:.3g} s each"
        if self._is_open and self.done < self.total:
            return f"{speed} · {clock((self.total - self.done) / rate)} left"
        return f"{speed} · {clock(passed)}"

    def line(self) -> str:
        """All of it but the bar."""
        return " · ".join(part for part in (self.place(), self.numbers(), self.pace()) if part)


@contextmanager
def counted(verbose: Any, what: str) -> Iterator[Callable[[int, int], None] | None]:
    """What takes the epochs that are done and all of them, of work that counts them; None where nobody wants to know."""
    if not wants_bar(verbose) and not verbose:
        yield None
        return
    with Progress(0, what, bar=wants_bar(verbose)) as progress:

        def told(done: int, of: int) -> None:
            progress.total = of
            progress(done)

        yield told
        progress.complete()


def clock(seconds: float) -> str:
    """A duration as it is read: `4.2 s`, `1:05 min`, `2:03:00 h`.

    >>> clock(4.23), clock(65), clock(7380)
    ('4.2 s', '1:05 min', '2:03:00 h')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} h" if hours else f"{minutes}:{rest:02} min"


class _Surface(Protocol):
    """Where it is shown."""

    def is_due(self, progress: Progress) -> bool: ...
    def show(self, progress: Progress) -> None: ...
    def say(self, text: str, progress: Progress) -> None: ...
    def close(self, progress: Progress) -> None: ...


def _surface(bar: bool, stream: TextIO | None) -> _Surface:
    """A notebook of this process, its terminal, or lines.

    Only the first process draws: workers share its terminal, and their bars would run into one another.
    """
    stream = stream or sys.stderr
    is_first = multiprocessing.current_process().name == "MainProcess"
    if bar and is_first:
        if _in_notebook():
            return _Notebook()
        if stream is not None and stream.isatty():
            return _Terminal(stream)
    return _Lines(stream)


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


class _Lines:
    """A line of its own now and then: about ten in all, and one where long nothing was said."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._due = 1
        self._last = -1
        self._said = time.monotonic()

    def is_due(self, progress: Progress) -> bool:
        return progress.done >= self._due

    def show(self, progress: Progress) -> None:
        is_silent = time.monotonic() - self._said >= _SILENCE
        if progress.done != self._last and (progress.done >= min(self._due, progress.total) or is_silent):
            stride = max(-(-progress.total // _LINES), 1)
            self._due = (progress.done // stride + 1) * stride
            self._line(progress)

    def _line(self, progress: Progress) -> None:
        self._last, self._said = progress.done, time.monotonic()
        self.say(progress.line(), progress)

    def say(self, text: str, progress: Progress) -> None:
        if self._stream is not None:
            # Whole lines, so that those of several processes do not mix.
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def close(self, progress: Progress) -> None:
        if progress.done and progress.done != self._last:
            self._line(progress)


class _Terminal:
    """A line at the bottom of a terminal that is written over. Of several at once, in threads, the first one is drawn."""

    _lock = threading.RLock()
    _open: list[_Terminal] = []
    _drawn = 0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._signs: dict[int, str | int] = {}
        try:
            "█·".encode(stream.encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            self._signs = dict(str.maketrans("█·", "=-"))
        with self._lock:
            self._open.append(self)

    def is_due(self, progress: Progress) -> bool:
        return progress.done >= progress.total

    def show(self, progress: Progress) -> None:
        with self._lock:
            if self._open and self._open[0] is self:
                self._write(self._bar(progress))

    def say(self, text: str, progress: Progress) -> None:
        with self._lock:
            self._clear()
            self._stream.write(f"{text}\n")
            self.show(progress)

    def close(self, progress: Progress) -> None:
        with self._lock:
            self._clear()
            self._stream.write(f"{self._bar(progress)}\n")
            self._stream.flush()
            if self in self._open:
                self._open.remove(self)

    def _write(self, text: str) -> None:
        """Write over what is drawn."""
        padding = " " * max(_Terminal._drawn - len(text), 0)
        self._stream.write(f"\r{text}{padding}")
        self._stream.flush()
        _Terminal._drawn = len(text)

    def _clear(self) -> None:
        if _Terminal._drawn:
            self._stream.write("\r" + " " * _Terminal._drawn + "\r")
            _Terminal._drawn = 0

    def _bar(self, progress: Progress) -> str:
        """As much of it as the width takes: the bar gives way first, then how fast it goes, then the numbers."""
        # The last column stays free: some terminals begin a new line behind it.
        width = shutil.get_terminal_size().columns - 1
        full = round(progress.share * _CELLS)
        bar = "[" + "█" * full + " " * (_CELLS - full) + "]"
        place, numbers, pace = progress.place(), progress.numbers(), progress.pace()
        for parts in ((f"{place} {bar}", numbers, pace), (place, numbers, pace), (place, numbers), (place,)):
            text = " · ".join(part for part in parts if part)
            if len(text) <= width:
                break
        return text[:width].translate(self._signs)


class _Notebook:
    """A line of HTML below the cell that is changed in place."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._above: list[str] = []

    def is_due(self, progress: Progress) -> bool:
        return progress.done >= progress.total

    def show(self, progress: Progress) -> None:
        from IPython.display import display

        shown = _Shown([*self._above, progress.line()], progress.share)
        if self._handle is None:
            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)

    def say(self, text: str, progress: Progress) -> None:
        self._above.append(text)
        self.show(progress)

    def close(self, progress: Progress) -> None:
        self.show(progress)


class _Shown:
    """Lines, and a bar in front of the last of them."""

    def __init__(self, lines: list[str], share: float) -> None:
        self._lines, self._share = lines, share

    def __repr__(self) -> str:
        return "\n".join(self._lines)

    def _repr_html_(self) -> str:
        *above, line = (escape(line) for line in self._lines)
        bar = f'<progress max="1" value="{self._share:.3f}" style="width:12em"></progress>'
        return "".join(f"<div>{text}</div>" for text in above) + f"<div>{bar} {line}</div>"
