"""The front desk: every update passes here, whether we asked for it or Telegram brought it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from bot.channels.telegram.answering import Answering
from bot.channels.telegram.inbox import Inbox
from bot.channels.telegram.incoming import (
    Incoming,
    Me,
    UnreadableUpdateError,
    What,
    read,
    update_id_of,
)
from bot.channels.telegram.sending import Sender
from bot.store.session import StoreError

logger = logging.getLogger(__name__)

REMEMBERED = 10_000


class Reception:
    """Reads updates, has them written down, and sees emergencies before anything else does."""

    def __init__(self, inbox: Inbox, answering: Answering, sender: Sender) -> None:
        self.me = Me(0)
        self._inbox = inbox
        self._answering = answering
        self._sender = sender
        self._alone: OrderedDict[int, asyncio.Future[bool]] = OrderedDict()

    async def receive(self, updates: Sequence[Any], hold_s: float = 0.0) -> None:
        """Take updates in. Afterwards each is in the ledger, and Telegram may forget it.

        Args:
            hold_s: for how long one waits for those before it that are missing.

        Raises:
            StoreError: they cannot be written down. The guard answers them meanwhile; those that
                come again are not answered again.
        """
        incoming = [each for each in map(self._read, updates) if each is not None]
        for each in incoming:
            self._answering.heard(each)
            if each.query_id:
                self._sender.notice_press(each.query_id)
        seen: set[int] = set()
        behind: set[int] = set()
        for each in incoming:
            if self._inbox.is_busy(each) or each.chat_id in seen:
                behind.add(each.update_id)
            seen.add(each.chat_id)
        try:
            new = await self._inbox.take(incoming, hold_s, answered=self._alone.keys())
        except StoreError as error:
            logger.error("updates cannot be recorded: %s", type(error).__name__)
            for each in incoming:
                self._answer_alone(each)
            raise
        for each in incoming:
            if each.update_id not in new & behind or each.update_id in self._alone:
                continue
            advice = self._answering.urgent(each) if each.what in (What.TEXT, What.MEDIA) else None
            if advice is not None:
                self._answering.go_ahead(each, advice)

    async def receive_or_answer(self, updates: Sequence[Any]) -> None:
        """As `receive`, but when they cannot be written down they are answered by the guard before
        this returns, because whoever asks for updates cannot ask for the later ones without
        letting go of these.
        """
        try:
            await self.receive(updates)
        except StoreError:
            await asyncio.gather(*(task for task in self._alone.values() if not task.done()))

    def _read(self, update: Any) -> Incoming | None:
        try:
            return read(update, self.me)
        except UnreadableUpdateError as error:
            logger.error("an update cannot be read (%s); it is left out", error)
        try:
            return Incoming(update_id_of(update), What.NOTHING)
        except UnreadableUpdateError:
            return None

    def _answer_alone(self, incoming: Incoming) -> None:
        if incoming.update_id in self._alone:
            return
        task = asyncio.ensure_future(self._answering.without_ledger(incoming))
        self._alone[incoming.update_id] = task
        if len(self._alone) > REMEMBERED:
            self._alone.popitem(last=False)
