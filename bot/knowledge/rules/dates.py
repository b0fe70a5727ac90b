"""When an entry was checked and must be checked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context

NOTICE = timedelta(days=30)
"""How long before the review day staff are told: a month to find the clinician who reviews."""


def review_is_ahead(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """After its review day an entry is no longer shown, and visitors find nothing."""
    for id_, entry in knowledge.entries.items():
        if entry.review_by is None or entry.status is Status.RETIRED:
            continue
        if entry.checked_on is not None and entry.review_by <= entry.checked_on:
            yield context.error(
                id_,
                "review_by",
                f"the review on {entry.review_by} is not after the check on {entry.checked_on}.",
                "Set review_by to a day after checked_on, at most a year or so later.",
            )
        elif entry.review_by < context.today:
            yield context.error(
                id_,
                "review_by",
                f"the review was due on {entry.review_by}; the entry is no longer shown.",
                "Check it against its sources, then set checked_on to today and review_by anew,"
                " or set status to retired.",
            )
        elif entry.review_by - context.today <= NOTICE:
            days = (entry.review_by - context.today).days
            yield context.warning(
                id_,
                "review_by",
                f"the review is due in {days} {'day' if days == 1 else 'days'}."
                " After that the entry is no longer shown.",
                "Check it against its sources, then set checked_on and review_by anew.",
            )


def checked_in_the_past(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Visitors see this day beside the sources; tomorrow's would be untrue."""
    for id_, entry in knowledge.entries.items():
        if entry.checked_on is not None and entry.checked_on > context.today:
            yield context.error(
                id_,
                "checked_on",
                f"{entry.checked_on} is in the future.",
                "Write the day on which the sources were read.",
            )
