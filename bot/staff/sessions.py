"""Staying logged in: one password, sessions in the database, a token in each form."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.settings import Settings
from bot.store.staff_sessions import StaffSession, close_session, find_session, open_session

COOKIE = "staff"
FORM_COOKIE = "staff_form"
LASTS = timedelta(hours=10)
"""A long working day; then one logs in again."""


@dataclass(frozen=True)
class Admitted:
    """A session that has just begun, and the cookie that opens it."""

    session: StaffSession
    cookie: str


class Sessions:
    """The sessions of one password. When the password changes they all end, for the keys that the
    database holds are made with its hash.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._hash = settings.staff_password_hash
        self._secret = settings.secret()
        self._behind_proxies = settings.trusted_proxies > 0

    def right(self, password: str) -> bool:
        """Whether this is the password. Takes some 50 ms and 64 MB, by design of argon2."""
        try:
            return PasswordHasher().verify(self._hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def begin(self, name: str) -> Admitted:
        """Open a session for somebody who knew the password.

        Raises:
            StoreError: the database cannot be used.
        """
        cookie, now = secrets.token_urlsafe(32), datetime.now(timezone.utc)
        session = StaffSession(self._key(cookie), name, secrets.token_urlsafe(32), now + LASTS)
        open_session(self._engine, session, now)
        return Admitted(session, cookie)

    def of(self, request: Request) -> StaffSession | None:
        """Whose request it is; None if nobody's.

        Raises:
            StoreError: the database cannot be used.
        """
        cookie = request.cookies.get(COOKIE)
        if not cookie:
            return None
        return find_session(self._engine, self._key(cookie), datetime.now(timezone.utc))

    def end(self, session: StaffSession) -> None:
        """Log out: the cookie opens nothing any more, wherever it is kept.

        Raises:
            StoreError: the database cannot be used.
        """
        close_session(self._engine, session.token)

    def form_token(self, seed: str) -> str:
        """What the log-in form brings along, for a cookie that no other site can set or read."""
        return hmac.digest(self._secret, f"staff form\0{seed}".encode(), "sha256").hex()

    def set_cookie(self, request: Request, response: HTTPResponse, name: str, value: str) -> None:
        """Give the browser a cookie that scripts cannot read and other sites cannot have sent."""
        response.cookies[name] = value
        cookie = response.cookies[name]
        cookie["path"] = "/staff"
        cookie["httponly"] = True
        cookie["samesite"] = "Strict"
        cookie["max-age"] = int(LASTS.total_seconds()) if value else 0
        if self._is_https(request):
            cookie["secure"] = True

    def _is_https(self, request: Request) -> bool:
        if request.scheme == "https":
            return True
        return self._behind_proxies and request.headers.get("x-forwarded-proto") == "https"

    def _key(self, cookie: str) -> str:
        return hmac.digest(self._hash.encode(), cookie.encode(errors="replace"), "sha256").hex()
