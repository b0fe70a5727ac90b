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


@dataclass
class Lexicon:
    """All phrases of all signs, indexed by first word, so that a message is read only once."""

    lists: Mapping[str, tuple[Phrase, ...]]
    vocabulary: set[str] = field(default_factory=set)
    _by_first: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    _by_prefix: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    _runs: set[tuple[str, ...]] = field(default_factory=set)
    _members: dict[str, dict[str, list[tuple[str, ...]]]] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: Mapping[str, tuple[Phrase, ...]], phrases: Iterable[Phrase]) -> Lexicon:
        """Index `phrases`, which may name `lists`.

        Raises:
            PhraseError: a phrase names a list that does not exist, or a list uses ``~``.
        """
        lexicon = cls(lists)
        for name, members in lexicon.lists.items():
            table: dict[str, list[tuple[str, ...]]] = {}
            for member in members:
                if len(member.runs) > 1:
                    raise PhraseError(f"'{member.text}': a list may not use ~.")
                lexicon._learn_words(member.runs[0])
                for first in lexicon._firsts(member.runs[0]):
                    table.setdefault(first, []).append(member.runs[0])
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
            else:
                self._by_first.setdefault(first, []).append(run)

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
        for start, word in enumerate(words):
            runs = self._by_first.get(word.text, [])
            for prefix, more in self._by_prefix.items():
                if word.text.startswith(prefix):
                    runs = runs + more
            for run in runs:
                for chunks in self._walk(words, run, 0, start):
                    reading.found.setdefault(run, []).append(chunks)
        return reading

    def _walk(
        self, words: Sequence[Word], run: tuple[str, ...], item: int, start: int
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
                for tail in self._walk(words, run, item + 1, start + skipped):
                    yield ((start, start), *tail)
                    return
            return
        for end in self._item_ends(words, run[item], start):
            for head, *rest in self._walk(words, run, item + 1, end):
                yield ((start, head[1]), *rest)

    def _item_ends(self, words: Sequence[Word], item: str, start: int) -> list[int]:
        text = words[start].text
        if item[0] == "@":
            table = self._members[item[1:]]
            ends = {
                chunks[-1][1]
                for member in table.get(text, ())
                for chunks in self._walk(words, member, 0, start)
            }
            return sorted(ends, reverse=True)
        if item[-1] == "*":
            return [start + 1] if text.startswith(item[:-1]) else []
        return [start + 1] if text == item else []


@dataclass(frozen=True)
class Reading:
    """What a lexicon found in one message."""

    words: Sequence[Word]
    found: dict[tuple[str, ...], list[Chunks]]

    def matches(self, phrase: Phrase) -> list[Chunks]:
        """Where `phrase` stands; a near phrase gives the pairs that are close enough."""
        first, *others = phrase.runs
        matches = self.found.get(first, [])
        for run in others:
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
