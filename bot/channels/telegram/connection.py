"""Keeps the connection to Telegram: introduces the bot, asks for updates, comes back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import BotCommand
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram.client import Client
from bot.channels.telegram.incoming import ALLOWED, UnreadableUpdateError, update_id_of
from bot.store.updates import LOOKED_BACK

logger = logging.getLogger(__name__)

ASK_FOR_S = 25
"""How long Telegram may hold back its answer while there is nothing new."""
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
SILENT_S = 60.0
"""Without an answer to getUpdates for this long, the bot counts as unreachable."""

Receive = Callable[[Sequence[Any]], Awaitable[None]]


class Connection:
    """The line of one process to Telegram."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._last_contact = clock()
        self._listens = False

    def is_healthy(self) -> bool:
        """Whether visitors' messages reach us, as far as we know."""
        if self._listens:  # Telegram comes to us, and nothing is heard while nobody writes
            return True
        return self._clock() - self._last_contact < SILENT_S

    async def introduce(
        self, menu: Sequence[tuple[str, str]], webhook_url: str, webhook_secret: str
    ) -> None:
        """Log in, show the menu of commands, and say how updates are to come.

        Args:
            webhook_url: where Telegram has to send them; empty: we ask for them.
        """
        commands = [BotCommand(name, description) for name, description in menu]

        async def do() -> None:
            await self._client.initialize()
            await self._client.set_my_commands(commands)
            if webhook_url:
                await self._client.set_webhook(
                    webhook_url,
                    allowed_updates=ALLOWED,
                    secret_token=webhook_secret,
                    max_connections=LOOKED_BACK,  # so no earlier one is out of our sight
                )
            else:  # what waits is kept: it may be somebody's emergency
                await self._client.delete_webhook(drop_pending_updates=False)

        await self._until_done("introducing the bot", do)
        self._listens = bool(webhook_url)
        self._last_contact = self._clock()

    async def poll(self, receive: Receive) -> None:
        """Ask for updates, for ever. Telegram keeps what `receive` has not returned from, so what
        is lost in between comes again.
        """
        offset = 0
        while True:

            async def ask(after: int = offset) -> list[Any]:
                return await self._client.updates_after(after, ASK_FOR_S)

            updates = await self._until_done("asking for updates", ask)
            self._last_contact = self._clock()
            if updates:
                await receive(updates)
                offset = max(map(_number, updates), default=0) + 1

    async def _until_done(self, what: str, do: Callable[[], Awaitable[Any]]) -> Any:
        wait = FIRST_WAIT_S
        while True:
            try:
                return await do()
            except TelegramError as error:
                # Not the error's own words: in that of a wrong token stands the token.
                logger.error(
                    "%s failed with %s; again in %.1f s%s",
                    what,
                    type(error).__name__,
                    wait,
                    _advice(error),
                )
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)


def _number(update: Any) -> int:
    try:
        return update_id_of(update)
    except UnreadableUpdateError:
        return -1


def _advice(error: TelegramError) -> str:
    if isinstance(error, InvalidToken):
        return ". Look at TELEGRAM_TOKEN: BotFather gives it, and can make a new one"
    if isinstance(error, Conflict):
        return (
            ". Another program asks for this bot's updates: stop it, or set TELEGRAM_WEBHOOK_URL"
            " where several processes serve one bot"
        )
    return ""
