from __future__ import annotations

import pytest

from actions.make_small_talk import ActionMakeSmallTalk
from bot.advice.reply import Kind, Notice, plain_text
from bot.advice.wording import MissingWordingError
from tests.actions.calls import run, tracker

ACTION = ActionMakeSmallTalk()
INTENTS = ["greet", "thank", "goodbye", "ask_identity", "ask_capabilities", "chitchat"]


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("turns", range(4))
def test_every_small_talk_has_words_in_every_turn(intent: str, turns: int) -> None:
    reply, slots = run(ACTION, tracker(intent=intent, turns=turns))
    assert reply.kind is Kind.SMALLTALK
    assert plain_text(reply).strip()
    assert "{" not in plain_text(reply)
    assert slots == {"turns": turns + 1}
    assert isinstance(reply.blocks[0], Notice) == (turns == 0)


def test_it_says_that_it_is_no_person_when_asked() -> None:
    reply, _ = run(ACTION, tracker(intent="ask_identity", turns=5))
    assert "automated" in plain_text(reply) and "not a person" in plain_text(reply)


@pytest.mark.parametrize("intent", ["", "no_such_intent", "../secret"])
def test_an_intent_without_words_is_an_error_for_the_guard(intent: str) -> None:
    with pytest.raises(MissingWordingError):
        run(ACTION, tracker(intent=intent))
