"""The small language in which signs are written, and the search for its phrases in a message.

    blurred vision          these words, next to each other
    eye ... blurry          up to three other words in between
    lip ~ white             near each other in one sentence, in either order
    swell*                  any word that begins so
    <filler>                any phrase of the list "filler" in ``safety_words.yml``

Letters are compared after `bot.advice.normalise`: lower case, no apostrophes ("cant see").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.advice.normalise import Word

GAP = 3
"""How many other words ``...`` may stand for."""
NEAR = 7
"""How many other words may stand between the two sides of ``~``."""

Span = tuple[int, int]
"""Words from the first index up to, not including, the second."""
Chunks = tuple[Span, ...]
"""One match of a phrase: its runs of words in the message, leaving out what ``...`` skipped."""

Run = tuple[str, ...]
"""The words, lists and gaps of a phrase between two ``~``."""
ByNext = dict[str, list[Run]]
"""Runs that begin alike, by their second word; by "" those of which it is not one fixed word."""
Ends = dict[tuple[str, int], Sequence[int]]
"""Where a list's phrases end that begin at a word: looked up once in a message."""

_LIST = re.compile(r"<(\w+)>")
_PLAIN = re.compile(r"^(@\w+|[a-z0-9][a-z0-9.]*\*?|\.\.\.)$")


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why, for the writer of the sign."""


@dataclass(frozen=True)
class Phrase:
    """A phrase as written, cut at ``~`` into runs of items."""

    text: str
    runs: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, text: str, respell: Callable[[str], str] = str) -> Phrase:
        """Cut up `text`.

        Args:
            respell: brings a run of words into the spelling of `bot.advice.normalise`.

        Raises:
            PhraseError: it is empty, begins or ends with a gap, or holds other characters.
        """
        marked = _LIST.sub(r"@\1", text.lower().replace("'", ""))
        runs = tuple(tuple(respell(run).split()) for run in marked.split("~"))
        for run in runs:
            if not run or run[0] == "..." or run[-1] == "...":
                raise PhraseError(f"'{text}' has nothing to look for on one side.")
            for item in run:
                if not _PLAIN.match(item):
                    raise PhraseError(f"'{text}' holds '{item}', which is not a word or <list>.")
        return cls(text, runs)


@dataclass(frozen=True)
class PhraseGroup:
    """Phrases of which one is enough, found by their first run."""

    phrases: tuple[Phrase, ...]
    _numbers: dict[Run, list[int]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the phrases."""
        for number, phrase in enumerate(self.phrases):
            self._numbers.setdefault(phrase.runs[0], []).append(number)

    def __iter__(self) -> Iterator[Phrase]:
        """The phrases, as written."""
        return iter(self.phrases)

    def __len__(self) -> int:
        """How many phrases there are."""
        return len(self.phrases)

    def begun_in(self, found: Mapping[Run, object]) -> Iterator[Phrase]:
        """The phrases whose first run is among those `found`, in the order as written."""
        numbers = [n for run in self._numbers.keys() & found.keys() for n in self._numbers[run]]
        return (self.phrases[number] for number in sorted(numbers))


@dataclass
class Lexicon:
    """All phrases of all signs, indexed by first word, so that a message is read only once."""

    lists: Mapping[str, Iterable[Phrase]]
    vocabulary: set[str] = field(default_factory=set)
    _by_first: dict[str, ByNext] = field(default_factory=dict)
    _by_prefix: dict[str, list[Run]] = field(default_factory=dict)
    _prefix_lengths: set[int] = field(default_factory=set)
    _runs: set[Run] = field(default_factory=set)
    _members: dict[str, dict[str, ByNext]] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[Phrase]], phrases: Iterable[Phrase]) -> Lexicon:
        """Index `phrases`, which may name `lists`.

        Raises:
            PhraseError: a phrase names a list that does not exist, or a list uses ``~``.
        """
        lexicon = cls(lists)
        for name, members in lexicon.lists.items():
            table: dict[str, ByNext] = {}
            for member in members:
                if len(member.runs) > 1:
                    raise PhraseError(f"'{member.text}': a list may not use ~.")
                lexicon._learn_words(member.runs[0])
                for first in lexicon._firsts(member.runs[0]):
                    _index(table, first, member.runs[0])
            lexicon._members[name] = table
        for phrase in phrases:
            for run in phrase.runs:
                lexicon._add(run)
        return lexicon

    def _learn_words(self, run: tuple[str, ...]) -> None:
        self.vocabulary.update(item for item in run if item[0] not in "@." and item[-1] != "*")

    def _add(self, run: tuple[str, ...]) -> None:
        if run in self._runs:
            return
        self._runs.add(run)
        self._learn_words(run)
        for first in self._firsts(run):
            if first.endswith("*"):
                self._by_prefix.setdefault(first[:-1], []).append(run)
                self._prefix_lengths.add(len(first) - 1)
            else:
                _index(self._by_first, first, run)

    def _firsts(self, run: tuple[str, ...]) -> set[str]:
        item = run[0]
        if item[0] != "@":
            return {item}
        if item[1:] not in self.lists:
            raise PhraseError(f"there is no list '<{item[1:]}>'.")
        return set().union(*(self._firsts(p.runs[0]) for p in self.lists[item[1:]]))

    def read(self, words: Sequence[Word]) -> Reading:
        """Find every run of every phrase in `words`."""
        reading = Reading(words, {})
        ends: Ends = {}
        for start in range(len(words)):
            runs = [*_beginning(self._by_first, words, start)]
            text = words[start].text
            for length in self._prefix_lengths:
                if length <= len(text):
                    runs += self._by_prefix.get(text[:length], ())
            for run in runs:
                for chunks in self._walk(words, run, 0, start, ends):
                    reading.found.setdefault(run, []).append(chunks)
        return reading

    def _walk(
        self, words: Sequence[Word], run: Run, item: int, start: int, ends: Ends
    ) -> Iterator[Chunks]:
        """The matches of ``run[item:]`` that begin exactly at word `start`."""
        if item == len(run):
            yield ((start, start),)
            return
        if start >= len(words) or (item and words[start].sentence != words[start - 1].sentence):
            return
        if run[item] == "...":
            for skipped in range(GAP + 1):
                if start + skipped >= len(words):
                    return
                if words[start + skipped].sentence != words[start].sentence:
                    return
                for tail in self._walk(words, run, item + 1, start + skipped, ends):
                    yield ((start, start), *tail)
                    return
            return
        for end in self._item_ends(words, run[item], start, ends):
            for head, *rest in self._walk(words, run, item + 1, end, ends):
                yield ((start, head[1]), *rest)

    def _item_ends(self, words: Sequence[Word], item: str, start: int, ends: Ends) -> Sequence[int]:
        text = words[start].text
        if item[0] == "@":
            if (item, start) not in ends:
                members = _beginning(self._members[item[1:]], words, start)
                found = {
                    chunks[-1][1]
                    for member in members
                    for chunks in self._walk(words, member, 0, start, ends)
                }
                ends[item, start] = sorted(found, reverse=True)
            return ends[item, start]
        if item[-1] == "*":
            return [start + 1] if text.startswith(item[:-1]) else []
        return [start + 1] if text == item else []


def _index(table: dict[str, ByNext], first: str, run: Run) -> None:
    """File `run` under its first and, where both are fixed words, its second word."""
    fixed = len(run) > 1 and run[0] == first and run[1][0] not in "@." and run[1][-1] != "*"
    table.setdefault(first, {}).setdefault(run[1] if fixed else "", []).append(run)


def _beginning(table: Mapping[str, ByNext], words: Sequence[Word], start: int) -> Iterator[Run]:
    """The runs of `table` that may begin at word `start`."""
    by_next = table.get(words[start].text)
    if by_next:
        yield from by_next.get("", ())
        if start + 1 < len(words):
            yield from by_next.get(words[start + 1].text, ())


@dataclass(frozen=True)
class Reading:
    """What a lexicon found in one message."""

    words: Sequence[Word]
    found: dict[tuple[str, ...], list[Chunks]]

    def matches(self, phrase: Phrase) -> list[Chunks]:
        """Where `phrase` stands; a near phrase gives the pairs that are close enough."""
        matches = self.found.get(phrase.runs[0], [])
        for run in phrase.runs[1:] if matches else ():
            if not matches:
                return []
            nexts = self.found.get(run, [])
            matches = [
                (*match, *more) for match in matches for more in nexts if self._near(match, more)
            ]
        return matches

    def text(self, chunks: Chunks) -> str:
        """The words of a match, in the order of the message."""
        return " ... ".join(
            " ".join(word.text for word in self.words[start:end])
            for start, end in sorted(chunks)
            if end > start
        )

    def _near(self, match: Chunks, more: Chunks) -> bool:
        if self.words[match[0][0]].sentence != self.words[more[0][0]].sentence:
            return False
        gaps = [max(b[0] - a[1], a[0] - b[1]) for a in match for b in more]
        return min(gaps) >= 0 and min(gaps) <= NEAR
