"""What a fit says while it runs, and who may end it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from .._progress import Progress, wants_bar


class Telling:
    """Is called with what happens: prints it or moves a bar, and shows each epoch to the callbacks."""

    def __init__(self, verbose: Any, callbacks: Callable[..., Any] | Iterable[Callable[..., Any]] | None) -> None:
        self._is_bar = wants_bar(verbose)
        self._prints = bool(verbose) and not self._is_bar
        self._callbacks = (callbacks,) if callable(callbacks) else tuple(callbacks or ())
        self._progress: Progress | None = None

    @property
    def is_needed(self) -> bool:
        """Somebody wants to hear of it."""
        return self._prints or self._is_bar or bool(self._callbacks)

    def __call__(self, what: str, said: Any) -> bool:
        """Something happens; True ends the training."""
        if what == "begun":
            self._begun(*said)
            return False
        losses = {"loss": said["train_loss"], "validation loss": said["validation_loss"]}
        losses = {name: loss for name, loss in losses.items() if not math.isnan(loss)}
        if self._progress is not None:
            self._progress(said["epoch"], losses)
        elif self._prints:
            print(f"Epoch {said['epoch']}, {', '.join(f'{name} = {loss:.6f}' for name, loss in losses.items())}")
        return any([callback(said) is True for callback in self._callbacks])

    def _begun(self, lines: list[str], epochs: int) -> None:
        if self._is_bar:
            self._progress = Progress(epochs)
        elif self._prints:
            print("\n".join(lines))

    def __enter__(self) -> Telling:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.close()
