"""Reads a message for signs of an emergency in several ways; any of them may find one.

The whole, its stretches if it is long (`windows`), what is left without mere reassurance, and all
of these again without typos.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from bot.knowledge.encode import Encoder
from bot.nlu.alarm_examples import join, windows
from bot.nlu.alarm_model import AlarmModel, Example, Floats
from bot.nlu.reassurance import without_reassurance

SHORT = 10
"""Words of a stretch that must be harmless by itself where the rules are in doubt."""


@dataclass(frozen=True)
class Said:
    """A message, the visitor's messages before it (oldest first), and its own vector, (384,)."""

    text: str
    earlier: tuple[str, ...]
    vector: Floats


class Reader:
    """Made for one message: what has been corrected is not corrected again, and then forgotten."""

    def __init__(self, model: AlarmModel, correct: Callable[[str], str]) -> None:
        """`correct` puts the typos of a text right."""
        self._model = model
        self._correct = cache(correct)

    def is_harmless(self, said: Said, threshold: float) -> bool:
        """Whether a message is plainly no emergency: whole, in every short stretch of it, for it
        may ask something harmless as well, and with the messages before it.
        """
        text, vector = _alone(said)
        if self._above(threshold, text, vector) is not None:
            return False
        if any(self._above(threshold, one) is not None for one in windows(text, SHORT, SHORT)[1:]):
            return False
        return not said.earlier or self._above(threshold, join(said.earlier, said.text)) is None

    def alarm(self, said: Said, threshold: float) -> Example | None:
        """The emergency that a message is like: alone, or with the messages before it if those
        alone were not like one.
        """
        found = self._like(threshold, *_alone(said))
        if found is not None or not said.earlier:
            return found
        together = self._like(threshold, join(said.earlier, said.text))
        if together is None:
            return None
        before = self._like(threshold, join(said.earlier[:-1], said.earlier[-1]))
        return together if before is None else None

    def _like(self, threshold: float, text: str, vector: Floats | None = None) -> Example | None:
        """The emergency that a text, or a part of it, is like."""
        found = self._above(threshold, text, vector)
        return self._model.like(*found) if found is not None else None

    def _above(
        self, threshold: float, text: str, vector: Floats | None = None
    ) -> tuple[str, Floats] | None:
        """The first reading of a text whose score is above a threshold, with its vector.

        Args:
            vector: of the text as it stands, if it is known.
        """
        for part in self._readings(text):
            if self._model.at_most(part) <= threshold:
                continue  # whatever it means, and there is no need to know
            known = vector if part == text else None
            meaning = Encoder.shared().encode_one(part) if known is None else known
            if self._model.score(part, meaning) > threshold:
                return part, meaning
        return None

    def _readings(self, text: str) -> Iterator[str]:
        """Each once, the text itself first; none of one without a word."""
        read = {""}
        for spelled in (str, self._correct):
            whole = "\n".join(map(spelled, text.split("\n")))
            for part in (*windows(whole), without_reassurance(whole)):
                if part not in read:
                    read.add(part)
                    yield part


def _alone(said: Said) -> tuple[str, Floats | None]:
    """A message as it is read, with its vector if that is of the same text."""
    text = join((), said.text)
    return text, said.vector if text == said.text.lower() else None
