"""What somebody under 18 is not told: anything about having a procedure, wherever the clinic is.

Once a visitor has said that it is about somebody under 18, each answer about a procedure, and each
way to one, gives way to the one entry on that, until the visitor says to be asking as an adult.

Which answers those are stands in the knowledge files (`for_adults`), where staff see it. It is not
`not_for`, whose sentence adults would then read below every answer about a laser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.advice.decide import UNDER_18, Decision, kind_of
from bot.advice.reply import Kind
from bot.advice.services import NEED_OF
from bot.knowledge.entry import Entry, ForAdults

ADULT = "adult"
"""The verb of the button with which a visitor says to be asking as an adult."""
_PROCEDURES = frozenset({"botox", "fillers"})
SOLD = (NEED_OF["book"], NEED_OF["ask_price_here"])
"""What the clinic says of itself that arranges a treatment. Its opening hours, and the way to a
person or to complain, are for everybody."""
_SLUG = UNDER_18.partition("/")[2]


def is_for_adults(entry: Entry) -> bool:
    """Whether an entry is about a procedure: an injection, what its file says to be for adults, or
    what names the caution itself.
    """
    family = entry.id.partition("/")[0]
    return family in _PROCEDURES or entry.for_adults is ForAdults.ALL or _SLUG in entry.not_for


def without_details(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries without those details that go on to a procedure where the short answer does not:
    what retinol does, and then what Botox would.
    """
    return {
        id_: replace(entry, more="") if entry.for_adults is ForAdults.MORE else entry
        for id_, entry in entries.items()
    }


def without_procedures(decision: Decision, entries: Mapping[str, Entry]) -> Decision:
    """The decision as it is taken for somebody under 18.

    Args:
        entries: those that may be shown, by id. Without the entry on under 18 there is nothing to
            put in place of an answer, so what is for adults is only left out.
    """

    def allowed(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if not is_for_adults(entries[id_]))

    about = decision.about
    kept = allowed(decision.entries)
    asked = tuple(id_ for id_ in decision.asked if id_ not in SOLD)
    is_changed = (kept, asked) != (decision.entries, decision.asked)
    decision = replace(
        decision,
        entries=kept,
        asked=asked,
        suggestions=allowed(decision.suggestions),
        about=about if about is None or allowed((about,)) else None,
    )
    if not is_changed or UNDER_18 in kept:
        return decision
    notice = entries.get(UNDER_18)
    if notice is None:
        return decision if kept or asked else replace(decision, kind=Kind.UNSURE, say=None)
    return Decision(
        kind_of(notice.urgency),
        (UNDER_18, *kept),
        "the visitor named somebody under 18",
        1.0,
        asked=asked,
    )
