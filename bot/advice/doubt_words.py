"""How much the words of a message speak against a sign that fires in it, beside the lists of
`bot.advice.doubt`.

Nobody can list what people joke about. How often each word, and each two that stand side by side,
are in harmless messages and how often in emergencies is the weight of a logistic regression over
the messages of ``data/alarms``; `advisor tune` computes it into ``doubt_words.json``
(`bot.nlu.doubt_tuning`). What else is asked in the same message says nothing, so each in which a
sign fires is learned from beside an ordinary question too.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

log = logging.getLogger(__name__)

FILE = Path(__file__).with_name("doubt_words.json")
AGAINST = 0.5
"""What the weights of the terms that speak against a sign have to add up to: by its own words alone
no sign is in doubt, nor by the words of a plea for help. Of 101 harmless messages in which signs
fire 7 were no longer in doubt for it at 1.0, and 1 at 0.5."""
LONG, STRETCH = 80, 40
"""Words of a message that is looked at in stretches, and of a stretch: most of a story says nothing
about a sign in it."""


@dataclass(frozen=True)
class DoubtWords:
    """The weight of each term, and from which sum on they put a sign in doubt."""

    weights: Mapping[str, float]
    """By term (`terms`); above 0 where it speaks against a sign."""
    bias: float
    least: float
    against: float = AGAINST

    @classmethod
    def load(cls, path: Path = FILE) -> DoubtWords:
        """Read what `advisor tune` wrote.

        Raises:
            OSError, ValueError, KeyError, TypeError: it cannot be read, or is not such a file.
        """
        data = json.loads(path.read_text(encoding="utf-8"))
        weights = {str(term): float(weight) for term, weight in dict(data["weights"]).items()}
        bias, least = float(data["bias"]), float(data["least"])
        if not (math.isfinite(bias) and math.isfinite(least)):
            raise ValueError("every sign would be in doubt, or none")
        return cls(weights, bias, least, float(data["against"]))

    @classmethod
    def load_or_none(cls, path: Path = FILE) -> DoubtWords:
        """The same; where the file cannot be used no word speaks against a sign, and the log says
        so: signs work without it.
        """
        try:
            return cls.load(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("%s cannot be used, no word of it counts: %s", path.name, error)
            return cls({}, 0.0, math.inf)

    def score(self, words: Sequence[str]) -> float:
        """The log-odds that a message of these words is no emergency, given that a sign fires in
        it; of a long one those of the stretch that speaks least against it. A term counts once.
        Where too little speaks against a sign, the log-odds are the lowest there are.
        """
        return min(map(self._score, stretches(words, LONG, STRETCH)))

    def _score(self, words: Sequence[str]) -> float:
        weights = [self.weights.get(term, 0.0) for term in terms(words)]
        speaks_against = sum(weight for weight in weights if weight > 0) >= self.against
        return self.bias + sum(weights) if speaks_against else -math.inf

    def speak_against(self, words: Sequence[str]) -> bool:
        """Whether a message of these words puts its signs in doubt."""
        return self.score(words) > self.least


def terms(words: Sequence[str]) -> set[str]:
    """The words, as `bot.advice.normalise` spells them, and each two neighbours with a space
    between them.
    """
    return {*words, *map(" ".join, pairwise(words))}


def stretches(words: Sequence[str], long: int, length: int) -> list[Sequence[str]]:
    """The words, and if there are more than `long` their stretches of so many, each overlapping the
    next by half.
    """
    if len(words) <= long:
        return [words]
    starts = range(0, len(words) - length // 2, length // 2)
    return [words, *(words[start : start + length] for start in starts)]
