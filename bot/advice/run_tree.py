"""Finds runs of words, lists and gaps in a message, with what runs begin alike looked at once.

Thousands of runs begin with "my" or with a word of the list "lips". Kept as a tree, they share each
step that they have in common, so that the time of a message grows with its words and not with the
signs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from bot.advice.normalise import Word

GAP = 3
"""How many other words ``...`` may stand for."""

Span = tuple[int, int]
"""Words from the first index up to, not including, the second."""
Chunks = tuple[Span, ...]
"""One match of a phrase: its runs of words in the message, leaving out what ``...`` skipped."""
Run = tuple[str, ...]
"""Words, lists ("@eye"), beginnings ("swell*") and gaps ("...") of a phrase between two ``~``."""


@dataclass
class Node:
    """What may follow after the items that lead here."""

    run: Run | None = None
    """The run that ends here."""
    words: dict[str, Node] = field(default_factory=dict)
    kinds: dict[str, Node] = field(default_factory=dict)
    """After a list or a beginning of words."""
    gap: Node | None = None

    def add(self, run: Run) -> None:
        """Make the way to the end of `run`."""
        node = self
        for item in run:
            if item == "...":
                node.gap = node = node.gap or Node()
            elif item[0] == "@" or item[-1] == "*":
                node = node.kinds.setdefault(item, Node())
            else:
                node = node.words.setdefault(item, Node())
        node.run = run


@dataclass
class Search:
    """Made for one message."""

    words: Sequence[Word]
    lists: dict[str, Node]
    """The members of each list, by its name with "@"."""
    kinds: Sequence[Set[str]]
    """For each word the lists and beginnings that may begin there."""
    _texts: list[str] = field(default_factory=list)
    _until: list[int] = field(default_factory=list)
    """For each word the end of its sentence, which no run goes over."""
    _ends: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find where the sentences end."""
        self._texts += (word.text for word in self.words)
        until, last = len(self.words), -1
        for place in range(len(self.words) - 1, -1, -1):
            if self.words[place].sentence != last:
                until, last = place + 1, self.words[place].sentence
            self._until.append(until)
        self._until.reverse()

    def runs(self, tree: Node) -> Iterator[tuple[Run, Chunks]]:
        """Every match of every run of `tree`; of one run by where it begins, the longest first."""
        for start in range(len(self.words)):
            yield from self._from(tree, start)

    def _from(self, tree: Node, start: int) -> list[tuple[Run, Chunks]]:
        found: list[tuple[Run, Chunks]] = []
        self._walk(tree, start, start, (), found)
        return found

    def _walk(
        self, node: Node, place: int, since: int, before: Chunks, found: list[tuple[Run, Chunks]]
    ) -> None:
        """Add what is found from `node` on at `place` to `found`.

        Args:
            since: where the words began that stand next to each other.
            before: the words before the last gap.
        """
        if node.run is not None:
            found.append((node.run, (*before, (since, place))))
        if place >= self._until[since]:
            return
        following = node.words.get(self._texts[place])
        if following is not None:
            self._walk(following, place + 1, since, before, found)
        if node.kinds:
            for kind in node.kinds.keys() & self.kinds[place]:
                for end in self._kind_ends(kind, place):
                    self._walk(node.kinds[kind], end, since, before, found)
        if node.gap is not None:
            self._skip(node.gap, place, since, before, found)

    def _skip(
        self, node: Node, place: int, since: int, before: Chunks, found: list[tuple[Run, Chunks]]
    ) -> None:
        """The same after a gap, of each run the match with the smallest."""
        known: set[Run] = set()
        for start in range(place, min(place + GAP + 1, self._until[since])):
            after: list[tuple[Run, Chunks]] = []
            self._walk(node, start, start, (*before, (since, place)), after)
            for run, chunks in after:
                if run not in known:
                    known.add(run)
                    found.append((run, chunks))

    def _kind_ends(self, kind: str, place: int) -> list[int]:
        """Where a list's phrases end that begin at `place`, the last first."""
        if kind[0] != "@":
            return [place + 1]
        ends = self._ends.get((kind, place))
        if ends is None:
            members = self._from(self.lists[kind], place)
            ends = sorted({chunks[-1][1] for _, chunks in members}, reverse=True)
            self._ends[kind, place] = ends
        return ends
