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
"""How many of an entry's nearest questions count."""

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
    letters_bayes: Floats
    """Naive Bayes over character n-grams of the questions."""
    words_bayes: Floats
    """Naive Bayes over word stems of the questions."""
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
    letters_bayes: float
    words_bayes: float
    gist: float
    words: float


WEIGHTS = Weights(
    logits=0.80,
    nearest=1.23,
    letters=0.19,
    letters_bayes=0.90,
    words_bayes=0.42,
    gist=0.06,
    words=0.10,
)
"""Printed by ``python -m bot.knowledge.weigh`` on 2026-11-21 (135 entries, 511 test questions),
with 24,000 wordings. With 28,000 it prints others by 0.09 at most, that find as much.

Weights fitted on other entries' questions then found the right entry first in 88.8 % and among
three in 98.4 % (77.5 and 91.6 with two typos, before spelling is corrected); with 24,000 in 90.2
and 97.5 % (78.1 and 91.4), with 18,000, and three layers adapted instead of six, in 88.5 and 97.8 %
(75.1 and 90.6); without the adapter, and with 15,000, in 82.0 and 95.1 % (69.3 and 87.9). Of 489
messages as visitors write them, none of which was learned from, the right entry was first for 91 %.
"""


def blend(views: Views, weights: Weights = WEIGHTS) -> Floats:
    """The score of each entry, shape (m, entries)."""
    result: Floats = np.tensordot(
        np.array(astuple(weights), dtype=np.float32), views.standardised(), 1
    )
    return result


def fit_weights(standardised: Floats, right: Sequence[int]) -> Weights:
    """The weights at which each query's right entry is most likely, none below 0.

    Maximises the mean log of a softmax over the entries, less `_STRENGTH` times the squared
    weights, which keeps views that say the same from trading places.

    Args:
        standardised: as `Views.standardised` gives it.
        right: the index of the right entry of each query.
    """
    from scipy.optimize import minimize  # only fitting needs it

    rows = np.arange(len(right))
    views = standardised.astype(np.float64)
    of_right = views[:, rows, right]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = np.tensordot(weights, views, 1)
        highest = scores.max(axis=1, keepdims=True)
        logs = scores - highest - np.log(np.exp(scores - highest).sum(axis=1, keepdims=True))
        gain = (of_right - (np.exp(logs) * views).sum(axis=2)).mean(axis=1)
        value = -logs[rows, right].mean() + _STRENGTH * (weights**2).sum()
        return float(value), 2 * _STRENGTH * weights - gain

    start = np.ones(len(views))
    bounds = [(0, None)] * len(views)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Weights(*(float(weight) for weight in found))


def _z(values: Floats) -> Floats:
    """Standardised over the entries of each row; 0 where all are equal."""
    centred = values - values.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    result: Floats = centred / np.where(spread > 1e-6, spread, np.inf)
    return result
