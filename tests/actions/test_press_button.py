from __future__ import annotations

from typing import Any

import pytest

from actions.press_button import ActionPressButton
from bot.advice.reply import Kind, plain_text
from bot.knowledge.live import Publication
from tests.actions.calls import run, tracker

ACTION = ActionPressButton()
ID = "botox/how-long-does-it-last"


def pressed(action: object) -> Any:
    return run(ACTION, tracker("Tell me more", metadata={"action": action}, turns=2))


def test_more_gives_the_detail(live: Publication) -> None:
    reply, slots = pressed(f"more:{ID}")
    assert reply.kind is Kind.ANSWER
    assert live.knowledge.entries[ID].more.splitlines()[0] in plain_text(reply)
    assert slots == {"turns": 3, "topic": ID, "asked": [ID]}


def test_show_gives_the_short_answer(live: Publication) -> None:
    reply, slots = pressed(f"show:{ID}")
    assert reply.entries == (ID,)
    assert live.knowledge.entries[ID].short.splitlines()[0] in plain_text(reply)
    assert slots["topic"] == ID


@pytest.mark.parametrize(
    "action", ["show:gone/entry", "more:", "show", "", ":", None, 7, "show:../../etc/passwd"]
)
def test_a_button_of_what_is_gone_says_so(action: object) -> None:
    """It may have been published away since it was offered."""
    reply, slots = pressed(action)
    assert reply.kind is Kind.UNSURE
    assert reply.entries == ()
    assert "topic" not in slots


def test_a_press_without_an_action_is_answered() -> None:
    reply, _ = run(ACTION, tracker("x"))
    assert reply.kind is Kind.UNSURE
