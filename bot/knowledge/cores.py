"""How many cores of the machine may be used at once, and work that is spread over them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 4
"""Two cores took half the time of one. Containers show all cores of a large machine and are allowed
a few, and threads that wait for a core slow each other down."""


def cores() -> int:
    """How many cores a batch may use: those of the machine, at most `MOST`."""
    return min(os.cpu_count() or 1, MOST)


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """``work(item)`` of each item, in their order, several at once.

    For work that NumPy or SciPy does, which lets other threads run. While it runs, each of them
    keeps to one thread: there are enough.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    with threadpool_limits(1), ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(work, items))
