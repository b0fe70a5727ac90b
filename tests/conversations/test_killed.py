"""A server that is killed in the middle of the questions about habits, and started again."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from bot.settings import Settings
from tests.channels.serving import Visitor
from tests.conftest import SECRET
from tests.processes import Home, free_port, wait_for

pytestmark = pytest.mark.server


@pytest.fixture
def home(whole: Settings, tmp_path: Path) -> Home:
    """A home on a copy of the whole product's database, and with its model."""
    shutil.copy(str(make_url(whole.database_url).database), tmp_path / "advisor.db")
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'advisor.db'}",
        "MODEL_DIR": str(whole.model_dir),
        "SECRET_KEY": SECRET,
        "HOST": "127.0.0.1",
        "TURN_TIMEOUT": "20",
    }
    return Home(tmp_path, environment)


@contextmanager
def serving(home: Home, port: int) -> Iterator[subprocess.Popen[str]]:
    with home.running("serve", PORT=str(port)) as process:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        yield process


def choices(event: dict[str, Any]) -> dict[str, str]:
    """The ids of the buttons by their labels."""
    rows = [block["items"] for block in event["blocks"] if block["type"] == "buttons"]
    return {item["label"]: item["id"] for row in rows for item in row}


def press(visitor: Visitor, event: dict[str, Any], label: str) -> dict[str, Any]:
    """Press a button of a reply, and give the next reply."""
    response = visitor.post(id=uuid.uuid4().hex, button=choices(event)[label])
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["events"][0]
    return found


def test_killed_and_started_again_it_goes_on_where_it_was(home: Home) -> None:
    """What was answered is there, the same question waits, and the conversation comes back."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with serving(home, port) as process:
        visitor = Visitor(base)
        (event,) = visitor.say("check my habits", "m1")["events"]
        event = press(visitor, event, "I'm 18 or over, start")
        event = press(visitor, event, "1. Never")
        (event,) = visitor.say("about 3 hours", "m2")["events"]
        assert "1. Always or nearly always" in choices(event)
        process.kill()
        process.wait()
    with serving(home, port):
        told = visitor.events().json()["events"]
        assert [one["text"] for one in told if one["from"] == "visitor"][-1] == "1 to 5 hours"
        (event,) = visitor.say("most of the time", "m3")["events"]
        assert event["kind"] == "screening"
        assert "4. In the last 12 months" in choices(event)
        event = press(visitor, event, "Back")
        assert "1. Always or nearly always" in choices(event)
