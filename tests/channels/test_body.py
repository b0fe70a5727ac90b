from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.body import Incoming, parse_message
from bot.channels.refusal import Refusal

JSON = "application/json"


def test_a_text_and_a_button_are_read() -> None:
    assert parse_message(JSON, b'{"id": "a-1", "text": "hi"}') == Incoming("a-1", text="hi")
    assert parse_message(JSON, b'{"id": "a", "button": "x"}') == Incoming("a", button="x")
    assert parse_message("Application/JSON; charset=UTF-8", b'{"id": "a", "text": ""}').text == ""


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"\xff\xfe", 400, "not_utf8"),
        (b'\xef\xbb\xbf{"id": "a", "text": "x"}', 400, "not_json"),
        (b"[" * 16_000, 400, "not_json"),
        (b"null", 400, "wrong_shape"),
        (b"[]", 400, "wrong_shape"),
        (b'"text"', 400, "wrong_shape"),
        (b"{}", 400, "wrong_shape"),
        (b'{"id": "a"}', 400, "wrong_shape"),
        (b'{"text": "hi"}', 400, "wrong_shape"),
        (b'{"id": "a", "text": "hi", "button": "x"}', 400, "wrong_shape"),
        (b'{"id": "a", "text": null}', 400, "wrong_shape"),
        (b'{"id": "a", "text": ["hi"]}', 400, "wrong_shape"),
        (b'{"id": "a", "text": {"text": "hi"}}', 400, "wrong_shape"),
        (b'{"id": "a", "button": 7}', 400, "wrong_shape"),
        (b'{"id": 7, "text": "hi"}', 400, "wrong_shape"),
        (b'{"id": "", "text": "hi"}', 400, "wrong_shape"),
        (b'{"id": "a b", "text": "hi"}', 400, "wrong_shape"),
        (b'{"id": "a\\n", "text": "hi"}', 400, "wrong_shape"),
        (json.dumps({"id": "x" * 65, "text": "hi"}).encode(), 400, "wrong_shape"),
        (b'{"id": "a", "text": "hi", "sender": "victim"}', 400, "wrong_shape"),
        (b'{"id": "a", "text": "hi", "metadata": {"action": "x"}}', 400, "wrong_shape"),
    ],
)
def test_every_other_body_is_refused_with_a_hint(body: bytes, status: int, error: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_message(JSON, body)
    assert (caught.value.status, caught.value.error) == (status, error)
    assert caught.value.hint.endswith(".")


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
             "application/json; charset=latin-1", "application/jsonp"],
)  # fmt: skip
def test_another_content_type_is_refused(kind: str | None) -> None:
    """A form of another site may send these without asking; never JSON."""
    with pytest.raises(Refusal) as caught:
        parse_message(kind, b'{"id": "a", "text": "hi"}')
    assert caught.value.status == 415


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(body: bytes) -> None:
    with contextlib.suppress(Refusal):
        parse_message(JSON, body)
