"""What search knows of the answers themselves, beside the questions that lead to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.bm25 import WordIndex
from bot.knowledge.entry import Entry

Floats = NDArray[np.float32]

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|^- |^#+ ", re.MULTILINE)


def gist(entry: Entry) -> str:
    """Title and short answer, which are encoded as one text.

    Each sentence of the whole answer as a text of its own was little better (hit@1 of the test
    questions 49.5 % against 48.3, hit@3 74.0 and 73.8), and encoding 3,015 of them took 10 s.
    """
    return f"{entry.title}. {_plain(entry.short)}"


def whole(entry: Entry) -> str:
    """Every word of the answer."""
    return f"{gist(entry)}\n{_plain(entry.more)}"


@dataclass(frozen=True)
class Answers:
    """The answers that belong to some questions, by entry id; an entry may lack one."""

    gists: Mapping[str, Floats] = field(default_factory=dict)
    """Embeddings of `gist`, each of shape (dims,)."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """As `whole` gives them."""


NO_ANSWERS = Answers()


@dataclass(frozen=True)
class AnswerIndex:
    """Two ways of comparing a query with the answers of n entries."""

    gists: Floats
    """(entries, dims)"""
    words: WordIndex

    @classmethod
    def fit(cls, entry_ids: Sequence[str], dims: int, answers: Answers) -> AnswerIndex:
        """Index the answers of `entry_ids`; one that is lacking is like nothing."""
        nothing = np.zeros(dims, dtype=np.float32)
        gists = [answers.gists.get(id_, nothing) for id_ in entry_ids]
        return cls(
            gists=np.stack(gists) if gists else np.zeros((0, dims), dtype=np.float32),
            words=WordIndex.fit([answers.texts.get(id_, "") for id_ in entry_ids]),
        )

    def cosines(self, vectors: Floats) -> Floats:
        """Of m queries with every gist, shape (m, entries)."""
        result: Floats = vectors @ self.gists.T
        return result

    def word_scores(self, texts: Sequence[str]) -> Floats:
        """BM25 of m queries with every answer, shape (m, entries)."""
        return np.stack([self.words.scores(text) for text in texts])


def _plain(markup: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", markup))
