"""What a contestant's answers come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from bench.peers.sets import Expected
from bench.peers.task import Answer, Result, Task
from bot.cli.eval import EXPECTED
from bot.nlu.tuning import DECLINED

BINS = 10
REFUSALS = frozenset({"decline", "unsure"})
"""Kinds of reply that leave a message unanswered, whether it was in scope or not."""


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1; None where there is no such message, or no threshold to be had."""

    ranked_1: float
    """Messages in scope whose best label is right, with nothing declined."""
    ranked_3: float
    """The same for one of the best three."""
    shown_1: float
    """Messages in scope that are answered, and with a right label first."""
    shown_3: float
    """The same for one of the first three that are shown."""
    refused_outside: float | None
    """Messages out of scope that are left unanswered."""
    refused_inside: float | None
    """Messages in scope that are."""
    ece: float
    """Expected calibration error of the best label's confidence (Naeini et al., 2015)."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    clean: Figures
    typos: Figures
    training_cpu_s: float
    ms: float
    """Median of a message, by the clock."""
    cpu_ms: float
    """Median of a message, of the processor."""


def rows(
    name: str, task: Task, result: Result, clean: Sequence[Expected], typos: Sequence[Expected]
) -> list[Row]:
    """One line for what the contestant does by itself, where it decides, and one for what it does
    with the threshold that everybody gets by the same rule.

    `result` has the answers to `clean`, and then to `typos`.
    """
    count = len(clean)
    limit = threshold(task, result.held_out)
    found = []
    deciders = [(f"{name}, by itself", result.asked)] if result.asked[0].kind else []
    ruled = tuple(decided(one, limit) for one in result.asked)
    for line, answers in (*deciders, (f"{name}, by the rule", ruled)):
        found.append(
            Row(
                line,
                figures(clean, answers[:count], limit is not None),
                figures(typos, answers[count:], limit is not None),
                result.training_cpu_s,
                1000 * median(result.wall_s[:count]),
                1000 * median(result.cpu_s[:count]),
            )
        )
    return found


def threshold(task: Task, answers: Sequence[Answer]) -> float | None:
    """From which score on a message is in scope, by the rule of `bot.nlu.tuning`: where the shares
    rightly kept and rightly declined add up to most, but at most `DECLINED` of what is in scope is
    declined. None if nothing held out is out of scope.
    """
    scores = np.array([one.inside for one in answers])
    inside = np.array([label is not None for _, label in task.held_out], dtype=bool)
    if not inside.any() or inside.all():
        return None
    candidates = np.unique(scores)
    gains = [(scores[inside] >= c).mean() + (scores[~inside] < c).mean() for c in candidates]
    fairest = float(candidates[int(np.argmax(gains))])
    return min(fairest, float(np.quantile(scores[inside], DECLINED)))


def decided(answer: Answer, limit: float | None) -> Answer:
    """The answer with the kind that the threshold makes of it."""
    declines = limit is not None and answer.inside < limit
    shown = () if declines else tuple(label for label, _ in answer.ranked)
    return replace(answer, kind="decline" if declines else "answer", shown=shown)


def figures(
    expected: Sequence[Expected], answers: Sequence[Answer], declines: bool = True
) -> Figures:
    """All shares.

    Args:
        declines: whether anything could be declined at all.
    """
    pairs = list(zip(expected, answers, strict=True))
    inside = [(one, answer) for one, answer in pairs if one.in_scope]
    outside = [answer for one, answer in pairs if not one.in_scope]

    def ranked(within: int) -> float:
        return _share(
            [
                bool(one.needs & {label for label, _ in answer.ranked[:within]})
                for one, answer in inside
            ]
        )

    def shown(within: int) -> float:
        return _share(
            [
                _fits(one, answer) and bool(one.needs & set(answer.shown[:within]))
                for one, answer in inside
            ]
        )

    refused = [answer.kind in REFUSALS for _, answer in inside]
    refused_outside = [answer.kind in REFUSALS for answer in outside]
    best = [(answer.ranked[0] if answer.ranked else ("", 0.0)) for _, answer in inside]
    return Figures(
        ranked_1=ranked(1),
        ranked_3=ranked(3),
        shown_1=shown(1),
        shown_3=shown(3),
        refused_outside=_share(refused_outside) if declines and outside else None,
        refused_inside=_share(refused) if declines else None,
        ece=ece(
            [confidence for _, confidence in best],
            [label in one.needs for (label, _), (one, _) in zip(best, inside, strict=True)],
        ),
    )


def _fits(expected: Expected, answer: Answer) -> bool:
    """Whether the kind of reply is one that was expected, as `advisor eval` counts it."""
    return any(answer.kind in EXPECTED[name] for name in expected.accept)


def ece(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """The mean gap between confidence and share of right answers in ten bins of equal width,
    weighted by how many messages each bin has.
    """
    if not confidences:
        return 0.0
    said, truth = np.clip(np.asarray(confidences), 0, 1), np.asarray(right, dtype=float)
    bins = np.minimum((said * BINS).astype(int), BINS - 1)
    gaps = [
        abs(said[bins == one].mean() - truth[bins == one].mean()) * (bins == one).mean()
        for one in range(BINS)
        if (bins == one).any()
    ]
    return float(sum(gaps))


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
