"""Seconds in, milliseconds and verdicts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spread:
    """How long something took, in milliseconds."""

    count: int
    p50: float
    p95: float
    p99: float
    cpu: float | None = None
    """Processor time, on average; it says more than the clock where other work is going on."""

    @classmethod
    def of(cls, seconds: Sequence[float], cpu_s: float | None = None) -> Spread:
        """Of at least one measurement, and the processor time of all."""
        p50, p95, p99 = np.percentile(np.asarray(seconds) * 1000, [50, 95, 99])
        cpu = None if cpu_s is None else cpu_s * 1000 / len(seconds)
        return cls(len(seconds), float(p50), float(p95), float(p99), cpu)


@dataclass(frozen=True)
class Aim:
    """A figure beside what it should be."""

    what: str
    value: float
    limit: float
    unit: str
    at_least: bool = False
    """Whether the limit is a lower one."""

    @property
    def kept(self) -> bool:
        """Whether the figure is on the right side of the limit, or on it."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def verdict(self) -> str:
        """``ok``, or ``over`` (``under`` a lower limit)."""
        return "ok" if self.kept else "under" if self.at_least else "over"
