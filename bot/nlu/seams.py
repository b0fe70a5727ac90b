"""Where in a message a new question begins: its seams.

Visitors ask two or three things at once, and seldom with a mark between them: "xeomin same as botox
or nah lasts as long or nah". A logistic regression says of each word how likely a question begins
there, from the states of the tokens around it (`bot.knowledge.encode.Tokens`) and the marks before
it. Of 591 messages with several questions, which neither it nor the encoder's adapter had seen, it
cuts 72 % exactly where a person did, from a chance of 0.3 on; so it leaves whole 68 % of those that
only look like several. On an encoder whose adapter was not taught to, and on fewer messages, it was
57 where 71 % were cut so, and rules on words and marks found 39 % of others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.encode import Tokens

Floats = NDArray[np.float32]

AROUND = (-1, 0, 1, 2)
"""The tokens that are looked at, counted from the first of the word. The one at -1 ends the word
before. More of them, means over what comes before and after, or a kernel, were no better."""
STRENGTH = 0.004
"""The regression's C. Half and twice that were no better."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKS = (r"\?", r"[.!]", r"[,;:]", r"\n", r"[-–—]", r"\d\s*[).]\s*$")
"""What may stand before a word; the last is a number in a list."""


_LEAD = re.compile(
    r"^(?:(?:and|n|but|so|also|ok|okay|oh|hi|hello|hey|hiya|please|pls|just|well|then|plus|or)\b"
    r"[\s,]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Seam:
    """A place where a new question may begin."""

    start: int
    """Of the word, in letters from the start of the message."""
    chance: float
    """That one does, 0 to 1."""


@dataclass(frozen=True)
class Seams:
    """The fitted regression."""

    weights: Floats
    """(features,), for features as they are."""
    bias: float

    def chances(self, text: str, tokens: Tokens) -> list[Seam]:
        """Each word of a message but the first, in order.

        Args:
            tokens: of this text; words beyond what was read of it are left out.
        """
        starts, rows = _features(text, tokens)
        odds = rows @ self.weights + self.bias
        chances = 1 / (1 + np.exp(-odds))
        return [Seam(start, float(chance)) for start, chance in zip(starts, chances, strict=True)]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {"weights": self.weights, "bias": np.asarray(self.bias)}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Seams:
        """What `arrays` gave."""
        return cls(arrays["weights"], float(arrays["bias"]))


def fit(texts: Sequence[str], tokens: Sequence[Tokens], starts: Sequence[Sequence[int]]) -> Seams:
    """Fit on messages and where their questions begin; deterministic.

    Args:
        starts: of each message, in letters; the one at 0 need not be among them.

    Raises:
        ValueError: no message has a second question.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    rows, truth = [], []
    for text, read, begins in zip(texts, tokens, starts, strict=True):
        words, features = _features(text, read)
        rows.append(features)
        begun = dict(first_words(text, begins))
        truth += [begun[word] for word in words]
    table = np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)
    rows.clear()  # a gigabyte that the table holds too
    if not any(truth):
        raise ValueError("seams are learned from messages with several questions")
    means, scales = table.mean(axis=0), table.std(axis=0) + 1e-6
    table -= means
    table /= scales
    with threadpool_limits(1):
        model = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3)
        model.fit(table, truth)
    weights = (model.coef_[0] / scales).astype(np.float32)
    return Seams(weights, float(model.intercept_[0] - weights @ means))


def first_words(text: str, starts: Sequence[int]) -> list[tuple[int, bool]]:
    """Where each word of a text but the first begins, and whether a question begins with it.

    Args:
        starts: of the questions, in letters; one may begin with a mark.
    """
    words = [match.start() for match in _WORD.finditer(text)][1:]
    firsts = {next((word for word in words if word >= start), None) for start in starts if start}
    return [(word, word in firsts) for word in words]


def bare(text: str) -> str:
    """What is asked, without the words and marks that join it to what is around it."""
    return _LEAD.sub("", text.strip(" ,;:.\n-"))


def _features(text: str, tokens: Tokens) -> tuple[list[int], Floats]:
    """The starts of the words but the first, and (words, features)."""
    words = list(_WORD.finditer(text))
    firsts = _first_tokens([word.start() for word in words], tokens)
    last = len(tokens.offsets) - 1
    starts, rows = [], []
    for number, (before, word) in enumerate(pairwise(words), start=1):
        token = firsts.get(word.start())
        if token is None:
            continue
        gap = text[before.end() : word.start()]
        listed = text[before.start() : word.start()]
        marks = [bool(re.search(mark, gap)) for mark in _MARKS[:-1]]
        marks += [bool(re.search(_MARKS[-1], listed))]
        marks += ["?" in text[: word.start()], "?" in text[word.start() :]]
        place = [number / 10, (len(words) - number) / 10]
        states = tokens.states[[min(token + step, last) for step in AROUND]]
        starts.append(word.start())
        rows.append(np.concatenate([np.array([*marks, *place], np.float32), states.ravel()]))
    width = len(_MARKS) + 4 + len(AROUND) * tokens.states.shape[1]
    return starts, np.stack(rows) if rows else np.zeros((0, width), dtype=np.float32)


def _first_tokens(starts: Sequence[int], tokens: Tokens) -> dict[int, int]:
    """The index of the token with which each word begins, by the word's start."""
    found: dict[int, int] = {}
    for index, (begin, end) in enumerate(tokens.offsets):
        if end > begin:
            found[begin] = index
    return {start: found[start] for start in starts if start in found}
