"""What an estimator shows of its training: a page, and a diagnosis in words, which a notebook shows as they are to be read."""

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


class Words(str):
    """A text of paragraphs, which a notebook shows line by line.

    >>> Words("overfitting (likely)\\n  It knows its rows by heart.")._repr_html_()
    '<div style="white-space: pre-wrap">overfitting (likely)\\n  It knows its rows by heart.</div>'
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f'<div style="white-space: pre-wrap">{html.escape(self)}</div>'


class Diagnosed:
    """Mixed into estimators that know how their training went."""

    def diagnose_(self, lang: str = "en") -> Words:
        """Say what is wrong with the training, how that is known, what may help, and what cannot be told.

        Parameters
        ----------
        lang : {'en', 'zh'}, default='en'
            The language.

        Returns
        -------
        text : str
            A paragraph for each finding; `print` it, or let a notebook show it.
        """
        return Words(self._diagnosis(lang))

    def report_(self, lang: str = "en") -> Page:
        """Make the report of the training: what is wrong, curves, what the layers did, and what else is known.

        Parameters
        ----------
        lang : {'en', 'zh'}, default='en'
            The language.

        Returns
        -------
        page : Page
            A text of HTML, which a notebook shows, and which has `save(path)`.
        """
        return Page(self._report(lang))

    def _diagnosis(self, lang: str) -> str:
        raise NotImplementedError

    def _report(self, lang: str) -> str:
        raise NotImplementedError
