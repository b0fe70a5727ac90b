from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.channels.guard import Guard
from bot.channels.turn import Turns
from bot.store.session import engine_for, migrate
from tests.channels.telegram.driving import Driver, driving
from tests.channels.telegram.stand_in import StandIn, standing_in


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
    migrate(made)
    return made


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
