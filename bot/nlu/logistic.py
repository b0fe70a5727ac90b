"""Logistic regressions whose numbers `advisor tune` computes, into ``bot/advice/thresholds.json``.

Each feature is standardised, so that its weight says how much it counts beside the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LEAST = 1e-4
"""Added to a spread: a feature that is the same everywhere has none, and one of 0 divides nothing.
It is the least that is left when numbers are rounded for the file."""


@dataclass(frozen=True)
class Logistic:
    """A fitted regression over n features."""

    means: tuple[float, ...]
    """Of the features, (n,); `scales` and `weights` too."""
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Logistic:
        """Read what `dataclasses.asdict` gave."""
        means, scales, weights = (tuple(data[name]) for name in ("means", "scales", "weights"))
        return cls(means, scales, weights, float(data["bias"]))

    def chance(self, features: Sequence[float]) -> float:
        """The chance, 0 to 1.

        Raises:
            ValueError: they are not n features.
        """
        rows = zip(features, self.means, self.scales, self.weights, strict=True)
        odds = self.bias + sum((x - mean) / scale * weight for x, mean, scale, weight in rows)
        return 1 / (1 + math.exp(-odds))


@dataclass(frozen=True)
class Standard:
    """How features are standardised: by their means and spreads in the examples."""

    means: Floats
    scales: Floats

    @classmethod
    def of(cls, rows: Floats) -> Standard:
        """Of examples, (examples, n)."""
        return cls(rows.mean(axis=0), rows.std(axis=0) + _LEAST)

    def scaled(self, rows: Floats) -> Floats:
        """Rows as the regression is fitted on them."""
        result: Floats = (rows - self.means) / self.scales
        return result

    def logistic(self, weights: Iterable[float], bias: float) -> Logistic:
        """The regression with these weights of the scaled features, rounded for the file."""
        return Logistic(
            rounded(self.means), rounded(self.scales), rounded(weights), round(float(bias), 4)
        )


def log_odds(chance: float) -> float:
    """The natural logarithm of the odds of a chance, 0 to 1; -9.2 to 9.2."""
    kept = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(kept / (1 - kept))


def rounded(values: Iterable[float]) -> tuple[float, ...]:
    """As they stand in the file."""
    return tuple(round(float(value), 4) for value in values)
