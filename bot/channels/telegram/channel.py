"""Puts the Telegram bot onto a Sanic app: begins and ends with it, and takes updates in.

Without TELEGRAM_WEBHOOK_URL the bot asks Telegram for updates, so it needs no public address, and
one process may do it. With it Telegram brings them, to as many processes as there are.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import guard as guards
from bot.channels.guard import GuardSource
from bot.channels.refusal import Refusal, answer
from bot.channels.telegram import commands
from bot.channels.telegram.answering import Answering, Conversations, PagesOf
from bot.channels.telegram.client import Client
from bot.channels.telegram.connection import Connection
from bot.channels.telegram.inbox import Inbox
from bot.channels.telegram.incoming import Me, UnreadableUpdateError, update_id_of
from bot.channels.telegram.limits import Pacer, SendLimits
from bot.channels.telegram.reception import Reception
from bot.channels.telegram.render import no_pages
from bot.channels.telegram.sending import Sender
from bot.channels.token import Tokens
from bot.channels.turn import Turns
from bot.settings import Settings
from bot.store.session import StoreError
from bot.store.updates import Updates

logger = logging.getLogger(__name__)

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class Pace:
    """How fast everything goes; a test or a benchmark brings its own."""

    send: SendLimits = field(default_factory=SendLimits)
    lease_s: float = 15.0
    """For how long a process that was killed keeps its updates from others."""
    hold_s: float = 0.3
    """For how long an update that Telegram brings waits for one before it that is missing."""


class TelegramChannel:
    """The bot of one process."""

    def __init__(
        self,
        settings: Settings,
        guard: GuardSource,
        pages: PagesOf = lambda conversation: no_pages,
        pace: Pace | None = None,
    ) -> None:
        """Take what the bot needs.

        Args:
            pages: gives the HTML documents behind the `Page` paths of a conversation.
        """
        self._settings = settings
        self._guard = guard
        self._pages = pages
        self._pace = pace or Pace()
        self._secret = hmac.digest(settings.secret(), b"telegram webhook", "sha256").hex()
        self._client = Client.of(settings, Pacer(self._pace.send))
        self._connection = Connection(self._client)
        self._reception: Reception | None = None
        self._inbox: Inbox | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def mount(self, app: Sanic) -> None:
        """Begin and end with the app; ``app.ctx.turns`` is there by then."""
        app.ctx.telegram = self
        app.config.USE_UVLOOP = False  # see `client.BEFORE_LEAVING`

        async def start(app: Sanic, loop: Any) -> None:
            self.start(app.ctx.turns)

        async def stop(app: Sanic, loop: Any) -> None:
            await self.stop()

        app.register_listener(start, "after_server_start")
        app.register_listener(stop, "before_server_stop")
        if self._settings.telegram_webhook_url:
            app.add_route(self.webhook, PATH, ["POST"])

    def start(self, turns: Turns) -> None:
        """Begin in the background: a Telegram that is away must not keep the rest waiting."""
        settings = self._settings
        sender = Sender(self._client)
        ledger = Updates(turns.history.engine, secrets.token_hex(16), self._pace.lease_s)
        conversations = Conversations(settings.secret())
        tokens = Tokens(settings.secret(), 0)
        answering = Answering(
            turns, self._guard, self._client, sender, ledger, conversations, tokens, self._pages
        )
        self._inbox = Inbox(ledger, conversations.of, answering.answer, self._pace.lease_s / 3)
        self._reception = Reception(self._inbox, answering, sender)
        self._reception.me = Me(int(settings.telegram_token.partition(":")[0]))
        self._tasks = [asyncio.ensure_future(self._inbox.run()), asyncio.ensure_future(self._run())]

    async def stop(self) -> None:
        """Stop asking and answering; what is not answered is left in the ledger."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._inbox is not None:
            await self._inbox.stop()
        with contextlib.suppress(Exception):  # it ends with the process anyway
            await self._client.shutdown()

    def is_healthy(self) -> bool:
        """Whether visitors' messages reach us, as far as we know."""
        return self._connection.is_healthy()

    async def webhook(self, request: Request) -> HTTPResponse:
        """Take an update that Telegram brings: 200 once it is written down, and answered later."""
        given = str(request.headers.get(SECRET_HEADER, ""))
        if not hmac.compare_digest(given.encode(errors="replace"), self._secret.encode()):
            raise Refusal(403, "wrong_secret", "Only Telegram may send updates here.")
        try:
            update = json.loads(request.body)
            update_id_of(update)
        except (ValueError, RecursionError, UnreadableUpdateError):
            raise Refusal(400, "not_an_update", "This is no update of Telegram's.") from None
        try:
            if self._reception is None:
                raise StoreError("not started yet")
            await self._reception.receive([update], self._pace.hold_s)
        except StoreError:
            hint = "The update cannot be recorded just now. Send it again."
            raise Refusal(503, "not_recorded", hint, {"Retry-After": "5"}) from None
        return answer({})

    async def _run(self) -> None:
        reception = self._reception
        if reception is None:
            return
        menu = commands.menu(guards.current(self._guard))
        url = self._settings.telegram_webhook_url
        await self._connection.introduce(menu, url, self._secret)
        reception.me = Me(self._client.id, self._client.username)
        logger.info("Telegram: @%s is here", self._client.username)
        if not url:
            await self._connection.poll(reception.receive_or_answer)
