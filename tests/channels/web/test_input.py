"""Bad input: texts, bodies, paths, and bytes that are no request."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.channels.serving import Visitor
from tests.channels.small_agent import Actions
from tests.channels.web.reading import texts


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
