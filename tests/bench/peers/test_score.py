"""The figures mean what the table's headings say."""

from __future__ import annotations

import numpy as np
import pytest

from bench.peers.score import decided, ece, figures, rows, threshold
from bench.peers.sets import Expected
from bench.peers.task import Answer, Asked, Result, Task
from bot.nlu.tuning import DECLINED, _fairest


def inside(*needs: str, accept: tuple[str, ...] = ("answer",)) -> Expected:
    return Expected(Asked("a message"), frozenset(needs), frozenset(accept))


OUTSIDE = inside()


def answer(*labels: str, kind: str | None = "answer", confidence: float = 0.5) -> Answer:
    ranked = tuple((label, confidence) for label in labels)
    shown = labels if kind not in ("decline", None) else ()
    return Answer(ranked, 0.0, kind, shown)


def task(*labels: str | None) -> Task:
    return Task((), (), tuple(("a text", label) for label in labels), ())


def scored(*scores: float) -> list[Answer]:
    return [Answer((("a", 0.5),), score) for score in scores]


def test_any_of_the_needs_is_right_and_only_the_first_label_counts_for_at_1() -> None:
    found = figures(
        [inside("a", "b"), inside("a"), inside("a")],
        [answer("b", "c"), answer("c", "d", "a"), answer("c", "d", "e")],
    )
    assert (found.ranked_1, found.ranked_3) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (found.shown_1, found.shown_3) == (found.ranked_1, found.ranked_3)


def test_a_right_label_that_is_not_shown_is_no_answer() -> None:
    found = figures([inside("a"), inside("a")], [answer("a", kind="decline"), answer("a")])
    assert (found.ranked_1, found.shown_1, found.refused_inside) == (1, 0.5, 0.5)


def test_another_kind_of_reply_is_no_answer_unless_it_is_accepted() -> None:
    """What small talk shows answers no question; a caution may, where the set says so."""
    replies = [answer("a", kind="smalltalk"), answer("a", kind="caution")]
    assert figures([inside("a")] * 2, replies).shown_1 == 0
    assert figures([inside("a", accept=("answer", "caution"))] * 2, replies).shown_1 == 0.5


def test_asking_back_leaves_unanswered_on_either_side() -> None:
    """Or it would be counted where it helps, and not where it harms."""
    unsure = answer("a", kind="unsure")
    found = figures([inside("a"), OUTSIDE], [unsure, unsure])
    assert (found.refused_inside, found.refused_outside, found.shown_1) == (1, 1, 0)


def test_messages_out_of_scope_count_in_no_hit() -> None:
    found = figures([inside("a"), OUTSIDE, OUTSIDE], [answer("a"), answer("b"), answer("c")])
    assert (found.ranked_1, found.refused_outside) == (1, 0)


def test_nothing_is_said_of_refusals_where_there_are_none_to_make() -> None:
    found = figures([inside("a")], [answer("a")], declines=False)
    assert (found.refused_inside, found.refused_outside) == (None, None)


def test_a_contestant_without_any_label_is_wrong_and_nothing_breaks() -> None:
    found = figures([inside("a")], [answer()])
    assert (found.ranked_1, found.ece) == (0, 0)


def test_the_error_of_calibration() -> None:
    """0.9 and right half of the time is off by 0.4; 0.1 and never right by 0.1."""
    assert ece([0.9, 0.9], [True, False]) == pytest.approx(0.4)
    assert ece([0.9, 0.9, 0.1, 0.1], [True, False, False, False]) == pytest.approx(0.25)
    assert ece([1.0], [True]) == 0  # in the last bin, not after it
    assert ece([1.2], [True]) == 0  # a cosine may exceed 1 by a rounding
    assert ece([], []) == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_threshold_is_that_of_the_tuning(seed: int) -> None:
    chance = np.random.default_rng(seed)
    truth = chance.random(200) < 0.5
    scores = chance.normal(truth * 1.5)
    limit = threshold(task(*("a" if one else None for one in truth)), scored(*scores))
    assert limit is not None
    assert limit == min(
        _fairest(scores, truth.astype(np.int64)), float(np.quantile(scores[truth], DECLINED))
    )
    assert (scores[truth] < limit).sum() <= DECLINED * truth.sum() + 1


def test_there_is_no_threshold_where_nothing_is_out_of_scope() -> None:
    assert threshold(task("a", "a"), scored(0.1, 0.9)) is None
    assert threshold(task(), []) is None
    assert decided(scored(-9)[0], None).kind == "answer"


def test_below_the_threshold_nothing_is_shown() -> None:
    low, high = (decided(one, 0.5) for one in scored(0.4, 0.5))
    assert (low.kind, low.shown) == ("decline", ())
    assert (high.kind, high.shown) == ("answer", ("a",))


def test_the_test_messages_do_not_move_the_threshold() -> None:
    held_out = task("a", "a", None, None)
    result = Result(
        held_out=tuple(scored(0.9, 0.8, 0.2, 0.1)),
        asked=tuple(scored(0.3, 0.3)),
        training_s=2.0,
        training_cpu_s=1.0,
        wall_s=(0.002, 9.0),
        cpu_s=(0.001, 9.0),
    )
    (row,) = rows("one", held_out, result, [inside("a")], [inside("a")])
    assert row.name == "one, by the rule"
    assert (row.clean.refused_inside, row.clean.ranked_1) == (1, 1)
    assert (row.ms, row.cpu_ms) == (2.0, 1.0)  # of the messages as written alone


def test_who_decides_by_itself_has_a_line_for_that_first() -> None:
    by_itself = (answer("a", kind="decline"), answer("a"))
    result = Result(tuple(scored(0.9, 0.1)), by_itself, 0, 0, (1, 1), (1, 1))
    first, second = rows("one", task("a", None), result, [inside("a")], [inside("a")])
    assert (first.name, second.name) == ("one, by itself", "one, by the rule")
    assert (first.clean.shown_1, first.typos.shown_1) == (0, 1)
