"""The widget in Chromium, in front of a real server with a small agent.

A module's tests share agent, server and browser, and each begins with an empty database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from rasa.core.agent import Agent
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.limits import Rate, Rates
from bot.channels.turn import Turns
from bot.knowledge.clinic import read_clinic
from bot.knowledge.sheet import Sheet
from bot.settings import ROOT
from bot.store.session import engine_for, migrate
from tests.channels import small_agent
from tests.channels.serving import app, served
from tests.channels.small_agent import Actions
from tests.channels.widget.browsing import CHROMIUM, Visitor
from tests.channels.widget.replies import action_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

FAST = Rates(Rate(10_000, 10_000), Rate(10_000, 10_000), Rate(10_000, 10_000))

Serve = Callable[..., str]
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """With our own tables, for feedback."""
    made = engine_for(f"sqlite:///{tmp_path_factory.mktemp('widget') / 'advisor.db'}")
    migrate(made)
    return made


@pytest.fixture(scope="module")
def actions() -> Actions:
    return Actions()


@pytest.fixture(scope="module")
def agent(model: Path, engine: Engine, actions: Actions) -> Agent:
    return small_agent.agent_on(model, engine, actions)


@pytest.fixture(scope="module")
def serve(agent: Agent, engine: Engine, guard: Guard) -> Iterator[Serve]:
    """Starts a server in the example clinic's name; gives its address."""
    clinic = read_clinic(ROOT / "knowledge" / "clinic.yml", Sheet("clinic.yml"))
    assert clinic is not None
    ours = replace(guard, clinic=clinic)
    with ExitStack() as running:

        def start(**values: Any) -> str:
            settings = small_agent.settings(engine, turn_timeout_s=10.0, **values)
            made = app()
            site.mount(made, settings, ours, FAST)
            made.ctx.turns = Turns(agent, settings, ours)
            return running.enter_context(served(made))

        yield start


@pytest.fixture(scope="module")
def base(serve: Serve) -> str:
    return serve()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Each visitor has a context of their own in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _nothing_said(engine: Engine, actions: Actions) -> None:
    """No conversation, and the usual replies."""
    actions.calls.clear()
    actions.action = action_of()
    with engine.begin() as connection:
        if engine.dialect.has_table(connection, "events"):
            connection.execute(text("DELETE FROM events"))
        connection.execute(text("DELETE FROM feedback"))


@pytest.fixture
def visit(chromium: Browser, base: str) -> Iterator[Visit]:
    """A new visitor on our own page, or on `base`; at the end nobody's browser complained."""
    visitors: list[Visitor] = []

    def come(path: str = "/", base: str = base, **context: Any) -> Visitor:
        opened = chromium.new_context(base_url=base, **{"reduced_motion": "reduce", **context})
        visitors.append(Visitor(opened.new_page()))
        return visitors[-1].visit(path)

    yield come
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.page.context.close()
    assert faults == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    """One who has opened the chat and agreed."""
    return visit().begin()
