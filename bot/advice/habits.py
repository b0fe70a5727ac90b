"""Reads what a visitor types in answer to a question about a habit.

An answer is taken only if every word of it is understood: words that mean one option, one amount
that falls into one option, and words that add nothing. Anything else is asked about, for a wrong
band is worse than a second question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from bot.advice.normalise import Spelling, plain
from bot.advice.quantity import FOREVER, Quantity, blank, canonical, quantity, tokens
from bot.knowledge.entry import Counts, Habit, Option

WORDS = Path(__file__).with_name("habit_words.yml")

_NUMBER = re.compile(r"(?:(option|number|answer|choice) )?(\d)")
_ORDINAL = re.compile(
    r"(?:the )?(first|second|third|fourth|fifth|last)(?: (?:1|option|answer|choice))?"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_MINOR = re.compile(
    r"\b(?:im|i am|i m)(?: only| just| nearly| almost)? (?:1[0-7])\b"
    r"(?! (?:(?:a|per|each|to|or|ish|times)\b|-|cig|fag|drink|glass|pint|hour|hr|min|unit))\b"
)
_STEPS = 24
"""At how many places between its ends an amount is compared with the options."""


@dataclass(frozen=True)
class Heard:
    """The options that a message may mean, and whether it means the one for sure."""

    codes: tuple[str, ...] = ()
    sure: bool = False


@dataclass(frozen=True)
class HabitWords:
    """``habit_words.yml``: what fits every question."""

    fillers: frozenset[str]
    steer: Mapping[str, frozenset[str]]
    agree: frozenset[str]
    refuse: frozenset[str]
    asks: tuple[str, ...]
    spelling: Spelling = field(repr=False, compare=False)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> HabitWords:
        """Read the file, once."""
        data = YAML(typ="safe", pure=True).load(WORDS.read_text(encoding="utf-8"))
        lists = [data["fillers"], data["agree"], data["refuse"], *data["steer"].values()]
        known = {token for texts in lists for text in texts for token in tokens(text)}
        return cls(
            fillers=_canonicals(data["fillers"]),
            steer={name: _canonicals(texts) for name, texts in data["steer"].items()},
            agree=_canonicals(data["agree"]),
            refuse=_canonicals(data["refuse"]),
            asks=tuple(data["asks"]),
            spelling=Spelling.of(known, {}, {}),
        )

    def steering(self, text: str) -> str | None:
        """What the visitor wants of the questions: back, skip, why, stop, again or forget."""
        said = _said(text, self.spelling)
        return next((name for name, texts in self.steer.items() if said in texts), None)

    def consent(self, text: str) -> bool | None:
        """Whether the visitor agrees or refuses; None if the message says neither."""
        said = _said(text, self.spelling)
        if said in self.agree:
            return True
        return False if said in self.refuse else None

    def is_question(self, text: str) -> bool:
        """Whether the message asks something."""
        said = " ".join(tokens(plain(text)))
        return "?" in text or any(said == ask or said.startswith(f"{ask} ") for ask in self.asks)


class AnswerReader:
    """Reads the answers to one question; make one for each question of a publication."""

    def __init__(self, question: Habit, words: HabitWords | None = None) -> None:
        """Index what each option may be called."""
        self._question = question
        self._words = words or HabitWords.load()
        meant = {
            _canonical(word): option.code for option in question.options for word in option.words
        }
        unclear = {_canonical(word): "" for word in question.unclear}
        self._codes = {**meant, **unclear}
        self._phrase = _any_of(self._codes)
        fillers = self._words.fillers | _canonicals(question.fillers)
        self._filler = _any_of(fillers)
        known = {token for phrase in (*self._codes, *fillers) for token in tokens(phrase)}
        self._spelling = Spelling.of(known | self._words.spelling.known, {}, {})

    def read(self, text: str, shown: Sequence[str], year: int) -> Heard:
        """What `text` answers.

        Args:
            shown: codes of the options in the order the visitor saw them, for "3" and "the second".
            year: the present one.
        """
        said = _said(text, self._spelling)
        for option in self._question.options:
            if said == _said(option.label, self._spelling):
                return Heard((option.code,), sure=True)
        numbered = self._numbered(said, shown, year)
        return numbered or self._worded(said, year)

    def _numbered(self, said: str, shown: Sequence[str], year: int) -> Heard | None:
        ordinal = _ORDINAL.fullmatch(said)
        if ordinal is not None:
            place = len(shown) - 1 if ordinal[1] == "last" else _ORDINALS.index(ordinal[1])
            return Heard((shown[place],), sure=True) if place < len(shown) else None
        number = _NUMBER.fullmatch(said)
        if number is None or not 1 <= int(number[2]) <= len(shown):
            return None
        code = shown[int(number[2]) - 1]
        if number[1] or self._question.counts is Counts.NOTHING:
            return Heard((code,), sure=True)
        # "3" may be the third answer, or three drinks.
        amount = quantity(said, self._question.counts, year)
        others = _fitting(self._question.options, amount)[0] if amount else ()
        codes = tuple(dict.fromkeys((code, *others)))
        return Heard(codes, sure=len(codes) == 1)

    def _worded(self, said: str, year: int) -> Heard:
        matches = list(self._phrase.finditer(said))
        rest = blank(said, [match.span() for match in matches])
        meant = {self._codes[match.group()]: None for match in matches}
        unclear = "" in meant
        codes = dict.fromkeys(code for code in meant if code)
        amount = quantity(rest, self._question.counts, year)
        if amount is not None:
            fitting, whole = _fitting(self._question.options, amount)
            # "never under 5": words beside an amount may turn it round
            unclear = unclear or not whole or bool(codes)
            codes |= dict.fromkeys(fitting)
            rest = blank(rest, amount.spans)
        left = self._filler.sub("", rest).strip(" _")
        return Heard(tuple(codes), sure=len(codes) == 1 and not unclear and not left)


def tells_minor_age(text: str) -> bool:
    """Whether a message says "I'm" with an age under 18, and not with an amount ("im 15 a day")."""
    return _MINOR.search(_canonical(plain(text))) is not None


def _fitting(options: Sequence[Option], amount: Quantity) -> tuple[tuple[str, ...], bool]:
    """The options that an amount falls into, and whether no part of it falls between two."""
    step = (amount.high - amount.low) / _STEPS
    places = [amount.low + step * n for n in range(_STEPS + 1)]
    if amount.high >= FOREVER:  # "or more": what matters is near its beginning
        places += [amount.low + n for n in range(1, 2 * _STEPS)]
    per_place = [
        {o.code for o in options if any(stretch.has(place) for stretch in o.amounts)}
        for place in places
    ]
    ends_fit = all(per_place[place] for place in (0, _STEPS))
    found = [o.code for o in options if any(o.code in codes for codes in per_place)]
    return tuple(found), ends_fit


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds the longest of the phrases that begins at a word."""
    longest_first = sorted(phrases, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _said(text: str, spelling: Spelling) -> str:
    read = (word for token in tokens(plain(text)) for word in spelling.read(token))
    return canonical(read)


def _canonical(text: str) -> str:
    return canonical(tokens(text))


def _canonicals(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(map(_canonical, texts))
