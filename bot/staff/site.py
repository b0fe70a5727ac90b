"""Puts the staff page onto a Sanic app, at ``/staff``."""

from __future__ import annotations

from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings import Settings
from bot.staff.door import Door
from bot.staff.editing import Editing
from bot.staff.lists import Lists
from bot.staff.office import PAGES, Handler, Office, Tools
from bot.store.session import engine_for

ASSETS = {
    "staff.css": "text/css; charset=utf-8",
    "staff.js": "text/javascript; charset=utf-8",
}


def mount(app: Sanic, settings: Settings, tools: Tools) -> None:
    """Add the routes. Without STAFF_PASSWORD_HASH nothing is added, and /staff is not found."""
    if not settings.staff_password_hash:
        return
    office = Office(settings, engine_for(settings.database_url), tools)
    door, lists = Door(office), Lists(office)
    editing = Editing(office, lists)
    blueprint = Blueprint("staff", url_prefix="/staff")
    for path, handler, method in (
        ("/", lists.answers, "GET"),
        ("/logout", door.log_out, "POST"),
        ("/unanswered", lists.unanswered, "GET"),
        ("/put-away", lists.put_away, "POST"),
        ("/thumbs", lists.thumbs, "GET"),
        ("/review", lists.review, "GET"),
        ("/try", lists.try_it, "GET"),
        ("/try", lists.try_it, "POST"),
        ("/history", lists.history, "GET"),
        ("/rollback", lists.roll_back, "POST"),
        ("/new", editing.begin, "GET"),
        ("/add-to", editing.add_to, "GET"),
        ("/entry/<family>/<slug>", editing.open, "GET"),
        ("/save", editing.submit, "POST"),
        ("/preview", editing.preview, "POST"),
        ("/publishing/<job>", editing.publishing, "GET"),
        ("/publishing/<job>/text", editing.go_on, "GET"),
    ):
        name = f"{handler.__name__}_{method.lower()}"
        blueprint.add_route(office.signed_in(handler, name), path, [method])
    blueprint.add_route(_open_to_all(door.form), "/login", ["GET"])
    blueprint.add_route(_open_to_all(door.log_in), "/login", ["POST"])
    for name, content_type in ASSETS.items():
        blueprint.add_route(_asset(name, content_type), f"/{name}", ["GET"])
    app.blueprint(blueprint)

    async def close(app: Sanic, loop: object) -> None:
        office.press.close()

    app.register_listener(close, "after_server_stop")


def _open_to_all(handler: Handler) -> Handler:
    """`handler` as a function: Sanic sets attributes on its handlers."""

    async def handle(request: Request) -> HTTPResponse:
        return await handler(request)

    handle.__name__ = f"staff_{handler.__name__}"
    return handle


def _asset(name: str, content_type: str) -> Handler:
    body = (PAGES / name).read_bytes()

    async def asset(request: Request) -> HTTPResponse:
        return HTTPResponse(body, 200, {"Cache-Control": "no-cache"}, content_type)

    asset.__name__ = f"staff_asset_{name.replace('.', '_')}"
    return asset
