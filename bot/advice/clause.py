"""Tells what a message says of now from what it denies, asks in general, fears or remembers.

The cues are lists in ``safety_words.yml`` (``deny``, ``general``, ``actual`` ...), each explained
there. Reassurance is no cue: nothing said about a symptom makes it smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.advice.normalise import Word
from bot.advice.phrase import Chunks, Phrase, Reading

DENY_REACH = 6
"""How many words a "no" governs when nothing else ends its reach."""
FRAGMENT = 4
"""A part between commas of at most this many words goes on listing what was denied before it."""

CUES = (
    "deny",
    "not_deny",
    "deny_back",
    "restart",
    "verb",
    "general",
    "general_back",
    "supposing",
    "not_supposing",
    "actual",
    "right_now",
    "lifts",
    "long_ago",
    "over",
    "present",
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

    def denies(self, chunks: Chunks) -> bool:
        """Whether a match is denied by a word that is not itself part of the match."""
        own = {i for start, end in chunks for i in range(start, end)}
        return any(self.denied.get(start, set()) - own for start, _ in chunks)

    def of_now(self, chunks: Chunks) -> bool:
        """Whether a match is said of somebody, now."""
        return not any(start in self.supposed for start, _ in chunks)


def frame(reading: Reading) -> Frame:
    """Read the cues of a message."""
    cues = {name: _spans(reading.matches(phrase)) for name, phrase in CUE_PHRASES.items()}
    words = reading.words
    supposed = _supposed(words, cues) | _over(words, cues)
    return Frame(_denied(words, cues), frozenset(supposed))


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
        for place in _reach(words, cues, end):
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
    fragment = [i for i in range(start, len(words)) if words[i].clause == words[start].clause]
    plain = not any(i in cues["restart"] or i in cues["verb"] for i in fragment)
    return len(fragment) <= FRAGMENT and plain and words[start].text != "but"


def _supposed(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> set[int]:
    """Left to right through each sentence: a general cue begins it, a statement of now ends it."""
    if cues["lifts"]:
        return set()
    supposed: set[int] = set()
    whether = {i for start, end in cues["not_supposing"].items() for i in range(start, end)}
    state, sentence = "now", -1
    for place, word in enumerate(words):
        if word.sentence != sentence:
            state, sentence = "now", word.sentence
        if place in cues["right_now"]:
            state = "now"
            supposed -= {i for i in range(place) if words[i].sentence == sentence}
        elif place in cues["supposing"] and place not in whether:
            state = "what if"
        elif place in cues["general"]:
            state = "what if" if state == "what if" else "general"
        elif place in cues["actual"] and state == "general":
            state = "now"
        if state != "now":
            supposed.add(place)
    for cue in cues["general_back"]:
        here = [i for i, word in enumerate(words) if word.sentence == words[cue].sentence]
        if len(here) <= 5 and here[0] > 0:
            before = words[here[0] - 1].sentence
            here = [i for i, word in enumerate(words) if word.sentence == before]
        if not any(i in cues["actual"] or i in cues["right_now"] for i in here):
            supposed.update(here)
    return supposed


def _over(words: Sequence[Word], cues: dict[str, dict[int, int]]) -> set[int]:
    """The words before a present cue, when the message tells of long ago and that it is over."""
    if not (cues["long_ago"] and cues["over"]):
        return set()
    first = min(cues["long_ago"])
    present = [i for i in cues["present"] if i not in cues["over"]]
    return set(range(min((i for i in present if i > first), default=len(words))))
