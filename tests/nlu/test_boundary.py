from __future__ import annotations

import numpy as np

from bot.knowledge.asked import Asked
from bot.nlu.boundary import EVERY, Boundary
from tests.nlu.test_kernel import cloud

INSIDE, OUTSIDE, NEW = cloud(0, 60), cloud(1, 10), cloud(2, 6)
KNOWN = Asked({"botox/cost": object()}, ("botox/cost",) * 60, ("x",) * 60, INSIDE)  # type: ignore[dict-item]  # only its id counts
BOUNDARY = Boundary.fit(KNOWN, OUTSIDE)


def test_each_side_is_told_though_there_are_fewer_outside() -> None:
    assert all(BOUNDARY.score(vector) > 0 for vector in cloud(0, 10))
    assert all(BOUNDARY.score(vector) < 0 for vector in cloud(1, 10))


def test_a_new_entry_is_inside_without_training() -> None:
    """Staff write about something that nobody knew when the model was made."""
    before = [BOUNDARY.score(vector) for vector in cloud(2, 10)]
    owners = ["botox/cost"] * 60 + ["botox/new"] * 6
    wider = BOUNDARY.with_new(owners, np.concatenate([INSIDE, NEW]))
    after = [wider.score(vector) for vector in cloud(2, 10)]
    assert min(after) > 0
    assert all(one > other for one, other in zip(after, before, strict=True))
    assert all(wider.score(vector) < 0 for vector in cloud(1, 10))


def test_further_texts_of_an_old_entry_change_nothing() -> None:
    owners = ["botox/cost"] * 66
    assert BOUNDARY.with_new(owners, np.concatenate([INSIDE, NEW])) is BOUNDARY


def test_it_comes_back_from_its_arrays() -> None:
    again = Boundary.of(BOUNDARY.arrays())
    assert again.entry_ids == BOUNDARY.entry_ids
    assert again.score(NEW[0]) == BOUNDARY.score(NEW[0])


def test_part_of_the_texts_is_enough() -> None:
    assert len(BOUNDARY.machine.vectors) <= len(INSIDE) / EVERY + len(OUTSIDE)
