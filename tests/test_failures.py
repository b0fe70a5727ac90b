"""Whatever fails behind a channel, an emergency over HTTP gets its advice within three seconds.

Each server is a process of its own that has lost something: its database, its model, its actions.
"""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.settings import Settings
from tests.channels.serving import Visitor
from tests.processes import READY_S, Home, free_port, home

pytestmark = pytest.mark.server

LIMIT_S = 3.0
EMERGENCY = "i cant see out of my left eye since my filler an hour ago"
QUESTION = "how long does botox last"
SERVE = (
    "from bot.server import serve; from bot.settings import Settings; serve(Settings.from_env())"
)
RAISING = """
import actions.turn
def scene(tracker): raise RuntimeError("broken")
actions.turn.scene = scene
"""
HANGING = """
import time, actions.turn
actions.turn.scene = lambda tracker: time.sleep(8)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, whole: Settings) -> Home:
    """A home in which everything is published, with the model that fits any knowledge."""
    # A turn has the time it has in production: what is measured here is that it ends.
    made = home(tmp_path_factory.mktemp("failures"), TURN_TIMEOUT="2.5")
    assert made.advisor("publish", "--yes").returncode == 0
    shutil.copytree(whole.model_dir, made.folder / "models")
    return made


@contextmanager
def serving(made: Home, code: str = "", **changed: str) -> Iterator[str]:
    """The address of a server that ran `code` first."""
    port = free_port()
    with made.running_code(f"{code}\n{SERVE}", PORT=str(port), **changed) as process:
        base, end = f"http://127.0.0.1:{port}", time.monotonic() + READY_S
        while True:
            assert process.poll() is None, made.output
            assert time.monotonic() < end, made.output
            try:  # not /health, which says that something is missing
                httpx.get(f"{base}/favicon.ico", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield base


def timed(visitor: Visitor, text: str) -> tuple[str, str, float]:
    """The kind and the words of the answer, and how long it took."""
    start = time.monotonic()
    (event,) = visitor.say(text, uuid.uuid4().hex)["events"]
    words = " ".join(block.get("text", "") for block in event["blocks"])
    return event["kind"], words, time.monotonic() - start


def check(base: str) -> None:
    """The emergency has its advice, and a question an apology with the doctor, both in time."""
    visitor = Visitor(base)
    kind, words, seconds = timed(visitor, EMERGENCY)
    assert kind == "emergency"
    assert "999" in words or "emergency number" in words
    assert seconds < LIMIT_S
    kind, words, seconds = timed(visitor, QUESTION)
    assert kind == "unsure"
    assert "doctor" in words
    assert seconds < LIMIT_S


@pytest.mark.parametrize("code", [RAISING, HANGING], ids=["raising", "hanging"])
def test_actions_that_fail(made: Home, code: str) -> None:
    with serving(made, code) as base:
        check(base)


def test_model_that_is_not_there(made: Home, tmp_path: Path) -> None:
    with serving(made, MODEL_DIR=str(tmp_path / "none")) as base:
        check(base)
        health = httpx.get(f"{base}/health", trust_env=False)
        assert (health.status_code, health.json()["agent"]) == (503, False)
    assert "the model cannot be loaded" in made.output


def test_model_that_is_no_model(made: Home, tmp_path: Path) -> None:
    for path in (made.folder / "models").iterdir():
        (tmp_path / path.name).write_bytes(b"no archive")
    with serving(made, MODEL_DIR=str(tmp_path)) as base:
        check(base)


def test_database_that_is_deleted_while_it_serves(made: Home) -> None:
    """Its file and its journals, between two messages of one visitor."""
    with serving(made) as base:
        visitor = Visitor(base)
        assert timed(visitor, QUESTION)[0] == "answer"
        kept = {path: path.read_bytes() for path in made.folder.glob("advisor.db*")}
        assert kept
        try:
            for path in kept:
                path.unlink()
            for other in (visitor, Visitor(base)):
                kind, _, seconds = timed(other, EMERGENCY)
                assert kind == "emergency"
                assert seconds < LIMIT_S
        finally:
            for path, content in kept.items():
                path.write_bytes(content)


def test_database_that_was_never_there(made: Home, tmp_path: Path) -> None:
    with serving(made, DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}") as base:
        kind, _, seconds = timed(Visitor(base), EMERGENCY)
        assert kind == "emergency"
        assert seconds < LIMIT_S
