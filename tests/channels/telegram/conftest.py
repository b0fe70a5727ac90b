"""The bot against a stand-in of the Bot API, with the real client library, in both modes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.channels.guard import Guard
from bot.channels.telegram import connection, inbox, sending
from bot.channels.turn import Turns
from tests.channels.telegram.driving import Driver, driving
from tests.channels.telegram.stand_in import StandIn, standing_in
from tests.databases import migrated


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return migrated(tmp_path)


@pytest.fixture(autouse=True)
def _soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again sooner than in the product; the waits still double."""
    for module in (connection, inbox, sending):
        monkeypatch.setattr(module, "FIRST_WAIT_S", 0.05)


@pytest.fixture
def telegram() -> Iterator[StandIn]:
    with standing_in() as stand_in:
        yield stand_in


@pytest.fixture(params=["polling", "webhook"])
async def bot(
    request: pytest.FixtureRequest, telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> AsyncIterator[Driver]:
    """The bot at work, in both modes, with limits that do not slow a test down."""
    async with driving(telegram, turns, engine, guard, request.param) as driver:
        yield driver


@pytest.fixture
async def polling(
    telegram: StandIn, turns: Turns, engine: Engine, guard: Guard
) -> AsyncIterator[Driver]:
    """The same in one mode, for what has nothing to do with how updates come in."""
    async with driving(telegram, turns, engine, guard, "polling") as driver:
        yield driver
