"""One sign, read: its phrases, and whether it fires on a message.

A sign says what has to be in a message; `bot.advice.clause` says how the words are meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.advice.clause import Frame
from bot.advice.phrase import Phrase, PhraseError, PhraseGroup, Reading
from bot.advice.run_tree import Chunks
from bot.advice.safety_words import SafetyWords
from bot.knowledge.entry import Sign, Urgency


@dataclass(frozen=True)
class ReadSign:
    """A sign with its phrases read."""

    entry_id: str
    urgency: Urgency
    sign: Sign
    needs: tuple[PhraseGroup, ...]
    any: PhraseGroup
    not_: PhraseGroup

    @classmethod
    def of(cls, entry_id: str, urgency: Urgency, sign: Sign, shared: SafetyWords) -> ReadSign:
        """Read the phrases of `sign`; `urgency` is its entry's.

        Raises:
            PhraseError: a phrase cannot be read, or there is nothing to look for.
        """
        if not (sign.any or sign.needs) or not all(sign.needs):
            raise PhraseError(f"'{sign.name}' has nothing to look for.")
        return cls(
            entry_id,
            sign.urgency or urgency,
            sign,
            tuple(phrases(group, shared) for group in sign.needs),
            phrases(sign.any, shared),
            phrases(sign.not_, shared),
        )

    def all_phrases(self) -> Iterator[Phrase]:
        """Every phrase of the sign."""
        for group in (*self.needs, self.any, self.not_):
            yield from group


@dataclass(frozen=True)
class Heard:
    """A message, or several joined, as read: where its phrases stand and how they are meant."""

    reading: Reading
    frame: Frame
    new_from: int
    """Index of the first word of the visitor's newest message."""

    def is_new(self, chunks: Chunks) -> bool:
        """Whether a match has a word of the newest message."""
        return any(end > self.new_from for _, end in chunks)

    def matches(self, group: PhraseGroup) -> Iterator[Chunks]:
        """Where a group is met by something that is not denied."""
        for phrase in group.begun_in(self.reading.found):
            for chunks in self.reading.matches(phrase):
                if not self.frame.denies(chunks):
                    yield chunks


def phrases(texts: Iterable[str], shared: SafetyWords) -> PhraseGroup:
    """Read `texts` in the spelling that messages are brought into."""
    return PhraseGroup(tuple(Phrase.read(text, shared.respell) for text in texts))


@dataclass(frozen=True)
class Fired:
    """A sign that fires."""

    chunks: Chunks
    """The words that set it off."""
    is_told_now: bool
    """Whether the newest message names a symptom, and not only what the sign needs besides."""


def _live(sign: ReadSign, told: Frame) -> Callable[[Chunks], bool]:
    """Whether a match counts for `sign`, by how its words are meant."""
    if not sign.sign.in_general:
        return told.of_now
    if sign.urgency.rank < Urgency.URGENT_SAME_DAY.rank:
        return lambda chunks: True
    return lambda chunks: not any(start in told.unreal for start, _ in chunks)


def fires(sign: ReadSign, heard: Heard) -> Fired | None:
    """How `sign` is set off by a word of the newest message, or None."""
    live = _live(sign, heard.frame)
    barred = {
        heard.reading.words[start].clause
        for phrase in sign.not_.begun_in(heard.reading.found)
        for chunks in heard.reading.matches(phrase)
        for start, _ in chunks
    }

    def counts(chunks: Chunks) -> bool:
        clauses = {heard.reading.words[start].clause for start, _ in chunks}
        return live(chunks) and not clauses & barred

    urgent = sign.urgency.rank >= Urgency.URGENT_SAME_DAY.rank
    groups = []
    for group in sign.needs:
        matches = [c for c in heard.matches(group) if sign.any or counts(c)]
        if urgent:  # nothing comes of a treatment that nobody has had yet
            matches = [c for c in matches if not heard.frame.is_planned(c)]
        if not matches:
            return None
        groups.append(matches)
    if sign.any:
        symptoms = [chunks for chunks in heard.matches(sign.any) if counts(chunks)]
        if not symptoms:
            return None
        groups.append(symptoms)
    best = [max(group, key=heard.is_new) for group in groups]
    if not any(map(heard.is_new, best)):
        return None
    symptoms_of = best[-1:] if sign.any else best[1:] or best
    return Fired(
        tuple(chunk for chunks in best for chunk in chunks),
        any(map(heard.is_new, symptoms_of)),
    )
