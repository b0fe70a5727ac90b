"""What every handler of the staff page shares: who is asking, forms, and how a page is made."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.advice.reply import Reply
from bot.advice.understanding import Understanding
from bot.channels.origin import permitted
from bot.knowledge.embed import TextEncoder
from bot.knowledge.rules.context import SignTests
from bot.settings import Settings
from bot.staff.markup import markup
from bot.staff.press import Press
from bot.staff.sessions import Sessions
from bot.staff.shelf import NoSuchEntry, Shelf
from bot.store.session import StoreError
from bot.store.staff_sessions import StaffSession

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGES = Path(__file__).with_name("page")

Handler = Callable[..., Awaitable[HTTPResponse]]


@dataclass(frozen=True)
class Tools:
    """What other rooms lend: the staff page loads no model of its own."""

    ask: Callable[[str], Awaitable[tuple[Reply, Understanding]]]
    """Answers as a visitor would be answered, and leaves no trace."""
    explain: Callable[[Understanding], str]
    """Puts into words why it was answered so."""
    signs: SignTests
    encoder: Callable[[], TextEncoder]
    """Loads the encoder; called when one is first needed."""


class Stop(Exception):
    """Ends a request with a page that says what is wrong and what to do."""

    def __init__(self, status: int, title: str, what_to_do: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.what_to_do = what_to_do


@dataclass(frozen=True)
class Visit:
    """One request of somebody who is logged in."""

    request: Request
    session: StaffSession

    def field(self, name: str) -> str:
        """A form's field, without the space around it; empty if it is not there."""
        return str((self.request.form or {}).get(name, "")).strip()

    def argument(self, name: str) -> str:
        """A value of the address's query; empty if it is not there."""
        return str(self.request.args.get(name, ""))


class Office:
    """The staff page's parts, made once for a server."""

    def __init__(self, settings: Settings, engine: Engine, tools: Tools) -> None:
        self.settings = settings
        self.engine = engine
        self.tools = tools
        self.sessions = Sessions(engine, settings)
        self.shelf = Shelf(settings.knowledge_dir)
        self.press = Press(self.shelf, engine, tools.encoder, tools.signs)
        self._encoder: TextEncoder | None = None
        self._pages = Environment(
            loader=FileSystemLoader(PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters["markup"] = markup
        self._pages.filters["sentence"] = sentence
        self._pages.filters["path"] = lambda text: quote(text, safe="/")

    def encoder(self) -> TextEncoder:
        """The encoder, loaded at the first use.

        Raises:
            EncoderError: it is not ready.
        """
        if self._encoder is None:
            self._encoder = self.tools.encoder()
        return self._encoder

    def page(
        self, template: str, session: StaffSession | None, status: int = 200, /, **values: Any
    ) -> HTTPResponse:
        """A page of `PAGES`. Everything in `values` is text until a template says otherwise."""
        body = self._pages.get_template(f"{template}.html.j2").render(
            session=session, today=date.today(), here=template, **values
        )
        headers = {
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-store",
            # With none at all a browser calls the origin of our own forms "null".
            "Referrer-Policy": "same-origin",
        }
        # A lone half of a character, which a form can hold, has no UTF-8.
        return HTTPResponse(
            body.encode(errors="replace"), status, headers, "text/html; charset=utf-8"
        )

    def signed_in(self, handler: Handler, name: str) -> Handler:
        """`handler` for those who are logged in; a POST needs the session's own token too."""

        async def handle(request: Request, **parts: str) -> HTTPResponse:
            session = None
            try:
                session = self.sessions.of(request)
                if session is None:
                    return see("/staff/login")
                if request.method == "POST":
                    self._check_form(request, session)
                return await handler(Visit(request, session), **parts)
            except Stop as stop:
                return self.stopped(stop, session)
            except NoSuchEntry:
                return self.stopped(NO_ENTRY, session)
            except StoreError:
                return self.stopped(NO_DATABASE, session)

        handle.__name__ = f"staff_{name}"
        return handle

    def stopped(self, stop: Stop, session: StaffSession | None) -> HTTPResponse:
        """The page of a `Stop`."""
        return self.page(
            "stopped", session, stop.status, title=stop.title, what_to_do=stop.what_to_do
        )

    def _check_form(self, request: Request, session: StaffSession) -> None:
        sent = str((request.form or {}).get("csrf", ""))
        same = hmac.compare_digest(sent.encode(errors="replace"), session.csrf.encode())
        if not same or not permitted(request, ()):
            raise FOREIGN_FORM


NO_ENTRY = Stop(404, "There is no such answer.", "Choose one from the list of answers.")
NO_DATABASE = Stop(503, "The database cannot be reached.", "Please try again in a minute.")
FOREIGN_FORM = Stop(
    403,
    "This form was not made for you, or has grown old.",
    "Nothing was changed. Open the page again and repeat what you did.",
)


def sentence(text: str) -> str:
    """A message of ours with a capital at its start."""
    return text[:1].upper() + text[1:]


def see(address: str) -> HTTPResponse:
    """Send the browser on to another of our pages."""
    return HTTPResponse("", 303, {"Location": address, "Cache-Control": "no-store"})


async def apart(work: Callable[[], Any]) -> Any:
    """Do slow work in a thread, so that visitors are answered meanwhile."""
    return await asyncio.to_thread(work)
