"""The web channel over HTTP. Tests share agent and server, and begin with no conversation."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from rasa.core.agent import Agent
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from bot.advice.reply import Kind, Reply
from bot.channels import site
from bot.channels.guard import Guard
from bot.channels.limits import Rate, Rates
from bot.channels.token import Tokens
from bot.channels.turn import Turns
from bot.store.session import engine_for
from tests.channels import small_agent
from tests.channels.serving import Visitor, app, served
from tests.channels.small_agent import SECRET, Actions, said

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


def texts(answer: dict[str, Any]) -> str:
    """All text of the answer's events."""
    blocks = [block for event in answer["events"] for block in event["blocks"]]
    return "\n".join(block["text"] for block in blocks if "text" in block)


def buttons(answer: dict[str, Any]) -> list[dict[str, str]]:
    blocks = [block for event in answer["events"] for block in event["blocks"]]
    return [item for block in blocks if block["type"] == "buttons" for item in block["items"]]


# --- the road -------------------------------------------------------------------------------------


def test_a_message_is_answered_in_the_same_response(visitor: Visitor) -> None:
    answer = visitor.say("hello", "m1")
    assert (answer["id"], answer["recorded"], answer["erased"]) == ("m1", True, False)
    (event,) = answer["events"]
    assert (event["position"], event["from"], event["kind"]) == (2, "advisor", "answer")
    assert [block["type"] for block in event["blocks"]] == ["text", "text", "buttons"]


def test_what_is_behind_stays_behind(visitor: Visitor) -> None:
    """No action, entry id, digest or confidence leaves the server."""
    answer = json.dumps(visitor.say("hello", "m1"))
    for inner in ("more:", "botox/cost", "entries", "publication", "confidence", "topic"):
        assert inner not in answer


def test_the_same_id_gets_the_same_answer_byte_for_byte(visitor: Visitor, actions: Actions) -> None:
    def send(_: int) -> bytes:
        return visitor.post(id="m1", text="hello").content

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(send, range(20)))
    assert len(answers) == 1
    assert len(actions.calls) == 1


def test_a_reload_gets_the_conversation_back(visitor: Visitor) -> None:
    first = visitor.say("hello", "m1")
    second = visitor.say("/restart", "m2")
    page = visitor.events().json()
    assert (page["next"], page["more"]) == (4, False)
    mine, answer, command, last = page["events"]
    assert mine == {"position": 1, "from": "visitor", "id": "m1", "text": "hello"}
    assert command["text"] == "/restart"
    assert [answer] == first["events"]
    assert [last] == second["events"]
    assert visitor.events(3).json()["events"] == [last]
    assert visitor.events(4).json() == {"events": [], "next": 4, "more": False}


def test_a_long_conversation_comes_in_pages(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        visitor.say(f"hello {number}", f"m{number}")
    monkeypatch.setattr("bot.channels.history.History.read.__defaults__", (0, 5))
    positions, after, more = [], 0, True
    while more:
        page = visitor.events(after).json()
        positions += [event["position"] for event in page["events"]]
        after, more = page["next"], page["more"]
    assert positions == list(range(1, 13))


def test_any_process_with_the_secret_goes_on(serve: Serve) -> None:
    visitor = Visitor(serve())
    first = visitor.say("hello", "m1")
    other = Visitor(serve())
    other.token = visitor.token
    assert other.say("hello", "m1") == first


def test_a_conversation_begins_with_nothing(visitor: Visitor) -> None:
    assert visitor.events().json() == {"events": [], "next": 0, "more": False}


# --- buttons --------------------------------------------------------------------------------------


def test_a_button_does_what_it_was_offered_for(visitor: Visitor, actions: Actions) -> None:
    offered = buttons(visitor.say("hello", "m1"))
    answer = visitor.post(id="m2", button=offered[0]["id"]).json()
    assert answer["recorded"]
    latest = actions.calls[-1]["tracker"]["latest_message"]
    assert latest["metadata"] == {"action": "more:botox/cost"}
    assert visitor.events(2).json()["events"][0]["text"] == "More"
    assert visitor.post(id="m2", button=offered[0]["id"]).json() == answer


def test_an_old_button_still_works(visitor: Visitor) -> None:
    offered = buttons(visitor.say("hello", "m1"))
    for number in range(30):
        visitor.say(f"hello {number}", f"x{number}")
    assert visitor.post(id="m2", button=offered[1]["id"]).json()["recorded"]


@pytest.mark.parametrize(
    "made_up", ["aaaaaaaaaa", "", "show:botox/cost", "/restart", "é", "x" * 500]
)
def test_a_made_up_button_is_answered_kindly_and_does_nothing(
    visitor: Visitor, actions: Actions, guard: Guard, made_up: str
) -> None:
    visitor.say("hello", "m1")
    answer = visitor.post(id="m2", button=made_up).json()
    assert guard.wording.say("button_expired") in texts(answer)
    assert not answer["recorded"]
    assert len(actions.calls) == 1


def test_a_button_of_another_conversation_does_nothing(base: str, actions: Actions) -> None:
    one, other = Visitor(base), Visitor(base)
    offered = buttons(one.say("hello", "m1"))
    theirs = buttons(other.say("hello", "m1"))
    assert {b["id"] for b in offered}.isdisjoint(b["id"] for b in theirs)
    assert not other.post(id="m2", button=offered[0]["id"]).json()["recorded"]


# --- who may ask ----------------------------------------------------------------------------------


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


# --- how fast -------------------------------------------------------------------------------------


def test_too_many_messages_of_one_conversation(serve: Serve, guard: Guard) -> None:
    base = serve(Rates(Rate(3, 0.01), FAST.address, FAST.sessions))
    visitor, other = Visitor(base), Visitor(base)
    for number in range(3):
        visitor.say("hello", f"m{number}")
    response = visitor.post(id="m3", text="hello")
    assert response.status_code == 429
    assert int(response.headers["retry-after"]) >= 1
    assert response.json()["hint"] == guard.wording.say("too_fast")
    assert visitor.post(id="m3", button="aaaaaaaaaa").status_code == 429
    assert other.say("hello", "m1")["recorded"]


def test_an_emergency_is_never_too_fast(serve: Serve, actions: Actions) -> None:
    """And costs no turn, or it would be the way to hold the server."""
    visitor = Visitor(serve(Rates(Rate(1, 0.001), FAST.address, FAST.sessions)))
    visitor.say("hello", "m1")
    for number in range(5):
        answer = visitor.say("I can't see", f"e{number}")
        assert answer["events"][0]["kind"] == "emergency"
        assert not answer["recorded"]
    assert len(actions.calls) == 1
    assert visitor.post(id="m2", text="hello").status_code == 429


def test_too_many_messages_of_one_address(serve: Serve) -> None:
    base = serve(Rates(FAST.conversation, Rate(4, 0.01), FAST.sessions))
    visitors = [Visitor(base) for _ in range(5)]
    statuses = [v.post(id="m1", text="hello").status_code for v in visitors]
    assert statuses == [200, 200, 200, 200, 429]
    assert visitors[0].events().status_code == 429


def test_too_many_sessions_of_one_address(serve: Serve) -> None:
    base = serve(Rates(FAST.conversation, FAST.address, Rate(2, 0.01)))
    Visitor(base), Visitor(base)
    response = httpx.post(f"{base}/webhooks/web/session", trust_env=False)
    assert response.status_code == 429


@pytest.mark.parametrize(("proxies", "statuses"), [(0, [200, 429]), (1, [200, 200])])
def test_an_address_is_the_one_that_our_proxies_saw(
    serve: Serve, proxies: int, statuses: list[int]
) -> None:
    base = serve(Rates(FAST.conversation, FAST.address, Rate(1, 0.001)), trusted_proxies=proxies)
    found = [
        httpx.post(
            f"{base}/webhooks/web/session",
            headers={"X-Forwarded-For": f"9.9.9.9, 10.0.0.{number}"},
            trust_env=False,
        ).status_code
        for number in range(2)
    ]
    assert found == statuses


def test_a_sender_cannot_make_up_addresses_before_a_proxy(serve: Serve) -> None:
    base = serve(Rates(FAST.conversation, FAST.address, Rate(1, 0.001)), trusted_proxies=1)
    statuses = [
        httpx.post(
            f"{base}/webhooks/web/session",
            headers={"X-Forwarded-For": f"1.2.3.{number}, 10.0.0.1"},
            trust_env=False,
        ).status_code
        for number in range(3)
    ]
    assert statuses == [200, 429, 429]


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "🙂",
        "\x00",
        "\ud83d",
        "/restart",
        "/session_start",
        '/greet{"topic": "x"}',
        "' OR 1=1",
        "<img src=x onerror=alert(1)>",
        "${SECRET_KEY}",
        "{clinic_phone}",
        "a" * 2000,
        "a" * 2001,
        "é" * 2500,
    ],
)
def test_any_text_is_answered_politely(visitor: Visitor, text: str) -> None:
    answer = visitor.say(text, "m1")
    assert "doctor" in texts(answer) or "dermatologist" in texts(answer)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"null", 400),
        (b"[1]", 400),
        (b"\xff", 400),
        (b"", 400),
        (b'{"id":1}', 400),
        (b"[" * 16_384, 400),
        (b" " * 16_385, 413),
        (b" " * 1_200_000, 413),
    ],
)
def test_a_wrong_body_is_a_clear_4xx(
    visitor: Visitor, actions: Actions, body: bytes, status: int
) -> None:
    headers = {"Content-Type": "application/json", **visitor.headers}
    response = visitor.client.post("/webhooks/web/messages", content=body, headers=headers)
    assert response.status_code == status
    assert response.json().keys() == {"error", "hint"}
    assert not actions.calls
    assert visitor.say("hello", "m1")["recorded"]


def test_a_large_body_without_a_length_is_stopped(visitor: Visitor) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    headers = {"Content-Type": "application/json", **visitor.headers}
    response = visitor.client.post("/webhooks/web/messages", content=endless(), headers=headers)
    assert response.status_code == 413


def test_another_content_type_is_415(visitor: Visitor) -> None:
    response = visitor.client.post(
        "/webhooks/web/messages", data={"id": "m1", "text": "hi"}, headers=visitor.headers
    )
    assert response.status_code == 415


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 20, "٣", "1;drop"])
def test_a_wrong_position_is_400(visitor: Visitor, after: str) -> None:
    assert visitor.events(after).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "messages"),
        ("PUT", "messages"),
        ("POST", "events"),
        ("HEAD", "session"),
        ("PATCH", "conversation"),
    ],
)
def test_another_method_is_405(visitor: Visitor, method: str, path: str) -> None:
    assert visitor.client.request(method, f"/webhooks/web/{path}").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/rest/webhook",
        "/conversations/x/tracker",
        "/version",
        "/status",
        "/webhooks/web",
        "/../etc/passwd",
        "/%00",
        "/page/index.html",
        "/widget/loader.js",
        "/widget/words.yml",
        "/widget/pages/index.html",
        "/widget/../web.py",
        "/widget/%2e%2e%2fchannels%2fweb.py",
    ],
)
def test_nothing_else_is_there(base: str, path: str) -> None:
    response = httpx.get(base + path, trust_env=False)
    assert response.status_code == 404
    assert response.json().keys() == {"error", "hint"}


SESSION = b"POST /webhooks/web/session HTTP/1.1\r\n"


def raw(base: str, request: bytes, timeout: float = 5) -> bytes:
    """What a server answers to bytes that no client library would send."""
    where = urlsplit(base)
    with socket.create_connection((where.hostname, where.port), timeout=timeout) as connection:
        connection.sendall(request)
        return connection.recv(65_536)


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        SESSION + b"Host: x\r\nContent-Length: abc\r\n\r\n{}",
        SESSION + b"Host: x\r\nContent-Length: -5\r\n\r\n{}",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}",
        b"GET /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}",
        SESSION + b"Host: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        SESSION + b"Host: x\r\nExpect: magic\r\nContent-Length: 2\r\n\r\n{}",
        SESSION + b"Host: x\r\nContent-Length: 99999999999999999\r\n\r\n",
    ],
)
def test_bytes_that_are_no_request_get_a_4xx(base: str, request_: bytes) -> None:
    """Or, where not even the path can be read, a closed connection; and the server goes on.

    In Sanic alone a negative length holds it for ever.
    """
    answer = raw(base, request_)
    assert answer.startswith(b"HTTP/1.1 4") or (not answer and request_.startswith(b"GET"))
    assert httpx.get(base, trust_env=False).status_code == 200


def test_a_body_that_stalls_is_given_up(
    base: str, monkeypatch: pytest.MonkeyPatch, visitor: Visitor
) -> None:
    monkeypatch.setattr("bot.channels.body.BODY_TIMEOUT_S", 0.3)
    request = (
        "POST /webhooks/web/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {visitor.token}\r\nContent-Length: 50\r\n\r\n{{"
    )
    assert raw(base, request.encode()).startswith(b"HTTP/1.1 408")


# --- what fails behind ----------------------------------------------------------------------------


def test_before_the_model_is_loaded_there_is_an_answer(serve: Serve, guard: Guard) -> None:
    visitor = Visitor(serve(ready=False))
    assert guard.clinic.person in texts(visitor.say("hello", "m1"))
    assert visitor.say("I can't see", "m2")["events"][0]["kind"] == "emergency"
    assert visitor.post(id="m3", button="aaaaaaaaaa").status_code == 200
    for response in (visitor.events(), visitor.erase()):
        assert response.status_code == 503
        assert "retry-after" in response.headers


@pytest.mark.parametrize("failing", ["raises", "garbage", "sleeps"])
def test_an_action_that_fails_is_an_apology_in_time(
    serve: Serve, actions: Actions, guard: Guard, failing: str
) -> None:
    async def action(call: dict[str, Any]) -> Any:
        if failing == "raises":
            raise RuntimeError("secret of the server")
        await asyncio.sleep(10 if failing == "sleeps" else 0)
        return {"events": [], "responses": [{"custom": {"a": 1}}]}

    actions.action = action
    visitor = Visitor(serve(turn_timeout_s=0.5))
    answer = visitor.say("hello", "m1")
    assert guard.clinic.person in texts(answer)
    assert "secret" not in json.dumps(answer)
    assert visitor.say("hello, I can't see", "m2")["events"][0]["kind"] == "emergency"


def test_without_a_database_there_is_an_answer_and_no_trace_of_why(
    visitor: Visitor, engine: Engine, guard: Guard
) -> None:
    visitor.say("hello", "m1")
    with engine.begin() as connection:
        connection.execute(sql("ALTER TABLE events RENAME TO gone"))
    try:
        assert guard.clinic.person in texts(visitor.say("hello", "m2"))
        assert visitor.post(id="m3", button="aaaaaaaaaa").json()["recorded"] is False
        response = visitor.events()
    finally:
        with engine.begin() as connection:
            connection.execute(sql("ALTER TABLE gone RENAME TO events"))
    assert response.status_code == 503
    assert "sqlite" not in response.text


# --- erasure --------------------------------------------------------------------------------------


def test_a_conversation_is_erased_and_can_begin_again(visitor: Visitor) -> None:
    visitor.say("hello", "m1")
    assert visitor.erase().json() == {"erased": True}
    assert visitor.events().json()["events"] == []
    assert visitor.erase().status_code == 200
    assert visitor.say("hello", "m1")["events"][0]["position"] == 2


def test_delete_my_data_tells_the_page_to_forget_too(visitor: Visitor, actions: Actions) -> None:
    async def forget(call: dict[str, Any]) -> dict[str, Any]:
        return said(Reply(Kind.SERVICE, (), forget=True).to_json())

    visitor.say("hello", "m1")
    actions.action = forget
    answer = visitor.say("hello, delete my data", "m2")
    assert (answer["erased"], answer["recorded"]) == (True, False)
    assert visitor.events().json()["events"] == []
