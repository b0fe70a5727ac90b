"""What is erased, and what is never written down."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.advice.reply import Kind, Reply, Text
from tests.channels import small_agent
from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import ME, Driver, until
from tests.channels.telegram.scenes import CONVERSATION, saying
from tests.channels.telegram.stand_in import CUT, TOKEN, Fault


async def test_erasing_leaves_nothing_of_the_chat(bot: Driver, actions: Actions) -> None:
    (first,) = await bot.say("hello")
    assert bot.turns.history.read(CONVERSATION).events
    actions.action = saying(Reply(Kind.SERVICE, (Text("Done."),), forget=True))
    (answer,) = await bot.say("/delete")
    assert answer.words.startswith("Done.") and "Telegram's own copy" in answer.words
    await until(lambda: bot.telegram.called("editMessageReplyMarkup"))
    await asyncio.sleep(0.2)
    with bot.turns.history.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one() == 0
        assert not connection.exec_driver_sql("SELECT * FROM telegram_keyboards").all()
        rows = connection.exec_driver_sql("SELECT * FROM telegram_updates").mappings().all()
    assert rows and all(not (row["conversation"] or row["body"]) for row in rows)
    actions.action = small_agent.answer
    stale = bot.telegram.press(ME, first.message_id, first.buttons["More"])
    (explained,) = await bot.do(stale)
    assert "no longer active" in explained.words


async def test_the_chats_number_is_nowhere_in_the_database(polling: Driver) -> None:
    chat = 4_815_162_342
    await polling.say("hello", chat=chat)
    await asyncio.sleep(0.2)
    with polling.turns.history.engine.connect() as connection:
        for table in ("events", "telegram_updates", "telegram_keyboards"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert rows
            assert str(chat) not in str(rows)


async def test_the_token_is_in_no_log(polling: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    polling.telegram.faults += [("sendMessage", ME, CUT), ("sendMessage", ME, Fault(502, "Bad"))]
    await polling.say("hello")
    assert caplog.text
    assert TOKEN not in caplog.text
    assert "hello" not in caplog.text
