"""Word stems: what is left of a word without the commonest English endings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from bot.knowledge.tfidf import TfidfIndex

_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y")
_STEM = 3
"""What is left of a word when an ending is cut has at least so many letters."""


class StemIndex(TfidfIndex):
    """TF-IDF of word stems."""

    @staticmethod
    def split(text: str) -> Iterator[bytes]:
        """The stems."""
        return (stem.encode() for stem in stems(text))


class PhraseIndex(TfidfIndex):
    """TF-IDF of word stems and of pairs of them."""

    @staticmethod
    def split(text: str) -> Iterator[bytes]:
        """The stems, and each with the one after it."""
        words = stems(text)
        yield from (word.encode() for word in words)
        yield from (f"{one} {other}".encode() for one, other in pairwise(words))


def stems(text: str) -> list[str]:
    """The words of a text in lower case, without the commonest English endings."""
    return [_stem(word) for word in _WORD.findall(text.lower().replace("'", ""))]


@lru_cache(maxsize=1 << 15)
def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            stem = word.removesuffix(ending)
            doubled = ending in ("ing", "ed") and len(stem) > _STEM and stem[-1] == stem[-2]
            return stem[:-1] if doubled else stem
    return word
