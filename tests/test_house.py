"""The house plan: which room may import which. ``bot/README.md`` has the same table for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from bot.settings import ROOT

TOP = "the top of bot/"
"""The room of the modules that put everything together (server, agent, training)."""

STORE = (
    "bot.store.records",
    "bot.store.events",
    "bot.store.erase",
    "bot.store.feedback",
    "bot.store.session",
    "sqlalchemy.engine.Engine",  # to pass on: the room that is given one asks it nothing
)
"""What other rooms see of the store: not its tables, not its migrations, no SQL."""

EVERYTHING = ("bot", "actions", "rasa", "rasa_sdk", "telegram", "sanic", "sqlalchemy")

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "bot.advice": ("bot.knowledge.entry",),
    "bot.knowledge": ("bot.settings", *STORE),
    "bot.store": ("bot.settings", "sqlalchemy"),
    "bot.nlu": ("bot.advice", "bot.knowledge", "bot.lean", "rasa"),
    "bot.channels": (
        "bot.advice",
        "bot.knowledge.entry",  # the guard makes a clinic of neutral values
        "bot.settings",
        "bot.lean",
        *STORE,
        "rasa",
        "telegram",
        "sanic",  # a channel of Rasa's is a blueprint of Sanic's
    ),
    "actions": ("bot.advice", "bot.knowledge", "bot.lean", *STORE, "rasa_sdk"),
    "bot.settings": (),
    "bot.lean": ("rasa",),
    "bot.cli": EVERYTHING,
    TOP: EVERYTHING,
}
"""A room may import itself and what is named here, with all that is inside it.

The packages in `EVERYTHING` are the ones the table speaks of; any other may be imported anywhere.
"""

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("bot", "actions")
    for path in sorted((ROOT / folder).rglob("*.py"))
}


def within(name: str, package: str) -> bool:
    """Whether `name` is `package` or inside it."""
    return name == package or name.startswith(package + ".")


def room_of(name: str) -> str | None:
    """The row of the table that a dotted name belongs to; None for what is not ours."""
    for room in MAY_IMPORT:
        if within(name, room):
            return room
    return TOP if within(name, "bot") else None


def imported(module: str, source: str, is_package: bool = False) -> Iterator[str]:
    """The full names that a module's source imports, wherever in it."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = [node.module] if node.module else []
            if node.level:
                above = package.split(".")
                parts = [*above[: len(above) - node.level + 1], *parts]
            yield from (".".join([*parts, alias.name]) for alias in node.names)


def violations(module: str, source: str, is_package: bool = False) -> list[str]:
    """What a module imports against the table, as sentences."""
    room = room_of(module)
    assert room is not None
    return [
        f"{module} imports {name}, which {room} may not."
        for name in imported(module, source, is_package)
        if any(within(name, package) for package in EVERYTHING)
        and room_of(name) != room
        and not any(within(name, allowed) for allowed in MAY_IMPORT[room])
    ]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_keeps_to_the_table(module: str) -> None:
    path = MODULES[module]
    source = path.read_text(encoding="utf-8")
    assert violations(module, source, path.name == "__init__.py") == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bot.advice.decide", "import sqlalchemy"),
        ("bot.advice.decide", "from bot.settings import Settings"),
        ("bot.advice.decide", "from bot.knowledge.read import read"),
        ("bot.advice.decide", "from bot.knowledge import read"),
        ("bot.advice.decide", "from ..knowledge import read"),
        ("bot.advice.decide", "def late():\n    from rasa.core.agent import Agent"),
        ("bot.knowledge.publish", "from bot.store.tables import publications"),
        ("bot.knowledge.publish", "from sqlalchemy import select"),
        ("bot.knowledge.publish", "import bot.lean"),
        ("bot.store.session", "from bot.knowledge.entry import Entry"),
        ("bot.nlu.router", "from bot.store.records import load_publication"),
        ("bot.nlu.router", "import bot.channels.web"),
        ("bot.channels.web", "from bot.server import serve"),
        ("bot.channels.web", "from bot import agent"),
        ("bot.channels.web", "from bot.knowledge.live import Live"),
        ("actions.turn", "import rasa.core"),
        ("actions.turn", "import bot.cli.main"),
        ("bot.settings", "import bot.lean"),
    ],
)
def test_a_forbidden_import_is_seen(module: str, source: str) -> None:
    """The check above can fail."""
    assert len(violations(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("bot.advice.decide", "from bot.knowledge.entry import Entry"),
        ("bot.advice.decide", "from bot.knowledge import entry"),
        ("bot.advice.decide", "from .reply import Reply"),
        ("bot.advice.decide", "import spacy, rasa_like"),
        ("bot.nlu.router", "import bot.lean\nfrom rasa.engine.graph import GraphComponent"),
        ("actions.turn", "from bot import lean\nfrom rasa_sdk import Action"),
        ("bot.server", "import actions, bot.cli, bot.channels.web, sanic"),
        ("bot.cli.serve", "from bot.server import serve"),
    ],
)
def test_an_allowed_import_is_let_through(module: str, source: str) -> None:
    assert violations(module, source) == []


def test_the_plan_draws_every_room() -> None:
    """Each folder of ours with modules is in the table that people read."""
    plan = (ROOT / "bot" / "README.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}/`" not in plan} == set()
