"""TF-IDF of texts as an inverted file, in a small implementation of our own.

scikit-learn's vectorizers cost more per query than the whole search (and their import more than a
second). Terms are hashed (CRC-32), so there is no vocabulary to keep; what does not occur in the
indexed texts is dropped. `bot.knowledge.ngrams` and `bot.knowledge.stems` say what a term is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BUCKETS = 1 << 16

Self = TypeVar("Self", bound="TfidfIndex")


class Terms(NamedTuple):
    """The known terms of one text: their buckets, and their values as a vector of length 1."""

    buckets: NDArray[np.int32]
    values: NDArray[np.float32]


@dataclass(frozen=True)
class TfidfIndex(ABC):
    """TF-IDF of n texts: for each bucket, the texts that have it."""

    starts: NDArray[np.int64]
    """Shape (BUCKETS + 1,): bucket b has the postings from starts[b] up to starts[b + 1]."""
    rows: NDArray[np.int32]
    """Which text, per posting."""
    values: NDArray[np.float32]
    """How much, per posting; the values of one text are a vector of length 1."""
    idf: NDArray[np.float32]
    """Shape (BUCKETS,); 0 where no text has the term."""
    count: int
    """How many texts."""

    @staticmethod
    @abstractmethod
    def split(text: str) -> Iterable[bytes]:
        """The terms of a text, as often as they occur."""

    @classmethod
    def fit(cls: type[Self], texts: Sequence[str]) -> Self:
        """Index `texts`; idf is smoothed as in scikit-learn: ln((1 + n) / (1 + df)) + 1."""
        bags = [cls._bag(text) for text in texts]
        frequency = np.zeros(BUCKETS, dtype=np.int64)
        for bag in bags:
            frequency[list(bag)] += 1
        idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        idf = np.where(frequency > 0, idf, 0).astype(np.float32)
        weighed = [_weigh(bag, idf) for bag in bags]
        columns = _join([terms.buckets for terms in weighed], np.int32)
        values = _join([terms.values for terms in weighed], np.float32)
        rows = np.repeat(np.arange(len(texts)), [len(terms.buckets) for terms in weighed])
        order = np.argsort(columns, kind="stable")
        return cls(
            starts=np.concatenate([[0], np.cumsum(frequency)]),
            rows=rows[order].astype(np.int32),
            values=values[order],
            idf=idf,
            count=len(texts),
        )

    def terms(self, text: str) -> Terms:
        """The terms of a text that any indexed text has."""
        return self.weigh(text, self.idf)

    @classmethod
    def weigh(cls, text: str, idf: NDArray[np.float32]) -> Terms:
        """The terms of a text that have an idf, shape (BUCKETS,)."""
        return _weigh(cls._bag(text), idf)

    def cosines(self, terms: Terms) -> NDArray[np.float32]:
        """How close a text is to each indexed text, 0 to 1, shape (count,)."""
        return total(self.starts, self.rows, self.values, terms, self.count)

    def matrix(self) -> csr_matrix:
        """The values of the indexed texts, shape (count, BUCKETS)."""
        from scipy.sparse import csr_matrix  # only fitting needs it

        by_bucket = csr_matrix((self.values, self.rows, self.starts), (BUCKETS, self.count))
        return by_bucket.T.tocsr()

    @classmethod
    def _bag(cls, text: str) -> Mapping[int, int]:
        """Bucket to number of occurrences."""
        return Counter(crc32(term) % BUCKETS for term in cls.split(text))


def total(
    starts: NDArray[np.int64],
    rows: NDArray[np.int32],
    values: NDArray[np.float32],
    terms: Terms,
    count: int,
) -> NDArray[np.float32]:
    """The sum over an inverted file's postings of the terms, value times value; shape (count,)."""
    begin = starts[terms.buckets]
    lengths = starts[terms.buckets + 1] - begin
    before = np.cumsum(lengths) - lengths
    postings = np.repeat(begin - before, lengths) + np.arange(lengths.sum())
    products = values[postings] * np.repeat(terms.values, lengths)
    sums = np.bincount(rows[postings], weights=products, minlength=count)
    return sums.astype(np.float32)


def _join(parts: list[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _weigh(bag: Mapping[int, int], idf: NDArray[np.float32]) -> Terms:
    columns = np.fromiter(bag.keys(), dtype=np.int32, count=len(bag))
    counts = np.fromiter(bag.values(), dtype=np.float32, count=len(bag))
    values = counts * idf[columns]
    length = np.linalg.norm(values)
    known = values > 0
    if length == 0:
        return Terms(columns[known], values[known])
    return Terms(columns[known], (values[known] / length).astype(np.float32))
