from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from rasa.core.agent import Agent
from sanic import Sanic
from sqlalchemy.engine import Engine

from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.turn import Turns
from bot.store.records import NewPublication, add_publication
from bot.store.session import migrate
from tests.channels import small_agent
from tests.channels.serving import app, served


@pytest.fixture
def running(agent: Agent, engine: Engine, guard: Guard) -> Iterator[tuple[Sanic, str]]:
    settings = small_agent.settings(engine)
    made = app()
    site.mount(made, settings, guard)
    made.ctx.turns = Turns(agent, settings, guard)

    @made.get("/broken")
    async def broken(request: Any) -> None:
        raise RuntimeError(request.args.get("my"))

    with served(made) as base:
        yield made, base


@pytest.fixture
def base(running: tuple[Sanic, str]) -> str:
    return running[1]


def get(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/embed",
        "/widget.js",
        "/widget/panel.js",
        "/widget/nothing",
        "/health",
        "/nothing",
        "/webhooks/web/events",
        "/broken",
        "/favicon.ico",
    ],
)
def test_every_answer_is_protected(base: str, path: str) -> None:
    headers = get(base + path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "server" not in headers
    assert not any(name.startswith("access-control") for name in headers)


def test_an_error_of_ours_tells_nothing_but_that(
    base: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = get(f"{base}/broken?my=secret")
    assert response.status_code == 500
    assert response.json().keys() == {"error", "hint"}
    assert "secret" not in response.text
    assert "secret" not in caplog.text


# --- health ---------------------------------------------------------------------------------------


def _publish(engine: Engine) -> None:
    migrate(engine)
    add_publication(engine, NewPublication("0" * 64, "me", "", "{}", b"", b""))


def test_ready_means_agent_database_and_publication(base: str, engine: Engine) -> None:
    parts = {"live": True, "agent": True, "database": True}
    migrate(engine)
    response = get(f"{base}/health")
    assert response.status_code == 503
    assert response.json() == {**parts, "ready": False, "published": False}
    _publish(engine)
    response = get(f"{base}/health")
    assert response.status_code == 200
    assert response.json() == {**parts, "ready": True, "published": True}


def test_a_database_without_our_tables_is_not_ready(base: str) -> None:
    response = get(f"{base}/health")
    assert response.status_code == 503
    assert response.json()["database"] is False


def test_a_process_that_is_loading_lives_and_is_not_ready(
    running: tuple[Sanic, str], engine: Engine
) -> None:
    made, base = running
    _publish(engine)
    made.ctx.turns = None
    response = get(f"{base}/health")
    assert response.status_code == 503
    assert (response.json()["live"], response.json()["ready"]) == (True, False)


def test_health_tells_no_version(base: str) -> None:
    assert not re.search(r"\d+\.\d+", get(f"{base}/health").text)
