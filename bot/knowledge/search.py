"""Which entries answer a question: several views of closeness, blended (`bot.knowledge.blend`)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.answers import NO_ANSWERS, AnswerIndex, Answers
from bot.knowledge.bayes import Bayes
from bot.knowledge.blend import NEAREST, Views, blend
from bot.knowledge.bm25 import WordIndex
from bot.knowledge.groups import Groups
from bot.knowledge.linear import Linear
from bot.knowledge.ngrams import NgramIndex
from bot.knowledge.stems import StemIndex
from bot.knowledge.tfidf import TfidfIndex

Floats = NDArray[np.float32]

FORMAT = 4
"""Raise when `to_bytes` or the encoder changes; an index of another format is built anew by
publishing."""
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
class Raw:
    """What m queries have to do with all questions and entries, one way of comparing at a time."""

    cosines: Floats
    """Of the embeddings, (m, questions)."""
    ngrams: Floats
    """Cosines of the character n-grams, (m, questions)."""
    logits: Floats
    """Of the regression, (m, entries)."""
    letters_bayes: Floats
    """Log likelihoods of the n-grams, (m, entries)."""
    words_bayes: Floats
    """Log likelihoods of the stems, (m, entries)."""


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
    stems: StemIndex
    answers: AnswerIndex
    temperature: float = 1.0

    @classmethod
    def fit(
        cls,
        questions: Sequence[tuple[str, str]],
        vectors: NDArray[np.float32],
        answers: Answers = NO_ANSWERS,
        before: SearchIndex | None = None,
        *,
        learn: bool = True,
    ) -> SearchIndex:
        """An index over ``(entry id, question)`` pairs; deterministic. Not calibrated yet.

        Args:
            questions: any number, 0 included.
            vectors: their embeddings, shape (len(questions), dims).
            answers: what the entries say.
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
        answer_index = AnswerIndex.fit(entry_ids, vectors.shape[1], answers)
        if before is not None and before.has(entry_ids, texts, owners, sorted_vectors):
            return replace(before, answers=answer_index, temperature=1.0)
        places = before.places(texts) if before is not None else ()
        return cls(
            entry_ids=entry_ids,
            questions=texts,
            owners=owners,
            vectors=sorted_vectors,
            linear=_regression(sorted_vectors, owners, entry_ids, before, learn=learn),
            ngrams=NgramIndex.fit(texts, before.ngrams if before is not None else None, places),
            stems=StemIndex.fit(texts, before.stems if before is not None else None, places),
            answers=answer_index,
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
        raw = self.compare(texts, vectors)
        return Scores(raw.cosines, raw.logits, blend(self.views(texts, vectors, raw)))

    def compare(self, texts: Sequence[str], vectors: Floats) -> Raw:
        """Every comparison of m queries, of which there is at least one entry."""
        ngrams = [self.ngrams.terms(text) for text in texts]
        stems = [self.stems.terms(text) for text in texts]
        return Raw(
            cosines=vectors @ self.vectors.T,
            ngrams=np.stack([self.ngrams.cosines(terms) for terms in ngrams]),
            logits=self.linear.logits(vectors),
            letters_bayes=np.stack([self.letters_bayes.scores(terms) for terms in ngrams]),
            words_bayes=np.stack([self.words_bayes.scores(terms) for terms in stems]),
        )

    def views(self, texts: Sequence[str], vectors: Floats, raw: Raw) -> Views:
        """What is blended for m queries.

        `raw` may have -inf for questions that must not count; an entry that has no other question
        gets the lowest value there is.
        """
        return Views(
            logits=raw.logits,
            nearest=self.groups.mean_of_best(raw.cosines, NEAREST),
            letters=self.groups.mean_of_best(raw.ngrams, 1),
            letters_bayes=raw.letters_bayes,
            words_bayes=raw.words_bayes,
            gist=self.answers.cosines(vectors),
            words=self.answers.word_scores(texts),
        )

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
        if len(self):
            self.groups.prepare()

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
        known = self.answers.words.stems
        names = {"entry_ids": self.entry_ids, "questions": self.questions, "known": known}
        buffer = io.BytesIO()
        np.savez(
            buffer,
            format=np.array(FORMAT),
            names=np.frombuffer(json.dumps(names).encode(), dtype=np.uint8),
            owners=self.owners,
            vectors=self.vectors,
            coef=self.linear.coef,
            intercept=self.linear.intercept,
            **_arrays("ngrams", self.ngrams),
            **_arrays("stems", self.stems),
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
                words = WordIndex(tuple(names["known"]), arrays["words"])
                return cls(
                    entry_ids=tuple(names["entry_ids"]),
                    questions=tuple(names["questions"]),
                    owners=arrays["owners"],
                    vectors=arrays["vectors"],
                    linear=Linear(arrays["coef"], arrays["intercept"]),
                    ngrams=_index(NgramIndex, "ngrams", arrays, len(names["questions"])),
                    stems=_index(StemIndex, "stems", arrays, len(names["questions"])),
                    answers=AnswerIndex(arrays["gists"], words),
                    temperature=float(arrays["temperature"]),
                )
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            raise IndexFormatError("these bytes are not a search index") from None


def _regression(
    vectors: Floats,
    owners: NDArray[np.int64],
    entry_ids: tuple[str, ...],
    before: SearchIndex | None,
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


def _arrays(name: str, index: TfidfIndex) -> dict[str, NDArray[Any]]:
    return {f"{name}_{part}": getattr(index, part) for part in _PARTS}


def _index(
    kind: type[_Tfidf], name: str, arrays: Mapping[str, NDArray[Any]], count: int
) -> _Tfidf:
    return kind(**{part: arrays[f"{name}_{part}"] for part in _PARTS}, count=count)
