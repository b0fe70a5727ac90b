"""Tells which signs may fire by what a message holds, before anybody asks how its words are meant.

Most messages name a treatment and no symptom, or a symptom of which a sign needs more: they need no
further look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from bot.advice.phrase import PhraseGroup
from bot.advice.run_tree import Run

Part = tuple[int, int]
"""A sign and one of its groups of phrases, by their places."""


@dataclass(frozen=True)
class Possible:
    """The groups of phrases of all signs; of each group of a sign something must be found."""

    _sizes: tuple[int, ...]
    _by_run: Mapping[Run, Set[Part]]
    _by_runs: Mapping[Run, Mapping[tuple[Run, ...], Set[Part]]]
    """Of phrases with ``~``, by the first run and by the others."""

    @classmethod
    def of(cls, signs: Iterable[tuple[PhraseGroup, ...]]) -> Possible:
        """Index the groups of each sign."""
        sizes: list[int] = []
        by_run: dict[Run, set[Part]] = {}
        by_runs: dict[Run, dict[tuple[Run, ...], set[Part]]] = {}
        for number, groups in enumerate(signs):
            sizes.append(len(groups))
            for place, group in enumerate(groups):
                for phrase in group:
                    first, *others = phrase.runs
                    if others:
                        parts = by_runs.setdefault(first, {}).setdefault(tuple(others), set())
                    else:
                        parts = by_run.setdefault(first, set())
                    parts.add((number, place))
        return cls(tuple(sizes), by_run, by_runs)

    def parts(self, found: Mapping[Run, object]) -> set[Part]:
        """What of signs may stand in a message in which these runs were found."""
        parts: set[Part] = set()
        for run in found.keys() & self._by_run.keys():
            parts |= self._by_run[run]
        for run in found.keys() & self._by_runs.keys():
            for others, more in self._by_runs[run].items():
                if all(other in found for other in others):
                    parts |= more
        return parts

    def signs(self, parts: Iterable[Part]) -> set[int]:
        """The places of the signs of which every group is among `parts`."""
        counted = Counter(number for number, _ in parts)
        return {number for number, count in counted.items() if count == self._sizes[number]}
