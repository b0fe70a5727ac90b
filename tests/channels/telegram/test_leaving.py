"""What is noted as sent leaves at once: what runs in between would be a moment to be killed in."""

from __future__ import annotations

import asyncio
from asyncio import selector_events
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from bot.channels.telegram.client import Client
from bot.channels.telegram.limits import Pacer
from bot.channels.telegram.render import Rendered, Words
from bot.channels.telegram.sending import Sender
from tests.channels import small_agent
from tests.channels.telegram.driving import FAST, ME
from tests.channels.telegram.stand_in import TOKEN, StandIn


@pytest.fixture
async def client(telegram: StandIn, engine: Engine) -> AsyncIterator[Client]:
    settings = small_agent.settings(engine, telegram_token=TOKEN, telegram_api_url=telegram.base)
    client = Client.of(settings, Pacer(FAST.send))
    async with client:
        yield client


async def test_no_other_task_runs_between_the_note_and_the_leaving(
    client: Client, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    transport: Any = selector_events._SelectorSocketTransport  # type: ignore[attr-defined]
    write: Callable[..., None] = transport.write

    def watched(self: Any, data: bytes) -> None:
        if b"text=hello" in data:
            happened.append("left")
        write(self, data)

    def note(sent: int) -> None:
        happened.append(f"noted {sent}")
        asyncio.get_running_loop().call_soon(happened.append, "others")

    monkeypatch.setattr(transport, "write", watched)
    await Sender(client).send(ME, Rendered((Words("hello", "hello"),)), None, note=note)
    assert happened == ["noted 1", "left", "others"]
    assert len(telegram.sent(ME)) == 1
