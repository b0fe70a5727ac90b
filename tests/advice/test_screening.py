"""Points, levels and overall words, by the worked examples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.screening import Level, Overall, score
from tests.advice.habits import answers, screening

SKIP = None


@pytest.mark.parametrize(
    ("points", "total", "maximum", "overall"),
    [
        ((0, 0, 0, 0, 0, 0, 0, 0), 0, 18, Overall.FEW),
        ((1, 1, 1, 0, 0, 1, 0, 0), 4, 18, Overall.FEW),
        ((0, 2, 2, 0, 1, 0, 0, 0), 5, 18, Overall.SEVERAL),
        ((3, 3, 3, 3, 2, 2, 1, 1), 18, 18, Overall.MANY),
        ((3, 3, 3, SKIP, SKIP, 0, 1, 0), 10, 13, Overall.MANY),
        ((3, SKIP, SKIP, SKIP, SKIP, SKIP, 0, 0), 3, 5, None),
        ((0, 3, 1, 0, 0, 0, 0, 1), 5, 18, Overall.SEVERAL),
        ((2, 2, 2, 1, 1, 1, 0, 0), 9, 18, Overall.MANY),
    ],
)
def test_the_worked_examples_add_up(
    points: tuple[int | None, ...], total: int, maximum: int, overall: Overall | None
) -> None:
    result = score(screening(), answers(*points))
    assert (result.points, result.maximum, result.overall) == (total, maximum, overall)


def test_a_level_is_low_without_points_high_with_all_and_some_between() -> None:
    levels = {
        one.habit.id: one.level
        for one in score(screening(), answers(3, 0, 1, 2, 2, 1, 1, 1)).factors
    }
    assert levels == {
        "smoking": Level.HIGH,
        "sun_exposure": Level.LOW,
        "sun_protection": Level.SOME,
        "tanning_bed": Level.SOME,
        "alcohol": Level.HIGH,
        "sleep": Level.SOME,
        "stress": Level.SOME,  # one point is the most: the evidence is too thin for more
        "skincare": Level.SOME,
    }


def test_results_come_in_the_order_of_evidence_then_of_points() -> None:
    result = score(screening(), answers(3, 1, 3, 0, 0, 2, 1, 1))
    ids = [one.habit.id for one in result.factors]
    assert ids == [
        "sun_protection",
        "sun_exposure",
        "smoking",
        "tanning_bed",
        "sleep",
        "skincare",
        "alcohol",
        "stress",
    ]


def test_what_comes_first_is_the_firmest_habit_at_its_worst() -> None:
    assert score(screening(), answers(3, 1, 0, 0, 0, 0, 0, 0)).first.habit.id == "smoking"  # type: ignore[union-attr]
    assert score(screening(), answers(1, 1, 0, 0, 0, 0, 0, 0)).first.habit.id == "sun_exposure"  # type: ignore[union-attr]
    assert score(screening(), answers(0, 0, 0, 0, 0, 0, 0, 0)).first is None


def test_what_has_no_points_is_context_and_counts_for_nothing() -> None:
    given = {**answers(0, 0, 0, 0, 0, 0, 0, 0), "family": "both"}
    result = score(screening(), given)
    assert [one.option.code for one in result.context] == ["both"]
    assert (result.points, result.maximum) == (0, 18)


def test_answers_that_are_no_longer_known_count_for_nothing() -> None:
    given = {**answers(3, 3, 3, 3, 2, 2, 1, 1), "smoking": "pipe", "tv": "often"}
    result = score(screening(), given)
    assert (result.points, result.maximum) == (15, 15)


def test_no_answers_give_no_result() -> None:
    result = score(screening(), {})
    assert (result.factors, result.overall, result.first) == ((), None, None)


@pytest.mark.parametrize("code", ["8-to-14", "15-plus"])
def test_heavy_drinking_brings_its_caution(code: str) -> None:
    cautions = score(screening(), {"alcohol": code}).cautions
    assert len(cautions) == 1
    assert "suddenly" in cautions[0]


def test_the_limits_are_those_of_the_file() -> None:
    strict = replace(screening(), several_from=0.01, many_from=0.2, minimum_answers=1)
    assert score(strict, {"smoking": "stopped"}).overall is Overall.MANY
