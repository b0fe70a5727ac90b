"""While another process writes to the SQLite file, an emergency is answered in time, and whoever
needs nothing written goes on.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import bot.lean  # noqa: F401  # before Rasa

import pytest
from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa_sdk import Tracker
from sqlalchemy.engine import Engine

from actions.turn import alarmed
from bot.advice.reply import Kind, Reply
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from bot.conversations import Conversations
from tests.channels import small_agent
from tests.channels.small_agent import Actions, reply_to, said

LIMIT_S = 3.0
LONGEST_PAUSE_S = 0.5
"""Of the event loop, on a busy machine; a turn alone holds it for some of that."""
BLIND = "hello, I can't see"


@pytest.fixture
def turns(model: Path, engine: Engine, actions: Actions, guard: Guard) -> Turns:
    """On the store of the product, with its time for a turn."""
    agent = Agent(action_endpoint=actions)
    agent.tracker_store = Conversations(engine.url.render_as_string(hide_password=False))
    with patch.object(MessageProcessor, "_load_model", staticmethod(small_agent._read_once)):
        agent.load_model(model)
    return Turns(agent, small_agent.settings(engine, turn_timeout_s=LIMIT_S), guard)


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Hold the write lock of the file."""
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def longest_pause(until: asyncio.Future[Any]) -> float:
    """For how long the loop saw to nothing else."""
    longest, last = 0.0, time.monotonic()
    while not until.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    return longest


async def test_an_emergency_is_answered_in_time_and_nobody_waits_with_it(
    turns: Turns, engine: Engine, actions: Actions
) -> None:
    await turns.text("web-1", "hello", "m1", "web")
    with locked(engine):
        start = time.monotonic()
        asked = asyncio.gather(
            turns.text("web-1", BLIND, "m2", "web"),
            *(turns.text(f"web-{n}", "hello", "m1", "web") for n in range(2, 6)),
        )
        pause = await longest_pause(asked)
        first, *others = await asked
        assert time.monotonic() - start < LIMIT_S
        assert pause < LONGEST_PAUSE_S
        assert first.reply.kind is Kind.EMERGENCY
        assert {other.reply.kind for other in others} == {Kind.UNSURE}
        assert not any(turn.recorded for turn in (first, *others))
    await turns.text("web-1", "hello, it's fine", "m3", "web")
    assert alarmed(Tracker.from_dict(actions.calls[-1]["tracker"]))


async def test_an_emergency_that_the_guard_would_not_find_is_answered_too(
    turns: Turns, engine: Engine, actions: Actions
) -> None:
    advice = Reply(Kind.EMERGENCY, reply_to("hello").blocks)

    async def urgent(call: dict[str, Any]) -> dict[str, Any]:
        return said(advice.to_json())

    actions.action = urgent
    with locked(engine):
        start = time.monotonic()
        assert (await turns.text("web-1", "hello", "m1", "web")).reply == advice
        assert time.monotonic() - start < LIMIT_S


async def test_a_lock_that_is_soon_let_go_costs_a_visitor_nothing(
    turns: Turns, engine: Engine
) -> None:
    """As while something is published."""
    with locked(engine):
        asked = asyncio.ensure_future(turns.text("web-1", "hello", "m1", "web"))
        await asyncio.sleep(0.7)
        assert not asked.done()
    turn = await asked
    assert (turn.reply, turn.recorded) == (reply_to("hello"), True)
