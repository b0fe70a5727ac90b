"""Runs the Telegram channel against the stand-in, and writes to it as visitors do."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy.engine import Engine

from bot.channels.guard import Guard
from bot.channels.site import mount
from bot.channels.telegram.channel import PATH, SECRET_HEADER, Pace, TelegramChannel
from bot.channels.telegram.limits import Limit, SendLimits
from bot.channels.telegram.render import Pages
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.serving import app as new_app
from tests.channels.telegram.stand_in import TOKEN, Call, StandIn

FAST = Pace(
    send=SendLimits(Limit(10_000, 1.0), Limit(1_000, 1.0), Limit(1_000, 1.0)),
    lease_s=3.0,
    hold_s=0.1,
)
ME = 7
"""The chat of most tests."""
PUBLIC = "https://bot.clinic.example/webhooks/telegram"


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> None:
    """Return as soon as it holds.

    Raises:
        AssertionError: it does not by then.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


@dataclass
class Driver:
    """One running bot."""

    telegram: StandIn
    channel: TelegramChannel
    turns: Turns
    base: str = ""
    """Of our own server, in webhook mode."""
    statuses: list[int] = field(default_factory=list)
    """What our webhook answered."""
    times: list[float] = field(default_factory=list)
    """How long each took, in seconds."""

    async def bring(self, *updates: Any, secret: str | None = None) -> None:
        """Let the bot have updates, in this order."""
        if not self.base:
            self.telegram.offer(*updates)
            return
        right = self.telegram.webhook["secret_token"]
        headers = {SECRET_HEADER: right if secret is None else secret}
        async with httpx.AsyncClient(trust_env=False) as client:
            for update in updates:
                start = time.monotonic()
                answer = await client.post(f"{self.base}{PATH}", json=update, headers=headers)
                self.times.append(time.monotonic() - start)
                self.statuses.append(answer.status_code)

    async def say(self, text: str, chat: int = ME, answers: int = 1, **content: Any) -> list[Call]:
        """Send a message and wait for so many messages in answer."""
        return await self.do(self.telegram.message(chat, text, **content), chat, answers)

    async def do(self, update: dict[str, Any], chat: int = ME, answers: int = 1) -> list[Call]:
        """Have an update, and wait for so many messages in answer."""
        before = len(self.telegram.sent(chat))
        await self.bring(update)
        await until(lambda: len(self.telegram.sent(chat)) >= before + answers)
        return self.telegram.sent(chat)[before:]

    async def quiet(self, *updates: dict[str, Any], chat: int | None = ME) -> None:
        """Have updates that must not be answered."""
        before = len(self.telegram.sent(chat))
        await self.bring(*updates)
        # What is sent after it is answered after it, so once that is answered this was not.
        await self.say("hello", chat=99)
        await asyncio.sleep(0.1)
        more = words(self.telegram.sent(chat)[before:])
        assert len(more) == (1 if chat is None else 0), more


@asynccontextmanager
async def driving(
    telegram: StandIn,
    turns: Turns,
    engine: Engine,
    guard: Guard,
    mode: str,
    pace: Pace = FAST,
    pages: Pages = lambda path: None,
) -> AsyncIterator[Driver]:
    """Run the bot until the block ends."""
    settings = small_agent.settings(
        engine,
        telegram_token=TOKEN,
        telegram_api_url=telegram.base,
        telegram_webhook_url=PUBLIC if mode == "webhook" else "",
    )
    channel = TelegramChannel(settings, guard, lambda conversation: pages, pace)
    driver = Driver(telegram, channel, turns)
    app = new_app()
    mount(app, settings, guard)
    app.ctx.turns = turns
    channel.mount(app)
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.start_serving()
    await server.after_start()
    try:
        if mode == "webhook":
            await until(lambda: telegram.webhook)
            driver.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        else:
            await until(lambda: telegram.polls)
        yield driver
    finally:
        await server.before_stop()
        server.close()
        for connection in list(server.connections):
            connection.close_if_idle()
            connection.abort()
        await asyncio.sleep(0.05)
        listening.close()


def words(calls: Sequence[Call]) -> list[str]:
    """What was sent."""
    return [call.words for call in calls]
