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
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BUCKETS = 1 << 16
"""As many as 16 bits can name."""

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
    def fit(
        cls: type[Self],
        texts: Sequence[str],
        old: Self | None = None,
        places: Sequence[int] = (),
    ) -> Self:
        """Index `texts`; idf is smoothed as in scikit-learn: ln((1 + n) / (1 + df)) + 1.

        Args:
            old: an earlier index that has some of the texts; splitting a text costs more than all
                the rest. What comes of it is the same within float32.
            places: the place of each text in `old`, -1 for what it does not have.
        """
        known = np.array(places if old is not None else [-1] * len(texts), dtype=np.int64)
        counts = _stacked(old, known, [cls._bag(texts[row]) for row in np.flatnonzero(known < 0)])
        rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
        columns, values = counts.indices, counts.data
        frequency = np.bincount(columns, minlength=BUCKETS)
        idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        idf = np.where(frequency > 0, idf, 0).astype(np.float32)
        values = values * idf[columns]
        lengths = np.sqrt(np.bincount(rows, values.astype(np.float64) ** 2, len(texts)))
        values = (values / lengths[rows]).astype(np.float32)
        order = np.argsort(columns.astype(np.uint16), kind="stable")  # of 16 bits: a radix sort
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


def _stacked(
    old: TfidfIndex | None, places: NDArray[np.int64], bags: Sequence[Mapping[int, int]]
) -> csr_matrix:
    """How often each text has each bucket, shape (texts, BUCKETS); each row times any number.

    Args:
        places: the row of `old` for each text, -1 for the next one of `bags`.
    """
    from scipy.sparse import csr_matrix, vstack

    columns = np.fromiter((bucket for bag in bags for bucket in bag), dtype=np.int32)
    numbers = np.fromiter((n for bag in bags for n in bag.values()), dtype=np.float32)
    starts = np.cumsum([0, *map(len, bags)])
    fresh = csr_matrix((numbers, columns, starts), (len(bags), BUCKETS))
    if old is None:
        return fresh
    kept = old.matrix()
    kept.data = kept.data / old.idf[kept.indices]
    rows = np.where(places < 0, old.count + np.cumsum(places < 0) - 1, places)
    return vstack([kept, fresh], format="csr")[rows]


def _weigh(bag: Mapping[int, int], idf: NDArray[np.float32]) -> Terms:
    columns = np.fromiter(bag.keys(), dtype=np.int32, count=len(bag))
    counts = np.fromiter(bag.values(), dtype=np.float32, count=len(bag))
    values = counts * idf[columns]
    length = np.linalg.norm(values)
    known = values > 0
    if length == 0:
        return Terms(columns[known], values[known])
    return Terms(columns[known], (values[known] / length).astype(np.float32))
