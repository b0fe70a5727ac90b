"""Puts the web channel, the widget with its pages and a health check onto a Sanic app.

The app is a `Sanic` of our own with ``app.config.update(APP_CONFIG)``: Rasa's has a root route that
tells its version. ``app.ctx.turns`` is a `Turns`, or None until the model is loaded.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from http import HTTPStatus

from rasa.core.lock_store import LockError
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import pages
from bot.channels.guard import GuardSource
from bot.channels.limits import Rates
from bot.channels.origin import cors_headers, secure
from bot.channels.refusal import Refusal, answer
from bot.channels.turn import Turns
from bot.channels.web import PREFIX, WebChannel
from bot.settings import Settings
from bot.store.records import newest_publication_id
from bot.store.session import StoreError

logger = logging.getLogger(__name__)

APP_CONFIG = {
    # The web routes refuse a body beyond body.MAX_BODY, but who sent 1 MB has to be able to read
    # why: up to here Sanic reads the rest and throws it away, beyond it cuts the connection.
    "REQUEST_MAX_SIZE": 2 * 1024 * 1024,
    "REQUEST_TIMEOUT": 10,
    "RESPONSE_TIMEOUT": 15,  # also what Sanic grants a stalled body; a turn takes 3 s at most
    "KEEP_ALIVE_TIMEOUT": 15,
    "ACCESS_LOG": False,
    "MOTD": False,  # it tells versions
    "FALLBACK_ERROR_FORMAT": "json",
}
"""What the app's `config` has to be."""

HEALTH_TIMEOUT_S = 2.0


def mount(app: Sanic, settings: Settings, guard: GuardSource, rates: Rates | None = None) -> None:
    """Add the routes, the error answers and the headers of every response.

    Args:
        guard: or a function that gives the one for the live publication.
        rates: other limits, for a benchmark or a test.
    """
    if not hasattr(app.ctx, "turns"):
        app.ctx.turns = None
    app.blueprint(WebChannel(settings, guard, rates).blueprint(_no_other_way), url_prefix=PREFIX)
    app.blueprint(pages.blueprint(guard))
    app.blueprint(_health())
    app.error_handler.add(Exception, _explain)

    app.signal("http.lifecycle.request")(_check_length)

    @app.on_response
    async def protect(request: Request, response: HTTPResponse) -> None:
        secure(response)
        if request.path.startswith((PREFIX, pages.PREFIX)):
            for name, value in cors_headers(request, settings.allowed_origins).items():
                response.headers.add(name, value)


async def _check_length(request: Request) -> None:
    """Refuse what Sanic 21.12 takes: a negative Content-Length, on any path, makes it loop for ever
    with all other visitors waiting. This signal is the one place before that.
    """
    declared = request.headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdigit()):
        raise InvalidUsage("Content-Length is not a number of bytes.")


async def _no_other_way(message: object) -> None:
    raise NotImplementedError("messages go through Turns")


def _health() -> Blueprint:
    blueprint = Blueprint("health")
    blueprint.add_route(health, "/health", ["GET", "HEAD"])
    blueprint.add_route(no_icon, "/favicon.ico", ["GET", "HEAD"])
    return blueprint


async def no_icon(request: Request) -> HTTPResponse:
    """Browsers ask by themselves, and would report an error to whoever looks."""
    return HTTPResponse(status=204, headers={"Cache-Control": "max-age=86400"})


async def health(request: Request) -> HTTPResponse:
    """Whether the process lives (it answers at all) and is ready: 503 and what lacks if not."""
    turns: Turns | None = request.app.ctx.turns
    agent = turns is not None and turns.agent.is_ready()
    database, published = await _published(turns)
    ready = agent and database and published
    parts = {"agent": agent, "database": database, "published": published}
    return answer({"live": True, "ready": ready, **parts}, 200 if ready else 503)


async def _published(turns: Turns | None) -> tuple[bool, bool]:
    """Whether the database answers, and holds a publication; in a thread, for it may hang."""
    if turns is None:
        return False, False
    look = asyncio.to_thread(newest_publication_id, turns.history.engine)
    try:
        return True, await asyncio.wait_for(look, HEALTH_TIMEOUT_S) is not None
    except (StoreError, asyncio.TimeoutError):
        return False, False


def _explain(request: Request, error: Exception) -> HTTPResponse:
    """Every error as JSON of one form, telling nothing of what is behind."""
    if isinstance(error, Refusal):
        return error.response()
    if isinstance(error, SanicException):
        status = HTTPStatus(getattr(error, "status_code", None) or 500)
        name = status.phrase.lower().replace(" ", "_")
        return Refusal(status, name, str(error), getattr(error, "headers", None)).response()
    if isinstance(error, StoreError | LockError):
        logger.error("%s %s: %s", request.method, request.path, type(error).__name__)
        hint = "The advisor cannot reach its records just now. Try again in a minute."
        return Refusal(503, "not_ready", hint, {"Retry-After": "60"}).response()
    if request.route is None:  # no route was looked up: what came in is not HTTP as we know it
        return Refusal(400, "bad_request", "This is not a request we can read.").response()
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error(
        "%s %s failed with %s\n%s", request.method, request.path, type(error).__name__, where
    )
    return Refusal(500, "failed", "Something went wrong on our side.").response()
