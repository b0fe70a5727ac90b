"""Takes out of a message what tells who wrote it, before the message is kept for staff.

Removed: names, mail and web addresses, social handles, telephone and other long numbers, calendar
dates, postcodes, street addresses, and ages of 90 and more (the only ages that the HIPAA safe
harbour, 45 CFR 164.514(b)(2), counts among identifiers). Kept: doses, strengths, prices, years,
durations and other ages, because an answer depends on them and none tells who somebody is.

Rules find what is written as names usually are; no rules find every name. In doubt a word is taken
out: a brand too few costs staff a guess, a name too many costs a visitor more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

WORDS = Path(__file__).with_suffix(".yml")

NAME, NUMBER, MAIL, LINK, DATE, PLACE, AGE = (
    f"[{what}]" for what in ("name", "number", "mail", "link", "date", "address", "age")
)
LONG = 4
"""Digits from which a number without a unit may belong to somebody: a PIN, an order, a patient."""
PHONE = 7
"""Digits that a telephone number has at least."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NO_AMOUNT = r"(?!\s*(?:%|kg|lbs?|cm|days?|weeks?|months?|units?|minutes?|hours?))"
_WORD = r"[^\W\d_][\w'’-]*"
_CAPITAL = r"(?:(?=[^\W\d_])[^a-zß-öø-ÿ\W\d_][\w'’-]*)"

_PLAIN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), MAIL),
    (re.compile(r"[\w.+-]+ (?:at|\(at\)) [\w-]+ (?:dot|\(dot\)) [a-z]{2,}", re.I), MAIL),
    (re.compile(r"(?:https?://|www\.)\S+", re.I), LINK),
    (re.compile(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|co\.uk|uk|io|me)\b(?:/\S*)?", re.I),
     LINK),
    (re.compile(r"(?<!\w)@\w[\w.]+"), NAME),
    (re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b"), DATE),
    (re.compile(r"\b\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})\b"), DATE),
    (re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)(?: of)? {_MONTH}\b(?:,? \d{{4}}\b)?", re.I), DATE),
    (re.compile(rf"\b\d{{1,2}} (?:of )?{_MONTH},? \d{{2,4}}\b", re.I), DATE),
    (re.compile(rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)\b(?:,? \d{{4}}\b)?", re.I), DATE),
    (re.compile(rf"\b{_MONTH} \d{{1,2}},? \d{{4}}\b", re.I), DATE),
    (re.compile(r"(?<=\bborn in )\d{4}\b", re.I), DATE),
    (re.compile(r"(?<=\bborn )\d{4}\b", re.I), DATE),
    # The letters that the second half of a British postcode has: "vitamin b12 2ml" is none.
    (re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2}\b", re.I), PLACE),
    (re.compile(
        rf"\b\d{{1,4}}[a-z]? (?:{_WORD} ){{1,3}}"
        r"(?:street|st|road|rd|avenue|ave|lane|drive|crescent|terrace|gardens|boulevard|blvd)\b",
        re.I,
    ), PLACE),
    (re.compile(r"\b(?:9\d|1[01]\d)(?=[ -]?(?:years?[ -]old|y/?o\b|yrs? old))", re.I), AGE),
    (re.compile(rf"(?<=\bi am )(?:9\d|1[01]\d)\b{_NO_AMOUNT}", re.I), AGE),
    (re.compile(rf"(?<=\bi['’]m )(?:9\d|1[01]\d)\b{_NO_AMOUNT}", re.I), AGE),
)  # fmt: skip

_DIGITS = re.compile(r"(?<![\w.,£$€])\+?\(?\d(?:[\d() .-]*\d)?(?![\d%])")
_UNIT = re.compile(
    r"\s?(?:mg|mcg|µg|ug|ml|iu|units?|u|nm|hz|khz|mhz|ghz|kcal|steps?|pounds?|euros?|dollars?|gbp|usd)\b",
    re.I,
)
_DECIMAL = re.compile(r"\d{1,3}\.\d{1,4}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OWNED = re.compile(r"\b(?:pin|id|code|number|no|ref|reference|order|booking)[\s:.#]*$", re.I)

_TITLED = re.compile(
    rf"\b(?P<title>(?i:dr|mr|mrs|prof|miss|mx)\b\.?|Ms\.?|[Dd]octor|[Nn]urse|[Pp]rofessor|[Ss]ister)"
    rf"[ ]+(?P<name>{_WORD}(?:[ ]+{_CAPITAL})*)"
)
_CALLED = re.compile(
    rf"\b(?P<before>my (?:full |first |last )?name(?:'s|’s| is|s)|(?:i am|i'm|i’m|im) called"
    rf"|name:)[ ,]+(?P<name>{_WORD}(?:[ ]+{_WORD}){{0,2}})", re.I,
)  # fmt: skip
_IS = re.compile(
    rf"\b(?P<before>i am|i'm|i’m|im|call me|this is|it's|it’s)[ ,]+"
    rf"(?P<name>{_WORD}(?:[ ]+{_WORD}){{0,2}})", re.I,
)  # fmt: skip
_SIGNED = re.compile(
    rf"(?P<before>(?:\b(?:thanks|thank you|thx|regards|wishes|cheers|love|yours(?: \w+)?)[,.!\s]+"
    rf"|\n)[-–—~]?\s*|[.?!]\s+[-–—~]\s*)"
    rf"(?P<name>{_WORD}(?:[ ]+{_WORD}){{0,2}})(?P<after>[\s.!x]*)$",
    re.I,
)  # fmt: skip
_RUN = re.compile(rf"{_CAPITAL}(?:[ ]+{_CAPITAL})+")
_ANY = re.compile(_WORD)
_SENTENCE_END = re.compile(r"(?:^|[.!?\n:])\s*$")

_SHOUTED = 0.6
"""Share of capitalised words from which capitals mean nothing: a title, or a shout."""


def redact(text: str, known: Collection[str] = ()) -> str:
    """The text with placeholders such as ``[name]`` for what tells who wrote it.

    Args:
        known: names of treatments, brands and other subjects, which are nobody's.
    """
    never = _words("never_names") | {word for name in known for word in _ANY.findall(name.lower())}
    for pattern, placeholder in _PLAIN:
        text = pattern.sub(placeholder, text)
    text = _DIGITS.sub(_number, text)
    capitals = _capitals_tell(text)

    def is_name(word: str) -> bool:
        low = _bare(word)
        if _is_first_name(word):
            return True
        return capitals and word[:1].isupper() and low not in never

    text = _TITLED.sub(lambda m: _titled(m, never), text)
    text = _CALLED.sub(lambda m: _leading(m, lambda word: _bare(word) not in never), text)
    text = _IS.sub(lambda m: _leading(m, is_name), text)
    text = _SIGNED.sub(lambda m: _whole(m, is_name), text)
    if capitals:
        text = _RUN.sub(lambda m: _run(m, never), text)
    return _ANY.sub(lambda m: _first_name(m, never), text)


@cache
def _words(key: str) -> frozenset[str]:
    data = YAML(typ="safe", pure=True).load(WORDS.read_text(encoding="utf-8"))
    return frozenset(str(data[key]).split())


def _capitals_tell(text: str) -> bool:
    """Whether capitals are used as in ordinary prose."""
    words = [word for word in _ANY.findall(text) if word != "I"]
    raised = sum(word[0].isupper() for word in words)
    return len(words) < 4 or raised < _SHOUTED * len(words)


def _number(found: re.Match[str]) -> str:
    number = found[0]
    digits = sum(character.isdigit() for character in number)
    rest = found.string[found.end() :]
    phone = digits >= PHONE and (number[0] in "+(0" or digits > PHONE + 1)
    if phone:
        return NUMBER
    if _DECIMAL.fullmatch(number):
        return number
    groups = re.split(r"[ ()-]+", number)
    if max(sum(c.isdigit() for c in group) for group in groups) < LONG:
        owned = digits >= LONG and _OWNED.search(found.string[: found.start()])
        return NUMBER if owned else number
    if _UNIT.match(rest) or (_YEAR.fullmatch(number) and not _owned(found)):
        return number
    return NUMBER


def _owned(found: re.Match[str]) -> bool:
    return bool(_OWNED.search(found.string[: found.start()]))


def _titled(found: re.Match[str], never: Collection[str]) -> str:
    """After "Dr" any word is a name but a verb; after "doctor" only a capitalised one."""
    title, name = found["title"], found["name"]
    first = name.split()[0]
    short = title.lower().rstrip(".") in ("dr", "mr", "mrs", "prof", "mx")
    if _bare(first) in never or _bare(first) in _words("after_a_title"):
        return found[0]
    if not short and not first[0].isupper():
        return found[0]
    return f"{title} {NAME}"


def _leading(found: re.Match[str], is_name: Callable[[str], bool]) -> str:
    """The words after an introduction, as far as they are names."""
    words = found["name"].split(" ")
    if found["before"].lower().startswith(("it", "this")) and not _is_first_name(words[0]):
        return found[0]
    count = next((n for n, word in enumerate(words) if word and not is_name(word)), len(words))
    if not count:
        return found[0]
    if found["before"].lower().startswith(("my", "name")):
        # "my name is sarah jones": a surname in small letters ends where the sentence goes on.
        count = min(count, 2) if not words[count - 1][:1].isupper() else count
    kept = " ".join(words[count:])
    gap = found[0][len(found["before"]) : found[0].index(found["name"], len(found["before"]))]
    return f"{found['before']}{gap}{NAME}{' ' + kept if kept else ''}"


def _whole(found: re.Match[str], is_name: Callable[[str], bool]) -> str:
    words = [word for word in found["name"].split(" ") if word.lower() not in ("x", "xx", "xxx")]
    if not words or not all(map(is_name, words)):
        return found[0]
    return f"{found['before']}{NAME}{found['after']}"


def _run(found: re.Match[str], never: Collection[str]) -> str:
    """Capitalised words in a row: a name, unless one of them is known to be something else."""
    words, kept = found[0].split(), ""
    starts = _SENTENCE_END.search(found.string[: found.start()])
    if starts and not _is_first_name(words[0]):
        kept, words = f"{words[0]} ", words[1:]
    if not words or (kept and len(words) < 2) or any(_bare(word) in never for word in words):
        return found[0]
    return f"{kept}{NAME}"


def _first_name(found: re.Match[str], never: Collection[str]) -> str:
    word = found[0]
    bare = _bare(word)
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if (before, after) == ("[", "]") or not _is_first_name(word) or bare in never:
        return word
    return NAME + (word[len(bare) :] if word.lower().endswith(("'s", "’s")) else "")


def _is_first_name(word: str) -> bool:
    return _bare(word) in _words("first_names")


def _bare(word: str) -> str:
    """In small letters, without a possessive."""
    low = word.lower()
    return low[:-2] if low.endswith(("'s", "’s")) else low
