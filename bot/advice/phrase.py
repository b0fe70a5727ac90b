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
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import zip_longest

from bot.advice.normalise import Word
from bot.advice.run_tree import Chunks, Node, Run, Search

NEAR = 7
"""How many other words may stand between the two sides of ``~``."""

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
    """All phrases of all signs in one tree, so that a message is read only once."""

    lists: Mapping[str, Iterable[Phrase]]
    vocabulary: set[str] = field(default_factory=set)
    _runs: Node = field(default_factory=Node)
    _members: dict[str, Node] = field(default_factory=dict)
    _by_first: dict[str, set[str]] = field(default_factory=dict)
    """The lists that may begin with a word, whatever is next."""
    _by_two: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The lists that may begin with a word if another is next: of four that may begin with a word
    three go on otherwise."""
    _by_prefix: dict[str, set[str]] = field(default_factory=dict)
    """The lists, and "swell*", that may begin with a word that begins so."""
    _prefix_lengths: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, lists: Mapping[str, Iterable[Phrase]], phrases: Iterable[Phrase]) -> Lexicon:
        """Index `phrases`, which may name `lists`.

        Raises:
            PhraseError: a phrase names a list that does not exist, or a list uses ``~``.
        """
        lexicon = cls(lists)
        for name, members in lexicon.lists.items():
            tree = lexicon._members[f"@{name}"] = Node()
            for member in members:
                if len(member.runs) > 1:
                    raise PhraseError(f"'{member.text}': a list may not use ~.")
                lexicon._add(tree, member.runs[0])
        for name in lexicon.lists:
            for first, second in lexicon._openings((f"@{name}",)):
                lexicon._may_begin(f"@{name}", first, second)
        for phrase in phrases:
            for run in phrase.runs:
                lexicon._add(lexicon._runs, run)
        return lexicon

    def _add(self, tree: Node, run: Run) -> None:
        tree.add(run)
        for item in run:
            if item[0] == "@" and item[1:] not in self.lists:
                raise PhraseError(f"there is no list '<{item[1:]}>'.")
            if item[-1] == "*":
                self._may_begin(item, item)
            elif item[0] not in "@.":
                self.vocabulary.add(item)

    def _may_begin(self, kind: str, first: str, second: str = "") -> None:
        if first[-1] == "*":
            self._by_prefix.setdefault(first[:-1], set()).add(kind)
            self._prefix_lengths.add(len(first) - 1)
        elif second:
            self._by_two.setdefault((first, second), set()).add(kind)
        else:
            self._by_first.setdefault(first, set()).add(kind)

    def _openings(self, run: Run) -> set[tuple[str, str]]:
        """The words, and beginnings of words, with which `run` may begin, and for each the word
        that has to be next, or "".
        """
        first, *others = run
        if first[0] != "@":
            fixed = others and others[0][0] not in "@." and others[0][-1] != "*"
            return {(first, others[0] if fixed and first[-1] != "*" else "")}
        members = (self._openings(phrase.runs[0]) for phrase in self.lists[first[1:]])
        openings: set[tuple[str, str]] = set().union(*members)
        return {(word, "") for word, _ in openings} if others else openings

    def read(self, words: Sequence[Word]) -> Reading:
        """Find every run of every phrase in `words`."""
        texts = [word.text for word in words]
        alone = {text: self._kinds(text) for text in set(texts)}
        kinds = [
            alone[text] | self._by_two.get((text, following), set())
            for text, following in zip_longest(texts, texts[1:])
        ]
        search = Search(words, self._members, kinds)
        found: dict[Run, list[Chunks]] = {}
        for run, chunks in search.runs(self._runs):
            found.setdefault(run, []).append(chunks)
        return Reading(words, found)

    def _kinds(self, text: str) -> Set[str]:
        """The lists and beginnings that may begin with a word, whatever is next."""
        kinds: Set[str] = self._by_first.get(text, frozenset())
        for length in self._prefix_lengths:
            if text[:length] in self._by_prefix:
                kinds = kinds | self._by_prefix[text[:length]]
        return kinds


@dataclass(frozen=True)
class Reading:
    """What a lexicon found in one message, or in several."""

    words: Sequence[Word]
    found: dict[Run, list[Chunks]]

    @classmethod
    def joined(cls, readings: Iterable[Reading]) -> Reading:
        """Messages one after the other, each read by itself: no run goes on in the next one."""
        words: list[Word] = []
        found: dict[Run, list[Chunks]] = {}
        for reading in readings:
            first = len(words)
            sentence = words[-1].sentence + 1 if words else 0
            clause = words[-1].clause + 1 if words else 0
            words += [Word(w.text, w.sentence + sentence, w.clause + clause) for w in reading.words]
            for run, matches in reading.found.items():
                found.setdefault(run, []).extend(
                    tuple((start + first, end + first) for start, end in chunks)
                    for chunks in matches
                )
        return cls(words, found)

    def without(self, group: PhraseGroup) -> Reading:
        """The same words, and no run that has one of a phrase of `group`."""
        masked = {
            place
            for phrase in group.begun_in(self.found)
            for chunks in self.matches(phrase)
            for start, end in chunks
            for place in range(start, end)
        }
        if not masked:
            return self
        kept = {
            run: [m for m in matches if not any(masked.intersection(range(*c)) for c in m)]
            for run, matches in self.found.items()
        }
        return Reading(self.words, {run: matches for run, matches in kept.items() if matches})

    def matches(self, phrase: Phrase) -> list[Chunks]:
        """Where `phrase` stands; a near phrase gives the pairs that are close enough."""
        matches = self.found.get(phrase.runs[0], [])
        for run in phrase.runs[1:] if matches else ():
            if not matches or run not in self.found:
                return []
            matches = self._pairs(matches, self.found[run])
        return matches

    def text(self, chunks: Chunks) -> str:
        """The words of a match, in the order of the message."""
        return " ... ".join(
            " ".join(word.text for word in self.words[start:end])
            for start, end in sorted(chunks)
            if end > start
        )

    def _pairs(self, matches: Sequence[Chunks], nexts: Sequence[Chunks]) -> list[Chunks]:
        """Each match with each of `nexts`, which are in the order of the message, that is near it;
        looked for only where it can be, so that a long message takes no longer for each word.
        """
        starts = [more[0][0] for more in nexts]
        longest = max(more[-1][1] - more[0][0] for more in nexts)
        pairs = []
        for match in matches:
            low = min(start for start, _ in match) - NEAR - longest
            high = max(end for _, end in match) + NEAR
            here = nexts[bisect_left(starts, low) : bisect_right(starts, high)]
            pairs += [(*match, *more) for more in here if self._near(match, more)]
        return pairs

    def _near(self, match: Chunks, more: Chunks) -> bool:
        if self.words[match[0][0]].sentence != self.words[more[0][0]].sentence:
            return False
        gaps = [max(b[0] - a[1], a[0] - b[1]) for a in match for b in more]
        return min(gaps) >= 0 and min(gaps) <= NEAR
