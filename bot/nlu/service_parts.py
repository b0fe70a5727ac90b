"""What a piece of a message asks of the clinic itself: its hours, its prices, a person to talk to;
and how likely what stands beside it is out of scope.

The intent classifier hears one intent in a message; beside "how much is botox" it does not hear
"what time do you close". A multinomial logistic regression on the sentence vectors of the pieces
(`bot.nlu.parts`) does. It learns from the examples of all intents, from what the entries answer,
and from the messages of ``data/several`` that ask for the clinic or only speak of it. Of what is
asked so in messages that it has not seen, it finds 80 in 100, where one piece in a hundred that
asks nothing of the clinic is taken for such (`bot.nlu.parts_tuning`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.advice.services import INTENT_OF, NEED_OF
from bot.advice.understanding import OUTSIDE
from bot.nlu.seams import bare
from bot.nlu.several_examples import Several
from bot.nlu.softmax import Floats, Softmax

NONE = ""
"""The name of what is asked of no clinic."""
_TOLD = re.compile(
    r"^(?:i|we|she|he|they|my|her|his|got|have|had|ive|i['’]ve|weve|we['’]ve|im|i['’]m)\b"
    r"(?=.*\b(?:appointments?|appts?|booking|booked)\b)",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\?|\b(?:can|could|how|what|when|where|which|who|may|do|does|will|would|should|need|want"
    r"|wanna|like|please|move|change|cancel|rebook|reschedule|postpone|confirm|late|missed)\b",
    re.IGNORECASE,
)
STRENGTH = 10.0
"""The regression's C. A third and three times that were no better."""


def is_told_only(text: str) -> bool:
    """Whether a piece says that there is an appointment and asks nothing: "i have an appointment on
    friday" leads into the question after it.
    """
    return bool(_TOLD.match(text)) and not _ASKED.search(text)


@dataclass(frozen=True)
class Service:
    """What a piece asks of the clinic."""

    need: str
    """See `bot.advice.services`."""
    odds: float
    """The log-odds of this against what is likeliest of all that is not the clinic's."""

    @property
    def chance(self) -> float:
        """0 to 1."""
        return 1 / (1 + math.exp(-self.odds))


class ServiceParts(Softmax):
    """The fitted regression. Its classes: what is asked of the clinic, the intents that are out of
    scope, and `NONE`.
    """

    def likeliest(self, vectors: Floats) -> list[Service]:
        """Of each piece, by its vector, (pieces, 384)."""
        scores = self.logits(vectors)
        is_service = np.array([need in INTENT_OF for need in self.names])
        others = scores[:, ~is_service].max(axis=1)
        best = np.where(is_service, scores, -np.inf).argmax(axis=1)
        return [
            Service(self.names[need], float(row[need] - other))
            for need, row, other in zip(best, scores, others, strict=True)
        ]

    def outside(self, vectors: Floats) -> list[list[tuple[str, float]]]:
        """Of each piece the chances that it has the intents that are out of scope."""
        return [
            [
                (need, float(chance))
                for need, chance in zip(self.names, row, strict=True)
                if need in OUTSIDE
            ]
            for row in self.chances(vectors)
        ]


def learn(
    messages: Sequence[Several],
    examples: Floats,
    intents: Sequence[str],
    asked: Floats,
    encode: Callable[[Sequence[str]], Floats],
) -> ServiceParts:
    """Fit on the messages, on examples of intents by their vectors, (examples, 384), and on what
    the entries answer, (texts, 384).
    """
    marked = labelled(messages)
    needs = [NEED_OF.get(intent, intent if intent in OUTSIDE else NONE) for intent in intents]
    needs += [NONE] * len(asked) + [need for _, need in marked]
    return fit(np.concatenate([examples, asked, encode([text for text, _ in marked])]), needs)


def labelled(messages: Sequence[Several]) -> list[tuple[str, str]]:
    """The parts of the messages that there is something to learn from here, each with what it asks
    of the clinic: of those that ask for it, and of those with one question, which may speak of it.

    A part that an entry answers too ("how much is botox") asks for nothing: the entry says more.
    """
    return [
        (bare(text), _label(needs))
        for message in messages
        if len(message.texts) == 1 or any(needs & INTENT_OF.keys() for needs in message.needs)
        for text, needs in zip(message.texts, message.needs, strict=True)
    ]


def fit(vectors: Floats, needs: Sequence[str]) -> ServiceParts:
    """Fit on texts by their vectors, (texts, 384), and what each asks of the clinic, or the intent
    that is out of scope, or `NONE`; deterministic.

    Raises:
        ValueError: fewer than two services are asked for, or nothing is `NONE`.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    if len(set(needs)) < 3 or NONE not in needs:
        raise ValueError("services are told from one another and from what is none")
    with threadpool_limits(1):
        model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(vectors, needs)
    return ServiceParts.of_fitted(model)


def _label(needs: frozenset[str]) -> str:
    services = sorted(needs & INTENT_OF.keys())
    return services[0] if len(services) == len(needs) else NONE
