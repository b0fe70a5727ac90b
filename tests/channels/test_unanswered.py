"""What a turn did not answer is kept for staff, redacted, and never at the visitor's cost."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from rasa.core.agent import Agent
from sqlalchemy.engine import Engine

from bot.advice.reply import Kind
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from bot.store.session import migrate
from bot.store.unanswered import list_unanswered
from tests.channels import small_agent
from tests.channels.small_agent import Actions, reply_to, said

NOT_ANSWERED = (Kind.UNSURE, Kind.CLARIFY, Kind.DECLINE)


@pytest.fixture(autouse=True)
def tables(engine: Engine) -> None:
    migrate(engine)


def replying(actions: Actions, kind: Kind) -> None:
    """Has the bot answer everything in this way."""

    async def action(call: dict) -> dict:
        return said(replace(reply_to("it"), kind=kind, publication="abc").to_json())

    actions.action = action


@pytest.mark.parametrize("kind", list(Kind))
async def test_only_what_was_not_answered_is_kept(
    turns: Turns, actions: Actions, engine: Engine, kind: Kind
) -> None:
    replying(actions, kind)
    await turns.text("web-1", "hello, my name is Sarah, 07700 900123", "m", "web")
    kept = list_unanswered(engine)
    assert bool(kept) == (kind in NOT_ANSWERED)
    for one in kept:
        assert (one.kind, one.publication) == (kind.value, "abc")
        assert one.text == "hello, my name is [name], [number]"


async def test_a_message_that_is_sent_again_is_kept_once(
    turns: Turns, actions: Actions, engine: Engine
) -> None:
    replying(actions, Kind.UNSURE)
    for _ in range(3):
        await turns.text("web-1", "hello", "m", "web")
    assert len(list_unanswered(engine)) == 1


async def test_of_a_pressed_button_nothing_is_kept(
    turns: Turns, actions: Actions, engine: Engine
) -> None:
    replying(actions, Kind.UNSURE)
    await turns.press("web-1", "show:gone/away", "Gone", "m", "web")
    assert list_unanswered(engine) == []


async def test_an_erased_conversation_leaves_nothing(
    turns: Turns, actions: Actions, engine: Engine
) -> None:
    replying(actions, Kind.DECLINE)
    await turns.text("web-1", "hello", "m", "web")
    await turns.text("web-2", "hello", "m", "web")
    await turns.erase("web-1")
    assert len(list_unanswered(engine)) == 1


async def test_the_visitor_is_answered_even_if_nothing_can_be_kept(
    turns: Turns, actions: Actions, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    replying(actions, Kind.UNSURE)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE unanswered")
    with caplog.at_level(logging.DEBUG):
        turn = await turns.text("web-1", "hello quixotic", "m", "web")
    assert (turn.reply.kind, turn.recorded) == (Kind.UNSURE, True)
    assert "was not kept: StoreError" in caplog.text
    assert "quixotic" not in "".join(r.getMessage() for r in caplog.records if r.name[:4] == "bot.")


async def test_turns_that_are_not_for_staff_keep_nothing(
    agent: Agent, actions: Actions, engine: Engine, guard: Guard
) -> None:
    replying(actions, Kind.UNSURE)
    apart = Turns(agent, small_agent.settings(engine, turn_timeout_s=2.0), guard, for_staff=False)
    await apart.text("ask-1", "hello", "m", "ask")
    assert list_unanswered(engine) == []
