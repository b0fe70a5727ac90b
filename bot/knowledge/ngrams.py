"""Character n-grams: they find what the encoder misses, names and misspellings above all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.knowledge.tfidf import TfidfIndex

SIZES = (3, 4, 5)
"""scikit-learn's usual choice for `char_wb`: n-grams inside words, with a space at both ends."""
_WORD = re.compile(r"[^\W_]+")


class NgramIndex(TfidfIndex):
    """TF-IDF of character n-grams."""

    @staticmethod
    def split(text: str) -> Iterator[bytes]:
        """The n-grams of each word with a space at both ends; of a short word, itself."""
        for word in _WORD.findall(text.lower()):
            padded = f" {word} ".encode()
            for size in SIZES:
                if len(padded) <= size:
                    yield padded
                    break
                for start in range(len(padded) - size + 1):
                    yield padded[start : start + size]
