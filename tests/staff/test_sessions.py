"""A session opens for its cookie alone, and ends with its time and with its password."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.settings import Settings
from bot.staff import sessions as module
from bot.staff.sessions import Sessions
from tests.staff.conftest import PASSWORD, QUICK_HASH


def request(cookie: str = "", scheme: str = "http", **headers: str) -> SimpleNamespace:
    """As much of a request as sessions look at."""
    return SimpleNamespace(cookies={"staff": cookie}, scheme=scheme, headers=headers)


def test_a_session_is_found_by_its_cookie_and_by_nothing_else(
    engine: Engine, settings: Settings
) -> None:
    sessions = Sessions(engine, settings)
    one, other = sessions.begin("One"), sessions.begin("Other")
    assert sessions.of(request(one.cookie)) == one.session
    assert one.session.csrf != other.session.csrf
    for wrong in ("", one.session.token, one.cookie + "x", one.cookie[:-1]):
        assert sessions.of(request(wrong)) is None
    sessions.end(one.session)
    assert sessions.of(request(one.cookie)) is None
    assert sessions.of(request(other.cookie)) == other.session


def test_a_new_password_ends_every_session(engine: Engine, settings: Settings) -> None:
    admitted = Sessions(engine, settings).begin("One")
    changed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("another one")
    assert Sessions(engine, settings).of(request(admitted.cookie)) is not None
    other = Sessions(engine, replace(settings, staff_password_hash=changed))
    assert other.of(request(admitted.cookie)) is None


def test_a_session_ends_with_its_time(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LASTS", timedelta(seconds=-1))
    sessions = Sessions(engine, settings)
    assert sessions.of(request(sessions.begin("One").cookie)) is None
    sessions.begin("Two")  # and what has ended is not kept
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM staff_sessions").scalars().all()
    assert names == ["Two"]


@pytest.mark.parametrize(
    "hashed", [QUICK_HASH, "$argon2id$v=19$m=8,t=1,p=1$x$y"], ids=["real", "cut off"]
)
def test_only_the_password_is_right(engine: Engine, settings: Settings, hashed: str) -> None:
    sessions = Sessions(engine, replace(settings, staff_password_hash=hashed))
    assert sessions.right(PASSWORD) == (hashed == QUICK_HASH)
    for wrong in ("", PASSWORD + " ", PASSWORD.upper(), hashed):
        assert not sessions.right(wrong)


@pytest.mark.parametrize(
    ("proxies", "scheme", "told", "secure"),
    [
        (0, "http", None, False),
        (0, "https", None, True),
        (1, "http", "https", True),
        (1, "http", "http", False),
        (0, "http", "https", False),  # nobody is there to be believed
    ],
)
def test_behind_https_the_cookie_never_goes_in_clear(
    engine: Engine, settings: Settings, proxies: int, scheme: str, told: str | None, secure: bool
) -> None:
    sessions = Sessions(engine, replace(settings, trusted_proxies=proxies))
    headers = {"x-forwarded-proto": told} if told else {}
    response = HTTPResponse("")
    sessions.set_cookie(request(scheme=scheme, **headers), response, "staff", "x")
    cookie = response.cookies["staff"].encode("utf-8").decode()
    assert ("Secure" in cookie) == secure
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
