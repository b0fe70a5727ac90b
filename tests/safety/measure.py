"""Measures both layers on the two halves, and under perturbation, and prints it.

    python -m tests.safety.measure

``seen_messages.jsonl`` was looked at while rules and examples were written,
``unseen_messages.jsonl`` by nobody: the two are random halves of what two authors wrote who had
seen neither rules nor examples. Change a rule because of the unseen half, and it proves nothing.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.entry import Urgency
from tests.safety.checked import Case, Layers, cases, share
from tests.safety.perturb import PERTURBATIONS


@dataclass(frozen=True)
class Figures:
    """Of one half: shares of its emergencies and of its harmless messages."""

    found: float
    found_by_rules: float
    false_alarms: float
    false_alarms_of_rules: float
    too_mild: float
    """Of the emergencies found, how many were given a lower urgency than their author's."""


def figures(layers: Layers, half: list[Case]) -> Figures:
    """Measure one half."""
    alarms = [case for case in half if case.is_emergency]
    others = [case for case in half if not case.is_emergency]
    told = {case: layers.both(case.text, case.earlier) for case in half}
    ruled = {case: layers.rules(case.text, case.earlier) for case in half}
    none = Urgency.NONE
    found = [case for case in alarms if told[case] is not none]
    return Figures(
        found=len(found) / len(alarms),
        found_by_rules=share(ruled[case] is not none for case in alarms),
        false_alarms=share(told[case] is not none for case in others),
        false_alarms_of_rules=share(ruled[case] is not none for case in others),
        too_mild=share(told[case].rank < case.urgency.rank for case in found),
    )


def losses(layers: Layers, half: list[Case]) -> Iterator[tuple[str, float]]:
    """For each perturbation, the share of the emergencies that are no longer found because of it,
    less that of those which are found only with it.
    """
    alarms = [case for case in half if case.is_emergency]
    plain = share(_is_found(layers, case, case.text) for case in alarms)
    for name, perturb in PERTURBATIONS.items():
        chance = random.Random(name)
        hidden = share(_is_found(layers, case, perturb(case.text, chance)) for case in alarms)
        yield name, plain - hidden


def _is_found(layers: Layers, case: Case, text: str) -> bool:
    return layers.both(text, case.earlier) is not Urgency.NONE


def main() -> None:
    """Print the tables, for what is live and trained."""
    from bot.agent import load_agent
    from bot.live_guard import live_guard
    from bot.settings import Settings

    layers = Layers(load_agent(Settings.from_env(), live_guard, in_memory=True))
    for name in ("seen", "unseen"):
        half = cases(f"{name}_messages.jsonl")
        sys.stdout.write(f"{name}: {figures(layers, half)}\n")
    for name, lost in losses(layers, cases("unseen_messages.jsonl")):
        sys.stdout.write(f"{name}: {lost:+.1%}\n")


if __name__ == "__main__":
    main()
