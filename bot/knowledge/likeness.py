"""Puts texts that ask for the same thing together, by their vectors."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from bot.knowledge.embed import Floats

CUT = 0.4
"""Mean cosine distance up to which groups are joined. On the groups of
``tests/knowledge/alike.yml`` it was the best of the steps of 0.05 from 0.3 to 0.8: of the pairs put
together 79 % belonged together, and of those that do 63 % were (F1 0.70; complete linkage 0.67 at
best, single 0.67)."""


def alike(vectors: Floats) -> list[list[int]]:
    """Groups of indexes, the largest first; every index is in one.

    Average linkage: deterministic, and but for distances that are equal the order of the texts does
    not matter. Equal sizes are ordered by their first index, and a group's own indexes rise.

    Args:
        vectors: of length 1, shape (texts, dims).
    """
    if len(vectors) < 2:
        return [[index] for index in range(len(vectors))]
    # Each with each in double precision: 1,000 texts take 8 MB.
    labels = fcluster(
        linkage(np.asarray(vectors, dtype=np.float64), "average", "cosine"), CUT, "distance"
    )
    groups: dict[int, list[int]] = {}
    for index, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(index)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))
