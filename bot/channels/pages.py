"""The website widget and the pages around it, which speak in the clinic's own name.

/widget.js           the loader that a clinic's page embeds
/widget/FILE         what the loader fetches when a visitor opens the chat
/widget/words.json   every sentence of the widget, filled in for this clinic
/                    a page to show the widget on
/embed               how to put it on a site
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.advice.builtin import builtin_wording
from bot.advice.wording import Wording
from bot.channels import guard as guards
from bot.channels.assets import WIDGET, respond
from bot.channels.guard import GuardSource
from bot.channels.refusal import Refusal
from bot.knowledge.entry import Clinic

PREFIX = "/widget"
FILES = sorted(
    path.name
    for path in WIDGET.iterdir()
    if path.suffix in (".js", ".css") and path.name != "loader.js"
)
LABELS = ("title", "open", "close", "unavailable")
"""The words that the loader needs before anything is fetched."""

_UNNEEDED = re.compile(rb"^[ \t]+(?://.*\n)?|^//.*\n|^\n", re.MULTILINE)


def blueprint(guard: GuardSource) -> Blueprint:
    """The routes.

    Args:
        guard: gives the clinic that is live.
    """
    made = Blueprint("pages")

    async def loader(request: Request) -> HTTPResponse:
        return respond(request, loader_for(guards.current(guard).clinic), ".js")

    async def words(request: Request) -> HTTPResponse:
        body = json.dumps(words_for(guards.current(guard).clinic))
        return respond(request, body.encode(), ".json")

    async def file(request: Request, name: str) -> HTTPResponse:
        if name not in FILES:
            raise Refusal(404, "not_found", "The widget has no such file.")
        path = WIDGET / name
        return respond(request, _read(name), path.suffix)

    async def demo(request: Request) -> HTTPResponse:
        return _page(request, "index.html", guards.current(guard).clinic)

    async def embed(request: Request) -> HTTPResponse:
        return _page(request, "embed.html", guards.current(guard).clinic)

    async def style(request: Request) -> HTTPResponse:
        return respond(request, _read("pages/clinic.css"), ".css")

    made.add_route(loader, "/widget.js", ["GET", "HEAD"])
    made.add_route(words, f"{PREFIX}/words.json", ["GET", "HEAD"])
    made.add_route(file, f"{PREFIX}/<name>", ["GET", "HEAD"])
    made.add_route(demo, "/", ["GET", "HEAD"])
    made.add_route(embed, "/embed", ["GET", "HEAD"])
    made.add_route(style, "/clinic.css", ["GET", "HEAD"])
    return made


def loader_for(clinic: Clinic) -> bytes:
    """The loader with its few words in it, so that the launcher needs no second request."""
    words = words_for(clinic)
    labels = json.dumps({name: words[name] for name in LABELS})
    return _read("loader.js").replace(b'"LABELS"', labels.encode())


def words_for(clinic: Clinic) -> dict[str, str]:
    """Every sentence of the widget by name, and the two telephone numbers as they are dialled."""
    values = {
        "clinic": clinic.name,
        "phone": clinic.phone,
        "privacy": clinic.privacy,
        "emergency_number": _emergency_number(clinic),
        "label": "{label}",
    }
    words = _wording()
    said = {name: words.say(name, **values) for name in _names()}
    dialled = {"emergency": _dialled(_emergency_number(clinic)), "clinic": _dialled(clinic.phone)}
    return {**said, **{f"tel_{name}": number for name, number in dialled.items()}}


def _emergency_number(clinic: Clinic) -> str:
    return clinic.emergency_numbers.get(clinic.country) or builtin_wording()["emergency_number"]


def _dialled(number: str) -> str:
    """A number as it goes into ``tel:``; empty for words that stand in for one."""
    return re.sub(r"[^+0-9]", "", number) if re.fullmatch(r"[+0-9 ().-]{2,}", number) else ""


def _page(request: Request, name: str, clinic: Clinic) -> HTTPResponse:
    host = request.host
    local = host.partition(":")[0] in ("127.0.0.1", "localhost")
    origin = f"{'http' if local else 'https'}://{host}"
    words: dict[str, Any] = {"clinic": clinic, "origin": origin, "phone": _dialled(clinic.phone)}
    words["emergency_number"] = _emergency_number(clinic)
    return respond(request, _templates().get_template(name).render(words).encode(), ".html")


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(WIDGET / "pages"), autoescape=True, undefined=StrictUndefined
    )


@cache
def _wording() -> Wording:
    data = YAML(typ="safe", pure=True).load((WIDGET / "words.yml").read_text(encoding="utf-8"))
    return Wording({f"utter_{name}": (str(text).strip(),) for name, text in data.items()})


def _names() -> list[str]:
    return [name.removeprefix("utter_") for name in _wording().responses]


@cache
def _read(name: str) -> bytes:
    """A file; a script without its comment lines and indentation, which a visitor need not load."""
    body = (WIDGET / name).read_bytes()
    return _UNNEEDED.sub(b"", body) if name.endswith(".js") else body
