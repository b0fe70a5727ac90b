from __future__ import annotations

import asyncio
import json
import time
from itertools import pairwise
from typing import Any

import pytest
from rasa.core.agent import Agent
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from bot.channels import rotation
from bot.channels.history import Answered, Said
from bot.channels.rotation import SESSION_AGE_S, TURNS_A_SESSION
from bot.channels.turn import Turns
from bot.store.events import Standing
from tests.channels import small_agent
from tests.channels.small_agent import Actions, reply_to

ME = "web-1"
MANY = 60


def stored(engine: Engine) -> list[dict[str, Any]]:
    """Every event of the conversation, in the order it was written."""
    query = sql("SELECT data FROM events WHERE sender_id = :me ORDER BY id")
    with engine.connect() as connection:
        return [json.loads(data) for (data,) in connection.execute(query, {"me": ME})]


async def test_sixty_turns_are_all_there_once_and_in_order(turns: Turns, engine: Engine) -> None:
    """Rasa's store finds what is new by counting the events of a session; a rotation must neither
    store an event twice nor lose one.
    """
    for number in range(MANY):
        assert (await turns.text(ME, f"hello {number}", f"m{number}", "web")).recorded
    conversation = turns.history.read(ME).events
    assert [e.text for e in conversation if isinstance(e, Said)] == [
        f"hello {n}" for n in range(MANY)
    ]
    assert [e.reply for e in conversation if isinstance(e, Answered)] == [
        reply_to(f"hello {n}") for n in range(MANY)
    ]
    assert [event.position for event in conversation] == list(range(1, 2 * MANY + 1))
    events = stored(engine)
    kinds = [event["event"] for event in events]
    assert kinds.count("user") == kinds.count("bot") == MANY
    assert kinds.count("session_started") == 3  # turns 1, 26 and 51
    moments = [event["timestamp"] for event in events]
    assert all(earlier <= later for earlier, later in pairwise(moments))


async def test_the_agent_sees_the_same_with_and_without_rotation(
    turns: Turns, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an action is called with differs in the events of earlier sessions, and in no slot."""

    async def conversation(me: str) -> list[dict[str, Any]]:
        actions.calls.clear()
        for number in range(TURNS_A_SESSION + 5):
            await turns.text(me, f"hello {number}", f"m{number}", "web")
        return list(actions.calls)

    rotated = await conversation("rotated")
    monkeypatch.setattr(rotation, "due", lambda standing: False)
    whole = await conversation("whole")
    assert len(rotated) == len(whole)
    for ours, theirs in zip(rotated, whole, strict=True):
        assert ours["tracker"]["slots"] == theirs["tracker"]["slots"]
        assert (
            ours["tracker"]["latest_message"]["text"] == theirs["tracker"]["latest_message"]["text"]
        )
        assert ours["next_action"] == theirs["next_action"]
    assert len(rotated[-1]["tracker"]["events"]) < len(whole[-1]["tracker"]["events"]) / 4


async def test_a_session_begins_with_each_slot_once(turns: Turns, engine: Engine) -> None:
    """Rasa's own session start would carry over 25, then 50, then 75 of them."""
    for number in range(TURNS_A_SESSION * 3):
        await turns.text(ME, f"hello {number}", f"m{number}", "web")
    events = stored(engine)
    starts = [n for n, event in enumerate(events) if event["event"] == "session_started"]
    assert len(starts) == 3
    for start in starts[1:]:
        after = [event["event"] for event in events[start + 1 : start + 4]]
        assert after == ["slot", "action", "user"]


async def test_the_new_session_remembers_the_last_two_messages(turns: Turns, agent: Agent) -> None:
    """An emergency told in three messages is one wherever a session ends."""
    for number in range(TURNS_A_SESSION - 1):
        await turns.text(ME, f"hello {number}", f"m{number}", "web")
    await turns.text(ME, "/hello slash", "slash", "web")
    await turns.text(ME, "hello again", "again", "web")
    tracker = await agent.processor.get_tracker(ME)
    start = next(event for event in tracker.events if event.type_name == "session_started")
    assert start.metadata["earlier"] == [f"hello {TURNS_A_SESSION - 2}", "/hello slash"]


async def test_a_repeated_message_is_recognised_over_a_rotation(turns: Turns) -> None:
    first = await turns.text(ME, "hello 0", "m0", "web")
    for number in range(1, TURNS_A_SESSION + 3):
        await turns.text(ME, f"hello {number}", f"m{number}", "web")
    again = await turns.text(ME, "hello 0", "m0", "web")
    assert (again.repeated, again.reply, again.position) == (True, first.reply, first.position)


async def test_a_turn_that_fails_at_a_rotation_loses_nothing(
    turns: Turns, actions: Actions
) -> None:
    for number in range(TURNS_A_SESSION):
        await turns.text(ME, f"hello {number}", f"m{number}", "web")

    async def sleep(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(5)
        return {}

    turns._timeout_s = 0.3
    actions.action = sleep
    assert not (await turns.text(ME, "hello lost", "lost", "web")).recorded
    actions.action = small_agent.answer
    await turns.text(ME, "hello found", "found", "web")
    said = [e.text for e in turns.history.read(ME).events if isinstance(e, Said)]
    assert said == [*(f"hello {n}" for n in range(TURNS_A_SESSION)), "hello found"]
    tracker = await turns.agent.processor.get_tracker(ME)
    assert tracker.get_slot("turns") == TURNS_A_SESSION + 1


async def test_a_form_that_waits_for_an_answer_goes_on_waiting(turns: Turns, agent: Agent) -> None:
    from rasa.shared.core.events import ActiveLoop

    await turns.text(ME, "hello", "m1", "web")
    tracker = await agent.processor.get_tracker(ME)
    tracker.update(ActiveLoop("a_form"), agent.processor.domain)
    await agent.processor.save_tracker(tracker)
    before = len(tracker.events)
    await rotation.rotate(agent.processor, ME)
    new = await agent.processor.get_tracker(ME)
    assert new.active_loop_name == "a_form"
    assert len(new.events) < before


@pytest.mark.parametrize(("ago_s", "kept"), [(50.0, True), (200.0, False)])
async def test_what_is_past_its_retention_is_not_taken_along(
    turns: Turns, agent: Agent, ago_s: float, kept: bool
) -> None:
    """Else a conversation that goes on would keep the answers for ever."""
    from rasa.shared.core.events import SlotSet

    await turns.text(ME, "hello", "m1", "web")
    tracker = await agent.processor.get_tracker(ME)
    value = {"answers": {"smoking": "never"}, "since": int(time.time() - ago_s)}
    tracker.update(SlotSet("summary", value), agent.processor.domain)
    await agent.processor.save_tracker(tracker)
    await rotation.rotate(agent.processor, ME, keep_s=100.0)
    new = await agent.processor.get_tracker(ME)
    assert new.get_slot("summary") == (value if kept else None)
    assert new.get_slot("turns") == 1


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(), False),
        (Standing(24, 48, 24, 1000.0), False),
        (Standing(25, 50, 25, 1000.0), True),
        (Standing(80, 160, 5, 1000.0), False),
        (Standing(3, 6, 3, 1000.0 - SESSION_AGE_S - 1), True),
        (Standing(3, 6, 0, 1000.0 - SESSION_AGE_S - 1), False),
    ],
)
def test_a_session_ends_by_its_messages_or_its_age(standing: Standing, expected: bool) -> None:
    assert rotation.due(standing, now=1000.0) is expected
