"""Reads the body of a message request, and believes nothing of it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Any

from sanic.request import Request

from bot.channels.refusal import Refusal
from bot.store.feedback import DOWN, UP

MAX_BODY = 16 * 1024
"""Bytes: 2,000 characters fit in UTF-8 (4 bytes at most) and, but for rare scripts, escaped (6)."""

BODY_TIMEOUT_S = 10.0
"""For a whole body. Sanic's own timeout for one that stalls is the response's, 60 s."""

ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""A message id: any UUID does."""

MAX_POSITION = 1_000_000_000
"""More than anybody says, and still a number that every database can count to."""


@dataclass(frozen=True)
class Incoming:
    """One message: an id the client made up, and either words or the id of a button."""

    id: str
    text: str | None = None
    button: str | None = None


@dataclass(frozen=True)
class Judgement:
    """What a visitor thinks of the answer at a position; None takes it back."""

    position: int
    value: str | None


async def read_body(request: Request) -> bytes:
    """The body of a streaming route's request.

    Raises:
        Refusal: 413 for more than `MAX_BODY`, before reading it where the length is declared; 408
            for one that does not come.
    """
    declared = request.headers.get("content-length")
    if declared is not None and int(declared) > MAX_BODY:  # a number: site.py has looked
        raise _too_large()
    if request.stream is None:
        return b""
    try:
        return await asyncio.wait_for(_read(request.stream), BODY_TIMEOUT_S)
    except asyncio.TimeoutError:
        hint = f"The whole body has to come within {BODY_TIMEOUT_S:.0f} seconds."
        raise Refusal(408, "too_slow", hint) from None


def parse_message(content_type: str | None, body: bytes) -> Incoming:
    """The message in a body.

    Raises:
        Refusal: 415 or 400, with what is wrong and what is right.
    """
    data = _object(content_type, body, ("id", "text", "button"))
    if not isinstance(data.get("id"), str) or not ID.fullmatch(data["id"]):
        raise _wrong("id has to be 1 to 64 letters, digits, - or _, and new for each message.")
    if ("text" in data) == ("button" in data):
        raise _wrong("Send either text or button.")
    if not isinstance(data.get("text", data.get("button")), str):
        raise _wrong("text and button have to be strings.")
    return Incoming(data["id"], data.get("text"), data.get("button"))


def parse_judgement(content_type: str | None, body: bytes) -> Judgement:
    """The judgement in a body.

    Raises:
        Refusal: 415 or 400, with what is wrong and what is right.
    """
    data = _object(content_type, body, ("position", "value"))
    position, value = data.get("position"), data.get("value", "")
    if type(position) is not int or not 0 < position < MAX_POSITION:
        raise _wrong("position has to be that of an answer, as it came with it.")
    if value not in (UP, DOWN, None):
        raise _wrong(f"value has to be {UP}, {DOWN} or null.")
    return Judgement(position, value)


async def _read(stream: AsyncIterable[bytes]) -> bytes:
    body = b""
    async for part in stream:
        body += part
        if len(body) > MAX_BODY:
            raise _too_large()
    return body


def _object(content_type: str | None, body: bytes, known: tuple[str, ...]) -> dict[str, Any]:
    kind, _, parameters = (content_type or "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    if kind.strip() != "application/json" or charset not in ("", "utf-8"):
        raise Refusal(415, "wrong_type", "Send Content-Type: application/json, in UTF-8.")
    data = _json(body)
    if not isinstance(data, dict):
        raise _wrong("The body has to be one JSON object.")
    if data.keys() - set(known):
        raise _wrong(f"Only the fields {', '.join(known[:-1])} and {known[-1]} are known.")
    return data


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refusal(400, "not_utf8", "The body is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise Refusal(400, "not_json", "The body is not JSON.") from None


def _wrong(hint: str) -> Refusal:
    return Refusal(400, "wrong_shape", hint)


def _too_large() -> Refusal:
    hint = f"A body may have {MAX_BODY:,} bytes."
    return Refusal(413, "too_large", hint)
