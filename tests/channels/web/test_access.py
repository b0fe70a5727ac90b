"""Who may ask: tokens, and the sites that a browser asks from."""

from __future__ import annotations

import httpx
import pytest

from bot.channels.token import Tokens
from tests.channels.serving import Visitor
from tests.channels.small_agent import SECRET, Actions
from tests.channels.web.conftest import FRIEND


def _tokens(lifetime_s: float = 3600, secret: str = SECRET) -> Tokens:
    return Tokens(secret.encode(), lifetime_s)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer nonsense",
        "Bearer \udcff",
        "Basic YTpi",
        f"Bearer {_tokens(secret='y' * 40).issue().token}",
        f"Bearer {_tokens(-1).issue().token}",
        f"Bearer {_tokens().issue().token[:-1]}",
        f"Bearer {_tokens().issue().token} {_tokens().issue().token}",
        _tokens().issue().token,
    ],
    ids=[
        "none",
        "empty",
        "bearer",
        "nonsense",
        "no-utf8",
        "basic",
        "forged",
        "expired",
        "cut",
        "two",
        "bare",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "messages"), ("GET", "events"), ("POST", "feedback"), ("DELETE", "conversation")],
)
def test_without_a_genuine_token_nothing_is_told(
    base: str, actions: Actions, authorization: str | None, method: str, path: str
) -> None:
    headers = {}
    if authorization is not None:
        headers["Authorization"] = authorization.encode(errors="surrogateescape")
    response = httpx.request(
        method, f"{base}/webhooks/web/{path}", headers=headers, trust_env=False
    )
    assert response.status_code == 401
    assert set(response.json()) == {"error", "hint"}
    assert not actions.calls


def test_nobody_reads_writes_or_erases_anothers_conversation(base: str) -> None:
    one, other = Visitor(base), Visitor(base)
    one.say("hello my secret", "m1")
    assert other.events().json()["events"] == []
    other.say("hello", "m1")
    assert "secret" not in other.events().text
    assert other.erase().json() == {"erased": True}
    assert len(one.events().json()["events"]) == 2


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "https://www.clinic.example.evil.example",
        "http://www.clinic.example",
        "https://[",
        "file://",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "session"),
        ("POST", "messages"),
        ("GET", "events"),
        ("POST", "feedback"),
        ("DELETE", "conversation"),
        ("OPTIONS", "messages"),
        ("OPTIONS", "session"),
    ],
)
def test_another_site_may_not(visitor: Visitor, origin: str, method: str, path: str) -> None:
    response = visitor.client.request(
        method, f"/webhooks/web/{path}", headers={"Origin": origin, **visitor.headers}
    )
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


def test_our_own_page_and_programs_may(base: str) -> None:
    assert Visitor(base, Origin=base).say("hello", "m1")["recorded"]
    assert Visitor(base).say("hello", "m1")["recorded"]


def test_an_allowed_site_may_and_can_read_the_answer(base: str) -> None:
    friend = Visitor(base, Origin=FRIEND)
    for response in (friend.post(id="m1", text="hello"), friend.post(id=7), friend.events()):
        assert response.headers["access-control-allow-origin"] == FRIEND
        assert "access-control-allow-credentials" not in response.headers
        assert "origin" in response.headers["vary"].lower()


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("session", "POST"),
        ("messages", "POST"),
        ("events", "GET"),
        ("feedback", "POST"),
        ("conversation", "DELETE"),
    ],
)
def test_an_allowed_sites_browser_may_ask_beforehand(base: str, path: str, method: str) -> None:
    headers = {"Origin": FRIEND, "Access-Control-Request-Method": method}
    response = httpx.options(f"{base}/webhooks/web/{path}", headers=headers, trust_env=False)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == FRIEND
    assert response.headers["access-control-allow-methods"] == method
    assert response.headers["access-control-allow-headers"] == "Authorization, Content-Type"


def test_our_own_preflight_allows_nobody_else(base: str) -> None:
    response = httpx.options(
        f"{base}/webhooks/web/messages", headers={"Origin": base}, trust_env=False
    )
    assert response.status_code == 204
    assert not [name for name in response.headers if name.startswith("access-control")]
