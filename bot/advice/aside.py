"""What a message is while a question about a habit waits, and it is no answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.advice.decide import LIKELIER_THAN_NOT, UNDER_18, Thresholds, asks_the_clinic_too
from bot.advice.habits import HabitWords, tells_minor_age
from bot.advice.route import QUESTION, UNSURE
from bot.advice.understanding import OUT_OF_SCOPE, Understanding

WANTS = {
    "start_screening": "start",
    "explain_screening": "explain",
    "delete_my_answers": "forget",
}
"""What the visitor wants of the questions, by the intent of the message."""

_GUESSED = frozenset(
    {QUESTION, OUT_OF_SCOPE, UNSURE, "greet", "chitchat", "thank", "goodbye", *WANTS}
)
"""Intents that a short answer is taken for easily: they make it no question in between."""


@dataclass(frozen=True)
class Message:
    """What the visitor did: typed `text`, or pressed the button of `action`."""

    intent: str
    text: str = ""
    action: str = ""
    understanding: Understanding = field(default_factory=Understanding)

    @property
    def is_question(self) -> bool:
        """Whether it asks something by its form."""
        return HabitWords.load().is_question(self.text)

    @property
    def tells_minor(self) -> bool:
        """Whether the visitor is under 18 by this message: by a caution that was found, or by an
        age beside an answer ("im 15 and smoke 5 a day"), of which amounts are told apart.
        """
        return UNDER_18 in self.understanding.cautions or tells_minor_age(self.text)

    @property
    def is_likely(self) -> bool:
        """Whether it is likelier of its intent than not."""
        intents = dict(self.understanding.intents)
        return intents.get(self.intent, 1.0) >= LIKELIER_THAN_NOT


def is_aside(message: Message, about: str | None, thresholds: Thresholds) -> bool:
    """Whether the message asks or wants something that the habits have nothing to do with.

    Args:
        about: the entry on the habit that is asked about: words near it may well be an answer.
    """
    if message.is_question:
        return True
    if message.intent == QUESTION and asks_the_clinic_too(message.understanding, thresholds):
        return True
    if message.intent not in _GUESSED and message.is_likely:
        return True
    candidates = message.understanding.candidates
    if message.intent != QUESTION or not candidates:
        return False
    best = candidates[0]
    return best.confidence >= thresholds.sure and best.entry_id != about
