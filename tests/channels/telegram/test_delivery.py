"""What comes wrong, twice, late or out of order, and what Telegram refuses."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.channels.guard import Guard
from bot.channels.telegram.channel import Pace
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import ME, Driver, driving, until, words
from tests.channels.telegram.stand_in import CUT, Fault, StandIn


@pytest.mark.parametrize(
    "fault",
    [
        Fault(403, "Forbidden: bot was blocked by the user"),
        Fault(400, "Bad Request: chat not found"),
    ],
    ids=["blocked", "chat not found"],
)
async def test_a_chat_that_is_gone_ends_quietly(
    bot: Driver, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    bot.telegram.faults.append(("sendMessage", ME, fault))
    await bot.bring(bot.telegram.message(ME, "hello"))
    await until(lambda: bot.telegram.refused)
    await bot.say("qqqq", chat=8)
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    assert not [record for record in ours if record.levelno >= logging.ERROR]
    (answer,) = await bot.say("hello")  # unblocked
    assert answer.words.startswith("About hello.")


async def test_a_pause_that_telegram_asks_for_is_kept(bot: Driver) -> None:
    asked = Fault(429, "Too Many Requests: retry after 2", retry_after=2)
    bot.telegram.faults.append(("sendMessage", ME, asked))
    (answer,) = await bot.say("hello")
    (refused,) = bot.telegram.refused
    assert 2.0 <= answer.at - refused.at < 3.5


@pytest.mark.parametrize("fault", [Fault(502, "Bad Gateway"), CUT], ids=["502", "cut"])
async def test_a_failure_on_the_way_is_tried_again(bot: Driver, fault: Fault) -> None:
    bot.telegram.faults += [("sendMessage", ME, fault)] * 2
    answers = await bot.say("hello")
    assert len(answers) == 1
    assert len(bot.telegram.refused) == 2


async def test_a_malformed_update_is_left_out_and_the_next_is_answered(bot: Driver) -> None:
    broken = [
        bot.telegram.update(message={"message_id": 5, "date": "yesterday"}),
        bot.telegram.update(message=["not", "an", "object"]),
        bot.telegram.update(callback_query={"id": "1"}),
        bot.telegram.update(something_new={"a": 1}),
        bot.telegram.update(),
    ]
    await bot.bring(*broken)
    await bot.say("hello")
    assert len(bot.telegram.sent()) == 1


async def test_an_update_that_comes_twice_is_answered_once(bot: Driver, actions: Actions) -> None:
    update = bot.telegram.message(ME, "hello")
    await bot.bring(update, update)
    await until(lambda: bot.telegram.sent(ME))
    await bot.quiet(update)
    assert actions.texts.count("hello") == 2  # the second is of `quiet`'s own chat


async def test_updates_out_of_order_are_answered_in_order(bot: Driver) -> None:
    await bot.say("hello")
    updates = [bot.telegram.message(ME, f"text {number}") for number in range(6)]
    if bot.base:
        swapped = [updates[n] for n in (1, 0, 2, 5, 4, 3)]
        await asyncio.gather(*(bot.bring(update) for update in swapped))
    else:
        await bot.bring(*reversed(updates))
    await until(lambda: len(bot.telegram.sent(ME)) == 7)
    answered = [answer.split(".")[0] for answer in words(bot.telegram.sent(ME))[1:]]
    assert answered == [f"About text {number}" for number in range(6)]


async def test_a_message_is_recorded_before_telegram_forgets_it(bot: Driver) -> None:
    """200 and the next question for updates both say: you need not send it again."""
    await bot.say("hello")
    with bot.turns.history.engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT update_id FROM telegram_updates").scalars().all()
    assert known
    assert set(bot.telegram.updates) <= set(known)


async def test_a_slow_chat_keeps_no_other_waiting(polling: Driver, actions: Actions) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        if call["tracker"]["latest_message"]["text"] == "qqqq":
            await until(lambda: polling.telegram.sent(8))
        return await small_agent.answer(call)

    actions.action = slow
    await polling.bring(polling.telegram.message(ME, "qqqq"))
    await polling.say("hello", chat=8)
    await until(lambda: polling.telegram.sent(ME))
    assert [call.chat for call in polling.telegram.sent()] == [8, ME]


async def test_typing_is_shown_when_it_takes_longer_and_only_then(
    polling: Driver, actions: Actions
) -> None:
    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.6)
        return await small_agent.answer(call)

    await polling.say("hello")
    assert not polling.telegram.called("sendChatAction")
    actions.action = slow
    (answer,) = await polling.say("hello")
    (typing,) = polling.telegram.called("sendChatAction")
    assert typing.at < answer.at


async def test_a_person_is_sent_one_message_a_second(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> None:
    async with driving(telegram, turns, engine, guard, "polling", Pace(lease_s=3.0)) as bot:
        await bot.bring(*(telegram.message(ME, f"text {number}") for number in range(2)))
        await until(lambda: len(telegram.sent(ME)) == 2)
    first, second = (call.at for call in telegram.sent(ME))
    assert second - first >= 0.99
