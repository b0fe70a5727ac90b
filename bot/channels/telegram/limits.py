"""How fast we may send: 30 messages a second, one a second to a person, 20 a minute to a group.

python-telegram-bot's own limiter knows no limit for one person, and in 22.8 any request that was
under way ends a pause that Telegram has asked for (its issue 5338). Here a pause only ever grows.
An urgent message waits for none of our limits, only for a pause that its own chat was given.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

PACED = frozenset({"sendMessage", "sendPhoto", "sendDocument"})
"""What counts as a message. The rest (typing, noticing a press) has to come at once."""

REMEMBERED_CHATS = 10_000


@dataclass(frozen=True)
class Limit:
    """So many messages within so many seconds, whichever seconds one looks at."""

    messages: int
    seconds: float


@dataclass(frozen=True)
class SendLimits:
    """What Telegram tolerates, from its FAQ for bots."""

    overall: Limit = Limit(30, 1.0)
    private: Limit = Limit(1, 1.0)
    group: Limit = Limit(20, 60.0)


class _Window:
    """When the last messages under a limit went out, and until when there is a pause."""

    def __init__(self, limit: Limit) -> None:
        self.lock = asyncio.Lock()
        self.paused_until = 0.0
        self._limit = limit
        self._sent: deque[float] = deque(maxlen=limit.messages)

    def free_at(self) -> float:
        full = len(self._sent) == self._limit.messages
        return self._sent[0] + self._limit.seconds if full else 0.0

    def note(self, now: float) -> None:
        self._sent.append(now)


class Pacer(BaseRateLimiter[bool]):
    """Lets requests through as fast as is allowed. ``rate_limit_args=True`` marks an urgent one."""

    def __init__(
        self, limits: SendLimits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits or SendLimits()
        self._clock = clock
        self._all = _Window(self._limits.overall)
        self._chats: OrderedDict[int, _Window] = OrderedDict()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: bool | None,
    ) -> Any:
        """Wait until it may be sent, and send it.

        Raises:
            TelegramError: whatever Telegram answers. After RetryAfter the same may be sent again
                at once: it is made to wait here.
        """
        chat = self._chat(int(data.get("chat_id") or 0))
        if endpoint not in PACED:
            return await callback(*args, **kwargs)
        send = self._urgent if rate_limit_args else self._in_turn
        try:
            return await send(chat, callback, args, kwargs)
        except RetryAfter as error:
            self._pause(chat, _seconds(error))
            raise

    async def _urgent(self, chat: _Window, callback: Any, args: Any, kwargs: Any) -> Any:
        await self._sleep_until(lambda: chat.paused_until)
        chat.note(self._clock())
        self._all.note(self._clock())
        return await callback(*args, **kwargs)

    async def _in_turn(self, chat: _Window, callback: Any, args: Any, kwargs: Any) -> Any:
        async with chat.lock:
            await self._sleep_until(lambda: max(chat.free_at(), chat.paused_until))
            async with self._all.lock:  # first come, first served
                await self._sleep_until(lambda: max(self._all.free_at(), self._all.paused_until))
                self._all.note(self._clock())
            try:
                return await callback(*args, **kwargs)
            finally:
                chat.note(self._clock())  # once it has arrived: what comes first cannot be late

    async def _sleep_until(self, moment: Callable[[], float]) -> None:
        """The moment is asked for again, because it may move away while we wait."""
        while (wait := moment() - self._clock()) > 0:
            await asyncio.sleep(wait)

    def _pause(self, chat: _Window, seconds: float) -> None:
        """Telegram does not say whether a pause is one chat's or everybody's: it is the chat's, and
        everybody's once a second chat is given one as well.
        """
        now = self._clock()
        others = any(w.paused_until > now for w in self._chats.values() if w is not chat)
        for window in (chat, self._all) if others else (chat,):
            window.paused_until = max(window.paused_until, now + seconds)

    def _chat(self, chat_id: int) -> _Window:
        window = self._chats.pop(chat_id, None)
        if window is None:
            # Telegram's own numbers: those of groups are below zero.
            window = _Window(self._limits.group if chat_id < 0 else self._limits.private)
        self._chats[chat_id] = window
        if len(self._chats) > REMEMBERED_CHATS:
            self._chats.popitem(last=False)
        return window


def _seconds(error: RetryAfter) -> float:
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
