"""How fast one conversation and one address may go: token buckets in this process's memory.

Each process counts for itself, so n processes allow n times as much; the point is that nobody can
hold the server, not an exact number.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """``burst`` at once, then ``per_second``."""

    burst: float
    per_second: float


@dataclass(frozen=True)
class Rates:
    """What is allowed. One process does 40 turns a second."""

    conversation: Rate = Rate(10, 1)
    """Messages of a conversation: nobody types a message a second for long, and ten at once is a
    visitor who pressed every button there was."""
    address: Rate = Rate(40, 5)
    """Messages of an address. A household or clinic shares one, so it is five writers at the
    limit above; and it is an eighth of what the process can do."""
    sessions: Rate = Rate(20, 0.2)
    """New conversations of an address: a waiting room at once, and then one every five seconds."""


class Buckets:
    """One bucket for each key; the least recently used are forgotten beyond `size`."""

    def __init__(
        self, rate: Rate, size: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start with every bucket full.

        Args:
            size: how many keys are remembered, about 250 bytes each.
        """
        self._rate = rate
        self._size = size
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one from the bucket of `key`.

        Returns:
            0.0 if there was one; otherwise in how many seconds there will be, and none was taken.
        """
        now = self._clock()
        left, since = self._buckets.pop(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - since) * self._rate.per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._size:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate.per_second

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._buckets)
