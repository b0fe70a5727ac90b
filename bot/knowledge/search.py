"""Which entries answer a question: several views of closeness, blended (`bot.knowledge.blend`)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.answers import NO_ANSWERS, AnswerIndex, Answers
from bot.knowledge.bayes import Bayes
from bot.knowledge.blend import NEAREST, Views, blend
from bot.knowledge.bm25 import WordIndex
from bot.knowledge.groups import Groups
from bot.knowledge.linear import Linear
from bot.knowledge.ngrams import NgramIndex
from bot.knowledge.question_index import FORMAT, IndexFormatError, QuestionIndex
from bot.knowledge.stems import StemIndex

Floats = NDArray[np.float32]

_BATCH = 128


class Hit(NamedTuple):
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

    asked: QuestionIndex
    """What leads to the answers."""
    answers: AnswerIndex
    """What they say, in the order of `entry_ids`."""
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
            learn: as for `QuestionIndex.fit`.
        """
        earlier = before.asked if before is not None else None
        asked = QuestionIndex.fit(questions, vectors, earlier, learn=learn)
        return cls(asked, AnswerIndex.fit(asked.entry_ids, vectors.shape[1], answers))

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """The entries that can be found, sorted."""
        return self.asked.entry_ids

    @property
    def questions(self) -> tuple[str, ...]:
        """Grouped by entry, in the order of `entry_ids`."""
        return self.asked.questions

    @property
    def owners(self) -> NDArray[np.int64]:
        """As `QuestionIndex.owners`."""
        return self.asked.owners

    @property
    def vectors(self) -> Floats:
        """Of the questions, (questions, dims), each of length 1."""
        return self.asked.vectors

    @property
    def linear(self) -> Linear:
        """The regression of the entries on the vectors."""
        return self.asked.linear

    @property
    def ngrams(self) -> NgramIndex:
        """The character n-grams of the questions."""
        return self.asked.ngrams

    @property
    def stems(self) -> StemIndex:
        """The word stems of the questions."""
        return self.asked.stems

    @property
    def letters_bayes(self) -> Bayes:
        """Naive Bayes over the n-grams."""
        return self.asked.letters_bayes

    @property
    def words_bayes(self) -> Bayes:
        """Naive Bayes over the stems."""
        return self.asked.words_bayes

    @property
    def groups(self) -> Groups:
        """Which questions belong together."""
        return self.asked.groups

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
            cosines=self.asked.cosines(vectors),
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

    def prepare(self) -> None:
        """Compute what the first search would have to wait for."""
        self.asked.prepare()

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
        ids, questions = self.entry_ids, self.questions
        confidences = self.confidences(scores.blended)
        nearest = self.groups.best(scores.cosines)
        order = np.argsort(-scores.blended, axis=1, kind="stable")[:, : max(limit, 0)]
        for row, best in enumerate(order):
            near = nearest[row, best]
            columns = (
                scores.blended[row, best],
                scores.cosines[row, near],
                near,
                scores.logits[row, best],
                confidences[row, best],
            )
            rows = zip(best.tolist(), *(column.tolist() for column in columns), strict=True)
            yield [
                Hit(ids[entry], score, cosine, questions[question], logit, confidence)
                for entry, score, cosine, question, logit, confidence in rows
            ]

    def with_temperature(self, temperature: float) -> SearchIndex:
        """The same index, calibrated."""
        return replace(self, temperature=temperature)

    def to_bytes(self) -> bytes:
        """All but the questions, as an npz archive without pickles."""
        known = json.dumps(self.answers.words.stems).encode()
        buffer = io.BytesIO()
        np.savez(
            buffer,
            format=np.array(FORMAT),
            gists=self.answers.gists,
            stems=np.frombuffer(known, dtype=np.uint8),
            words=self.answers.words.weights,
            temperature=np.array(self.temperature),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, asked: QuestionIndex) -> SearchIndex:
        """The index of which `to_bytes` wrote the rest.

        Raises:
            IndexFormatError: these bytes are something else, of another version, or of other
                questions.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                if int(arrays["format"]) != FORMAT:
                    raise IndexFormatError(f"search index of format {int(arrays['format'])}")
                words = WordIndex(tuple(json.loads(arrays["stems"].tobytes())), arrays["words"])
                answers = AnswerIndex(arrays["gists"], words)
                temperature = float(arrays["temperature"])
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            raise IndexFormatError("these bytes are not a search index") from None
        if len(answers.gists) != len(asked.entry_ids):
            raise IndexFormatError("these questions lead to other answers")
        return cls(asked, answers, temperature)
