"""A process that is killed: its next life goes on where it was, and nobody is answered twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from sqlalchemy.engine import Engine

from bench.telegram_run import Plan, run
from bot.advice.reply import Kind, Reply, Text
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from tests.channels import small_agent
from tests.channels.small_agent import Actions
from tests.channels.telegram.driving import FAST, ME, Driver, driving, until, words
from tests.channels.telegram.scenes import saying
from tests.channels.telegram.stand_in import Call, StandIn

BRIEF = replace(FAST, lease_s=0.3)


async def kill(driver: Driver) -> None:
    """End everything at once, with nothing handed over, as kill -9 does."""
    channel = driver.channel
    assert channel._inbox is not None
    channel._inbox._ledger.release = lambda: None  # type: ignore[method-assign]  # no time for it
    await end(*channel._tasks, *channel._inbox._tasks.values(), *driver.turns._running)


async def end(*tasks: asyncio.Future[Any]) -> None:
    """What is under way, as the end of its process does."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def life(telegram: StandIn, agent: Agent, engine: Engine, guard: Guard) -> Callable[[], Any]:
    """One life of the bot after another, on the same database."""

    def begin() -> Any:
        turns = Turns(agent, small_agent.settings(engine, turn_timeout_s=2.0), guard)
        return driving(telegram, turns, engine, guard, "polling", BRIEF)

    return begin


async def settle() -> None:
    """Long enough for a lease to end, and for whatever would come twice to come."""
    await asyncio.sleep(3 * BRIEF.lease_s)


async def test_killed_during_a_turn_it_is_answered_by_the_next_life(
    telegram: StandIn, actions: Actions, life: Callable[[], Any]
) -> None:
    async def hang(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    actions.action = hang
    async with life() as first:
        await first.bring(telegram.message(ME, "hello"), telegram.message(ME, "qqqq"))
        await until(lambda: actions.calls)
        await kill(first)
    actions.action = small_agent.answer
    async with life():
        await until(lambda: len(telegram.sent(ME)) == 2)
        await settle()
    assert [text.split(".")[0] for text in words(telegram.sent(ME))] == [
        "About hello",
        "About qqqq",
    ]


async def test_killed_while_telegram_takes_the_answer_it_is_not_sent_again(
    telegram: StandIn, actions: Actions, life: Callable[[], Any]
) -> None:
    """Telegram has it, and the process never hears so."""
    arrived = asyncio.Event()
    telegram.on_message = holding(arrived)
    async with life() as first:
        await first.bring(telegram.message(ME, "hello"))
        await until(lambda: telegram.sent(ME))
        await kill(first)
    telegram.on_message = None
    async with life() as second:
        await settle()
        await second.say("qqqq")
    assert [text.split(".")[0] for text in words(telegram.sent(ME))] == [
        "About hello",
        "About qqqq",
    ]
    assert actions.texts == ["hello", "qqqq"]


def holding(arrived: asyncio.Event) -> Callable[[Call], Awaitable[None]]:
    """Takes a message and does not answer."""

    async def hold(call: Call) -> None:
        await asyncio.sleep(1.0)

    return hold


async def test_killed_between_two_parts_the_rest_follows(
    telegram: StandIn, actions: Actions, life: Callable[[], Any]
) -> None:
    long = "\n\n".join(f"{letter} " + "word " * 700 for letter in "ABC")
    actions.action = saying(Reply(Kind.ANSWER, (Text(long),)))

    async def hold(call: Call) -> None:
        if call.words.startswith("B"):
            await asyncio.sleep(1.0)

    telegram.on_message = hold
    async with life() as first:
        await first.bring(telegram.message(ME, "hello"))
        await until(lambda: len(telegram.sent(ME)) == 2)
        await kill(first)
    telegram.on_message = None
    async with life():
        await until(lambda: len(telegram.sent(ME)) == 3)
        await settle()
    assert [text[0] for text in words(telegram.sent(ME))] == ["A", "B", "C"]


async def test_stopped_in_order_it_leaves_its_updates_to_others_at_once(
    telegram: StandIn, actions: Actions, life: Callable[[], Any]
) -> None:
    async def hang(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    actions.action = hang
    async with life() as first:
        await first.bring(telegram.message(ME, "hello"))
        await until(lambda: actions.calls)
    await end(*first.turns._running)
    actions.action = small_agent.answer
    async with life():
        await until(lambda: telegram.sent(ME), seconds=2)


@pytest.mark.server
def test_killed_with_minus_nine_nobody_is_forgotten_or_answered_twice(
    model: Path, tmp_path: Path
) -> None:
    """The small version of ``bench/telegram.py``: real processes, in both modes at once.

    A text that was about to leave when its process was killed is lost (``docs/telegram.md``). That
    moment is a few thousandths of the time, so that one of the two kills may meet it and not both.
    """
    plans = [Plan(mode, updates=60, chats=10, kills=1, idle=1) for mode in ("polling", "webhook")]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda plan: run(plan, model, tmp_path / plan.mode), plans))
    assert sum(outcome.lost for outcome in outcomes) <= 1
    for outcome in outcomes:
        assert outcome.answered == 60 - outcome.lost
        assert (outcome.twice, outcome.disordered) == (0, 0)
        assert outcome.kills == 1 and outcome.repeated and outcome.reordered
