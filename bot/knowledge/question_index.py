"""The questions that lead to the entries, in every form that a query is compared with.

It is what is large in a search, 44 MB for 15,000 questions, and what most edits leave alone: an
answer that is reworded has the questions it had. So it is a value of its own, known by its digest:
publications share it in the database, and a process that has it need not load it again.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.adapter import version
from bot.knowledge.bayes import Bayes
from bot.knowledge.groups import Groups
from bot.knowledge.linear import Linear
from bot.knowledge.ngrams import NgramIndex
from bot.knowledge.stems import StemIndex
from bot.knowledge.tfidf import TfidfIndex

Floats = NDArray[np.float32]

FORMAT = 6
"""Raise when what is kept changes; another format is built anew. What the encoder was taught is
kept beside it (`_made_by`): vectors of another one would be compared with those of messages in
vain."""


FEW, ROWS = 12, 256
"""Up to so many queries are compared one by one with so many questions at a time, which stay in the
processor's cache: three with 29,502 questions in 5.5 ms instead of 16 (one takes 3.4 ms, twelve
14)."""


class IndexFormatError(Exception):
    """Bytes that are not an index of this version: publish again to build one."""


@dataclass(frozen=True)
class QuestionIndex:
    """A fitted index of questions; immutable, so threads may share it."""

    entry_ids: tuple[str, ...]
    questions: tuple[str, ...]
    """Grouped by entry, in the order of `entry_ids`."""
    owners: NDArray[np.int64]
    """Which entry each question belongs to, as an index into `entry_ids`; shape (questions,)."""
    vectors: Floats
    """(questions, dims), each of length 1."""
    linear: Linear
    ngrams: NgramIndex
    stems: StemIndex

    @classmethod
    def fit(
        cls,
        questions: Sequence[tuple[str, str]],
        vectors: Floats,
        before: QuestionIndex | None = None,
        *,
        learn: bool = True,
    ) -> QuestionIndex:
        """An index over ``(entry id, question)`` pairs; deterministic, and `before` itself if that
        is of just these.

        Args:
            questions: any number, 0 included.
            vectors: their embeddings, shape (len(questions), dims).
            before: an earlier index; what it shares with this one is taken from there.
            learn: without it, the regression of `before` is taken as it is if the entries are the
                same: 0.6 s less, and logits of test questions that differ by 0.03 for each text.
        """
        order = sorted(range(len(questions)), key=lambda index: (questions[index][0], index))
        entry_ids = tuple(sorted({entry_id for entry_id, _ in questions}))
        place = {entry_id: index for index, entry_id in enumerate(entry_ids)}
        owners = np.array([place[questions[index][0]] for index in order], dtype=np.int64)
        sorted_vectors = np.ascontiguousarray(vectors[order], dtype=np.float32)
        texts = tuple(questions[index][1] for index in order)
        if before is not None and before.vectors.shape[1] != sorted_vectors.shape[1]:
            before = None  # of another encoder
        if before is not None and before.has(entry_ids, texts, owners, sorted_vectors):
            return before
        places = before.places(texts) if before is not None else ()
        return cls(
            entry_ids=entry_ids,
            questions=texts,
            owners=owners,
            vectors=sorted_vectors,
            linear=_regression(sorted_vectors, owners, entry_ids, before, learn=learn),
            ngrams=NgramIndex.fit(texts, before.ngrams if before is not None else None, places),
            stems=StemIndex.fit(texts, before.stems if before is not None else None, places),
        )

    def has(
        self,
        entry_ids: tuple[str, ...],
        texts: tuple[str, ...],
        owners: NDArray[np.int64],
        vectors: Floats,
    ) -> bool:
        """Whether just these questions of these entries, with these vectors, are indexed."""
        return (
            self.entry_ids == entry_ids
            and self.questions == texts
            and np.array_equal(self.owners, owners)
            and np.array_equal(self.vectors, vectors)
        )

    def places(self, texts: Sequence[str]) -> list[int]:
        """Where each text stands in `questions`; -1 for one that is not indexed."""
        place = {text: row for row, text in enumerate(self.questions)}
        return [place.get(text, -1) for text in texts]

    def cosines(self, vectors: Floats) -> Floats:
        """Of m queries, (m, dims), with each question, (m, questions)."""
        if len(vectors) > FEW:
            return vectors @ self.vectors.T
        found = np.empty((len(vectors), len(self.vectors)), dtype=np.float32)
        for start in range(0, len(self.vectors), ROWS):
            some = self.vectors[start : start + ROWS]
            for row, vector in enumerate(vectors):
                np.dot(some, vector, out=found[row, start : start + ROWS])
        return found

    @cached_property
    def letters_bayes(self) -> Bayes:
        """Naive Bayes over the n-grams; summed up anew when an index is loaded, in 0.1 s."""
        return Bayes.of(self.ngrams, self.owners, len(self.entry_ids))

    @cached_property
    def words_bayes(self) -> Bayes:
        """Naive Bayes over the stems."""
        return Bayes.of(self.stems, self.owners, len(self.entry_ids))

    @cached_property
    def groups(self) -> Groups:
        """Which questions belong together."""
        return Groups(self.owners)

    def prepare(self) -> None:
        """Compute what the first search would have to wait for: 0.3 s."""
        _ = self.letters_bayes, self.words_bayes
        if self.entry_ids:
            self.groups.prepare()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that `to_bytes` writes, as 64 hex digits."""
        found = hashlib.sha256()
        for name, array in sorted(self.arrays().items()):
            found.update(f"{name} {array.dtype} {array.shape}\n".encode())
            found.update(np.ascontiguousarray(array).data)
        return found.hexdigest()

    def to_bytes(self) -> bytes:
        """The index as an npz archive without pickles."""
        buffer = io.BytesIO()
        np.savez(buffer, **self.arrays())
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> QuestionIndex:
        """The index that `to_bytes` wrote.

        Raises:
            IndexFormatError: these bytes are something else, or of another version.
        """
        _made_by()  # that the encoder's own file is missing is no fault of these bytes
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                return cls.from_arrays(arrays)
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            raise IndexFormatError("these bytes are not a search index") from None

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> QuestionIndex:
        """The index of these `arrays`; others may be among them.

        Raises:
            IndexFormatError: they are of another version.
            ValueError, KeyError: they are something else.
        """
        if (made_by := str(arrays["question_format"])) != _made_by():
            raise IndexFormatError(f"search index of format {made_by}")
        names = json.loads(arrays["names"].tobytes())
        return cls(
            entry_ids=tuple(names["entry_ids"]),
            questions=tuple(names["questions"]),
            owners=arrays["owners"],
            vectors=arrays["vectors"],
            linear=Linear(arrays["coef"], arrays["intercept"]),
            ngrams=_index(NgramIndex, "ngrams", arrays, len(names["questions"])),
            stems=_index(StemIndex, "stems", arrays, len(names["questions"])),
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it is, by names of its own."""
        names = json.dumps({"entry_ids": self.entry_ids, "questions": self.questions})
        return {
            "question_format": np.array(_made_by()),
            "names": np.frombuffer(names.encode(), dtype=np.uint8),
            "owners": self.owners,
            "vectors": self.vectors,
            "coef": self.linear.coef,
            "intercept": self.linear.intercept,
            **{f"ngrams_{part}": getattr(self.ngrams, part) for part in _PARTS},
            **{f"stems_{part}": getattr(self.stems, part) for part in _PARTS},
        }


def _made_by() -> str:
    """The format, and what the encoder was taught."""
    return f"{FORMAT}, encoder {version()}"


def _regression(
    vectors: Floats,
    owners: NDArray[np.int64],
    entry_ids: tuple[str, ...],
    before: QuestionIndex | None,
    *,
    learn: bool,
) -> Linear:
    if before is None:
        return Linear.fit(vectors, owners, len(entry_ids))
    if not learn and before.entry_ids == entry_ids:
        return before.linear
    start = before.linear.among(before.entry_ids, entry_ids)
    return Linear.fit(vectors, owners, len(entry_ids), start)


_PARTS = ("rows", "starts", "values", "idf")
_Tfidf = TypeVar("_Tfidf", bound=TfidfIndex)


def _index(kind: type[_Tfidf], name: str, arrays: Mapping[str, NDArray[Any]], count: int) -> _Tfidf:
    return kind(**{part: arrays[f"{name}_{part}"] for part in _PARTS}, count=count)
