"""How long and how plain a short answer may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context
from bot.knowledge.syllables import read_syllables_quickly

MAX_SHORT = 600
MAX_GRADE = 8.0
"""Flesch-Kincaid grade: what health services ask of patient information, about age 13."""
EXEMPT = Path(__file__).with_name("exempt_terms.txt")
_PLACEHOLDER = "gel"
"""One syllable, so that a term that cannot be avoided counts as an easy word."""


def short_is_short(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """More than 600 characters is a wall on a telephone; the rest goes below ``## More``."""
    for id_, entry in knowledge.entries.items():
        if len(entry.short) > MAX_SHORT:
            yield context.error(
                id_,
                "short answer",
                f"it has {len(entry.short)} characters; at most {MAX_SHORT} fit.",
                f"Move {len(entry.short) - MAX_SHORT} characters or more below '## More'.",
                line=context.line(id_, "short"),
            )


def short_is_plain(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """The reading grade of short answers; unavoidable terms are in ``exempt_terms.txt``."""
    for id_, entry in knowledge.entries.items():
        if not entry.short or entry.status is Status.RETIRED or not context.asks_for(id_):
            continue
        grade = (context.grade or reading_grade)(entry.short)
        if grade > MAX_GRADE:
            yield context.error(
                id_,
                "short answer",
                f"its reading grade is {grade:.1f}; at most {MAX_GRADE:.0f} is allowed.",
                "Use shorter sentences and everyday words.",
                line=context.line(id_, "short"),
            )


def reading_grade(text: str) -> float:
    """The Flesch-Kincaid grade (textstat) of a text without its markup and exempt terms."""
    import textstat  # only grading needs it

    read_syllables_quickly()
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text.replace("**", ""))
    return float(textstat.flesch_kincaid_grade(_exempt().sub(_PLACEHOLDER, plain)))


@cache
def _exempt() -> re.Pattern[str]:
    lines = EXEMPT.read_text(encoding="utf-8").splitlines()
    terms = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    longest_first = sorted(terms, key=len, reverse=True)
    alternatives = "|".join(re.escape(term) + "s?" for term in longest_first)
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)
