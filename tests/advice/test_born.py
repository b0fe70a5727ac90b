from __future__ import annotations

from datetime import date

import pytest

from bot.advice.born import with_age
from bot.advice.safety import Safety

THIS = 2026


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("born in 2010, can i get botox", "aged 16, can i get botox"),
        ("I was born on 3rd March 2011", "I was aged 15"),
        ("dob 12/03/2009 can i book", "aged 17 can i book"),
        ("my daughter was born 2012", "my daughter was aged 14"),
        ("i have lines and i was born in 2010", "i have lines and i was aged 16"),
        ("my mum had botox, im born in the year 2011", "my mum had botox, im aged 15"),
        ("d.o.b. 12/03/2009", "aged 17"),
        ("dob-2009 ok?", "aged 17 ok?"),
    ],
)
def test_year_of_birth_is_an_age(text: str, read: str) -> None:
    assert with_age(text, THIS) == read


@pytest.mark.parametrize(
    "text",
    [
        "i was born in 2008",
        "i was born in 1985",
        "my mum was born in 1970",
        "my mum was born in 2010",
        "i have a girl born in 2012",
        "lines since 2010",
        "my baby was born in 2025",
        "since my son was born in 2012 my face sags",
        "my twins were born in 2011",
        "i was born with a mark and in 2010 had it off",
    ],
)
def test_adults_and_dates_stay_as_typed(text: str) -> None:
    """Whoever turns 18 this year is taken for 18."""
    assert with_age(text, THIS) == text


@pytest.mark.parametrize(("age", "found"), [(10, True), (17, True), (18, False), (45, False)])
def test_safety_check_hears_the_year(age: int, found: bool) -> None:
    """By today's year."""
    text = f"i was born in {date.today().year - age}, can i get botox"
    ids = [finding.entry_id for finding in Safety.builtin().check(text)]
    assert ("safety/under-18" in ids) is found
