"""What a fit says while it runs: scikit-learn's lines, or a bar."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from .._progress import Progress, wants_bar


class Told:
    """As `verbose` asks for it: nothing, a line for each epoch as scikit-learn prints it, or one bar."""

    def __init__(self, verbose: Any, total: int) -> None:
        self.is_bar = wants_bar(verbose)
        #: scikit-learn's own lines are printed.
        self.prints = bool(verbose) and not self.is_bar
        self._progress = Progress(total) if self.is_bar else None

    def epoch(self, done: int, loss: float, score: float | None = None) -> None:
        """An epoch is done, of which these are the loss and the score on the rows held out."""
        if self._progress is not None:
            self._progress(done, {"loss": loss} if score is None else {"loss": loss, "validation score": score})
        elif self.prints:
            print(f"Iteration {done}, loss = {loss:.8f}")
            if score is not None:
                print(f"Validation score: {score:f}")

    def say(self, text: str) -> None:
        """Put a line above the bar, if there is one."""
        if self._progress is not None:
            self._progress.say(text)

    def __enter__(self) -> Told:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.close()
