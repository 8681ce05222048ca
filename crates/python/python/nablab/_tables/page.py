"""A page of HTML that shows itself in a notebook."""

from __future__ import annotations

import html
import os
from pathlib import Path


class Page(str):
    """A whole page of HTML: a text, which a notebook shows as the page."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{html.escape(self)}" style="width: 100%; height: 40em; border: 0"></iframe>'

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it into a file.

        Parameters
        ----------
        path : str or path-like
            The file; one that is there is replaced.
        """
        Path(path).write_text(self, encoding="utf-8")
