"""Makes one spelling of the many ways a message can be typed.

Nothing may hide a red flag: capitals, curly or missing apostrophes, look-alike letters, invisible
characters, stretched words ("soooo"), glued words ("cantbreathe"), text-speak and one-letter typos
all come out as the plain words that `bot.advice.phrase` looks for.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from bot.advice.letters import BLANKS, latin, visible

WORD_LIST = "frequency_dictionary_en_82_765.txt"
"""The English words and their frequencies that the package symspellpy ships."""

PICTURES = {"👁": " eye ", "👀": " eyes ", "👄": " lips ", "💋": " lips ", "👅": " tongue "}
"""Emoji that stand for a body part; all others only end a clause."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What is invisible in ASCII."""
_APOSTROPHES = re.compile(r"(?<=\w)['’‘ʼ`´′＇](?=\w)")
_SPACE = re.compile(r"(\s+)")
_BLANK = re.compile(f"[{BLANKS}]")
_LETTER_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_DIGIT_IN_WORD = re.compile(r"(?<=[a-z])[01345](?=[a-z])")
_DIGIT_AS_LETTER = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s"}
_DISGUISED = re.compile(r"(?<![^\W_])(?<![@$!])[a-z]*[01345@$!][a-z01345@$!]*(?<!!)(?![^\W_])")
_AS_LETTERS = tuple(str.maketrans("01345@$!", f"o{one}easas{one}") for one in "il")
_LETTERS = re.compile(r"[a-z]+")
_SPACED = re.compile(r"(?<![^\W_])[a-z](?: +[a-z](?![^\W_])){3,}")
"""Single letters, four or more, with spaces between."""
_PIECE = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[.!?\n]+|[^\s\w]+|_")
_SENTENCE_END = re.compile(r"[.!?\n]")
_JOINERS = frozenset("-'\"*/&+#@~")
_STRETCHED = re.compile(r"(.)\1{2,}")
_DOUBLED = re.compile(r"(.)\1+")

TYPO_LENGTH = 5
"""Shortest word that a typo may stand for: shorter ones are one letter from too many others, but
for the few that signs cannot do without."""
SHORTEST = 3
"""Letters of the shortest typo of such a word, and of the shortest English word looked up."""
LONGEST = 16
"""Letters of the longest word that is looked for in spaced letters."""
GLUED_LENGTH = 6
"""Shortest word that may be two words typed without the space."""


class Word(NamedTuple):
    """One word as understood, with the sentence and the clause it stands in (both count from 0)."""

    text: str
    sentence: int
    clause: int


@dataclass(frozen=True)
class Spelling:
    """Reads words as the nearest word that a sign may use.

    ``known`` are the words of all phrases, ``variants`` fixed respellings ("cnt": "cant") and
    ``joined`` pairs written as one ("can not": "cant"). A word of everyday English is never taken
    for a typo of another ("breast" is not "breath").
    """

    known: frozenset[str]
    variants: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    common: frozenset[str] = field(default_factory=frozenset)
    _typos: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        known: Collection[str],
        variants: Mapping[str, str],
        joined: Mapping[str, str],
        short: Collection[str] = (),
    ) -> Spelling:
        """Index `known` by every way to leave out one letter, so that a look-up is cheap.

        Args:
            short: words under `TYPO_LENGTH` letters that a typo may stand for all the same.
        """
        typos: dict[str, str] = {}
        for word in sorted({*known, *variants}):
            if len(word) >= TYPO_LENGTH or word in short:
                for key in (word, *_one_left_out(word)):
                    typos.setdefault(key, word)
        return cls(frozenset(known), dict(variants), dict(joined), common_words(), typos)

    def read(self, raw: str) -> tuple[str, ...]:
        """The word or words that `raw` stands for; itself when nothing fits better."""
        if raw in self.variants:
            return tuple(self.variants[raw].split())
        if raw in self.known or raw.isdigit():
            return (raw,)
        if _STRETCHED.search(raw):
            for shorter in (_STRETCHED.sub(r"\1\1", raw), _DOUBLED.sub(r"\1", raw)):
                if shorter in self.known or shorter in self.variants:
                    return tuple(self.variants.get(shorter, shorter).split())
            raw = _DOUBLED.sub(r"\1", raw)
        if raw.endswith("s") and raw[:-1] in self.known:
            return (raw[:-1],)
        if raw in self.common or len(raw) < SHORTEST:
            return (raw,)
        return self._typo(raw) or self._glued(raw) or (raw,)

    def spaced(self, letters: str) -> str:
        """The words that single letters with spaces between them make: an English one, or known
        ones, as few as can be. Two spaces end a word. The letters stay if they make none.
        """
        parts = (part.replace(" ", "") for part in letters.split("  ") if part.strip())
        words = [word for part in parts for word in self._cut(part) or part]
        return " ".join(words) if max(map(len, words)) >= SHORTEST else letters

    def _cut(self, letters: str) -> list[str]:
        """The known words that stand together in `letters`, or none."""
        if letters in self.common:
            return [letters]
        fewest: list[tuple[float, int]] = [(0, 0)]  # words up to here, and where the last begins
        for end in range(1, len(letters) + 1):
            starts = range(max(0, end - LONGEST), end)
            ways = ((fewest[at][0] + 1, at) for at in starts if self._is_word(letters[at:end]))
            fewest.append(min(ways, default=(math.inf, 0)))
        words: list[str] = []
        end = len(letters) if fewest[-1][0] < math.inf else 0
        while end:
            start = fewest[end][1]
            words.insert(0, letters[start:end])
            end = start
        return words

    def _is_word(self, letters: str) -> bool:
        known = letters in self.known or letters in self.variants
        return known and (len(letters) > 1 or letters in "ai")

    def _typo(self, raw: str) -> tuple[str, ...] | None:
        for key in (raw, *_one_left_out(raw)):
            word = self._typos.get(key)
            if not word or abs(len(word) - len(raw)) > 1 or not _one_edit_apart(word, raw):
                continue
            if len(word) >= TYPO_LENGTH or _same_letters(word, raw):
                return tuple(self.variants.get(word, word).split())
        return None

    def _glued(self, raw: str) -> tuple[str, ...] | None:
        if len(raw) < GLUED_LENGTH:
            return None
        for cut in range(2, len(raw) - 2):
            left, right = raw[:cut], raw[cut:]
            if left in self.known and right in self.known and len(right) > 2:
                return (left, right)
        return None


def plain(text: str) -> str:
    """`text` in lower-case Latin letters, with look-alikes, accents and invisible marks undone."""
    if text.isascii():  # as most is: in a sixth of the time
        text = _APOSTROPHES.sub("", _CONTROLS.sub("", text)).lower()
    else:
        text = _in_latin(text)
    text = _DISGUISED.sub(lambda found: _undisguised(found[0]), text)
    return _DIGIT_IN_WORD.sub(lambda found: _DIGIT_AS_LETTER[found.group()], text)


def _in_latin(text: str) -> str:
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", visible(text)))
    for picture, word in PICTURES.items():
        text = text.replace(picture, word)
    text = _LETTER_FLAGS.sub(lambda found: _of_flags(found[0]), text)
    text = latin(unicodedata.normalize("NFD", text))
    if not _BLANK.search(text):
        return text
    return "".join(map(_without_blanks, _SPACE.split(text)))


def _of_flags(flags: str) -> str:
    """The letters that a row of flags is made of: two make a flag, so that it is letters where
    their number is odd or they are a word.
    """
    letters = "".join(chr(ord(flag) - ord("\U0001f1e6") + ord("a")) for flag in flags)
    return letters if len(flags) % 2 or letters in common_words() else flags


def _without_blanks(text: str) -> str:
    """One word if its parts are one, and several if not: "swal low", "my lip"."""
    if not _BLANK.search(text):
        return text
    whole = _BLANK.sub("", text)
    return whole if whole in common_words() else _BLANK.sub(" ", text)


def _undisguised(text: str) -> str:
    """The English word that digits stand in for letters of, such as "suicid3".

    Not where some of the letters are a word by themselves ("day5"), there is but one ("b12"), or a
    number has two after it ("14st").
    """
    english, parts = common_words(), _LETTERS.findall(text)
    if sum(map(len, parts)) > (2 if text[0].isdigit() else 1) and english.isdisjoint(parts):
        for letters in _AS_LETTERS:
            if text.translate(letters) in english:
                return text.translate(letters)
    return text


def words(text: str, spelling: Spelling, breaks: Collection[str] = ()) -> list[Word]:
    """The words of `text`, cut into sentences and clauses.

    Args:
        breaks: words that begin a new clause, such as "but".
    """
    found: list[Word] = []
    sentence = clause = 0
    before = ""
    together = _SPACED.sub(lambda letters: spelling.spaced(letters[0]), plain(text))
    for piece in _PIECE.findall(together):
        if piece[0].isalnum():
            pair, before = f"{before} {piece}", piece
            if pair in spelling.joined and found[-1].clause == clause:
                found[-1] = Word(spelling.joined[pair], sentence, clause)
                continue
            if piece == "s" and found and found[-1].text + "s" in spelling.known:
                found[-1] = Word(found[-1].text + "s", sentence, clause)
                continue
            for word in spelling.read(piece):
                if word in breaks:
                    clause += 1
                found.append(Word(word, sentence, clause))
        elif _SENTENCE_END.search(piece):
            sentence, clause = sentence + 1, clause + 1
        elif not _JOINERS.issuperset(piece):
            clause += 1
    return found


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """English words of three letters or more, read from symspellpy without importing it.

    Empty when the package is missing: then more words are taken for typos, and no sign is lost.
    """
    spec = find_spec("symspellpy")
    for folder in (spec and spec.submodule_search_locations) or ():
        lines = (Path(folder) / WORD_LIST).read_text(encoding="utf-8-sig").splitlines()
        words = (line.split(" ", 1)[0] for line in lines)
        return frozenset(word for word in words if len(word) >= SHORTEST)
    return frozenset()


def _one_left_out(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _same_letters(word: str, raw: str) -> bool:
    """Whether a typo of a short word begins like it or mixes its letters: "ilp", "fuce"."""
    return (raw[0] == word[0] and len(word) > SHORTEST) or set(raw) == set(word)


def _one_edit_apart(left: str, right: str) -> bool:
    """Whether one letter is added, left out, changed or swapped with its neighbour."""
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
