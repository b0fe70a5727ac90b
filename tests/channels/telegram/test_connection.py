"""How the line to Telegram is made, lost and found again."""

from __future__ import annotations

import asyncio
import logging

import pytest
from sqlalchemy.engine import Engine

from bot.channels.guard import Guard
from bot.channels.telegram import connection
from bot.channels.telegram.client import Client
from bot.channels.telegram.connection import SILENT_S, Connection
from bot.channels.telegram.limits import Pacer
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.telegram.driving import ME, Driver, driving, until, words
from tests.channels.telegram.stand_in import CUT, TOKEN, Fault, StandIn


async def test_a_lost_network_is_found_again(
    polling: Driver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was written meanwhile is answered, in order."""
    polling.telegram.down = True
    await polling.bring(polling.telegram.message(ME, "one"), polling.telegram.message(ME, "two"))
    await until(lambda: caplog.text.count("asking for updates failed") > 1)
    polling.telegram.down = False
    await until(lambda: len(polling.telegram.sent(ME)) == 2)
    assert [text.split(".")[0] for text in words(polling.telegram.sent(ME))] == [
        "About one",
        "About two",
    ]


@pytest.mark.parametrize(
    "fault",
    [
        CUT,
        Fault(502, "Bad Gateway"),
        Fault(409, "Conflict: terminated by other getUpdates request"),
    ],
    ids=["cut", "502", "conflict"],
)
async def test_a_failed_question_for_updates_is_asked_again(polling: Driver, fault: Fault) -> None:
    polling.telegram.faults.append(("getUpdates", None, fault))
    await polling.say("hello", chat=8)
    await polling.say("hello")
    assert len(polling.telegram.sent()) == 2


async def test_an_answer_is_sent_once_the_network_is_back(polling: Driver) -> None:
    polling.telegram.faults += [("sendMessage", ME, CUT)] * 3
    (answer,) = await polling.say("hello")
    assert answer.words.startswith("About hello.")
    assert len(polling.telegram.refused) == 3


async def test_the_waits_grow_up_to_a_limit(
    telegram: StandIn, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    settings = small_agent.settings(engine, telegram_token=TOKEN, telegram_api_url=telegram.base)
    line = Connection(Client.of(settings, Pacer()))

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(connection.asyncio, "sleep", sleep)

    async def do() -> str:
        if len(waits) < 12:
            raise connection.TelegramError("no")
        return "done"

    assert await line._until_done("trying", do) == "done"
    monkeypatch.undo()
    assert waits == sorted(waits)
    assert waits[-1] == connection.LONGEST_WAIT_S


async def test_a_silence_of_a_minute_is_told(
    telegram: StandIn, engine: Engine, turns: Turns, guard: Guard
) -> None:
    now = 100.0
    settings = small_agent.settings(engine, telegram_token=TOKEN, telegram_api_url=telegram.base)
    client = Client.of(settings, Pacer())
    line = Connection(client, clock=lambda: now)
    assert line.is_healthy()
    now += SILENT_S + 1
    assert not line.is_healthy()

    async def receive(updates: object) -> None:
        raise asyncio.CancelledError

    telegram.offer(telegram.message(ME, "hello"))
    with pytest.raises(asyncio.CancelledError):
        await line.poll(receive)
    assert line.is_healthy()
    await client.shutdown()


async def test_a_wrong_token_is_told_without_telling_it(
    telegram: StandIn,
    turns: Turns,
    engine: Engine,
    guard: Guard,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And the rest of the product goes on."""
    caplog.set_level(logging.INFO)
    telegram.faults += [("getMe", None, Fault(401, "Unauthorized"))] * 2
    async with driving(telegram, turns, engine, guard, "polling") as driver:
        await driver.say("hello")
    assert "Look at TELEGRAM_TOKEN" in caplog.text
    assert TOKEN not in caplog.text


async def test_what_waited_while_we_were_away_is_not_dropped(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> None:
    telegram.offer(telegram.message(ME, "hello"))
    async with driving(telegram, turns, engine, guard, "polling"):
        await until(lambda: telegram.sent(ME))
    (deleted,) = telegram.called("deleteWebhook")
    assert deleted.data.get("drop_pending_updates") in (None, "false", "False")
