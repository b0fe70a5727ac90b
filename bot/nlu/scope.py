"""How likely a message is about our subjects: a logistic model on seven features of it.

Raw logit and nearest cosine tell what is out of scope far better than a softmax (77.5 % against
60.6 % of CLINC150's, rejecting 5 % of what is in scope; with the mean cosine and the classifier's
odds 80.8 %). How far the best entry stands out was added since, and on which side of
`bot.nlu.boundary` it is, which alone tells more than the rest. The weights and the thresholds are
computed by `advisor tune`, and stand in ``bot/advice/thresholds.json``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.advice.decide import THRESHOLDS
from bot.advice.understanding import OUTSIDE
from bot.knowledge.search import Hit
from bot.nlu.logistic import Logistic, log_odds

SAME = 0.999
"""The cosine of a message with a question that it is word for word, but for capitals."""


def features(
    hits: Sequence[Hit], intents: Sequence[tuple[str, float]], inside: float
) -> tuple[float, ...]:
    """Largest raw logit, nearest cosine, mean cosine of the best three entries, the classifier's
    log-odds for out of scope, how far the best entry stands out (its score and the log-odds of its
    confidence), and how far inside the border the message is.
    """
    if not hits:
        return (0.0,) * 7
    cosines = sorted((hit.cosine for hit in hits), reverse=True)
    best = max(hits, key=lambda hit: hit.score)
    return (
        max(hit.logit for hit in hits),
        cosines[0],
        sum(cosines[:3]) / min(3, len(cosines)),
        log_odds(_outside(intents)),
        best.score,
        log_odds(best.confidence),
        inside,
    )


def _outside(intents: Sequence[tuple[str, float]]) -> float:
    """The chance that a message is of one of the intents that are out of scope."""
    chances = [chance for name, chance in intents if name in OUTSIDE]
    return sum(chances) if chances else 0.5


@dataclass(frozen=True)
class Scope:
    """The fitted regression over `features`."""

    model: Logistic

    @classmethod
    def load(cls, path: Path = THRESHOLDS) -> Scope:
        """Read what `advisor tune` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(Logistic.of(data["scope"]["model"]))

    def probability(
        self, hits: Sequence[Hit], intents: Sequence[tuple[str, float]], inside: float
    ) -> float:
        """The chance, 0 to 1, that the message is in scope: of a known question it is 1, however
        little else is known.
        """
        if any(hit.cosine >= SAME for hit in hits):
            return 1.0
        return self.model.chance(features(hits, intents, inside))
