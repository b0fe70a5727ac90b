"""What was understood of one message: the value that travels from NLU to the actions.

Rasa carries it as the dictionary `to_json` gives; on both sides of that edge it is this value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.knowledge.entry import Urgency

KEY = "understanding"
"""Under which name the value travels in a Rasa message and in ``tracker.latest_message``."""


OUT_OF_SCOPE = "out_of_scope"
NEAR = ("ask_diagnosis", "ask_other_care", "ask_prescription", "ask_to_buy")
"""Intents that visitors of a clinic have and that a program must not serve; each is declined in
words of its own."""
OUTSIDE = (OUT_OF_SCOPE, *NEAR)
"""The intents that are out of scope."""


_JOINING = frozenset({"about", "and", "but", "how", "ok", "okay", "or", "so", "then", "what"})
"""Words that join a subject to an answer before it, and ask nothing where there was none."""


@dataclass(frozen=True)
class RedFlag:
    """A sign of `bot.advice.safety` that fired, or a caution (a condition the visitor named)."""

    entry_id: str
    urgency: Urgency
    sign: str
    say: str | None = None
    """The sign's own wording, where the entry's short answer does not fit it."""
    is_in_doubt: bool = False
    """Whether the message also says what speaks against it, and nobody has settled that yet."""


@dataclass(frozen=True)
class Term:
    """A name the language layer knows: ``text`` as typed, and the family it belongs to."""

    text: str
    family: str


@dataclass(frozen=True)
class Candidate:
    """One entry that search found. ``score`` ranks; ``confidence`` is a probability."""

    entry_id: str
    score: float
    confidence: float
    cosine: float
    nearest_question: str = ""


@dataclass(frozen=True)
class Understanding:
    """All findings about one message."""

    intent: str = ""
    intents: tuple[tuple[str, float], ...] = ()
    """Ranking of intents with their probabilities, best first."""
    red_flags: tuple[RedFlag, ...] = ()
    """Highest urgency first."""
    sentences: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    in_scope: float = 0.0
    """Probability that the message is about what the knowledge files are about."""
    topic: str | None = None
    """The entry in whose light the message was read, where something was answered before it."""
    parts: tuple[Candidate, ...] = ()
    """What each of its questions is nearest to, in order, where it has several; with the confidence
    that it is a question of its own and this its answer."""
    chosen: str = ""
    """The action of the button that the visitor named instead of pressing it."""

    @property
    def urgency(self) -> Urgency:
        """The highest urgency found."""
        return max((f.urgency for f in self.red_flags), key=lambda u: u.rank, default=Urgency.NONE)

    @property
    def names_a_subject_alone(self) -> bool:
        """Whether the message is no more than the name of a subject: "botox?" asks nothing yet, and
        nor does "and botox?" unless it goes on from an answer about something else.
        """
        left = " ".join(self.sentences)
        for term in self.terms:
            left = left.replace(term.text, "", 1)
        words = set(re.findall(r"\w+", left.lower()))
        about = (self.topic or "").partition("/")[0]
        asks = self.topic is not None and all(term.family != about for term in self.terms)
        return bool(self.terms) and words <= (frozenset() if asks else _JOINING)

    @property
    def nearest_outside(self) -> str:
        """The likeliest of the intents that are out of scope: what it is declined as."""
        return next((name for name, _ in self.intents if name in OUTSIDE), OUT_OF_SCOPE)

    @property
    def cautions(self) -> tuple[str, ...]:
        """Ids of the caution entries whose condition the visitor named."""
        mild = (Urgency.CAUTION, Urgency.CONTACT_CLINIC)
        return tuple(dict.fromkeys(f.entry_id for f in self.red_flags if f.urgency in mild))

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values. By hand: `asdict` copies deeply, which shows in every turn."""
        return {
            "intent": self.intent,
            "intents": [[name, probability] for name, probability in self.intents],
            "red_flags": [{**vars(f), "urgency": f.urgency.value} for f in self.red_flags],
            "sentences": list(self.sentences),
            "terms": [dict(vars(term)) for term in self.terms],
            "candidates": [dict(vars(candidate)) for candidate in self.candidates],
            "in_scope": self.in_scope,
            "topic": self.topic,
            "parts": [dict(vars(candidate)) for candidate in self.parts],
            "chosen": self.chosen,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Understanding:
        """The inverse of `to_json`; None (a button was pressed, nothing was parsed) is empty.

        What was understood by an earlier version lacks what it did not look for.
        """
        if not data:
            return cls()
        return cls(
            intent=data["intent"],
            intents=tuple((name, float(p)) for name, p in data["intents"]),
            red_flags=tuple(
                RedFlag(
                    f["entry_id"],
                    Urgency(f["urgency"]),
                    f["sign"],
                    f["say"],
                    f.get("is_in_doubt", False),
                )
                for f in data["red_flags"]
            ),
            sentences=tuple(data["sentences"]),
            terms=tuple(Term(**term) for term in data["terms"]),
            candidates=tuple(Candidate(**candidate) for candidate in data["candidates"]),
            in_scope=float(data["in_scope"]),
            topic=data["topic"],
            parts=tuple(Candidate(**candidate) for candidate in data.get("parts", ())),
            chosen=data.get("chosen", ""),
        )


def flags_of(parsed: Mapping[str, Any] | None) -> tuple[RedFlag, ...]:
    """The red flags in what Rasa keeps of a message; none where it holds nothing readable, since
    whoever asks stands in for something that failed.
    """
    try:
        return Understanding.from_json((parsed or {}).get(KEY)).red_flags
    except (AttributeError, KeyError, TypeError, ValueError):
        return ()
