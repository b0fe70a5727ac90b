"""An emergency is answered first, once, and whatever fails."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk import Tracker
from sqlalchemy.engine import Engine

from actions.turn import alarmed
from bot.channels.guard import Guard
from bot.channels.telegram.limits import Limit, SendLimits
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import FAST, ME, Driver, driving, until, words
from tests.channels.telegram.scenes import BLIND, CONVERSATION, lose, restore
from tests.channels.telegram.stand_in import USERNAME, Call, StandIn


def urgent(calls: list[Call]) -> list[Call]:
    return [call for call in calls if "emergency number" in call.words]


async def test_an_emergency_is_answered_when_the_database_is_gone(
    bot: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """And it is not answered again when the database is back and Telegram brings it again."""
    await bot.say("hello")
    lose(bot)
    update = bot.telegram.message(ME, BLIND)
    start = time.monotonic()
    (answer,) = await bot.do(update)
    assert urgent([answer])
    assert time.monotonic() - start < 3.0
    if bot.base:
        assert bot.statuses[-1] == 503
    (apology,) = await bot.say("hello", chat=8)
    assert "went wrong" in apology.words
    restore(bot)
    await bot.quiet(update)


async def test_an_emergency_goes_past_what_waits_in_its_own_chat(
    polling: Driver, actions: Actions
) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.2)
        return await small_agent.answer(call)

    actions.action = slow
    waiting = [polling.telegram.message(ME, f"text {number}") for number in range(3)]
    await polling.bring(*waiting, polling.telegram.message(ME, BLIND))
    await until(lambda: len(polling.telegram.sent(ME)) == 4)
    first, *others = words(polling.telegram.sent(ME))
    assert "emergency number" in first
    assert not any("emergency number" in other for other in others)
    await until(lambda: len(polling.turns.history.read(CONVERSATION).events) == 8)


async def test_an_emergency_is_answered_while_the_limiter_is_full(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> None:
    """Of everybody, and of its own chat."""
    full = replace(FAST, send=SendLimits(Limit(1, 20.0), Limit(1, 20.0), Limit(1, 20.0)))
    async with driving(telegram, turns, engine, guard, "polling", full) as bot:
        await bot.say("hello")
        await bot.bring(*(telegram.message(chat, "hello") for chat in (ME, 8, 9, 10)))
        start = time.monotonic()
        for chat in (ME, 11):
            (answer,) = await bot.say(BLIND, chat=chat)
            assert urgent([answer]) or "About" in answer.words  # of the small agent's own words
        assert time.monotonic() - start < 5.0
        assert urgent(telegram.sent(ME))
        assert not [call for call in telegram.sent() if call.chat in (8, 9, 10)]


async def test_an_edit_that_tells_of_an_emergency_is_answered_once(polling: Driver) -> None:
    await polling.say("hello")
    edit = polling.telegram.message(ME, BLIND)
    edit["edited_message"] = edit.pop("message")
    (answer,) = await polling.do(edit)
    assert "emergency number" in answer.words
    await polling.say(BLIND)
    again = polling.telegram.message(ME, f"{BLIND}!")
    again["edited_message"] = again.pop("message")
    await polling.quiet(again)


async def test_an_emergency_in_a_group_is_answered_there(polling: Driver) -> None:
    text = f"@{USERNAME} {BLIND}"
    mention = {"type": "mention", "offset": 0, "length": len(USERNAME) + 1}
    (answer,) = await polling.say(text, chat=-100200, entities=[mention])
    assert "emergency number" in answer.words


async def test_what_follows_an_emergency_that_could_not_be_recorded_comes_after_it(
    polling: Driver, actions: Actions
) -> None:
    """Once the database is back; and while it is not, the apology says that the advice stands."""
    await polling.say("hello")
    lose(polling)
    assert urgent(await polling.say(BLIND))
    (apology,) = await polling.say("hello, thanks")
    assert "still stands" in apology.words or "get help first" in apology.words
    restore(polling)
    await polling.say("hello, it's fine")
    assert alarmed(Tracker.from_dict(actions.calls[-1]["tracker"]))


async def test_what_follows_an_edit_that_told_of_an_emergency_comes_after_it(
    polling: Driver, actions: Actions
) -> None:
    await polling.say("hello")
    edit = polling.telegram.message(ME, BLIND)
    edit["edited_message"] = edit.pop("message")
    await polling.do(edit)
    await polling.say("hello, thanks")
    assert alarmed(Tracker.from_dict(actions.calls[-1]["tracker"]))


async def test_an_emergency_in_two_messages_goes_past_what_waits(
    polling: Driver, actions: Actions
) -> None:
    """Also where the first of them still waits, and when nothing can be written down."""

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.3)
        return await small_agent.answer(call)

    actions.action = slow
    parts = ("text", "hello, had filler today", "its gone white")
    await polling.bring(*(polling.telegram.message(ME, part) for part in parts))
    await until(lambda: len(polling.telegram.sent(ME)) == 3)
    assert "emergency number" in words(polling.telegram.sent(ME))[0]
    lose(polling)
    await polling.say("hello, had filler today", chat=8)
    (answer,) = await polling.say("its gone white", chat=8)
    assert "emergency number" in answer.words
