"""The border between what our entries are about and everything else.

What is asked about our subjects lies close together among all sentences, and what is not lies all
round it. On 250 messages in scope and 67 out of it, none of which it had seen, the six features of
`bot.nlu.scope` alone declined 90 % of the latter at the price of 6.8 % of the former; with the
score of this machine it was 0.4 %.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.asked import Asked
from bot.nlu.kernel import Floats, Machine

GAMMA, C = 2.0, 3.0
EVERY = 3
"""Of what the entries answer every third text is learned from: enough to know the place."""


@dataclass(frozen=True)
class Boundary:
    """The machine, and which entries there were when it was fitted."""

    machine: Machine
    entry_ids: frozenset[str]
    new: Floats | None = None
    """The texts of entries that were published since, (texts, dims)."""

    @classmethod
    def fit(cls, known: Asked, outside: Floats) -> Boundary:
        """Fit on the entries' texts and the vectors (n, dims) of messages that are out of scope.

        Both sides count the same, however many there are of each.

        Raises:
            ValueError: one side is empty.
        """
        if not len(known.vectors) or not len(outside):
            raise ValueError("a border needs examples of either class: inside and outside")
        inside = known.vectors[::EVERY]
        vectors = np.concatenate([inside, outside])
        truth = np.arange(len(vectors)) < len(inside)
        weights = {True: 1.0, False: len(inside) / len(outside)}
        machine = Machine.fit(vectors, truth, GAMMA, C, weights)
        return cls(machine, frozenset(known.entries))

    def with_new(self, owners: Sequence[str], vectors: Floats) -> Boundary:
        """The border round entries that were published since, without training.

        Args:
            owners: the entry id of each text of what is live.
            vectors: (texts, dims)
        """
        rows = [row for row, owner in enumerate(owners) if owner not in self.entry_ids]
        return replace(self, new=vectors[rows]) if rows else self

    def score(self, vector: Floats) -> float:
        """How far inside (above 0) or outside a message is, from its vector of shape (dims,).

        The nearest text of a new entry pulls as hard as any example can. Not all of them: each
        would pull a little at everything, and some new entries would let in the whole world.
        """
        score = float(self.machine.scores(vector[None, :])[0])
        if self.new is None:
            return score
        nearest = float((self.new @ vector).max())
        return score + C * math.exp(2 * GAMMA * (nearest - 1))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is saved."""
        return {**self.machine.arrays(), "entry_ids": np.array(sorted(self.entry_ids))}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Boundary:
        """What `arrays` gave."""
        return cls(Machine.of(arrays), frozenset(str(id_) for id_ in arrays["entry_ids"]))
