"""What the grader says, in both languages."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Lang = Literal["en", "zh"]


class Words(NamedTuple):
    """A sentence.

    >>> Words("right", "正确").of("zh")
    '正确'
    """

    en: str
    zh: str

    def of(self, lang: Lang) -> str:
        """The sentence in a language."""
        return self.zh if lang == "zh" else self.en


def language(name: str) -> Lang:
    """A language by its name."""
    for lang in get_args(Lang):
        if lang == name:
            known: Lang = lang
            return known
    raise ValueError(f"lang: expected 'en' or 'zh', got {name!r}")
