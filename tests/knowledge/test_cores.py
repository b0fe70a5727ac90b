from __future__ import annotations

import threading

import pytest

from bot.knowledge import cores as module
from bot.knowledge.cores import cores, in_threads


def test_a_large_machine_is_not_used_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {1: 1, 2: 2, 64: module.MOST, None: 1}
    for count, used in counts.items():
        monkeypatch.setattr(module.os, "cpu_count", lambda count=count: count)
        assert cores() == used


def test_results_come_in_the_order_of_the_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though a later one is done first."""
    monkeypatch.setattr(module, "cores", lambda: 2)
    later = threading.Event()

    def work(item: int) -> int:
        assert later.wait(10) if item == 0 else later.set() is None
        return item * 10

    assert in_threads(work, range(3)) == [0, 10, 20]


def test_an_error_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda item: 1 // item, [1, 0])
