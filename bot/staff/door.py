"""Logging in and out."""

from __future__ import annotations

import asyncio
import hmac
import math
import secrets

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.limits import Buckets, Rate
from bot.channels.origin import address, permitted
from bot.staff.office import NO_DATABASE, Office, Visit, see
from bot.staff.sessions import COOKIE, FORM_COOKIE
from bot.store.session import StoreError

FROM_ONE_ADDRESS = Rate(5, 1 / 60)
"""Passwords tried from one address: five at once, then one a minute."""
FROM_EVERYWHERE = Rate(60, 0.5)
"""Passwords tried in all, against somebody who has many addresses."""
LONGEST_NAME = 60
LONGEST_PASSWORD = 200


class Door:
    """The log-in form, and the way out."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._addresses = Buckets(FROM_ONE_ADDRESS)
        self._everywhere = Buckets(FROM_EVERYWHERE, size=1)
        self._one_at_a_time = asyncio.Semaphore(1)  # argon2 takes 64 MB for each

    async def form(self, request: Request) -> HTTPResponse:
        """Show the log-in form."""
        return self._form(request, "", 200)

    async def log_in(self, request: Request) -> HTTPResponse:
        """Begin a session for who knows the password."""
        form = request.form or {}
        name = " ".join(str(form.get("name", "")).split())[:LONGEST_NAME]
        seed, sent = str(request.cookies.get(FORM_COOKIE, "")), str(form.get("csrf", ""))
        ours = self._office.sessions.form_token(seed)
        if not (seed and hmac.compare_digest(sent.encode(errors="replace"), ours.encode())):
            return self._form(request, name, 403, problem="old_form")
        if not permitted(request, ()):
            return self._form(request, name, 403, problem="old_form")
        sender = address(request, self._office.settings.trusted_proxies)
        wait = max(self._addresses.wait(sender), self._everywhere.wait("all"))
        if wait:
            response = self._form(request, name, 429, problem="too_many")
            response.headers["Retry-After"] = str(math.ceil(wait))
            return response
        if not name.isprintable() or not name:
            return self._form(request, "", 422, problem="no_name")
        password = str(form.get("password", ""))[:LONGEST_PASSWORD]
        async with self._one_at_a_time:
            right = await asyncio.to_thread(self._office.sessions.right, password)
        if not right:
            return self._form(request, name, 403, problem="wrong")
        try:
            admitted = self._office.sessions.begin(name)
        except StoreError:
            return self._office.stopped(NO_DATABASE, None)
        response = see("/staff")
        self._office.sessions.set_cookie(request, response, COOKIE, admitted.cookie)
        self._office.sessions.set_cookie(request, response, FORM_COOKIE, "")
        return response

    async def log_out(self, visit: Visit) -> HTTPResponse:
        """End the session, for every copy of its cookie."""
        self._office.sessions.end(visit.session)
        response = see("/staff/login")
        self._office.sessions.set_cookie(visit.request, response, COOKIE, "")
        return response

    def _form(self, request: Request, name: str, status: int, problem: str = "") -> HTTPResponse:
        sessions = self._office.sessions
        seed = str(request.cookies.get(FORM_COOKIE, "")) or secrets.token_urlsafe(16)
        response = self._office.page(
            "login", None, status, csrf=sessions.form_token(seed), name=name, problem=problem
        )
        sessions.set_cookie(request, response, FORM_COOKIE, seed)
        return response
