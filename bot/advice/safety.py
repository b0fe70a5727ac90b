"""The check for red flags and cautions: the first thing that happens to every message.

It is rules only: the signs of ``knowledge/safety/*.md``, or their built-in copy when there is no
publication to read. It needs no model, no database and no network, and takes under 2 ms for a
usual message, so that `channels.guard` can still answer an emergency when everything behind it has
failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from bot.advice.born import with_age
from bot.advice.builtin import builtin_entries
from bot.advice.clause import CUE_PHRASES, frame
from bot.advice.doubt import WORDS, Doubts, is_put_in_doubt
from bot.advice.doubt_words import DoubtWords
from bot.advice.normalise import Spelling, words
from bot.advice.phrase import Lexicon, PhraseError, Reading
from bot.advice.possible import Part, Possible
from bot.advice.quoted import without_sheets
from bot.advice.safety_words import SafetyWords
from bot.advice.sign import Heard, ReadSign, fires, phrases
from bot.advice.unmarked import with_marks
from bot.knowledge.entry import Entry, Sign, Urgency

EARLIER = 2
"""How many earlier messages of the visitor are read together with a new one."""


@dataclass(frozen=True)
class Finding:
    """One sign that fired."""

    entry_id: str
    urgency: Urgency
    sign: str
    """The name of the sign in its entry."""
    matched: str
    """The words of the message that set it off: for tests and `advisor ask --explain`, not logs."""
    say: str | None = None
    """The sign's own wording in place of the entry's short answer, with its placeholders."""
    is_told_now: bool = True
    """Whether the newest message names a symptom, and not only what the sign needs besides."""
    is_in_doubt: bool = False
    """Whether the newest message also says what speaks against it (`bot.advice.doubt`). Only signs
    of emergencies are doubted: never a condition, an age or what can wait for the clinic."""

    @property
    def name(self) -> tuple[str, str]:
        """The entry id and the sign's name, which tell signs apart."""
        return self.entry_id, self.sign


class Safety:
    """Finds the signs of emergencies and cautions in what a visitor writes."""

    def __init__(
        self,
        signs: Mapping[str, tuple[Urgency, tuple[Sign, ...]]],
        shared: SafetyWords | None = None,
    ) -> None:
        """Read the signs of each entry id, with the entry's urgency.

        Raises:
            PhraseError: a phrase cannot be read, or names a list that does not exist.
        """
        shared = shared or SafetyWords.load()
        self._signs = tuple(
            ReadSign.of(entry_id, urgency, sign, shared)
            for entry_id, (urgency, several) in signs.items()
            for sign in several
        )
        self._doubtful = {
            (read.entry_id, read.sign.name)
            for read in self._signs
            if min(read.urgency.rank, signs[read.entry_id][0].rank) >= Urgency.URGENT_SAME_DAY.rank
            and not read.sign.never_in_doubt
        }
        self._idioms = phrases(shared.idioms, shared)
        used = [phrase for sign in self._signs for phrase in sign.all_phrases()]
        self._possible = Possible.of(
            (*read.needs, read.any) if read.any else read.needs for read in self._signs
        )
        lists = {name: phrases(texts, shared) for name, texts in shared.lists.items()}
        self._lexicon = Lexicon.of(lists, [*used, *self._idioms, *CUE_PHRASES.values()])
        self._doubts = Doubts(shared)
        self._against = DoubtWords.load_or_none()
        self._breaks = shared.breaks
        self._spelling = Spelling.of(
            self._lexicon.vocabulary, shared.spellings, shared.joined, shared.short
        )

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Safety:
        """The check for the signs of these entries, in whatever order; the same one as long as the
        signs are the same, since reading them takes 0.2 s and most publications change none.

        Raises:
            PhraseError: see `Safety`.
        """
        signs = {entry.id: (entry.id, entry.urgency, entry.signs) for entry in entries}
        return _of(tuple(signs[id_] for id_ in sorted(signs) if signs[id_][2]))

    @staticmethod
    def builtin() -> Safety:
        """The check for the built-in copy of the signs; made once."""
        return _builtin()

    def check(self, text: str, earlier: Sequence[str] = ()) -> tuple[Finding, ...]:
        """What `text` gives away, the most urgent first; one finding for each entry, and where that
        is in doubt its most urgent that is not.

        Args:
            earlier: the visitor's messages before this one, oldest first. The last two are read
                with it, because symptoms come in pieces. A finding needs a symptom in `text`, or
                the missing piece of one that the earlier messages did not give away alone.
        """
        return _most_urgent(self._all(text, earlier))

    def names(self, text: str, earlier: Sequence[str] = ()) -> set[tuple[str, str]]:
        """The entry id and the name of every sign that fires, several of one entry included."""
        return {finding.name for finding in self._all(text, earlier)}

    def words_of(self, text: str) -> tuple[str, ...]:
        """The words of a message as signs read them."""
        return tuple(word.text for word in self._read(text).words)

    def doubting(self, against: DoubtWords) -> Safety:
        """The same signs, put in doubt by other words."""
        other = copy(self)
        other._against = against
        return other

    def _all(self, text: str, earlier: Sequence[str]) -> list[Finding]:
        heard = self._read(text)
        before = cache(lambda: Reading.joined(map(self._read, earlier[-EARLIER:])))
        found = self._find_in(heard, before)
        marked = with_marks(text)
        if marked != text:
            found += self._find_in(self._read(marked), before)
        if not any(finding.name in self._doubtful for finding in found):
            return found
        kinds = self._doubts.kinds(text, heard.words)
        if not kinds and self._against.speak_against([word.text for word in heard.words]):
            kinds = WORDS
        return [
            replace(f, is_in_doubt=f.name in self._doubtful and is_put_in_doubt(f.entry_id, kinds))
            for f in found
        ]

    def _find_in(self, new: Reading, earlier: Callable[[], Reading]) -> list[Finding]:
        """What the newest message gives away, alone and together with those before it, which are
        read only if something of a sign is in it: nothing else can be news.
        """
        parts = self._possible.parts(new.found)
        found = self._find(self._possible.signs(parts), new)
        if parts:
            found += self._together(new, parts, earlier())
        return found

    def _together(self, new: Reading, parts: set[Part], before: Reading) -> list[Finding]:
        if not before.words:
            return []
        known_parts = self._possible.parts(before.found)
        signs = self._possible.signs(parts | known_parts) & {number for number, _ in parts}
        if not signs:
            return []
        together = self._find(signs, Reading.joined((before, new)), len(before.words))
        if not all(found.is_told_now for found in together):
            known = self._find(self._possible.signs(known_parts), before)
            names = {found.name for found in known}
            together = [f for f in together if f.is_told_now or f.name not in names]
        return together

    def _read(self, text: str) -> Reading:
        said = with_age(without_sheets(text), date.today().year)
        told = words(said, self._spelling, self._breaks)
        return self._lexicon.read(told).without(self._idioms)

    def _find(self, signs: Set[int], reading: Reading, new_from: int = 0) -> list[Finding]:
        """Those of `signs` that fire."""
        if not signs:
            return []
        heard = Heard(reading, frame(reading), new_from)
        found = []
        for read in (self._signs[number] for number in sorted(signs)):
            fired = fires(read, heard)
            if fired is not None:
                found.append(
                    Finding(
                        read.entry_id,
                        read.urgency,
                        read.sign.name,
                        reading.text(fired.chunks),
                        read.sign.say,
                        fired.is_told_now,
                    )
                )
        return found


def check_examples(entries: Iterable[Entry]) -> list[tuple[str, str, str, str]]:
    """Run the ``fires`` and ``silent`` examples of all signs.

    Returns:
        (entry id, sign, example, problem) for each that does not do what it should. When phrases
        cannot be read, only these are returned, with an empty example.
    """
    entries = list(entries)
    problems: list[tuple[str, str, str, str]] = []
    try:
        safety = Safety.of(entries)
    except PhraseError:
        for entry in entries:
            for sign in entry.signs:
                try:
                    Safety({entry.id: (entry.urgency, (sign,))})
                except PhraseError as error:
                    problems.append((entry.id, sign.name, "", str(error)))
        return problems
    for entry in entries:
        for sign in entry.signs:
            for examples, wanted in ((sign.fires, True), (sign.silent, False)):
                for example in examples:
                    *earlier, text = example.split(">>")
                    if ((entry.id, sign.name) in safety.names(text, earlier)) is not wanted:
                        problem = "does not fire" if wanted else "fires, and must not"
                        problems.append((entry.id, sign.name, example, problem))
    return problems


@lru_cache(maxsize=4)
def _of(signs: tuple[tuple[str, Urgency, tuple[Sign, ...]], ...]) -> Safety:
    return Safety({entry_id: (urgency, several) for entry_id, urgency, several in signs})


@lru_cache(maxsize=1)
def _builtin() -> Safety:
    return Safety.of(builtin_entries().values())


def _most_urgent(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of each entry its most urgent finding, and its most urgent that is not in doubt, where those
    are two; sorted with the most urgent first.
    """
    ranked = sorted(findings, key=lambda finding: (-finding.urgency.rank, finding.is_in_doubt))
    kept: list[Finding] = []
    for finding in ranked:
        told = [one for one in kept if one.entry_id == finding.entry_id]
        if not told or (told[-1].is_in_doubt and not finding.is_in_doubt):
            kept.append(finding)
    return tuple(kept)
