from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.advice.decide import UNDER_18, Decision
from bot.advice.minors import is_for_adults, without_details, without_procedures
from bot.advice.reply import Kind
from bot.knowledge.entry import Entry, ForAdults, Knowledge, Urgency
from bot.knowledge.read import read
from bot.settings import ROOT
from tests.advice.scenes import scene

NOTICE = Entry(UNDER_18, "Under 18", "For adults.", urgency=Urgency.CONTACT_CLINIC)
LIPS = Entry("fillers/lips", "Lips", "About lips.")
SUN = Entry("lifestyle/sun", "Sun", "About the sun.")
DEVICE = Entry("gadgets/microcurrent", "Microcurrent", "Weak.", not_for=("under-18",))
LASER = Entry("general/other-treatments", "Laser", "Lasers.", for_adults=ForAdults.ALL)
RETINOL = Entry("retinol/what-it-does", "Retinol", "Lines.", "Botox.", for_adults=ForAdults.MORE)
ENTRIES = {entry.id: entry for entry in (NOTICE, LIPS, SUN, DEVICE, LASER, RETINOL)}


def decided(*entries: str, suggestions: tuple[str, ...] = ()) -> Decision:
    return Decision(Kind.ANSWER, entries, "nearest", 0.9, suggestions)


@pytest.mark.parametrize(
    ("entry", "adult"),
    [(LIPS, True), (DEVICE, True), (LASER, True), (RETINOL, False), (SUN, False)],
)
def test_injections_and_what_its_file_says_are_for_adults(entry: Entry, adult: bool) -> None:
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


@pytest.mark.parametrize(
    ("need", "arranges"),
    [
        ("service/book", True),
        ("service/price-here", True),
        ("service/opening-hours", False),
        ("service/complaint", False),
        ("service/talk-to-human", False),
    ],
)
def test_what_arranges_a_treatment_gives_way_and_the_rest_stays(need: str, arranges: bool) -> None:
    facts = replace(decided(), kind=Kind.SERVICE, asked=(need,))
    found = without_procedures(facts, ENTRIES)
    if arranges:
        assert (found.kind, found.entries, found.asked) == (Kind.CAUTION, (UNDER_18,), ())
    else:
        assert found == facts
    beside = without_procedures(replace(decided("lifestyle/sun"), asked=(need,)), ENTRIES)
    assert beside.entries == ((UNDER_18, "lifestyle/sun") if arranges else ("lifestyle/sun",))


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
    booking = replace(decided(), kind=Kind.SERVICE, asked=("service/book",))
    found = without_procedures(booking, entries)
    assert (found.kind, found.asked) == (Kind.UNSURE, ())


def test_details_of_a_procedure_are_taken_out_and_no_others() -> None:
    found = without_details(ENTRIES)
    assert (found[RETINOL.id].short, found[RETINOL.id].more) == (RETINOL.short, "")
    assert found[SUN.id] == SUN


NAMES_A_PROCEDURE = re.compile(
    r"\b(botox|dysport|fillers?|lasers?|peels?|(?:micro)?needling|inject\w+|toxin)\b", re.I
)
FOR_EVERYBODY = {
    "exercises/bells-palsy": "it sends to the emergency number first",
    "general/unhappy-with-result": "whoever has had it done needs a doctor, at any age",
    "retinol/how-to-start": "skin that peels",
}
DETAILS_FOR_EVERYBODY = {
    "gadgets/how-often-to-use": "lasers for the home",
    "lifestyle/alcohol": "a maker of injectables paid for a study",
    "general/genetics": "an article is named by its subject",
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The knowledge files as they are."""
    return read(ROOT / "knowledge")[0]


def test_whatever_names_a_procedure_is_for_adults(knowledge: Knowledge) -> None:
    """When this fails: set `for_adults` in that file, or say here why everybody may read it."""
    told = {
        id_: entry
        for id_, entry in without_details(knowledge.entries).items()
        if not is_for_adults(entry) and not id_.startswith("safety/")
    }
    short = {id_ for id_, entry in told.items() if NAMES_A_PROCEDURE.search(entry.short)}
    more = {id_ for id_, entry in told.items() if NAMES_A_PROCEDURE.search(entry.more)}
    assert short == FOR_EVERYBODY.keys()
    assert more == DETAILS_FOR_EVERYBODY.keys()


@pytest.mark.parametrize(
    "id_",
    [
        "general/other-treatments",
        "general/how-doctors-treat-wrinkles",
        "general/consultation-questions",
        "general/natural-look",
        "general/choosing-a-provider",
        "general/combining-treatments",
        "exercises/with-botox",
        "gadgets/radiofrequency-laser-home",
        "gadgets/with-injectables",
        "gadgets/derma-roller",
        "retinol/with-treatments",
    ],
)
def test_procedure_outside_its_family_gives_way_and_no_button_leads_to_it(
    knowledge: Knowledge, id_: str
) -> None:
    found = without_procedures(decided(id_), knowledge.entries)
    assert (found.entries, found.suggestions) == ((UNDER_18,), ())
    minor = scene(entries=without_details(knowledge.entries), conditions=(UNDER_18,))
    assert not minor.may_suggest(knowledge.entries[id_])
