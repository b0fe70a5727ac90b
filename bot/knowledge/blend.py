"""Several views of how close a query is to each entry, made one score.

Each view is standardised over the entries of one query, then they are added with weights that
`bot.knowledge.weigh` fits on the entries' test questions, which are never indexed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NEAREST = 3
"""How many of an entry's nearest questions count: of 1, 2, 3 and 5 the best beside the others."""

_STEPS = 200
_STRENGTH = 0.003


@dataclass(frozen=True)
class Views:
    """Values of m queries for all entries, each (m, entries), higher for what is closer."""

    logits: Floats
    """Of the regression over the entries' questions."""
    nearest: Floats
    """Mean cosine of the `NEAREST` questions."""
    letters: Floats
    """Character n-gram TF-IDF of the nearest question."""
    gist: Floats
    """Cosine of title and short answer."""
    words: Floats
    """BM25 over the whole answer."""

    def standardised(self) -> Floats:
        """Shape (views, m, entries)."""
        return np.stack([_z(view) for view in astuple(self)])


@dataclass(frozen=True)
class Weights:
    """How much each view counts."""

    logits: float
    nearest: float
    letters: float
    gist: float
    words: float


WEIGHTS = Weights(logits=1.24, nearest=0.28, letters=0.18, gist=0.4, words=0.28)
"""Printed by ``python -m bot.knowledge.weigh``."""


def blend(views: Views, weights: Weights = WEIGHTS) -> Floats:
    """The score of each entry, shape (m, entries)."""
    result: Floats = np.tensordot(
        np.array(astuple(weights), dtype=np.float32), views.standardised(), 1
    )
    return result


def fit_weights(standardised: Floats, right: Sequence[int]) -> Weights:
    """The weights at which each query's right entry is most likely, none below 0.

    Maximises the mean log of a softmax over the entries, less `_STRENGTH` times the squared
    weights (which keeps views that say the same from trading places), by projected gradients.

    Args:
        standardised: as `Views.standardised` gives it.
        right: the index of the right entry of each query.
    """
    views, rows = np.asarray(standardised, dtype=np.float64), np.arange(len(right))
    of_right = views[:, rows, right]
    weights = np.full(len(views), 0.3)
    for _ in range(_STEPS):
        scores = np.tensordot(weights, views, 1)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances = powers / powers.sum(axis=1, keepdims=True)
        gain = (of_right - (chances * views).sum(axis=2)).mean(axis=1)
        weights = np.maximum(weights + gain - 2 * _STRENGTH * weights, 0)
    return Weights(*(float(weight) for weight in weights))


def _z(values: Floats) -> Floats:
    """Standardised over the entries of each row; 0 where all are equal."""
    centred = values - values.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    result: Floats = centred / np.where(spread > 1e-6, spread, np.inf)
    return result
