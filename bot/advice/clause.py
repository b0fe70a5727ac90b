"""Tells what a message says of now from what it denies, asks in general, fears or remembers.

The cues are lists in ``safety_words.yml`` (``deny``, ``general``, ``actual`` ...), each explained
there. Reassurance is no cue: nothing said about a symptom makes it smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.advice.normalise import Word
from bot.advice.phrase import Phrase, Reading
from bot.advice.run_tree import Chunks

SHORT = 6
"""A part of at most this many words, such as "they always have", speaks of the one before it."""
PLAN_REACH = 5
"""How many words after "can i still have" may name what is planned."""
DENY_REACH = 6
"""How many words a "no" governs when nothing else ends its reach."""
FRAGMENT = 4
"""A part between commas of at most this many words goes on listing what was denied before it."""
OWN = frozenset({"i", "im", "ive", "my", "mine", "it", "its"})
"""Words that begin a statement about the visitor: hearsay that follows does not take it back."""

CUES = (
    "deny",
    "not_deny",
    "deny_back",
    "restart",
    "verb",
    "general",
    "general_back",
    "supposing",
    "supposing_a_clause",
    "not_supposing",
    "actual",
    "right_now",
    "lifts",
    "long_ago",
    "over",
    "present",
    "fiction",
    "hearsay",
    "own_again",
    "not_yet",
    "once",
    "once_dated",
    "late_effect",
    "anew",
    "lifelong",
    "planned",
)
"""The lists of ``safety_words.yml`` that this module reads."""

CUE_PHRASES = {name: Phrase.read(f"<{name}>") for name in CUES}


@dataclass(frozen=True)
class Frame:
    """How each word of a message is meant, by its index."""

    denied: dict[int, set[int]] = field(default_factory=dict)
    """Words under a "no", each with the places of the words that say so."""
    supposed: frozenset[int] = frozenset()
    """Words of a question in general, a what-if, a fear, hearsay, or a past that is over."""
    unreal: frozenset[int] = frozenset()
    """Words of a story, or of a past of which the message says that it is over."""

    planned: frozenset[int] = frozenset()
    """Words of a treatment that is asked for, wanted or booked: none has been had by that."""

    def denies(self, chunks: Chunks) -> bool:
        """Whether a match is denied by a word that is not itself part of the match."""
        own = {i for start, end in chunks for i in range(start, end)}
        return any(self.denied.get(start, set()) - own for start, _ in chunks)

    def is_planned(self, chunks: Chunks) -> bool:
        """Whether a match is of something still to come."""
        return chunks[0][0] in self.planned

    def of_now(self, chunks: Chunks) -> bool:
        """Whether a match is said of somebody, now."""
        return not any(start in self.supposed for start, _ in chunks)


def frame(reading: Reading) -> Frame:
    """Read the cues of a message."""
    cues = {name: _spans(reading.matches(phrase)) for name, phrase in CUE_PHRASES.items()}
    words = reading.words
    for name in ("long_ago", "once_dated"):
        cues[name].update((place, place + 1) for place in _past_years(words))
    unreal = _over(words, cues) | _told(words, cues, "fiction")
    supposed = _supposed(words, cues) | _told(words, cues, "hearsay") | _once(words, cues)
    supposed |= _lifelong(words, cues)
    return Frame(
        _denied(words, cues),
        frozenset(supposed | unreal),
        frozenset(unreal),
        frozenset(_planned(words, cues)),
    )


def _spans(matches: Iterable[Chunks]) -> dict[int, int]:
    """Where a cue begins, with the longest end."""
    spans: dict[int, int] = {}
    for chunks in matches:
        start, end = chunks[0][0], chunks[-1][1]
        spans[start] = max(end, spans.get(start, 0))
    return spans


def _denied(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> dict[int, set[int]]:
    denied: dict[int, set[int]] = {}
    for cue, end in cues["deny"].items():
        if cue in cues["not_deny"]:
            continue
        for place in (*range(cue + 1, end), *_reach(words, cues, end)):
            denied.setdefault(place, set()).update(range(cue, end))
    for cue, end in cues["deny_back"].items():
        here = words[cue].sentence
        for place in range(cue):
            if here - words[place].sentence <= 1:
                denied.setdefault(place, set()).update(range(cue, end))
    return denied


def _reach(words: Sequence[Word], cues: dict[str, dict[int, int]], start: int) -> Iterable[int]:
    """The words that a denial ending at `start` governs."""
    place, clause = start, words[start - 1].clause
    left = DENY_REACH
    while place < len(words) and words[place].sentence == words[start - 1].sentence:
        word = words[place]
        if word.clause != clause:
            if not _goes_on_listing(words, cues, place):
                return
            clause, left = word.clause, DENY_REACH
        if place in cues["restart"] or left == 0:
            return
        if word.text == "and" and any(i in cues["verb"] for i in range(place + 2, place + 4)):
            return
        yield place
        place, left = place + 1, left - 1


def _goes_on_listing(words: Sequence[Word], cues: dict[str, dict[int, int]], start: int) -> bool:
    fragment = range(start, _places(words, start, "clause").stop)
    plain = not any(i in cues["restart"] or i in cues["verb"] for i in fragment)
    return len(fragment) <= FRAGMENT and plain and words[start].text != "but"


def _supposed(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> set[int]:
    """Left to right through each sentence: a general cue begins it, a statement of now ends it."""
    if cues["lifts"]:
        return set()
    supposed: set[int] = set()
    whether = {i for start, end in cues["not_supposing"].items() for i in range(start, end)}
    opening = "general" if cues["not_yet"] else "now"
    state, sentence, opened, is_short, since = opening, -1, 0, False, 0
    for place, word in enumerate(words):
        if word.sentence != sentence:
            state, sentence, since = opening, word.sentence, place
        begins = place > 0 and (word.clause != words[place - 1].clause or _joins(words[place - 1]))
        if place in cues["right_now"]:
            state = "now"
            supposed.difference_update(range(since, place))
            since = place
        elif place in cues["supposing"] and place not in whether:
            is_short = place in cues["supposing_a_clause"] and (is_short or state != "what if")
            state = "what if"
        elif state == "what if" and is_short and begins and place in cues["actual"]:
            state = "now"
        elif place in cues["general"]:
            state = "what if" if state == "what if" else "general"
            opened = max(opened, cues["general"][place])
        elif place in cues["actual"] and place >= opened and state == "general":
            state = "now"
        if state != "now":
            supposed.add(place)
    for cue in cues["general_back"]:
        here = _places(words, cue, "sentence")
        if len(here) <= 5 and here[0] > 0:
            here = _places(words, here[0] - 1, "sentence")
        if not any(i in cues["actual"] or i in cues["right_now"] for i in here):
            supposed.update(here)
    return supposed


def _joins(word: Word) -> bool:
    return word.text in ("and", "but")


def _over(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> set[int]:
    """What is told of long ago, when the message says that it is over.

    It ends with those words, or at the first word of today: what follows is news.
    """
    if not (cues["long_ago"] and cues["over"]):
        return set()
    _, since = min(cues["long_ago"].items())
    told = max(cues["over"].values())
    present = [i for i in cues["present"] if i not in cues["over"]]
    return set(range(min((i for i in present if i >= since), default=told)))


def _told(words: Sequence[Word], cues: dict[str, dict[int, int]], name: str) -> set[int]:
    """What is told of a film, the news or a job: the clause, and on to the visitor's own case."""
    told: set[int] = set()
    for cue in () if cues["lifts"] else cues[name]:
        here = _places(words, cue, "clause")
        end = _places(words, cue, "sentence")[-1] + 1
        said = [i for i in cues["actual"] if i in range(here[0], cue) and words[i].text in OWN]
        start = cue if said else here[0]
        told.update(range(start, _first(cues["own_again"], cue, end)))
    return told


def _once(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> set[int]:
    """The clauses, or sentences it opens, that a date long ago governs, up to a word of today.

    A date counts for nothing next to what can still show years later, such as filler.
    """
    past: set[int] = set()
    for name in ("once", "once_dated"):
        for cue in cues[name]:
            sentence = _places(words, cue, "sentence")
            here = sentence if cue == sentence[0] else _places(words, cue, "clause")
            if name == "once_dated" and any(i in cues["late_effect"] for i in here):
                continue
            today = [i for i in cues["anew"] if i in here and i not in range(cue, cues[name][cue])]
            past.update(range(here[0], min(today, default=here[-1] + 1)))
    return past


def _planned(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> set[int]:
    """What a plan names, and the next few words of its clause: "can i still have my filler"."""
    planned: set[int] = set()
    for cue, end in cues["planned"].items():
        last = min(end + PLAN_REACH, len(words))
        here = (i for i in range(end, last) if words[i].clause == words[end - 1].clause)
        planned.update(range(cue, end), here)
    return planned


def _lifelong(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> set[int]:
    """What has always been so: the part that says it and, if that is short, the one before it,
    unless either speaks of a change.
    """
    same: set[int] = set()
    for cue, end in cues["lifelong"].items():
        here = _places(words, cue, "clause")
        if len(here) <= SHORT and here[0] > 0:
            here = range(_places(words, here[0] - 1, "clause")[0], here[-1] + 1)
        if not any(i in here and i not in range(cue, end) for i in cues["anew"]):
            same.update(here)
    return same


def _past_years(words: Sequence[Word]) -> Iterator[int]:
    """Where a year stands that is over: "the winter of 1998"."""
    this_year = date.today().year
    for place, word in enumerate(words):
        if len(word.text) == 4 and word.text.isdigit() and 1930 <= int(word.text) < this_year:
            yield place


def _places(words: Sequence[Word], place: int, part: str) -> range:
    """The words of the sentence or clause that `place` stands in."""
    here = getattr(words[place], part)
    start, end = place, place + 1
    while start > 0 and getattr(words[start - 1], part) == here:
        start -= 1
    while end < len(words) and getattr(words[end], part) == here:
        end += 1
    return range(start, end)


def _first(cues: Iterable[int], after: int, end: int) -> int:
    """The first of `cues` after `after` and before `end`, which is the answer if there is none."""
    return min((i for i in cues if after < i < end), default=end)
