"""Reads each character as the Latin letter that it is drawn like, and leaves out what is not seen.

The names that Unicode gives to characters say most of it: "LATIN LETTER SMALL CAPITAL L", "NEGATIVE
SQUARED LATIN CAPITAL LETTER L", "LATIN SMALL LETTER L WITH MIDDLE TILDE". Other alphabets are in a
table.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DRAWN_LIKE = {
    "a": "аαɑӕәΛᎪꓮ",
    "b": "вьƄꞵβᏏᏴꓐ",
    "c": "сϲꙅᏟꓚⲥ",
    "d": "ԁðᎠᏧꓓ",
    "e": "еҽəεΣᎬꓰ℮",
    "f": "ꓝƒ",
    "g": "ԍցɡᏀᏻꓖ",
    "h": "һнћђհΗᎻᏂꓧ",
    "i": "іıιɩꙇᎥᏆꓲ",
    "j": "јϳյᎫꓙ",
    "k": "кκᏦꓗ",
    "l": "ӏլᏞꓡ",
    "m": "мΜᎷꓟ",
    "n": "ηոռղΝꓠ",
    "o": "оοσөѳօⲟꓳ",
    "p": "рρᏢքꓑⲣ",
    "q": "ԛզգ",
    "r": "гᎡꓣ",
    "s": "ѕςʃՏᏚᏕꓢ",
    "t": "тτᎢꓔ",
    "u": "υսμʊꓴ",
    "v": "ѵνᏙꓦ",
    "w": "ԝωѡաᎳᏔꓪ",
    "x": "хχꓫ",
    "y": "уүұγΥᎩᎽꓬ",
    "z": "ΖᏃꓜ",
    "ae": "æ",
    "oe": "œ",
    "ss": "ß",
    "th": "þ",
}
"""Cyrillic, Greek, Armenian, Cherokee, Lisu and other letters, from Unicode's confusables. A
capital is read as its small letter, unless it is here because it looks like another."""
_LATIN = re.compile(r"(?:.* )?LATIN (?:.* )?LETTER (?:[A-Z]+ )*([A-Z])")

_UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Me"})
_IGNORABLE = re.compile(
    "[\u034f\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""Unicode's default ignorable code points that are not of an unseen category, and not wide."""
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that are drawn as nothing and take up room, as a space does."""


def visible(text: str) -> str:
    """`text` without what is neither seen nor takes up room."""
    return "".join(
        char for char in _IGNORABLE.sub("", text) if char in "\n\t" or not _is_unseen(char)
    )


def latin(text: str) -> str:
    """`text`, as NFD has it, in small Latin letters and without marks above or below them."""
    return "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    """What a character is drawn like, itself if nothing, and "" for what only marks a letter."""
    if char.isascii():
        return char.lower()
    if unicodedata.category(char) == "Mn":
        return ""
    if char not in _TABLE:
        name, _, _ = unicodedata.name(char, "").partition(" WITH ")
        found = _LATIN.fullmatch(name)
        if found:
            return found[1].lower()
        char = _named(name) or char
    return _TABLE.get(char, char.lower())


def _named(name: str) -> str | None:
    """The character of this name: what is left of one "WITH DESCENDER" without it."""
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None


def _table() -> dict[str, str]:
    table = {char: letter for letter, several in _DRAWN_LIKE.items() for char in several}
    upper = {char.upper(): letter for char, letter in table.items()}
    lower = {char.lower(): letter for char, letter in table.items()}
    return {**upper, **lower, **table}


_TABLE = _table()
