"""All problems of the knowledge at once: those of reading it, and those of the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.knowledge.build import Built
from bot.knowledge.problem import Problem
from bot.knowledge.read import Reading
from bot.knowledge.rules import RULES
from bot.knowledge.rules.context import Context, SignTest


def check(
    reading: Reading,
    today: date,
    *,
    built: Built | None = None,
    fires: SignTest | None = None,
    all_overlaps: bool = False,
    only: frozenset[str] | None = None,
    stolen: bool = True,
    grade: Callable[[str], float] | None = None,
) -> list[Problem]:
    """Every problem of every file, sorted by file and line.

    Args:
        reading: what `bot.knowledge.read.read_folder` gave.
        today: the day that review dates are compared with.
        built: the search over this knowledge; without it, nobody looks for stolen questions.
        fires: tries a red flag on a text; without it, the examples of signs are not tried.
        all_overlaps: whether to name every question that finds another entry, not the clear
            cases alone.
        only: entries of which problems are wanted; slow rules leave the others out, quick ones
            may tell of them all the same. None for all.
        stolen: whether to look for stolen questions, which takes longest and only ever warns.
        grade: the reading grade of a text, where it is known already.
    """
    context = Context(
        today=today,
        sheets=reading.sheets,
        ids=reading.ids,
        built=built,
        fires=fires,
        template=reading.template,
        all_overlaps=all_overlaps,
        only=only,
        stolen=stolen,
        grade=grade,
    )
    found = {problem for rule in RULES for problem in rule(reading.knowledge, context)}
    return sorted({*reading.problems, *found})
