from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sanic.compat import Header

from bot.channels.origin import address, cors_headers, permitted, preflight_headers

ALLOWED = ("https://www.clinic.example",)


def request(ip: str = "10.0.0.9", **headers: str) -> Any:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return SimpleNamespace(headers=Header(pairs), ip=ip)


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (None, "bot.example", True),
        ("https://bot.example", "bot.example", True),
        ("http://bot.example", "bot.example", True),
        ("https://BOT.example", "bot.example", True),
        ("https://bot.example:8443", "bot.example:8443", True),
        ("https://bot.example:8443", "bot.example", False),
        ("https://www.clinic.example", "bot.example", True),
        ("https://www.clinic.example:444", "bot.example", False),
        ("https://evil.example", "bot.example", False),
        ("https://bot.example@evil.example", "bot.example", False),
        ("ftp://bot.example", "bot.example", False),
        ("null", "bot.example", False),
        ("https://", "", False),
        ("", "", False),
    ],
)
def test_ours_the_allowed_and_no_page_are_permitted(
    origin: str | None, host: str, expected: bool
) -> None:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    assert permitted(request(**headers), ALLOWED) is expected


def test_only_an_allowed_page_is_told_that_it_may_read() -> None:
    friend = request(host="bot.example", origin=ALLOWED[0])
    assert cors_headers(friend, ALLOWED)["Access-Control-Allow-Origin"] == ALLOWED[0]
    for other in (request(host="b"), request(host="b", origin="http://b"), request(origin="null")):
        assert cors_headers(other, ALLOWED) == {"Vary": "Origin"}
        assert preflight_headers(other, "messages", ALLOWED) == {}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.1.1.1", "10.0.0.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.1", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.9"),
        (1, "", "10.0.0.9"),
        (1, " , ,", "10.0.0.9"),
        (1, "x" * 500, "x" * 64),
    ],
)
def test_an_address_comes_from_the_proxies_that_are_trusted(
    proxies: int, forwarded: str, expected: str
) -> None:
    assert address(request(x_forwarded_for=forwarded), proxies) == expected
