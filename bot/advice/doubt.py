"""What else a message says when a sign fires in it that speaks against the sign: a joke, a film, a
job, the past, a price.

`bot.advice.clause` takes a sign back where it grasps how a sentence is meant. Nearly all false
alarms it leaves stand in a message with a word of the lists ``doubts`` in ``safety_words.yml``.
Such a word takes nothing back, because emergencies are told with "lol" and "nearly" too: it calls
for a second opinion (`bot.nlu.alarm`), and where there is none the sign counts like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.advice.normalise import Word
from bot.advice.phrase import Lexicon, Phrase, PhraseError
from bot.advice.safety_words import SafetyWords

WORDS = frozenset({"words"})
"""The kind of doubt that no list has: `bot.advice.doubt_words`."""
CRISIS = "safety/crisis"
"""The entry whose signs nothing puts in doubt: who speaks of dying may speak of a podcast too."""


class Doubts:
    """The lists of words that put a sign in doubt, by kind."""

    def __init__(self, shared: SafetyWords) -> None:
        """Read the lists.

        They are kept apart from the words of the signs, so that no symptom is taken for a
        misspelling of theirs, and are looked for only where a sign fired.

        Raises:
            PhraseError: a phrase cannot be read, uses ``~``, or names a list that does not exist.
        """
        self._symbols = {
            kind: [text for text in texts if not _has_words(text)]
            for kind, texts in shared.doubts.items()
        }
        phrases = {
            kind: [Phrase.read(text, shared.respell) for text in texts if _has_words(text)]
            for kind, texts in shared.doubts.items()
        }
        for several in phrases.values():
            for phrase in several:
                if len(phrase.runs) > 1:
                    raise PhraseError(f"'{phrase.text}': words of doubt may not use ~.")
        self._kinds_of: dict[tuple[str, ...], set[str]] = {}
        for kind, several in phrases.items():
            for phrase in several:
                self._kinds_of.setdefault(phrase.runs[0], set()).add(kind)
        lists = {
            name: [Phrase.read(text, shared.respell) for text in texts]
            for name, texts in shared.lists.items()
        }
        self._lexicon = Lexicon.of(lists, (p for several in phrases.values() for p in several))

    def kinds(self, text: str, words: Sequence[Word]) -> frozenset[str]:
        """The kinds of doubt in a message.

        Args:
            text: as typed, for symbols such as "£".
            words: as `bot.advice.normalise` read it.
        """
        found = {
            kind
            for kind, symbols in self._symbols.items()
            if any(symbol in text for symbol in symbols)
        }
        for run in self._lexicon.read(words).found:
            found |= self._kinds_of[run]
        return frozenset(found)


def is_put_in_doubt(entry_id: str, kinds: frozenset[str]) -> bool:
    """Whether words of these kinds speak against a sign of an entry."""
    return bool(kinds) and entry_id != CRISIS


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)
