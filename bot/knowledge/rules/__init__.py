"""The rules that a knowledge folder must keep, one small function each.

A rule takes the knowledge and a `Context`, gives the problems it sees, and knows no other rule. It
is silent about what `bot.knowledge.read` reports (absent fields, wrong types).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.knowledge.entry import Knowledge
from bot.knowledge.problem import Problem
from bot.knowledge.rules import (
    dates,
    ids,
    markup,
    overlap,
    questions,
    safety,
    screening,
    sources,
    text,
    wording,
)
from bot.knowledge.rules.context import Context

Rule = Callable[[Knowledge, Context], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    ids.related_exist,
    ids.not_for_are_cautions,
    questions.enough_questions,
    questions.unique_questions,
    questions.unique_titles,
    questions.title_fits_a_button,
    questions.tests_are_other_wordings,
    questions.nothing_left_of_the_template,
    dates.review_is_ahead,
    dates.checked_in_the_past,
    sources.has_sources,
    sources.addresses_open,
    text.short_is_short,
    text.short_is_plain,
    markup.only_the_safe_markup,
    wording.nothing_a_clinic_may_not_say,
    wording.no_amounts_where_they_are_banned,
    safety.urgency_only_in_safety,
    safety.signs_can_fire,
    safety.examples_hold,
    screening.can_be_asked,
    screening.can_be_counted,
    screening.can_be_read,
    screening.says_no_verdict,
    screening.review_of_questions,
    overlap.entries_find_their_tests,
    overlap.no_stolen_questions,
)
