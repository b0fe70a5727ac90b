"""python-telegram-bot's client with our own pace, and without its habit of logging the token.

It also says when a request is about to leave: what is noted down then is known after a kill -9, for
nothing runs in between, and the kernel delivers what a killed process has written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram.incoming import ALLOWED
from bot.channels.telegram.limits import Pacer
from bot.settings import Settings

CONNECTIONS = 64
TIMEOUT_S = 10.0

TELLTALES = ("httpx", "httpcore", "telegram")
"""Loggers that write addresses, in which the token stands, or messages."""


BEFORE_LEAVING: ContextVar[Callable[[], None] | None] = ContextVar("before_leaving", default=None)
"""What to do right before the body of this task's next request is written to its connection.

Telegram does nothing about a request before it has the body. asyncio writes at once; uvloop would
gather what is to be written, and leave a moment in which a process can be killed.
"""


class Client(ExtBot[bool]):
    """The Bot API."""

    @classmethod
    def of(cls, settings: Settings, pacer: Pacer) -> Client:
        """A client for the bot of the settings. It connects when it is first used."""
        for name in TELLTALES:
            logger = logging.getLogger(name)
            logger.setLevel(max(logger.level, logging.WARNING))
        return cls(
            settings.telegram_token,
            base_url=f"{settings.telegram_api_url}/bot",
            base_file_url=f"{settings.telegram_api_url}/file/bot",
            request=_request(CONNECTIONS),
            get_updates_request=_request(1),
            rate_limiter=pacer,
        )

    async def updates_after(self, offset: int, wait_s: int) -> list[Any]:
        """What came in, as it is: one update that the library cannot read must not hold up the
        others, as it does in `get_updates`.

        Args:
            offset: Telegram forgets every update before this one.
            wait_s: how long Telegram holds the answer back while there is nothing.
        """
        asked = {"offset": offset, "timeout": wait_s, "allowed_updates": ALLOWED}
        result = await self._post("getUpdates", asked, read_timeout=wait_s + TIMEOUT_S)
        return list(result)


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=TIMEOUT_S,
        read_timeout=TIMEOUT_S,
        write_timeout=TIMEOUT_S,
        pool_timeout=TIMEOUT_S,
        httpx_kwargs={"event_hooks": {"request": [_watch]}},
    )


async def _watch(request: httpx.Request) -> None:
    before_leaving = BEFORE_LEAVING.get()
    if before_leaving is None:
        return

    async def trace(event: str, _info: object) -> None:
        if event == "http11.send_request_body.started":
            before_leaving()

    request.extensions["trace"] = trace


def is_gone(error: Exception) -> bool:
    """Whether nobody can be told anything in that chat: blocked, deleted, never there."""
    if isinstance(error, Forbidden | ChatMigrated):
        return True
    words = error.message.lower() if isinstance(error, BadRequest) else ""
    return "chat not found" in words or "user not found" in words or "deactivated" in words


def is_unreadable(error: Exception) -> bool:
    """Whether Telegram could not read our HTML."""
    return isinstance(error, BadRequest) and "parse entities" in error.message.lower()
