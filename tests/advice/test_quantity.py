"""Amounts as visitors type them."""

from __future__ import annotations

import pytest

from bot.advice.quantity import FOREVER, canonical, quantity, tokens
from bot.knowledge.entry import Counts


def bounds(text: str, counts: Counts) -> tuple[float, float] | None:
    found = quantity(canonical(tokens(text)), counts, 2026)
    return None if found is None else (round(found.low, 2), round(found.high, 2))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2-3 glasses of wine most nights", (8, 18)),
        ("a bottle of wine a night", (35, 49)),
        ("two beers a day", (14, 14)),
        ("a couple at the weekend", (2, 4)),
        ("4 pints every day", (28, 56)),
        ("3 drinks 2 nights a week", (6, 6)),
        ("a glass on saturdays", (1, 1)),
        ("12 ish", (12, 12)),
        ("10 + a week", (10, FOREVER)),
        ("a dozen", (12, 12)),
        ("10 cigarettes", None),
        ("3 on friday and 4 on saturday", None),
        ("a lot", None),
    ],
)
def test_drinks_a_week(text: str, expected: tuple[float, float] | None) -> None:
    assert bounds(text, Counts.DRINKS_A_WEEK) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("half a pack", (10, 10)),
        ("a pack every two days", (10, 10)),
        ("seven cigs a week", (1, 1)),
        ("between 5 and 8 a day", (5, 8)),
        ("15 to 20", (15, 20)),
        ("3 years", None),
    ],
)
def test_cigarettes_a_day(text: str, expected: tuple[float, float] | None) -> None:
    assert bounds(text, Counts.A_DAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seven and a half hours", (7.5, 7.5)),
        ("an hour and a half", (1.5, 1.5)),
        ("under 5 hours a night", (0, 5)),
        ("8 hours twice a week", None),
    ],
)
def test_hours_a_night(text: str, expected: tuple[float, float] | None) -> None:
    assert bounds(text, Counts.HOURS_A_NIGHT) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30 mins a day", (3.5, 3.5)), ("an hour every day", (7, 7)), ("20 hours", (20, 20))],
)
def test_hours_a_week(text: str, expected: tuple[float, float]) -> None:
    assert bounds(text, Counts.HOURS_A_WEEK) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 years ago", (2.5, 3.5)),
        ("more than 10 years ago", (10, FOREVER)),
        ("not since 2010", (15, 17)),
        ("last month", (0, 0.99)),
        ("last year", (0.1, 2)),
        ("3 years", None),
        ("in 2050", None),
    ],
)
def test_years_ago(text: str, expected: tuple[float, float] | None) -> None:
    assert bounds(text, Counts.YEARS_AGO) == expected


def test_a_question_that_counts_nothing_has_no_amount() -> None:
    assert quantity("5 a day", Counts.NOTHING, 2026) is None
