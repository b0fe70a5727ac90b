"""One function a road."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.answer import (
    alarm_stands,
    answer,
    clinic_facts,
    erasure,
    press,
    small_talk,
    urgent_advice,
)
from bot.advice.decide import UNDER_18, Thresholds
from bot.advice.reply import Kind, buttons, plain_text
from bot.advice.services import NEED_OF
from bot.advice.understanding import Candidate, RedFlag, Term, Understanding
from bot.knowledge.entry import ForAdults, Urgency
from tests.advice.scenes import CLINIC, ENTRIES, entry, scene

MINOR = scene(
    conditions=(UNDER_18,),
    entries={
        **ENTRIES,
        UNDER_18: entry(UNDER_18, urgency=Urgency.CONTACT_CLINIC),
        "retinol/what-it-does": entry(
            "retinol/what-it-does", more="And Botox.", for_adults=ForAdults.MORE
        ),
    },
)


def test_a_question_is_decided_and_worded() -> None:
    """From candidates to words."""
    found = Understanding(candidates=(Candidate("botox/cost", 3, 0.9, 0.8),), in_scope=1.0)
    reply = answer(found, scene(), Thresholds(0.5, 0.3, 0.5, 1.0, -1.0, 0.0, 0.7))
    assert reply.entries == ("botox/cost",)
    assert "short answer of botox/cost" in plain_text(reply)


def test_a_red_flag_is_advised_on() -> None:
    """Its own entry, with the clinic's number."""
    flag = RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight")
    reply = urgent_advice(Understanding(red_flags=(flag,)), scene())
    assert reply.kind is Kind.EMERGENCY
    assert "999" in plain_text(reply)


@pytest.mark.parametrize("intent", ["ask_for_person", "book", "ask_price_here", "complain"])
def test_the_clinic_answers_for_itself(intent: str) -> None:
    """Each service intent says what clinic.yml has on it."""
    said = {
        "ask_for_person": CLINIC.person,
        "book": CLINIC.booking,
        "ask_price_here": CLINIC.prices,
        "complain": CLINIC.complaints,
    }
    reply = clinic_facts(intent, scene())
    assert (reply.kind, reply.services) == (Kind.SERVICE, (NEED_OF[intent],))
    assert said[intent] in plain_text(reply)


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("book", False),
        ("ask_price_here", False),
        ("ask_hours", True),
        ("complain", True),
        ("ask_for_person", True),
    ],
)
def test_no_way_to_a_treatment_is_told_to_somebody_under_18(intent: str, told: bool) -> None:
    """The other facts are."""
    reply = clinic_facts(intent, MINOR)
    words = plain_text(reply)
    if told:
        assert (reply.kind, reply.services) == (Kind.SERVICE, (NEED_OF[intent],))
    else:
        assert (reply.entries, reply.services) == ((UNDER_18,), ())
        assert not any(said in words for said in (CLINIC.booking, CLINIC.prices))


def test_booking_asked_for_with_the_age_in_one_message_is_not_told_either() -> None:
    """As in "I'm 15, can i book an appointment"."""
    flag = RedFlag(UNDER_18, Urgency.CONTACT_CLINIC, "age")
    parts = (Candidate("service/book", 1.0, 0.9, 0.0),)
    found = Understanding(red_flags=(flag,), parts=parts, in_scope=1.0)
    minor = replace(MINOR, conditions=())
    reply = answer(found, minor, Thresholds(0.5, 0.3, 0.5, 1.0, -1.0, 0.0, 0.7))
    assert (reply.entries, reply.services) == ((UNDER_18,), ())
    assert CLINIC.booking not in plain_text(reply)


def test_more_about_what_everybody_may_know_holds_no_procedure() -> None:
    """Neither by a new button nor by one of before the age was told."""
    said = press("show:retinol/what-it-does", MINOR)
    assert "more:retinol/what-it-does" not in [one.action for one in buttons(said)]
    assert "And Botox." not in plain_text(press("more:retinol/what-it-does", MINOR))
    adult = replace(MINOR, conditions=())
    assert "And Botox." in plain_text(press("more:retinol/what-it-does", adult))


def test_opening_hours_are_a_list_with_the_address() -> None:
    """When, and where."""
    words = plain_text(clinic_facts("ask_hours", scene()))
    assert "- Monday to Friday, 9 to 5" in words
    assert "1 High Street" in words


def test_a_uk_clinic_lists_its_subjects_without_the_medicine() -> None:
    """Asked what it can do, the bot brings up no prescription-only medicine there."""
    uk = scene(clinic=replace(CLINIC, jurisdiction="uk"))
    assert "Botox" in plain_text(small_talk("ask_capabilities", scene()))
    assert "Botox" not in plain_text(small_talk("ask_capabilities", uk))


def test_a_button_shows_its_entry_or_its_detail() -> None:
    """Show and more."""
    assert "short answer of botox/cost" in plain_text(press("show:botox/cost", scene()))
    assert "detail of botox/cost" in plain_text(press("more:botox/cost", scene()))


@pytest.mark.parametrize("action", ["show:botox/gone", "", "nonsense", "more:"])
def test_a_button_that_leads_nowhere_says_so(action: str) -> None:
    """An entry may be retired between the offer and the press."""
    reply = press(action, scene())
    assert reply.kind is Kind.UNSURE
    assert not reply.entries


def test_erasing_is_confirmed_and_passed_on() -> None:
    """The channel erases when the turn has ended."""
    assert erasure(scene()).forget


def test_more_of_what_has_become_an_emergency_is_its_advice() -> None:
    """An old button may be pressed after staff raised the urgency."""
    reply = press("more:safety/vision-change", scene())
    assert reply.kind is Kind.EMERGENCY
    assert "Call 999 now." in plain_text(reply)


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "chitchat"])
def test_urgent_advice_takes_the_place_of_manners(intent: str) -> None:
    """It is said again, and nothing besides."""
    reply = small_talk(intent, scene(alarm=True))
    assert reply.kind is Kind.SMALLTALK
    assert "999" in plain_text(reply)
    assert scene().say(intent) not in plain_text(reply)


def test_urgent_advice_is_called_to_mind_before_facts() -> None:
    """Booking is still told how, after what comes first."""
    words = plain_text(clinic_facts("book", scene(alarm=True)))
    assert words.index("999") < words.index(CLINIC.booking)


def test_after_urgent_advice_what_the_clinic_answers_is_told_where_the_rest_is_not() -> None:
    parts = (
        Candidate("service/opening-hours", 1.0, 0.7, 0.0),
        Candidate("botox/cost", 3.0, 0.6, 0.8),
    )
    found = Understanding(parts=parts, in_scope=1.0)
    reply = answer(found, scene(alarm=True), Thresholds(0.5, 0.3, 0.5, 1.0, -1.0, 0.0, 0.7))
    words = plain_text(reply)
    assert (reply.entries, reply.services) == ((), ("service/opening-hours",))
    assert words.index("999") < words.index("Monday to Friday")


@pytest.mark.parametrize(("confidence", "answered"), [(0.35, False), (0.6, False), (0.95, True)])
def test_after_urgent_advice_a_vague_question_is_not_guessed_at(
    confidence: float, answered: bool
) -> None:
    """So "is that normal?" does not find something harmless."""
    found = Understanding(candidates=(Candidate("botox/cost", 3, confidence, 0.8),), in_scope=1.0)
    reply = answer(found, scene(alarm=True), Thresholds(0.5, 0.3, 0.5, 1.0, -1.0, 0.0, 0.7))
    assert not reply.entries
    said = ("what does botox cost",)
    named = replace(found, sentences=said, terms=(Term("botox", "botox"),))
    reply = answer(named, scene(alarm=True), Thresholds(0.5, 0.3, 0.5, 1.0, -1.0, 0.0, 0.7))
    assert bool(reply.entries) is answered
    assert "999" in plain_text(reply)


@pytest.mark.parametrize(
    ("kinds", "stands"),
    [
        ([], False),
        ([Kind.EMERGENCY], True),
        ([Kind.URGENT, Kind.ANSWER], True),
        ([Kind.SMALLTALK, Kind.SERVICE, Kind.UNSURE, Kind.EMERGENCY], True),
        ([Kind.ANSWER, Kind.EMERGENCY], False),
        ([Kind.SMALLTALK, Kind.DECLINE], False),
    ],
)
def test_urgent_advice_stands_until_something_else_was_told(
    kinds: list[Kind], stands: bool
) -> None:
    """The newest kind is first."""
    assert alarm_stands(kinds) is stands
