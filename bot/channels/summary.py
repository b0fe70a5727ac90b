"""The page to take to a doctor, as HTML: behind a link that ends, or as a file of a channel's own.

Nothing is stored for it but what the visitor chose to have on it, in the conversation's own record:
erased with the conversation, the page is gone. It holds no script and asks for no other file.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.advice.compose import Scene, spoken
from bot.advice.summary import PARTS, PATH, Summary, content
from bot.advice.wording import Wording
from bot.channels.guard import neutral_clinic
from bot.channels.history import History
from bot.channels.token import Tokens
from bot.channels.turn import Turns
from bot.knowledge.entry import Knowledge
from bot.settings import Settings
from bot.store import events
from bot.store.session import StoreError

TEMPLATE = "summary.html.j2"
STYLE = Path(__file__).with_name("summary.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""The page may do nothing but be styled by the one sheet inside it."""
DAY_S = 86_400.0
SLOT = "summary"

KnowledgeSource = Callable[[], Knowledge]
"""Gives the knowledge that is live."""


def page_html(
    history: History, conversation: str, path: str, knowledge: Knowledge, wording: Wording
) -> str | None:
    """The page that `bot.advice.reply.Page.path` names in a conversation; None when it is gone.

    For a channel that sends it as a file. The conversation has to be the one whose reply had the
    path: nothing else protects it here.

    Raises:
        StoreError: the database cannot be used.
    """
    summary = _kept(history, conversation, path)
    if summary is None:
        return None
    clinic = knowledge.clinic or neutral_clinic()
    scene = Scene(entries={}, clinic=clinic, wording=wording)
    made = datetime.fromtimestamp(summary.made, timezone.utc).date()
    return _template().render(
        title=scene.say("summary_title"),
        about=scene.say("summary_about", day=spoken(made), clinic=clinic.name),
        footer=scene.say("summary_footer"),
        headings={part: scene.say(f"summary_part_{part}").strip("*") for part in PARTS},
        content=content(summary, knowledge),
        style=STYLE,
    )


def pages(settings: Settings, knowledge: KnowledgeSource) -> Blueprint:
    """The route of the links. The turns are in ``app.ctx.turns`` once the model is loaded."""
    tokens = Tokens(settings.secret(), settings.retention_days * DAY_S)
    wording = Wording.shared()
    blueprint = Blueprint("summary")

    async def summary(request: Request, token: str) -> HTTPResponse:
        named = tokens.read_page(token)
        turns: Turns | None = getattr(request.app.ctx, "turns", None)
        found = None
        if named is not None and turns is not None:
            conversation, made = named
            try:
                path = f"{PATH}{made}"
                found = page_html(turns.history, conversation, path, knowledge(), wording)
            except StoreError:
                found = None
        headers = {
            "Content-Security-Policy": POLICY,
            "Cache-Control": "no-store",
            "X-Robots-Tag": "noindex",
        }
        if found is None:
            text, kind = wording.say("summary_ended"), "text/plain; charset=utf-8"
            return HTTPResponse(text, 410, headers, kind)
        return HTTPResponse(found, 200, headers, "text/html; charset=utf-8")

    blueprint.add_route(summary, f"{PATH}<token:[A-Za-z0-9_.-]+>", ["GET", "HEAD"])
    return blueprint


def _kept(history: History, conversation: str, path: str) -> Summary | None:
    """What is on that page of a conversation, if it was made and not erased."""
    for data in events.newest(history.engine, conversation, "slot"):
        if data.get("name") == SLOT and data.get("value"):
            summary = Summary.from_json(data["value"])
            if summary.made and path == f"{PATH}{summary.made}":
                return summary
    return None


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE)
