from __future__ import annotations

import pytest

from actions.give_urgent_advice import ActionGiveUrgentAdvice
from bot.advice.reply import Buttons, Kind, Notice, Sources, plain_text
from bot.advice.understanding import Candidate, RedFlag, Understanding
from bot.knowledge.entry import Urgency
from bot.knowledge.live import Publication
from tests.actions.calls import run, tracker

ACTION = ActionGiveUrgentAdvice()
SIGHT = RedFlag("safety/vision-change", Urgency.EMERGENCY, "sight")
SORE = RedFlag("safety/infection", Urgency.URGENT_SAME_DAY, "sore")


def test_the_most_urgent_sign_is_answered_alone(live: Publication) -> None:
    """Whatever else the message asks, and without an introduction, sources or buttons."""
    near = Candidate("botox/cost", 9.0, 0.99, 0.99)
    found = Understanding(red_flags=(SORE, SIGHT), candidates=(near,), in_scope=0.99)
    reply, slots = run(ACTION, tracker(found=found))
    assert reply.kind is Kind.EMERGENCY
    assert reply.entries == ("safety/vision-change",)
    assert not any(isinstance(block, Notice | Sources | Buttons) for block in reply.blocks)
    clinic = live.knowledge.clinic
    assert clinic is not None
    assert clinic.emergency_numbers[clinic.country] in plain_text(reply)
    assert slots["turns"] == 0


def test_a_signs_own_words_come_before_its_entrys() -> None:
    flag = RedFlag("safety/infection", Urgency.URGENT_SAME_DAY, "sore", "Own words.")
    reply, _ = run(ACTION, tracker(found=Understanding(red_flags=(flag,))))
    assert reply.kind is Kind.URGENT
    assert plain_text(reply).startswith("Own words.")


def test_a_sign_of_an_entry_that_is_gone_is_an_error_for_the_guard() -> None:
    """Which has the advice built in."""
    flag = RedFlag("safety/gone", Urgency.EMERGENCY, "x")
    with pytest.raises(KeyError):
        run(ACTION, tracker(found=Understanding(red_flags=(flag,))))


def test_no_sign_at_all_is_an_error_for_the_guard() -> None:
    with pytest.raises(ValueError, match="empty"):
        run(ACTION, tracker(found=Understanding()))
