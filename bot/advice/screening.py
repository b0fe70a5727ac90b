"""Counts the answers about habits: pure arithmetic on ``knowledge/screening.yml``.

The result sorts what the visitor said. It is no measure of risk, no skin age and no verdict, so
nothing of it but levels and words may be shown, and the sum only to whoever asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bot.knowledge.entry import Habit, Option, Screening

SKIPPED = ""
"""Kept in place of a code where the visitor skipped the question."""


class Level(str, Enum):
    """How far an answer is from the best one."""

    LOW = "low"
    SOME = "some"
    HIGH = "high"


class Overall(str, Enum):
    """How many habits were named, all in all."""

    FEW = "few"
    SEVERAL = "several"
    MANY = "many"


@dataclass(frozen=True)
class Factor:
    """One question that was answered."""

    habit: Habit
    option: Option
    level: Level


@dataclass(frozen=True)
class Result:
    """What the answers add up to."""

    factors: tuple[Factor, ...]
    """With points, in the order of evidence and then of points."""
    context: tuple[Factor, ...]
    """Without points."""
    points: int
    maximum: int
    """The most points that the questions answered could have given."""
    overall: Overall | None
    """None where too few questions were answered to say anything of all together."""

    @property
    def first(self) -> Factor | None:
        """What could be changed first: the first factor at its worst, else the first raised one."""
        raised = [one for one in self.factors if one.level is not Level.LOW and one.habit.first]
        return next((one for one in raised if one.level is Level.HIGH), next(iter(raised), None))

    @property
    def cautions(self) -> tuple[str, ...]:
        """What has to be said about some answers, each once."""
        said = (one.option.caution for one in (*self.factors, *self.context))
        return tuple(dict.fromkeys(caution for caution in said if caution))


def score(screening: Screening, answers: Mapping[str, str]) -> Result:
    """Count the answers.

    Args:
        answers: option code by question id. Skipped questions, and answers that the questionnaire
            no longer knows, are left out of points and maximum.
    """
    factors: list[Factor] = []
    context: list[Factor] = []
    for habit in screening.questions:
        option = habit.option(answers.get(habit.id, SKIPPED))
        if option is None:
            continue
        factor = Factor(habit, option, level(habit, option))
        (factors if habit.evidence is not None else context).append(factor)
    factors.sort(key=lambda one: (str(one.habit.evidence), -one.option.points))
    points = sum(one.option.points for one in factors)
    maximum = sum(one.habit.most for one in factors)
    overall = None
    if maximum and len(factors) >= screening.minimum_answers:
        overall = _overall(points / maximum, screening)
    return Result(tuple(factors), tuple(context), points, maximum, overall)


def level(habit: Habit, option: Option) -> Level:
    """Low without points, high with all of them, some in between. Where one point is the most, it
    is some: the evidence is too thin for more.
    """
    if not option.points:
        return Level.LOW
    return Level.HIGH if option.points == habit.most > 1 else Level.SOME


def _overall(share: float, screening: Screening) -> Overall:
    if share < screening.several_from:
        return Overall.FEW
    return Overall.SEVERAL if share < screening.many_from else Overall.MANY
