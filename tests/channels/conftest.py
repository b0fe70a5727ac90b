from collections.abc import Iterator
from pathlib import Path

import bot.lean  # noqa: F401  # before Rasa

import pytest
from rasa.core.agent import Agent
from sqlalchemy.engine import Engine

from bot.advice.safety import Safety
from bot.advice.wording import Wording
from bot.channels.guard import Guard, neutral_clinic
from bot.channels.turn import Turns
from bot.knowledge.entry import Entry, Sign, Urgency
from bot.store.session import engine_for
from tests.channels import small_agent
from tests.channels.small_agent import Actions


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_agent.train(tmp_path_factory.mktemp("model"))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
def agent(model: Path, engine: Engine, actions: Actions) -> Iterator[Agent]:
    return small_agent.agent_on(model, engine, actions)


@pytest.fixture(scope="session")
def guard() -> Guard:
    """A guard that knows three signs, one of them in two parts, and nobody else's files."""
    blind = Sign("sight after filler", needs=(("can't see",),), fires=(), silent=())
    sore = Sign("spreading redness", needs=(("red streaks",),), fires=(), silent=())
    pale = Sign("pale skin", needs=(("had filler",), ("gone white",)), fires=(), silent=())
    entries = {
        "safety/vision": Entry(
            "safety/vision", "Sight", "Call {emergency_number} now.", urgency=Urgency.EMERGENCY,
            signs=(blind,),
        ),
        "safety/infection": Entry(
            "safety/infection", "Infection", "Be seen today.", urgency=Urgency.URGENT_SAME_DAY,
            signs=(sore,),
        ),
        "safety/blocked": Entry(
            "safety/blocked", "Blocked", "Call {emergency_number} now.", urgency=Urgency.EMERGENCY,
            signs=(pale,),
        ),
    }  # fmt: skip
    return Guard(neutral_clinic(), Wording.load(), Safety.of(entries.values()), entries)


@pytest.fixture
def turns(agent: Agent, engine: Engine, guard: Guard) -> Turns:
    return Turns(agent, small_agent.settings(engine, turn_timeout_s=2.0), guard)
