"""What somebody under 18 is not told: anything about having a procedure, wherever the clinic is.

Once a visitor has said that it is about somebody under 18, each answer about a procedure gives way
to the one entry on that, until the visitor says to be asking as an adult.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.advice.decide import UNDER_18, Decision, kind_of
from bot.advice.reply import Kind
from bot.advice.services import NEED_OF
from bot.knowledge.entry import Entry

ADULT = "adult"
"""The verb of the button with which a visitor says to be asking as an adult."""
_PROCEDURES = frozenset({"botox", "fillers"})
SOLD = (NEED_OF["book"], NEED_OF["ask_price_here"])
"""What the clinic says of itself that is not said beside "you have to be 18"."""
_SLUG = UNDER_18.partition("/")[2]


def is_for_adults(entry: Entry) -> bool:
    """Whether an entry is about a procedure: an injection, or what names the caution itself."""
    return entry.id.partition("/")[0] in _PROCEDURES or _SLUG in entry.not_for


def without_procedures(decision: Decision, entries: Mapping[str, Entry]) -> Decision:
    """The decision as it is taken for somebody under 18.

    Args:
        entries: those that may be shown, by id. Without the entry on under 18 there is nothing to
            put in place of an answer, so what is for adults is only left out.
    """

    def allowed(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if not is_for_adults(entries[id_]))

    about = decision.about
    sold = () if decision.kind is Kind.SERVICE else SOLD
    decision = replace(
        decision,
        asked=tuple(id_ for id_ in decision.asked if id_ not in sold),
        suggestions=allowed(decision.suggestions),
        about=about if about is None or allowed((about,)) else None,
    )
    kept = allowed(decision.entries)
    if kept == decision.entries:
        return decision
    notice = entries.get(UNDER_18)
    if notice is None or UNDER_18 in kept:
        return replace(decision, entries=kept)
    return Decision(
        kind_of(notice.urgency),
        (UNDER_18, *kept),
        "the visitor named somebody under 18",
        1.0,
        asked=decision.asked,
    )
