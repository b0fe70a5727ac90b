from __future__ import annotations

import asyncio
import itertools
import time
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, RetryAfter

from bot.channels.telegram.limits import Limit, Pacer, SendLimits

WIDE = Limit(1_000, 1.0)
PAUSE = timedelta(seconds=0.4)


class Line:
    """Sends through a pacer, and remembers when what arrived."""

    def __init__(self, limits: SendLimits) -> None:
        self.pacer = Pacer(limits)
        self.arrived: list[tuple[float, int]] = []
        self.refuse: dict[int, Exception] = {}
        self.start = time.monotonic()

    async def send(self, chat: int, urgent: bool = False, endpoint: str = "sendMessage") -> float:
        async def call(*_: Any) -> Any:
            if chat in self.refuse:
                raise self.refuse.pop(chat)
            self.arrived.append((time.monotonic() - self.start, chat))
            return True

        await self.pacer.process_request(call, (), {}, endpoint, {"chat_id": chat}, urgent)
        return time.monotonic() - self.start

    def most_within(self, seconds: float) -> int:
        times = [at for at, _ in self.arrived]
        return max(sum(at <= other < at + seconds for other in times) for at in times)


def test_telegrams_own_limits_are_the_default() -> None:
    limits = SendLimits()
    assert (limits.overall, limits.private, limits.group) == (
        Limit(30, 1.0),
        Limit(1, 1.0),
        Limit(20, 60.0),
    )


async def test_a_person_gets_one_message_at_a_time() -> None:
    line = Line(SendLimits(WIDE, Limit(1, 0.2), WIDE))
    await asyncio.gather(*(line.send(7) for _ in range(4)))
    times = [at for at, _ in line.arrived]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert all(0.19 < gap < 0.35 for gap in gaps), gaps


async def test_persons_do_not_wait_for_each_other() -> None:
    line = Line(SendLimits(WIDE, Limit(1, 5.0), WIDE))
    await asyncio.gather(*(line.send(chat) for chat in range(1, 20)))
    assert line.arrived[-1][0] < 0.5


async def test_a_group_gets_so_many_and_no_more() -> None:
    line = Line(SendLimits(WIDE, Limit(1, 5.0), Limit(3, 0.4)))
    await asyncio.gather(*(line.send(-100) for _ in range(7)))
    assert line.most_within(0.39) == 3


async def test_all_together_keep_to_the_overall_limit_in_whichever_second() -> None:
    line = Line(SendLimits(Limit(5, 0.3), WIDE, WIDE))
    await asyncio.gather(*(line.send(chat) for chat in range(1, 18)))
    assert line.most_within(0.28) == 5
    assert [chat for _, chat in line.arrived] == list(range(1, 18))  # first come, first served


async def test_an_urgent_message_passes_a_full_limiter() -> None:
    line = Line(SendLimits(Limit(1, 0.5), Limit(1, 5.0), WIDE))
    waiting = [asyncio.ensure_future(line.send(chat)) for chat in (1, 1, 2, 3, 4)]
    await asyncio.sleep(0.05)
    assert await line.send(1, urgent=True) < 0.3
    for task in waiting:
        task.cancel()


async def test_a_pause_is_kept_and_nothing_ends_it_early() -> None:
    """What python-telegram-bot's own limiter gets wrong: see its issue 5338."""
    line = Line(SendLimits(WIDE, WIDE, WIDE))
    line.refuse[7] = RetryAfter(PAUSE)
    with pytest.raises(RetryAfter):
        await line.send(7)

    async def others() -> None:
        for chat in range(10, 20):
            await line.send(chat)
            await asyncio.sleep(0.01)

    _, done = await asyncio.gather(others(), line.send(7))
    assert 0.4 <= done < 0.8
    assert [chat for _, chat in line.arrived] == [*range(10, 20), 7]  # it is that chat's pause


async def test_a_second_chats_pause_is_everybodys() -> None:
    line = Line(SendLimits(WIDE, WIDE, WIDE))
    for chat in (7, 8):
        line.refuse[chat] = RetryAfter(PAUSE)
        with pytest.raises(RetryAfter):
            await line.send(chat)
    assert await line.send(9, urgent=True) < 0.3
    assert await line.send(9) >= 0.4


async def test_an_urgent_message_keeps_its_own_chats_pause() -> None:
    """Telegram would only refuse it again, and ask for more."""
    line = Line(SendLimits(WIDE, WIDE, WIDE))
    line.refuse[7] = RetryAfter(PAUSE)
    with pytest.raises(RetryAfter):
        await line.send(7, urgent=True)
    assert await line.send(7, urgent=True) >= 0.4


async def test_what_is_no_message_comes_at_once() -> None:
    line = Line(SendLimits(WIDE, Limit(1, 5.0), WIDE))
    await line.send(7)
    assert await line.send(7, endpoint="sendChatAction") < 0.3


async def test_a_failure_is_passed_on_and_holds_up_nobody() -> None:
    line = Line(SendLimits(WIDE, Limit(1, 0.1), WIDE))
    line.refuse[7] = BadRequest("no")
    with pytest.raises(BadRequest):
        await line.send(7)
    assert await line.send(7) < 0.5
