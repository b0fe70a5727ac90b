from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.decide import UNDER_18, Decision
from bot.advice.minors import is_for_adults, without_procedures
from bot.advice.reply import Kind
from bot.knowledge.entry import Entry, Urgency

NOTICE = Entry(UNDER_18, "Under 18", "For adults.", urgency=Urgency.CONTACT_CLINIC)
LIPS = Entry("fillers/lips", "Lips", "About lips.")
SUN = Entry("lifestyle/sun", "Sun", "About the sun.")
DEVICE = Entry("gadgets/microcurrent", "Microcurrent", "Weak.", not_for=("under-18",))
ENTRIES = {entry.id: entry for entry in (NOTICE, LIPS, SUN, DEVICE)}


def decided(*entries: str, suggestions: tuple[str, ...] = ()) -> Decision:
    return Decision(Kind.ANSWER, entries, "nearest", 0.9, suggestions)


@pytest.mark.parametrize(("entry", "adult"), [(LIPS, True), (DEVICE, True), (SUN, False)])
def test_injections_and_what_names_the_caution_are_for_adults(entry: Entry, adult: bool) -> None:
    assert is_for_adults(entry) is adult


def test_procedure_gives_way_to_the_notice() -> None:
    found = without_procedures(decided("fillers/lips", suggestions=("lifestyle/sun",)), ENTRIES)
    assert (found.kind, found.entries, found.suggestions) == (Kind.CAUTION, (UNDER_18,), ())


def test_what_is_no_procedure_stays_and_offers_none() -> None:
    decision = decided("lifestyle/sun", suggestions=("fillers/lips", "lifestyle/sun"))
    found = without_procedures(decision, ENTRIES)
    assert found == replace(decision, suggestions=("lifestyle/sun",))


def test_what_the_clinic_says_of_itself_stays() -> None:
    asked = ("fillers/lips", "service/opening-hours")
    found = without_procedures(replace(decided("fillers/lips"), asked=asked), ENTRIES)
    assert (found.entries, found.asked) == ((UNDER_18,), asked)


def test_how_to_book_is_not_said_beside_the_notice() -> None:
    asked = ("service/book", "service/opening-hours", "service/price-here")
    for entries in (("fillers/lips",), (UNDER_18,)):
        found = without_procedures(replace(decided(*entries), asked=asked), ENTRIES)
        assert (found.entries, found.asked) == ((UNDER_18,), ("service/opening-hours",))
    facts = replace(decided(), kind=Kind.SERVICE, asked=asked)
    assert without_procedures(facts, ENTRIES).asked == asked


def test_notice_is_not_said_twice() -> None:
    found = without_procedures(decided(UNDER_18, "fillers/lips"), ENTRIES)
    assert found.entries == (UNDER_18,)


def test_follow_up_is_not_about_a_procedure() -> None:
    decision = replace(decided(suggestions=("fillers/lips",)), about="fillers/lips")
    found = without_procedures(decision, ENTRIES)
    assert (found.about, found.suggestions) == (None, ())


def test_without_the_notice_the_procedure_is_still_left_out() -> None:
    entries = {LIPS.id: LIPS}
    assert without_procedures(decided("fillers/lips"), entries).entries == ()
