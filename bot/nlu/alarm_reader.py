"""Reads a message for signs of an emergency in several ways; any of them may find one.

The whole, the whole with marks set into it if it has none, its stretches if it is long (`windows`),
what is left without mere reassurance, and all of these again without typos.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from bot.advice.unmarked import with_marks
from bot.knowledge.encode import Encoder
from bot.nlu.alarm_examples import WINDOW, join, windows
from bot.nlu.alarm_model import AlarmModel, Example
from bot.nlu.reassurance import without_reassurance

CLOSE = 26
"""Words of a stretch in which a sign in doubt is looked at. In shorter ones more of what is
harmless stays in doubt: with 20 words 89 of 163 messages kept back were settled, and 106 with 26.
"""


@dataclass(frozen=True)
class Said:
    """A message, and the visitor's messages before it, oldest first."""

    text: str
    earlier: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    """A reading of a text: its score, and what it is an example of if it is an emergency."""

    score: float
    example: Example


class Reader:
    """Made for one message: nothing is corrected or judged twice, and then all is forgotten."""

    def __init__(
        self, model: AlarmModel, correct: Callable[[str], str], encoder: Encoder | None = None
    ) -> None:
        """Judge by `model`, and by the encoder of this process if none is given.

        Args:
            correct: puts the typos of a text right.
        """
        self._model = model
        self._encoder = encoder or Encoder.shared()
        self._correct = cache(correct)
        self._known: dict[str, _Read] = {}

    def scores(self, texts: Sequence[str]) -> list[float]:
        """Of each text that of the reading which is most like an emergency; above 0 one is likelier
        than not. A text without a word has the lowest there is.

        Args:
            texts: by `join`.
        """
        return [one.score if one is not None else -math.inf for one in self._surest(texts)]

    def is_harmless(self, said: Said, threshold: float, longer: float) -> bool:
        """Whether a message is plainly no emergency: by itself, and with the messages before it.

        Args:
            threshold: what `excess` may be.
            longer: as there.
        """
        return self.excess(said, longer) <= threshold

    def excess(self, said: Said, longer: float) -> float:
        """By how much a message looks more like an emergency than its length alone explains: its
        score less `longer` for each unit of its `length`; by itself, with the messages before it,
        or in the stretch where it is most. Beside an ordinary question a whole emergency looks like
        one: of 744 in doubt that were told so, 96 would have been settled as harmless by the whole
        alone, at a bound by which one of 347 told alone is; 25 are by this.
        """
        texts = windows(join((), said.text), CLOSE, CLOSE)
        if said.earlier:
            texts.append(join(said.earlier, said.text))
        scores = zip(self.scores(texts), texts, strict=True)
        return max(score - longer * length(text) for score, text in scores)

    def alarm(self, said: Said, threshold: float) -> Example | None:
        """The emergency that a message is like: alone, or with the messages before it if those
        alone were not like one.
        """
        texts = [join((), said.text)]
        if said.earlier:
            texts.append(join(said.earlier, said.text))
        alone, together = (*self._surest(texts), None)[:2]
        if alone is not None and alone.score > threshold:
            return alone.example
        if together is None or together.score <= threshold:
            return None
        (before,) = self.scores([join(said.earlier[:-1], said.earlier[-1])])
        return together.example if before <= threshold else None

    def _surest(self, texts: Sequence[str]) -> list[_Read | None]:
        """The reading of each text that is most like an emergency; None of one without a word."""
        readings = [list(self._readings(text)) for text in texts]
        new = [part for part in dict.fromkeys(chain(*readings)) if part not in self._known]
        for part, logits in zip(new, self._encoder.alarms(new), strict=True):
            kind = self._encoder.kinds[1 + int(logits[1:].argmax())]
            self._known[part] = _Read(self._model.score(part, logits), Example.of(part, kind))
        return [
            max((self._known[part] for part in parts), key=lambda one: one.score, default=None)
            for parts in readings
        ]

    def _readings(self, text: str) -> Iterator[str]:
        """Each once, the text itself first; none of one without a word."""
        read = {""}
        for spelled in (str, self._correct):
            whole = "\n".join(map(spelled, text.split("\n")))
            marked = "\n".join(map(with_marks, whole.split("\n")))
            for part in (*windows(whole), marked, without_reassurance(marked)):
                if part not in read:
                    read.add(part)
                    yield part


def length(text: str) -> float:
    """The logarithm of how many words a text has, from one to as many as a stretch of a long one
    (`windows`); beyond that there was little to compute from.

    Some word or other of a harmless story of forty words looks alarming, and an emergency told in
    ten words may look harmless.
    """
    return math.log(min(max(len(text.split()), 1), WINDOW))
