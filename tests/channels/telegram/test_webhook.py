"""The door that Telegram brings updates to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy.engine import Engine

from bot.channels.guard import Guard
from bot.channels.telegram.channel import PATH, SECRET_HEADER
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import ME, PUBLIC, Driver, driving, until
from tests.channels.telegram.scenes import lose, restore
from tests.channels.telegram.stand_in import StandIn


@pytest.fixture
async def webhook(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> AsyncIterator[Driver]:
    async with driving(telegram, turns, engine, guard, "webhook") as driver:
        yield driver


async def test_telegram_is_told_the_address_a_secret_and_what_we_want(webhook: Driver) -> None:
    told = webhook.telegram.webhook
    assert told["url"] == PUBLIC
    assert len(told["secret_token"]) == 64
    assert told["allowed_updates"] == '["message", "edited_message", "callback_query"]'
    assert not webhook.telegram.polls


@pytest.mark.parametrize("secret", ["", "wrong", "\N{SNOWMAN}".encode(), None], ids=repr)
async def test_nobody_without_the_secret_gets_in(
    webhook: Driver, actions: Actions, secret: Any
) -> None:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with httpx.AsyncClient(trust_env=False) as client:
        update = webhook.telegram.message(ME, "hello")
        answer = await client.post(f"{webhook.base}{PATH}", json=update, headers=headers)
    assert answer.status_code == 403
    await webhook.say("hello", chat=8)
    assert webhook.telegram.sent(ME) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"update_id": "1"}', b"\xff"])
async def test_what_is_no_update_is_refused_with_a_reason(webhook: Driver, body: bytes) -> None:
    headers = {SECRET_HEADER: webhook.telegram.webhook["secret_token"]}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{webhook.base}{PATH}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "not_an_update")


async def test_an_update_is_taken_in_long_before_it_is_answered(
    webhook: Driver, actions: Actions
) -> None:
    all_in = asyncio.Event()

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await all_in.wait()
        return await small_agent.answer(call)

    actions.action = slow
    webhook.turns._timeout_s = 20.0
    for number in range(9):
        await webhook.bring(webhook.telegram.message(10 + number, "hello"))
    assert webhook.statuses == [200] * 9
    assert webhook.telegram.sent() == []
    assert min(webhook.times) < 0.5  # 11 ms on a quiet machine, and a busy one is only slower
    all_in.set()
    await until(lambda: len(webhook.telegram.sent()) == 9)


async def test_what_cannot_be_recorded_is_asked_for_again(webhook: Driver) -> None:
    """The guard answers meanwhile, and what it answered is not answered again."""
    lose(webhook)
    update = webhook.telegram.message(ME, "hello")
    (apology,) = await webhook.do(update)
    assert webhook.statuses[-1] == 503
    assert "went wrong" in apology.words
    await webhook.bring(update)
    assert webhook.statuses[-1] == 503
    restore(webhook)
    await webhook.bring(update)
    assert webhook.statuses[-1] == 200
    await webhook.quiet(update)


async def test_it_is_healthy_while_nobody_writes(webhook: Driver) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        health = await client.get(f"{webhook.base}/health")
    assert health.json()["telegram"] is True


async def test_without_an_address_there_is_no_door(polling: Driver) -> None:
    await until(lambda: polling.telegram.called("deleteWebhook"))
    assert polling.channel.webhook is not None and not polling.base
