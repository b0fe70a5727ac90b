"""An age told as a year: "born in 2010" is read as the age that makes, which signs know.

A year cannot stand in a sign, since it means another age each January. Only years of 10- to
17-year-olds are read so: what a baby's year says is that its mother writes.
"""

from __future__ import annotations

import re

AGES = range(10, 18)
"""As in the list ``minor_age`` of ``safety_words.yml``."""

REACH = 80
"""How many letters before it are looked at for whose birth it is."""

_MONTH = r"jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*"
_BORN = re.compile(
    r"\b(?P<said>born|dob|d\.o\.b\.?|date of birth|birth ?date|birth year|year of birth)"
    r"(?!\w)[\s:=-]*"
    rf"(?:(?:back|in|on|the|of|is|was|late|early|year|{_MONTH}|\d{{1,2}}(?:st|nd|rd|th)?)"
    r"[\s/.,-]+){0,6}"
    r"(?P<year>20\d\d)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.,;!?\n]")
_ANOTHER = re.compile(
    r"\b(?:since|after|before|when|until|till|were|have|had|baby|babies|twins|brand|clinic|mum|mom"
    r"|mother|dad|father)\b",
    re.IGNORECASE,
)
"""Words before it with which a birth is a date, or somebody else's: "since my son was born"."""
_OWN = re.compile(r"\b(?:i was|i were|i am|i['\u2019]?m|my|mine)[\s:]*$", re.IGNORECASE)
"""What stands right before it where it is the visitor's own, whatever the clause says besides."""


def with_age(text: str, year: int) -> str:
    """The text with each year of birth of somebody under 18 by it put as an age: "aged 16".

    Args:
        year: the present one. Whoever turns 18 in it is taken for 18.
    """

    def aged(found: re.Match[str]) -> str:
        age = year - int(found["year"])
        before = _CLAUSES.split(found.string[max(0, found.start() - REACH) : found.start()])[-1]
        is_anothers = _ANOTHER.search(before) and not _OWN.search(before)
        return found[0] if age not in AGES or is_anothers else f"aged {age}"

    return _BORN.sub(aged, text)
