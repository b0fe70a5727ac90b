from __future__ import annotations

import pytest

from actions.answer_question import ActionAnswerQuestion
from bot.advice.reply import Kind, buttons, plain_text
from bot.advice.understanding import Candidate, Understanding
from bot.knowledge.live import Publication
from tests.actions.calls import run, tracker

ACTION = ActionAnswerQuestion()
ID = "botox/how-long-does-it-last"


def understood(confidence: float, in_scope: float, *ids: str) -> Understanding:
    """A question that these entries fit."""
    candidates = tuple(Candidate(id_, 3.0, confidence, 0.9) for id_ in ids)
    return Understanding(intent="ask_question", candidates=candidates, in_scope=in_scope)


def test_the_nearest_entry_is_the_answer_and_the_topic(live: Publication) -> None:
    reply, slots = run(ACTION, tracker(found=understood(0.99, 0.99, ID)))
    assert reply.kind is Kind.ANSWER
    assert reply.entries[0] == ID
    assert live.knowledge.entries[ID].short.splitlines()[0] in plain_text(reply)
    assert (slots["topic"], slots["turns"]) == (ID, 1)
    assert reply.publication == live.name


def test_what_is_out_of_scope_is_declined() -> None:
    reply, slots = run(ACTION, tracker(found=understood(0.99, 0.01, ID)))
    assert (reply.kind, reply.entries) == (Kind.DECLINE, ())
    assert "topic" not in slots


def test_when_unsure_it_offers_the_nearest_and_answers_nothing(live: Publication) -> None:
    near = understood(0.001, 0.99, ID, "botox/stopping", "botox/cost")
    reply, slots = run(ACTION, tracker(found=near))
    assert reply.kind is Kind.UNSURE
    assert buttons(reply)[0].action == f"show:{ID}"
    assert live.knowledge.entries[ID].short not in plain_text(reply)
    assert "topic" not in slots


@pytest.mark.parametrize(
    "found", [None, Understanding(), understood(0.99, 0.99), understood(0.99, 0.99, "gone/entry")]
)
def test_nothing_that_fits_is_an_honest_no(found: Understanding | None) -> None:
    reply, _ = run(ACTION, tracker(found=found))
    assert reply.kind is Kind.DECLINE
    assert "doctor" in plain_text(reply) or "dermatologist" in plain_text(reply)
