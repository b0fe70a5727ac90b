"""Whether a message is like those of people in an emergency: the safety rules' second opinion.

Three views of one message are added: what the encoder's branch for emergencies makes of its
meaning (`bot.knowledge.alarm_branch`), and two linear support vector machines over its letters
(n-grams, for misspellings) and its words (stems and pairs of them), which learn from each new
example when the model is trained. Each sees what the others miss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.entry import Urgency
from bot.knowledge.ngrams import NgramIndex
from bot.knowledge.stems import PhraseIndex
from bot.knowledge.tfidf import TfidfIndex

Floats = NDArray[np.float32]

C_LETTERS, C_WORDS = 0.5, 1.0


@dataclass(frozen=True)
class Example:
    """A message with what it is a sign of: the id of an emergency's entry, or None."""

    text: str
    entry_id: str | None
    urgency: Urgency | None = None
    """Only if it is not its entry's: a changing mole can wait for the clinic."""
    is_kept_back: bool = False
    """Whether the encoder's adapters were not shown it (`bot.knowledge.adapter.kept_back`)."""

    @property
    def kind(self) -> str:
        """The entry, and the urgency if it has its own, in one name; "" if it is none."""
        return " ".join(filter(None, (self.entry_id, self.urgency and self.urgency.value)))

    @classmethod
    def of(cls, text: str, kind: str) -> Example:
        """A text as an example of a kind."""
        entry_id, _, urgency = kind.partition(" ")
        return cls(text, entry_id or None, Urgency(urgency) if urgency else None)


@dataclass(frozen=True)
class AlarmModel:
    """The fitted arrays; `score` is above 0 where an emergency is likelier than not."""

    bias: Floats
    """(2,): of the letters and of the words."""
    letters_idf: Floats
    letters: Floats
    """Weight of each bucket, (BUCKETS,)."""
    words_idf: Floats
    words: Floats

    def score(self, text: str, logits: Floats) -> float:
        """The sum of the views.

        Args:
            logits: of each kind, (kinds,), by `bot.knowledge.encode.Encoder.alarms`.
        """
        return float(odds(logits) + self.spelled(text).sum())

    def spelled(self, text: str) -> Floats:
        """The letters' view and the words', shape (2,)."""
        letters = _linear(NgramIndex, text, self.letters_idf, self.letters)
        words = _linear(PhraseIndex, text, self.words_idf, self.words)
        return np.array([letters, words], dtype=np.float32) + self.bias

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {one.name: np.asarray(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def of(cls, arrays: dict[str, NDArray[Any]]) -> AlarmModel:
        """What `arrays` gave."""
        return cls(**{one.name: arrays[one.name] for one in fields(cls)})


def odds(logits: Floats) -> float:
    """The log-odds of any emergency from the logit of each kind, (kinds,), harmless first."""
    return float(np.logaddexp.reduce(logits[1:]) - logits[0])


def fit(examples: Sequence[Example]) -> AlarmModel:
    """Fit on messages, some of them emergencies."""
    texts = [example.text for example in examples]
    alarms = np.array([example.entry_id is not None for example in examples])
    letters_idf, letters, letters_bias = _fit_linear(NgramIndex, texts, alarms, C_LETTERS)
    words_idf, words, words_bias = _fit_linear(PhraseIndex, texts, alarms, C_WORDS)
    return AlarmModel(
        bias=np.array([letters_bias, words_bias], dtype=np.float32),
        letters_idf=letters_idf,
        letters=letters,
        words_idf=words_idf,
        words=words,
    )


def _fit_linear(
    kind: type[TfidfIndex], texts: Sequence[str], alarms: NDArray[np.bool_], strength: float
) -> tuple[Floats, Floats, float]:
    """The idf and the weight of each bucket, and the bias."""
    from sklearn.svm import LinearSVC

    index = kind.fit(texts)
    machine = LinearSVC(C=strength, random_state=0).fit(index.matrix(), alarms)
    return index.idf, machine.coef_[0].astype(np.float32), float(machine.intercept_[0])


def _linear(kind: type[TfidfIndex], text: str, idf: Floats, weights: Floats) -> float:
    terms = kind.weigh(text, idf)
    return float(weights[terms.buckets] @ terms.values)
