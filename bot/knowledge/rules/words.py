"""How two wordings are compared: by their words alone."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@lru_cache(maxsize=1 << 16)
def words(text: str) -> tuple[str, ...]:
    """The words in small letters, without punctuation; ``don't`` is one word."""
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


def runs(said: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    """Every run of `length` words."""
    return {said[start : start + length] for start in range(len(said) - length + 1)}
