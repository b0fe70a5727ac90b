"""What else a message says when a sign fires in it that speaks against the sign: a joke, a film, a
job, the past, a price.

`bot.advice.clause` takes a sign back where it grasps how a sentence is meant. Most false alarms it
leaves stand among words that emergencies are less often told with. How much each word speaks
against a sign is the weight of a logistic regression over the messages of ``data/alarms`` in which
signs fire; `advisor tune` computes it into ``doubt_words.json`` (`bot.nlu.doubt_tuning`). Such
words take nothing back, because emergencies are told with "lol" and "nearly" too: they call for a
second opinion (`bot.nlu.alarm`), and where there is none the sign counts like any other.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

FILE = Path(__file__).with_name("doubt_words.json")
CRISIS = "safety/crisis"
"""The entry whose signs nothing puts in doubt: who speaks of dying may speak of a podcast too."""


@dataclass(frozen=True)
class Doubts:
    """How much words speak against a sign in the same message."""

    weights: Mapping[str, float]
    """By word, as `bot.advice.normalise` spells it; above 0 where it speaks against."""
    bias: float
    least: float
    """Above this sum a message puts its signs in doubt. What is loaded has none under `bias`: a
    sign that stands alone is never in doubt."""

    @classmethod
    def load(cls, path: Path = FILE) -> Doubts:
        """Read what `advisor tune` wrote.

        Raises:
            OSError, ValueError, KeyError, TypeError: it cannot be read, or is not such a file.
        """
        data = json.loads(path.read_text(encoding="utf-8"))
        weights = {str(word): float(weight) for word, weight in dict(data["weights"]).items()}
        bias, least = float(data["bias"]), float(data["least"])
        if not bias <= least < math.inf:
            raise ValueError("its threshold is not above its bias")
        return cls(weights, bias, least)

    @classmethod
    def load_or_none(cls, path: Path = FILE) -> Doubts:
        """The same; where the file cannot be used nothing is ever in doubt, and the log says so:
        signs work without it.
        """
        try:
            return cls.load(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("%s cannot be used, no sign is put in doubt: %s", path.name, error)
            return cls({}, 0.0, math.inf)

    def score(self, tellings: Iterable[frozenset[str]]) -> float:
        """The log-odds that a message is no emergency, given that a sign fires: the lowest of what
        its words are in each telling of it.
        """
        return self.bias + min(
            sum(self.weights.get(word, 0.0) for word in words) for words in tellings
        )

    def are_raised_by(self, tellings: Iterable[frozenset[str]]) -> bool:
        """Whether a message puts its signs in doubt, however it is told."""
        return self.score(tellings) > self.least
