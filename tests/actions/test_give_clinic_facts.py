from __future__ import annotations

import pytest

from actions.give_clinic_facts import ActionGiveClinicFacts
from bot.advice.reply import Kind, plain_text
from bot.advice.wording import MissingWordingError
from bot.knowledge.live import Publication
from tests.actions.calls import run, tracker

ACTION = ActionGiveClinicFacts()


@pytest.mark.parametrize(
    ("intent", "facts"),
    [
        ("ask_for_person", ["person"]),
        ("book", ["booking"]),
        ("ask_hours", ["address"]),
        ("ask_price_here", ["prices"]),
        ("complain", ["complaints"]),
    ],
)
def test_the_clinic_answers_for_itself(live: Publication, intent: str, facts: list[str]) -> None:
    reply, slots = run(ACTION, tracker(intent=intent, turns=1))
    assert reply.kind is Kind.SERVICE
    words = plain_text(reply)
    for fact in facts:
        assert getattr(live.knowledge.clinic, fact).strip() in words
    assert "{" not in words
    assert slots == {"turns": 2}


def test_every_opening_hour_is_told(live: Publication) -> None:
    clinic = live.knowledge.clinic
    assert clinic is not None and clinic.hours
    words = plain_text(run(ACTION, tracker(intent="ask_hours"))[0])
    assert all(f"- {line}" in words for line in clinic.hours)


@pytest.mark.parametrize("intent", ["", "ask_rates"])
def test_an_intent_without_words_is_an_error_for_the_guard(intent: str) -> None:
    with pytest.raises(MissingWordingError):
        run(ACTION, tracker(intent=intent))
