"""The app of one process. ``tests/cli/test_serve.py`` runs the real thing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sanic import Sanic
from sqlalchemy import text

from bot import server
from bot.conversations import Conversations
from bot.settings import Settings
from bot.store.session import StoreError, engine_for


@pytest.fixture(autouse=True)
def _no_other_apps() -> Iterator[None]:
    """Sanic keeps a list of apps by name, one of which a process has."""
    apps = dict(Sanic._app_registry)
    Sanic._app_registry.pop("advisor", None)
    yield
    Sanic._app_registry.clear()
    Sanic._app_registry.update(apps)


def test_only_our_own_routes_are_there(settings: Settings) -> None:
    paths = {f"/{route.path}" for route in server.build(settings).router.routes}
    assert {"/", "/health", "/webhooks/web/session", "/webhooks/web/messages"} <= paths
    rasas = ("/version", "/status", "/domain", "/model", "/conversations", "/webhooks/rest")
    assert not [path for path in paths if path.startswith(rasas)]


def test_nothing_is_loaded_before_it_is_served(settings: Settings) -> None:
    """Building needs no model, so that what lacks is told by who starts it."""
    assert server.build(settings).ctx.turns is None


def test_telegram_is_off_without_a_token(settings: Settings) -> None:
    assert not hasattr(server.build(settings).ctx, "telegram")


@pytest.mark.parametrize("address", ["", "https://bot.clinic.example/webhooks/telegram"])
def test_telegram_has_a_door_only_where_it_was_told_of_one(
    settings: Settings, address: str
) -> None:
    token = "123456789:a-token-of-the-tests"
    app = server.build(replace(settings, telegram_token=token, telegram_webhook_url=address))
    assert app.ctx.telegram.is_healthy()
    paths = {f"/{route.path}" for route in app.router.routes}
    assert ("/webhooks/telegram" in paths) == bool(address)


def test_it_logs_no_requests(settings: Settings) -> None:
    """A request's path or address may tell who asks what."""
    assert server.build(settings).config.ACCESS_LOG is False


async def purge(settings: Settings, done: Callable[[], bool]) -> None:
    """Let the daily task run until what it does can be seen; then it waits for the next day."""
    task = asyncio.ensure_future(server._purge_daily(settings))
    for _ in range(500):
        if done():
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()


async def test_what_is_past_retention_is_erased_at_start(settings: Settings) -> None:
    Conversations(settings.database_url)
    engine = engine_for(settings.database_url)
    with engine.begin() as connection:
        for sender, timestamp in (("old", 1.0), ("new", 9e9)):
            connection.execute(
                text(
                    "INSERT INTO events (sender_id, type_name, timestamp, data)"
                    " VALUES (:sender, 'user', :timestamp, '{}')"
                ),
                {"sender": sender, "timestamp": timestamp},
            )

    def left() -> list[str]:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT sender_id FROM events")).scalars().all()
        return list(found)

    await purge(settings, lambda: len(left()) < 2)
    assert left() == ["new"]


async def test_a_database_that_is_away_does_not_end_the_server(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    away = replace(settings, database_url="sqlite:////dev/null/advisor.db")
    await purge(away, lambda: "purging failed" in caplog.text)
    assert "purging failed" in caplog.text


async def test_a_failure_of_purging_tells_no_words_of_visitors(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the database may hold a row."""

    def fail(*_: object) -> int:
        raise StoreError("secretword")

    monkeypatch.setattr(server, "purge_older_than", fail)
    await purge(settings, lambda: "purging failed" in caplog.text)
    assert "purging failed" in caplog.text
    assert "secretword" not in caplog.text
