"""How a message is read after an answer, and how likely it goes on from it with a question.

"does it hurt" names no subject of its own. Beside the message alone there are three readings of it:
with the subject of what was last answered in front, after the title of that entry, and after the
visitor's message before. Their scores are added with weights; what is read alone counts the more,
the clearer it is so, and if it names a subject. Of 433 messages after an answer, none of which had
been fitted on, the right entry was first for 84 %; with the plain mean of alone, subject and title,
and only where no subject is named, for 73 %. Weights of their own for short messages, for the entry
last answered, its family and its namesakes changed nothing.

Whether it is a question of ours at all (and neither small talk, nor a wish, nor of another world)
is for a logistic model to say. All weights are computed by `advisor tune`, and stand in
``bot/advice/thresholds.json``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.advice.decide import THRESHOLDS
from bot.advice.language import addresses_us
from bot.advice.route import QUESTION
from bot.advice.understanding import OUTSIDE
from bot.knowledge.search import Hit
from bot.nlu.logistic import Logistic, log_odds

Intents = Sequence[tuple[str, float]]
Floats = NDArray[np.float64]

MANNERS = ("ask_capabilities", "ask_identity", "chitchat", "goodbye", "greet", "thank")
SERVICE = ("ask_for_person", "ask_hours", "ask_price_here", "book", "complain")
KINDS = ((QUESTION,), MANNERS, SERVICE, OUTSIDE)
"""What a message may look like to the classifier, which knows nothing of the answer before it."""

_LEAD = r"(?:(?:and|but|so|oh|ok|okay|hm+|no|really|sorry|wait)\W+)*"
_BARE = r"why(?:\W+(?:so|is\W+that|s\W+that))?|how\W+(?:come|so)|what\W+for|since\W+when"
_END = r"(?:\W+(?:then|tho|though|exactly|please|pls|again))*"
_ASKS_ON = re.compile(rf"\W*{_LEAD}(?:{_BARE}){_END}\W*", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One way to read a message, searched for."""

    hits: Sequence[Hit]
    """All entries."""
    inside: float
    """As `bot.nlu.boundary.Boundary.score`."""

    def scores(self) -> Floats:
        """In the order of the entries' ids, (entries,)."""
        return np.array([hit.score for hit in _by_id(self.hits)])


@dataclass(frozen=True)
class Light:
    """The readings of a message after an answer."""

    text: str
    alone: Reading
    family: Reading
    """With the subject of what was last answered in front."""
    title: Reading
    """After the title of the entry last answered."""
    last: Reading
    """After the visitor's message before; the same as `title` where that is not known."""
    names: bool
    """Whether it names a subject of its own."""
    in_scope: float
    """The chance that it is, alone."""

    def views(self) -> Floats:
        """What the score of an entry is added from, (views, entries), in the order of the ids."""
        alone = self.alone.scores()
        best = max((hit.confidence for hit in self.alone.hits), default=0.0)
        return np.stack(
            [
                self.family.scores(),
                self.title.scores(),
                self.last.scores(),
                alone * self.names,
                alone * best * self.in_scope,
            ]
        )

    def features(self, intents: Intents) -> tuple[float, ...]:
        """What tells whether it goes on with a question: the log-odds of what it looks like, how
        many words it has, whether it names a subject or speaks to us, and how near our subjects it
        is alone, after the title and after the message before.
        """
        words = len(re.findall(r"\S+", self.text))
        near = (self.alone, self.title, self.last)
        return (
            *(log_odds(sum(chance for name, chance in intents if name in kind)) for kind in KINDS),
            math.log(max(words, 1)),
            float(self.names),
            float(addresses_us(self.text)),
            *(value for reading in near for value in _nearness(reading)),
        )


@dataclass(frozen=True)
class Follow:
    """The fitted weights."""

    readings: tuple[float, ...]
    """Of each of `Light.views`."""
    model: Logistic
    """Over `Light.features`. Its bias is such that the chance of a follow-up is compared with the
    same threshold as any other's.
    """

    @classmethod
    def load(cls, path: Path = THRESHOLDS) -> Follow:
        """Read what `advisor tune` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))["follow"]
        return cls(tuple(data["readings"]), Logistic.of(data["model"]))

    def chance(self, light: Light, intents: Intents) -> float:
        """The chance, 0 to 1, that the message asks something of ours. A question word alone does,
        where there was an answer to ask on about, whatever it looks like.

        Args:
            intents: what the classifier made of it.
        """
        if _ASKS_ON.fullmatch(light.text):
            return 1.0
        return self.model.chance(light.features(intents))

    def rank(self, light: Light, temperature: float) -> list[Hit]:
        """All entries, likeliest first.

        Args:
            temperature: the index's, at which scores become confidences.
        """
        scores = np.array(self.readings) @ light.views()
        powers = np.exp((scores - scores.max(initial=-math.inf)) / temperature)
        chances = powers / powers.sum()
        hits = zip(_by_id(light.alone.hits), scores, chances, strict=True)
        joined = [
            hit._replace(score=float(score), confidence=float(chance))
            for hit, score, chance in hits
        ]
        return sorted(joined, key=lambda hit: -hit.score)


def _by_id(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: hit.entry_id)


def _nearness(reading: Reading) -> tuple[float, ...]:
    """Largest raw logit, nearest cosine, and how far inside the border: what tells best what is in
    scope (`bot.nlu.scope`).
    """
    logits = (hit.logit for hit in reading.hits)
    cosines = (hit.cosine for hit in reading.hits)
    return max(logits, default=0.0), max(cosines, default=0.0), reading.inside
