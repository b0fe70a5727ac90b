"""One function a road."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.answer import answer, clinic_facts, erasure, press, small_talk, urgent_advice
from bot.advice.decide import Thresholds
from bot.advice.reply import Kind, plain_text
from bot.advice.understanding import Candidate, RedFlag, Understanding
from bot.knowledge.entry import Urgency
from tests.advice.scenes import CLINIC, scene


def test_a_question_is_decided_and_worded() -> None:
    """From candidates to words."""
    found = Understanding(candidates=(Candidate("botox/cost", 3, 0.9, 0.8),), in_scope=1.0)
    reply = answer(found, scene(), Thresholds(0.5, 0.3))
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
    assert reply.kind is Kind.SERVICE
    assert said[intent] in plain_text(reply)


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
