"""Conversation tokens and button ids: what a browser holds, and cannot make up.

A token names its conversation and its end, signed with HMAC-SHA256. The server makes the
conversation id, so nobody can ask for another's. A button id is the start of a HMAC over
conversation and action: no action, and no button of another conversation, can be sent in.
"""

from __future__ import annotations

import base64
import hmac
import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.advice.reply import Button

MAX_LIFETIME_S = 30 * 86_400.0
PAGE_LIFETIME_S = 86_400.0
"""How long the link to a page to take along works, from when the page was made."""
BUTTON_ID_LENGTH = 10
"""Base32 digits: 50 bits, and each guess costs a message of the sender's own conversation."""

_PAGE = re.compile(r"([A-Za-z0-9_-]{1,200})\.(\d{1,12})\.([A-Za-z0-9_-]{43})", re.ASCII)
_TOKEN = re.compile(r"(web-[0-9a-f]{32})\.(\d{1,12})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True)
class Session:
    """A new conversation and the token that opens it. ``expires`` is in seconds since 1970."""

    conversation: str
    token: str
    expires: int


class Tokens:
    """Issues and reads tokens and button ids with one secret, so any process can read another's."""

    def __init__(
        self, secret: bytes, lifetime_s: float, clock: Callable[[], float] = time.time
    ) -> None:
        """Derive a key for each use.

        Args:
            lifetime_s: of a token; cut to `MAX_LIFETIME_S`. Give it the retention: a conversation
                that is erased needs no key.
        """
        self._token_key = _mac(secret, "conversation token")
        self._button_key = _mac(secret, "button id")
        self._page_key = _mac(secret, "summary page")
        self._lifetime_s = min(lifetime_s, MAX_LIFETIME_S)
        self._clock = clock

    def issue(self) -> Session:
        """A new conversation."""
        conversation = f"web-{uuid.uuid4().hex}"
        expires = int(self._clock() + self._lifetime_s)
        signature = self._sign(conversation, expires)
        return Session(conversation, f"{conversation}.{expires}.{signature}", expires)

    def read(self, token: str) -> str | None:
        """The conversation of a token; None for one that is forged, expired or no token at all."""
        parts = _TOKEN.fullmatch(token)
        if not parts:
            return None
        conversation, expires, signature = parts[1], int(parts[2]), parts[3]
        genuine = hmac.compare_digest(signature, self._sign(conversation, expires))
        return conversation if genuine and expires > self._clock() else None

    def button_id(self, conversation: str, action: str) -> str:
        """The opaque id under which a conversation is offered an action."""
        digest = _mac(self._button_key, f"{conversation}\0{action}")
        return base64.b32encode(digest).decode()[:BUTTON_ID_LENGTH].lower()

    def button(self, conversation: str, id_: str, offered: Iterable[Button]) -> Button | None:
        """The button that was `offered` under this id; None if there is none."""
        for button in offered:
            made = self.button_id(conversation, button.action)
            if hmac.compare_digest(made.encode(), id_.encode(errors="replace")):
                return button
        return None

    def page(self, conversation: str, made: int) -> str:
        """The token of the page that a conversation made at `made`, in seconds since 1970."""
        name = base64.urlsafe_b64encode(conversation.encode()).decode().rstrip("=")
        return f"{name}.{made}.{_signature(self._page_key, conversation, made)}"

    def read_page(self, token: str) -> tuple[str, int] | None:
        """The conversation and the time of a page; None for a token that is forged, or has ended
        `PAGE_LIFETIME_S` after the page was made.
        """
        parts = _PAGE.fullmatch(token)
        if not parts:
            return None
        try:
            name = parts[1] + "=" * (-len(parts[1]) % 4)
            conversation = base64.urlsafe_b64decode(name).decode()
        except ValueError:
            return None
        made = int(parts[2])
        genuine = hmac.compare_digest(parts[3], _signature(self._page_key, conversation, made))
        ends = made + PAGE_LIFETIME_S
        return (conversation, made) if genuine and ends > self._clock() else None

    def _sign(self, conversation: str, expires: int) -> str:
        return _signature(self._token_key, conversation, expires)


def _signature(key: bytes, conversation: str, seconds: int) -> str:
    digest = _mac(key, f"{conversation}.{seconds}")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
