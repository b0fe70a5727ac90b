"""python-telegram-bot's client with our own pace, and without its habit of logging the token."""

from __future__ import annotations

import logging
from typing import Any

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
    )


def is_gone(error: Exception) -> bool:
    """Whether nobody can be told anything in that chat: blocked, deleted, never there."""
    if isinstance(error, Forbidden | ChatMigrated):
        return True
    words = error.message.lower() if isinstance(error, BadRequest) else ""
    return "chat not found" in words or "user not found" in words or "deactivated" in words


def is_unreadable(error: Exception) -> bool:
    """Whether Telegram could not read our HTML."""
    return isinstance(error, BadRequest) and "parse entities" in error.message.lower()
