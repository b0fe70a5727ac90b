"""Whether a message is like those of people in an emergency: the safety rules' second opinion.

Three views of one message are added: a support vector machine with a Gaussian kernel over its
sentence vector, which compares it with the nearest examples on either side, and two linear ones
over its letters (n-grams, for misspellings) and its words (stems and pairs of them). Each sees
what the others miss.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.entry import Urgency
from bot.knowledge.ngrams import NgramIndex
from bot.knowledge.stems import PhraseIndex
from bot.knowledge.tfidf import TfidfIndex
from bot.nlu.kernel import Machine

Floats = NDArray[np.float32]

GAMMA, C = 1.0, 3.0
"""Of the Gaussian kernel. Ten times the C, or twice and four times the gamma, was no better."""
NEAR = 0.5
"""The share of the harmless examples that the machine is shown: those nearest to an emergency. What
is far from all of them decides nothing, and the time grows with the square of their number. With
all of 27,000 the fit took 42 s, with half of them 25, and the machine was the same."""
C_LETTERS, C_WORDS = 0.5, 1.0
STRENGTH = 30.0
"""C of the regression that tells which emergency it is; as for the entries' questions."""


@dataclass(frozen=True)
class Example:
    """A message with what it is a sign of: the id of an emergency's entry, or None."""

    text: str
    entry_id: str | None
    urgency: Urgency | None = None
    """Only if it is not its entry's: a changing mole can wait for the clinic."""
    is_kept_back: bool = False
    """Whether the encoder's adapter was not shown it (`bot.knowledge.adapter.kept_back`)."""

    @property
    def kind(self) -> str:
        """The entry, and the urgency if it has its own, in one name."""
        return " ".join(filter(None, (self.entry_id, self.urgency and self.urgency.value)))


@dataclass(frozen=True)
class AlarmModel:
    """The fitted arrays; `score` is above 0 where an emergency is likelier than not."""

    meaning: Machine
    """The first view."""
    bias: Floats
    """(2,): of the other two."""
    letters_idf: Floats
    letters: Floats
    """Weight of each bucket, (BUCKETS,)."""
    words_idf: Floats
    words: Floats
    highest: Floats
    """(1,): what the first view, the one that needs a vector, gave at most for an emergency."""
    kinds: tuple[str, ...]
    """As `Example.kind`."""
    kind_coef: Floats
    """(kinds, 384)"""
    kind_intercept: Floats

    def views(self, text: str, vector: Floats) -> Floats:
        """The three views' distances from the border, shape (3,); above 0 is an emergency."""
        near = self.meaning.scores(vector[None, :])
        result: Floats = np.concatenate([near, self._spelled(text)])
        return result

    def score(self, text: str, vector: Floats) -> float:
        """The sum of the views."""
        return float(self.views(text, vector).sum())

    def at_most(self, text: str) -> float:
        """What the score of a text can be at most, without encoding it."""
        return float(self.highest[0] + self._spelled(text).sum())

    def _spelled(self, text: str) -> Floats:
        """The two views that need no vector, shape (2,)."""
        letters = _linear(NgramIndex, text, self.letters_idf, self.letters)
        words = _linear(PhraseIndex, text, self.words_idf, self.words)
        return np.array([letters, words], dtype=np.float32) + self.bias

    def like(self, text: str, vector: Floats) -> Example:
        """`text` as an example of the emergency that it is most like."""
        kind = self.kinds[int((self.kind_coef @ vector + self.kind_intercept).argmax())]
        entry_id, _, urgency = kind.partition(" ")
        return Example(text, entry_id, Urgency(urgency) if urgency else None)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        own = {one.name: np.asarray(getattr(self, one.name)) for one in fields(self)}
        del own["meaning"]
        return {**own, **{f"meaning_{k}": v for k, v in self.meaning.arrays().items()}}

    @classmethod
    def of(cls, arrays: dict[str, NDArray[Any]]) -> AlarmModel:
        """What `arrays` gave."""
        parts = {k.removeprefix("meaning_"): v for k, v in arrays.items()}
        names = [one.name for one in fields(cls) if one.name != "meaning"]
        values: dict[str, Any] = {name: arrays[name] for name in names}
        values["kinds"] = tuple(str(name) for name in arrays["kinds"])
        return cls(meaning=Machine.of(parts), **values)


def held_out(examples: Sequence[Example], vectors: Floats, folds: int) -> Floats:
    """The score of each example by a model that has not seen it, shape (n,)."""
    from sklearn.model_selection import StratifiedKFold

    names = [example.entry_id or "" for example in examples]
    count = Counter(names)
    kinds = [name if count[name] >= folds else "" for name in names]  # rare ones as they fall
    scores = np.zeros(len(examples), dtype=np.float32)
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=0).split(vectors, kinds):
        model = fit([examples[row] for row in seen], vectors[seen])
        scores[unseen] = [model.score(examples[row].text, vectors[row]) for row in unseen]
    return scores


def fit(examples: Sequence[Example], vectors: Floats) -> AlarmModel:
    """Fit on messages and their vectors, (n, 384): emergencies of two kinds or more, and others."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    texts = [example.text for example in examples]
    alarms = np.array([example.entry_id is not None for example in examples])
    near = _near(vectors, alarms)
    machine = Machine.fit(vectors[near], alarms[near], GAMMA, C)
    with threadpool_limits(1):
        letters_idf, letters, letters_bias = _fit_linear(NgramIndex, texts, alarms, C_LETTERS)
        words_idf, words, words_bias = _fit_linear(PhraseIndex, texts, alarms, C_WORDS)
        names = [example.kind for example in examples if example.entry_id is not None]
        kinds = LogisticRegression(C=STRENGTH, max_iter=1000).fit(vectors[alarms], names)
    coef, intercept = kinds.coef_, kinds.intercept_
    if len(kinds.classes_) == 2:
        coef, intercept = np.vstack([-coef, coef]), np.concatenate([-intercept, intercept])
    return AlarmModel(
        meaning=machine,
        bias=np.array([letters_bias, words_bias], dtype=np.float32),
        highest=machine.scores(vectors[alarms]).max(keepdims=True),
        letters_idf=letters_idf,
        letters=letters,
        words_idf=words_idf,
        words=words,
        kinds=tuple(kinds.classes_),
        kind_coef=coef.astype(np.float32),
        kind_intercept=intercept.astype(np.float32),
    )


def _near(vectors: Floats, alarms: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The emergencies, and the others that are nearest to them by a linear border, (n,)."""
    from sklearn.svm import LinearSVC

    rough = LinearSVC(C=1.0, random_state=0).fit(vectors, alarms).decision_function(vectors)
    nearest: NDArray[np.bool_] = alarms | (rough >= np.quantile(rough[~alarms], 1 - NEAR))
    return nearest


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
