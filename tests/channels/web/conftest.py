"""A module's tests share agent and server, and each begins with no conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.limits import Rate, Rates
from bot.channels.turn import Turns
from bot.store.session import engine_for
from tests.channels import small_agent
from tests.channels.serving import Visitor, app, served
from tests.channels.small_agent import Actions

FAST = Rates(Rate(10_000, 10_000), Rate(10_000, 10_000), Rate(10_000, 10_000))
FRIEND = "https://www.clinic.example"

Serve = Callable[..., str]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return engine_for(f"sqlite:///{tmp_path_factory.mktemp('web') / 'advisor.db'}")


@pytest.fixture(scope="module")
def actions() -> Actions:
    return Actions()


@pytest.fixture(scope="module")
def agent(model: Path, engine: Engine, actions: Actions) -> Agent:
    return small_agent.agent_on(model, engine, actions)


@pytest.fixture(autouse=True)
def _nothing_said(agent: Agent, engine: Engine, actions: Actions) -> None:
    """No conversation, and the usual answers."""
    actions.calls.clear()
    actions.action = small_agent.answer
    with engine.begin() as connection:
        connection.execute(sql("DELETE FROM events"))


@pytest.fixture(scope="module")
def serve(agent: Agent, engine: Engine, guard: Guard) -> Iterator[Serve]:
    """Starts a server; settings and rates as given."""
    with ExitStack() as running:

        def start(rates: Rates = FAST, ready: bool = True, **values: Any) -> str:
            settings = small_agent.settings(engine, allowed_origins=(FRIEND,), **values)
            made = app()
            site.mount(made, settings, guard, rates)
            if ready:
                made.ctx.turns = Turns(agent, settings, guard)
            return running.enter_context(served(made))

        yield start


@pytest.fixture(scope="module")
def base(serve: Serve) -> str:
    return serve()


@pytest.fixture
def visitor(base: str) -> Visitor:
    return Visitor(base)
