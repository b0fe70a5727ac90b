from __future__ import annotations

import pytest

from bot.channels.limits import Buckets, Rate


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_and_then_one_a_second() -> None:
    clock = Clock()
    buckets = Buckets(Rate(3, 1), clock=clock)
    assert [buckets.wait("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.wait("a") == pytest.approx(1)
    clock.now += 0.75
    assert buckets.wait("a") == pytest.approx(0.25)
    clock.now += 0.25
    assert buckets.wait("a") == 0
    assert buckets.wait("a") > 0


def test_being_turned_down_costs_nothing() -> None:
    """Who keeps trying too fast is let in as soon as who waits."""
    clock = Clock()
    buckets = Buckets(Rate(1, 1), clock=clock)
    buckets.wait("a")
    for _ in range(9):
        clock.now += 0.1
        assert buckets.wait("a") > 0
    clock.now += 0.11
    assert buckets.wait("a") == 0


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    clock = Clock()
    buckets = Buckets(Rate(2, 1), clock=clock)
    buckets.wait("a")
    clock.now += 1_000_000
    assert [buckets.wait("a") > 0 for _ in range(3)] == [False, False, True]


def test_one_key_does_not_hold_up_another() -> None:
    buckets = Buckets(Rate(1, 0.001), clock=Clock())
    assert buckets.wait("a") == 0
    assert buckets.wait("a") > 0
    assert buckets.wait("b") == 0


def test_memory_is_bounded_and_the_active_are_kept() -> None:
    buckets = Buckets(Rate(1, 0.001), size=100, clock=Clock())
    buckets.wait("busy")
    for number in range(10_000):
        buckets.wait(f"address {number}")
        assert buckets.wait("busy") > 0
    assert len(buckets) == 100
