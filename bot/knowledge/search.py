"""Which entries answer a question: several views of closeness, blended (`bot.knowledge.blend`)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.answers import NO_ANSWERS, AnswerIndex, Answers
from bot.knowledge.blend import NEAREST, Views, blend
from bot.knowledge.bm25 import WordIndex
from bot.knowledge.groups import Groups
from bot.knowledge.linear import Linear
from bot.knowledge.ngrams import NgramIndex

Floats = NDArray[np.float32]

FORMAT = 2
"""Raise when `to_bytes` changes; an index of another format is built anew by publishing."""
_BATCH = 128


class IndexFormatError(Exception):
    """Bytes that are not an index of this version: publish again to build one."""


@dataclass(frozen=True)
class Hit:
    """One entry found."""

    entry_id: str
    score: float
    """The blend; comparable between the entries of one query only."""
    cosine: float
    """Of the entry's question that is nearest in meaning, -1 to 1."""
    nearest_question: str
    logit: float
    """The raw logit of the regression: low for all entries when a query is out of scope."""
    confidence: float
    """Softmax of the scores over all entries, at the temperature of `calibrate`; 0 to 1."""


@dataclass(frozen=True)
class Scores:
    """What m queries score against all entries and questions."""

    cosines: Floats
    """(m, questions)"""
    logits: Floats
    """(m, entries)"""
    blended: Floats
    """(m, entries)"""


@dataclass(frozen=True)
class SearchIndex:
    """A fitted index; immutable, so threads may share it."""

    entry_ids: tuple[str, ...]
    questions: tuple[str, ...]
    """Grouped by entry, in the order of `entry_ids`."""
    owners: NDArray[np.int64]
    """Which entry each question belongs to, as an index into `entry_ids`; shape (questions,)."""
    vectors: Floats
    """(questions, dims), each of length 1."""
    linear: Linear
    ngrams: NgramIndex
    answers: AnswerIndex
    temperature: float = 1.0

    @classmethod
    def fit(
        cls,
        questions: Sequence[tuple[str, str]],
        vectors: NDArray[np.float32],
        answers: Answers = NO_ANSWERS,
    ) -> SearchIndex:
        """An index over ``(entry id, question)`` pairs; deterministic. Not calibrated yet.

        Args:
            questions: any number, 0 included.
            vectors: their embeddings, shape (len(questions), dims).
            answers: what the entries say.
        """
        order = sorted(range(len(questions)), key=lambda index: (questions[index][0], index))
        entry_ids = tuple(sorted({entry_id for entry_id, _ in questions}))
        place = {entry_id: index for index, entry_id in enumerate(entry_ids)}
        owners = np.array([place[questions[index][0]] for index in order], dtype=np.int64)
        sorted_vectors = np.ascontiguousarray(vectors[order], dtype=np.float32)
        texts = tuple(questions[index][1] for index in order)
        return cls(
            entry_ids=entry_ids,
            questions=texts,
            owners=owners,
            vectors=sorted_vectors,
            linear=Linear.fit(sorted_vectors, owners, len(entry_ids)),
            ngrams=NgramIndex.fit(texts),
            answers=AnswerIndex.fit(entry_ids, vectors.shape[1], answers),
        )

    def __len__(self) -> int:
        """How many entries can be found."""
        return len(self.entry_ids)

    def search(self, text: str, vector: NDArray[np.float32], limit: int = 5) -> list[Hit]:
        """The `limit` best entries for one query, best first.

        Args:
            text: the query as the visitor wrote it.
            vector: its embedding, shape (dims,).
        """
        return self.search_many([text], vector[None, :], limit)[0]

    def search_many(
        self, texts: Sequence[str], vectors: NDArray[np.float32], limit: int = 5
    ) -> list[list[Hit]]:
        """`search` for m queries, with vectors of shape (m, dims)."""
        found: list[list[Hit]] = []
        for start in range(0, len(texts), _BATCH):
            part = slice(start, start + _BATCH)
            found.extend(self._hits(self.scores(texts[part], vectors[part]), limit))
        return found

    def scores(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> Scores:
        """All scores of m queries; needs memory for m x questions floats a few times over."""
        if not self.entry_ids:
            nothing = np.zeros((len(texts), 0), dtype=np.float32)
            return Scores(nothing, nothing, nothing)
        cosines: Floats = vectors @ self.vectors.T
        logits = self.linear.logits(vectors)
        ngrams = np.stack([self.ngrams.cosines(text) for text in texts])
        views = self.views(texts, vectors, cosines, logits, ngrams)
        return Scores(cosines, logits, blend(views))

    def views(
        self, texts: Sequence[str], vectors: Floats, cosines: Floats, logits: Floats, ngrams: Floats
    ) -> Views:
        """What is blended for m queries.

        `cosines` and `ngrams` are (m, questions), with -inf for questions that must not count;
        an entry that has no other question gets the lowest value there is.
        """
        return Views(
            logits=logits,
            nearest=self.groups.mean_of_best(cosines, NEAREST),
            letters=self.groups.mean_of_best(ngrams, 1),
            gist=self.answers.cosines(vectors),
            words=self.answers.word_scores(texts),
        )

    @cached_property
    def groups(self) -> Groups:
        """Which questions belong together."""
        return Groups(self.owners)

    def confidences(self, blended: Floats) -> Floats:
        """Softmax over the entries of each row, at the index's temperature."""
        scaled = blended / self.temperature
        powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        result: Floats = powers / powers.sum(axis=1, keepdims=True)
        return result

    def _hits(self, scores: Scores, limit: int) -> Iterator[list[Hit]]:
        if not self.entry_ids:
            yield from ([] for _ in scores.blended)
            return
        confidences = self.confidences(scores.blended)
        nearest = self.groups.best(scores.cosines)
        order = np.argsort(-scores.blended, axis=1, kind="stable")[:, : max(limit, 0)]
        for row, best in enumerate(order):
            yield [
                Hit(
                    entry_id=self.entry_ids[entry],
                    score=float(scores.blended[row, entry]),
                    cosine=float(scores.cosines[row, nearest[row, entry]]),
                    nearest_question=self.questions[nearest[row, entry]],
                    logit=float(scores.logits[row, entry]),
                    confidence=float(confidences[row, entry]),
                )
                for entry in best
            ]

    def with_temperature(self, temperature: float) -> SearchIndex:
        """The same index, calibrated."""
        return replace(self, temperature=temperature)

    def to_bytes(self) -> bytes:
        """The index as an npz archive without pickles."""
        stems = self.answers.words.stems
        names = {"entry_ids": self.entry_ids, "questions": self.questions, "stems": stems}
        buffer = io.BytesIO()
        np.savez(
            buffer,
            format=np.array(FORMAT),
            names=np.frombuffer(json.dumps(names).encode(), dtype=np.uint8),
            owners=self.owners,
            vectors=self.vectors,
            coef=self.linear.coef,
            intercept=self.linear.intercept,
            rows=self.ngrams.rows,
            starts=self.ngrams.starts,
            values=self.ngrams.values,
            idf=self.ngrams.idf,
            gists=self.answers.gists,
            words=self.answers.words.weights,
            temperature=np.array(self.temperature),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> SearchIndex:
        """The index that `to_bytes` wrote.

        Raises:
            IndexFormatError: these bytes are something else, or of another version.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                if int(arrays["format"]) != FORMAT:
                    raise IndexFormatError(f"search index of format {int(arrays['format'])}")
                names = json.loads(arrays["names"].tobytes())
                words = WordIndex(tuple(names["stems"]), arrays["words"])
                return cls(
                    entry_ids=tuple(names["entry_ids"]),
                    questions=tuple(names["questions"]),
                    owners=arrays["owners"],
                    vectors=arrays["vectors"],
                    linear=Linear(arrays["coef"], arrays["intercept"]),
                    ngrams=NgramIndex(
                        rows=arrays["rows"],
                        starts=arrays["starts"],
                        values=arrays["values"],
                        idf=arrays["idf"],
                        count=len(names["questions"]),
                    ),
                    answers=AnswerIndex(arrays["gists"], words),
                    temperature=float(arrays["temperature"]),
                )
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            raise IndexFormatError("these bytes are not a search index") from None
