from __future__ import annotations

import gzip
from types import SimpleNamespace
from typing import Any

import pytest
from sanic.compat import Header

from bot.channels.assets import TYPES, respond
from bot.channels.origin import PAGE_POLICY, secure


def request(**headers: str) -> Any:
    return SimpleNamespace(
        headers=Header([(name.replace("_", "-"), value) for name, value in headers.items()])
    )


def test_a_browser_that_can_gets_it_compressed() -> None:
    body = b"words " * 100
    response = respond(request(accept_encoding="gzip, deflate, br"), body, ".js")
    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(response.body or b"") == body
    assert "accept-encoding" in response.headers["vary"].lower()


def test_one_that_cannot_gets_it_as_it_is() -> None:
    response = respond(request(), b"words", ".css")
    assert response.body == b"words"
    assert "content-encoding" not in response.headers
    assert response.content_type == TYPES[".css"]


def test_what_has_not_changed_is_not_sent_again() -> None:
    first = respond(request(), b"words", ".html")
    again = respond(request(if_none_match=first.headers["etag"]), b"words", ".html")
    assert (again.status, again.body) == (304, b"")
    changed = respond(request(if_none_match=first.headers["etag"]), b"other words", ".html")
    assert (changed.status, changed.body) == (200, b"other words")


def test_an_unchanged_page_keeps_its_policy() -> None:
    """A browser takes the headers of a 304 over into its copy: a stricter one would break it."""
    tag = respond(request(), b"page", ".html").headers["etag"]
    again = respond(request(if_none_match=tag), b"page", ".html")
    secure(again)
    assert again.headers["content-security-policy"] == PAGE_POLICY


@pytest.mark.parametrize("suffix", TYPES)
def test_a_browser_always_asks_whether_there_is_a_newer_one(suffix: str) -> None:
    assert respond(request(), b"x", suffix).headers["cache-control"] == "no-cache"
