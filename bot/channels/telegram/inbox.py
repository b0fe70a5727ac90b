"""Takes updates in and has them answered: once each, in order within a chat, chats side by side.

An update that comes in is written into the ledger first. Then one task a chat works off what waits
there. A task that has answered but cannot say so to the ledger tries again until it can, so that an
answer is not given twice by a process that lives.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from bot.channels.telegram.incoming import Incoming, What
from bot.store.session import StoreError, when_free
from bot.store.updates import NewUpdate, Taken, Updates, WaitingUpdate

logger = logging.getLogger(__name__)

T = TypeVar("T")

TAKE_WITHIN_S = 1.0
"""After this long the ledger counts as away."""
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0

Answer = Callable[[WaitingUpdate, Incoming], Awaitable[int | None]]
"""Answers an update; gives the message that shows buttons, if one does."""


class Inbox:
    """The updates of one process."""

    def __init__(
        self,
        ledger: Updates,
        conversation: Callable[[int], str],
        answer: Answer,
        renew_every_s: float = 5.0,
    ) -> None:
        """Take what every update needs.

        Args:
            conversation: gives the conversation of a chat.
            renew_every_s: how often leases are renewed, and others' looked at: well below a lease.
        """
        self._ledger = ledger
        self._conversation = conversation
        self._answer = answer
        self._renew_every_s = renew_every_s
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._news: set[str] = set()

    def is_busy(self, incoming: Incoming) -> bool:
        """Whether something is under way in the chat."""
        return self._conversation(incoming.chat_id) in self._tasks

    async def take(
        self, incoming: Iterable[Incoming], hold_s: float = 0.0, answered: Iterable[int] = ()
    ) -> frozenset[int]:
        """Write updates down, and begin to work on them.

        Args:
            hold_s: for how long an update waits for those before it that are missing.
            answered: the ones that need no answer any more.

        Returns:
            Those that were not known.

        Raises:
            StoreError: they could not be written down.
        """
        updates = [
            NewUpdate(each.update_id, self._conversation(each.chat_id), each.to_json())
            for each in incoming
        ]
        nothing = [each.update_id for each in incoming if each.what is What.NOTHING]
        taken = await self._in_time(
            lambda: self._ledger.take(updates, hold_s, [*nothing, *answered])
        )
        for conversation in taken.mine:
            self._see_to(conversation)
        return taken.new

    async def _in_time(self, take: Callable[[], Taken]) -> Taken:
        # In a thread, for a server that is away may hang; what it writes too late is known later.
        # A file is at most locked.
        taking = when_free(take) if self._ledger.is_local else asyncio.to_thread(take)
        try:
            return await asyncio.wait_for(taking, TAKE_WITHIN_S)
        except asyncio.TimeoutError:
            raise StoreError("the ledger of updates does not answer") from None

    async def run(self) -> None:
        """Keep the leases, and take over what a process that was killed has left; for ever."""
        while True:
            try:
                await when_free(self._ledger.renew)
                for conversation in await when_free(self._ledger.take_over):
                    self._see_to(conversation)
            except StoreError as error:
                logger.error("the ledger of updates cannot be used: %s", type(error).__name__)
            await asyncio.sleep(self._renew_every_s)

    async def stop(self) -> None:
        """Stop working, and leave what waits to others."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(StoreError):  # then they wait until our lease runs out
            self._ledger.release()

    def _see_to(self, conversation: str) -> None:
        self._news.add(conversation)
        if conversation not in self._tasks:
            self._tasks[conversation] = asyncio.ensure_future(self._work_off(conversation))

    async def _work_off(self, conversation: str) -> None:
        try:
            while conversation in self._news:
                self._news.discard(conversation)
                while waiting := await self._surely(lambda: self._ledger.next(conversation)):
                    hold = waiting.due_at - time.time()
                    if hold > 0:
                        await asyncio.sleep(hold)
                        continue  # what it waited for may be there
                    await self._see_through(waiting)
        finally:
            del self._tasks[conversation]

    async def _see_through(self, waiting: WaitingUpdate) -> None:
        keyboard = None
        try:
            keyboard = await self._answer(waiting, Incoming.from_json(waiting.body))
        except Exception as error:  # noqa: BLE001  # one update must not stop those behind it
            logger.error("an update could not be answered: %s", type(error).__name__)
        await self._surely(
            lambda: self._ledger.finish(waiting.update_id, waiting.conversation, keyboard)
        )

    async def _surely(self, do: Callable[[], T]) -> T:
        """Do something with the ledger, as soon as it is there."""
        wait = FIRST_WAIT_S
        while True:
            try:
                return await when_free(do)
            except StoreError as error:
                logger.error("the ledger of updates cannot be used: %s", type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)
