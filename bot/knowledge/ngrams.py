"""Character n-gram TF-IDF: finds what the encoder misses, names and misspellings above all.

A small implementation of our own, since scikit-learn's vectorizers cost more per query than the
whole search (and its import more than a second). n-grams are hashed (CRC-32), so there is no
vocabulary to keep; what does not occur in the indexed texts is dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SIZES = (3, 4, 5)
"""scikit-learn's usual choice for `char_wb`: n-grams inside words, with a space at both ends."""
BUCKETS = 1 << 16
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class NgramIndex:
    """TF-IDF of n texts as an inverted file: for each bucket, the texts that have it."""

    starts: NDArray[np.int64]
    """Shape (BUCKETS + 1,): bucket b has the postings from starts[b] up to starts[b + 1]."""
    rows: NDArray[np.int32]
    """Which text, per posting."""
    values: NDArray[np.float32]
    """How much, per posting; the values of one text are a vector of length 1."""
    idf: NDArray[np.float32]
    """Shape (BUCKETS,); 0 where no text has the n-gram."""
    count: int
    """How many texts."""

    @classmethod
    def fit(cls, texts: Sequence[str]) -> NgramIndex:
        """Index `texts`; idf is smoothed as in scikit-learn: ln((1 + n) / (1 + df)) + 1."""
        bags = [_bag(text) for text in texts]
        frequency = np.zeros(BUCKETS, dtype=np.int64)
        for bag in bags:
            frequency[list(bag)] += 1
        idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        idf = np.where(frequency > 0, idf, 0).astype(np.float32)
        weighed = [_weigh(bag, idf) for bag in bags]
        columns = _join([column for column, _ in weighed], np.int32)
        values = _join([value for _, value in weighed], np.float32)
        rows = np.repeat(np.arange(len(texts)), [len(column) for column, _ in weighed])
        order = np.argsort(columns, kind="stable")
        return cls(
            starts=np.concatenate([[0], np.cumsum(frequency)]),
            rows=rows[order].astype(np.int32),
            values=values[order],
            idf=idf,
            count=len(texts),
        )

    def cosines(self, text: str) -> NDArray[np.float32]:
        """How close `text` is to each indexed text, 0 to 1, shape (count,)."""
        columns, values = _weigh(_bag(text), self.idf)
        begin = self.starts[columns]
        lengths = self.starts[columns + 1] - begin
        before = np.cumsum(lengths) - lengths
        postings = np.repeat(begin - before, lengths) + np.arange(lengths.sum())
        products = self.values[postings] * np.repeat(values, lengths)
        sums = np.bincount(self.rows[postings], weights=products, minlength=self.count)
        return sums.astype(np.float32)


def _join(parts: list[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _bag(text: str) -> Mapping[int, int]:
    """Bucket to number of occurrences."""
    bag: Counter[int] = Counter()
    for word in _WORD.findall(text.lower()):
        padded = f" {word} ".encode()
        for size in SIZES:
            if len(padded) <= size:
                bag[crc32(padded) % BUCKETS] += 1
                break
            for start in range(len(padded) - size + 1):
                bag[crc32(padded[start : start + size]) % BUCKETS] += 1
    return bag


def _weigh(
    bag: Mapping[int, int], idf: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The buckets that count, and their values as a vector of length 1."""
    columns = np.fromiter(bag.keys(), dtype=np.int32, count=len(bag))
    counts = np.fromiter(bag.values(), dtype=np.float32, count=len(bag))
    values = counts * idf[columns]
    length = np.linalg.norm(values)
    known = values > 0
    if length == 0:
        return columns[known], values[known]
    return columns[known], (values[known] / length).astype(np.float32)
